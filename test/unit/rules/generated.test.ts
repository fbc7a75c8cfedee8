import assert from "node:assert/strict";
import { outdatedFiles } from "../../../scripts/generate.ts";
import { ruleTemplate, withRule } from "../../../scripts/newRule.ts";
import { withRuleSettings, withRuleTable } from "../../../scripts/support/generated.ts";
import { root } from "../../../scripts/support/paths.ts";
import { overviewPage } from "../../../server/src/rules/overview.ts";
import { categoryTitles, rulePage } from "../../../server/src/rules/page.ts";
import { rules } from "../../../server/src/rules/registry.ts";

describe("generated files", () => {
  it("are up to date: run `npm run generate`", () => {
    assert.deepEqual([...outdatedFiles(root).keys()], []);
  });

  it("have a page for every rule, with its examples, fixes and sources", () => {
    const rule = rules.find(({ id }) => id === "no-soft-delete-unique");
    assert.ok(rule !== undefined);
    const page = rulePage(rule);
    for (const part of [
      rule.summary,
      rule.why,
      "After the fix:",
      "| `columns` |",
      "```prisma\n",
      "```sql\n",
      rule.sources[0] ?? "",
      "| Also known as | `soft-delete-unique` |",
      "| Category | [Keys](README.md#keys) |",
      "| Preset | `recommended` and upwards |",
      "| PostgreSQL | every version |",
    ]) {
      assert.ok(page.includes(part), part);
    }
  });

  it("say on a rule's page from which preset it is on, where it is written, and for which PostgreSQL it holds", () => {
    const [rule] = rules;
    assert.ok(rule !== undefined);
    const page = rulePage({ ...rule, preset: "all", languages: ["sql"], postgres: { from: 11, to: 14 } });
    for (const row of ["| Preset | `all` |", "| Languages | SQL |", "| PostgreSQL | 11 to 14 |"]) assert.ok(page.includes(row), row);
    assert.ok(rulePage({ ...rule, postgres: { from: 15 } }).includes("| PostgreSQL | 15 and newer |"));
    assert.ok(rulePage({ ...rule, postgres: { to: 12 } }).includes("| PostgreSQL | up to 12 |"));
  });

  it("list every rule once in the tables, below the heading of its category", () => {
    const page = overviewPage(rules);
    const sections = page.split(/^## /m).slice(1);
    assert.equal(sections.flatMap((section) => section.match(/^\| \[/gm) ?? []).length, rules.length);
    for (const rule of rules) {
      const section = sections.find((one) => one.startsWith(`${categoryTitles[rule.category]}\n`)) ?? "";
      assert.ok(section.includes(`| [${rule.id}](${rule.id}.md) |`), rule.id);
    }
  });

  it("replace what stands between the README's markers and nothing else", () => {
    const readme = "# Title\n<!-- rules:start -->\nwas here\n<!-- rules:end -->\nrest\n";
    const written = withRuleTable(readme, rules);
    assert.ok(written.startsWith("# Title\n<!-- rules:start -->\n### Keys\n\n| Rule |") && written.endsWith("|\n<!-- rules:end -->\nrest\n"));
    assert.ok(!written.includes("was here"));
    assert.equal(withRuleTable(written, rules), written);
    assert.equal(withRuleTable("no markers", rules), "no markers");
  });

  it("describe every rule in the setting, and leave the rest of the manifest alone", () => {
    const manifest = (setting: object): string => {
      const properties = { "databaseArchitect.rules": setting, "databaseArchitect.other": { type: "boolean" } };
      return `${JSON.stringify({ name: "x", contributes: { configuration: [{ title: "a", properties }] }, scripts: {} }, undefined, 2)}\n`;
    };
    const written = withRuleSettings(manifest({ order: 2, type: "object", additionalProperties: {} }), rules);
    assert.equal(withRuleSettings(written, rules), written);
    const [before, after] = manifest({ order: 2, type: "object", here: 0 }).split(/ *"here": 0/);
    assert.ok(written.startsWith(before ?? "?") && written.endsWith(after ?? "?"));
    for (const rule of rules) assert.ok(written.includes(`"${rule.id}": {`), rule.id);
  });
});

describe("a new rule", () => {
  const registry =
    'import { noA } from "./design/no-a.ts";\nimport { requireC } from "./design/require-c.ts";\n\nexport const rules = [\n  noA,\n  requireC,\n];\n';

  it("takes its place in the registry", () => {
    assert.equal(
      withRule(registry, "prefer-b", "design"),
      'import { noA } from "./design/no-a.ts";\nimport { preferB } from "./design/prefer-b.ts";\nimport { requireC } from "./design/require-c.ts";\n\nexport const rules = [\n  noA,\n  preferB,\n  requireC,\n];\n',
    );
    assert.ok(withRule(registry, "require-d", "design").endsWith("  requireC,\n  requireD,\n];\n"));
  });

  it("begins with an example that its check finds", () => {
    const text = ruleTemplate("prefer-b", "design", "0.1.0");
    assert.ok(text.includes('id: "prefer-b"') && text.includes("export const preferB = defineRule({") && text.includes("--^^^^^^"));
  });
});
