import assert from "node:assert/strict";
import { Places } from "../../../server/src/model/places.ts";
import type { Finding } from "../../../server/src/rules/rule.ts";
import { defaultRuleSettings, parseRuleChanges, withRuleChanges, type RuleSettings } from "../../../server/src/rules/settings.ts";
import { applySuppressions, suppressionEdit } from "../../../server/src/rules/suppress.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";
import { checkText, type Language } from "../../support/ruleExamples.ts";

before(() => loadSqlParser());

describe("suppressions", () => {
  const model = (line: string, above = ""): string => `model Invoice {\n  id    Int   @id\n${above}  total Float${line}\n}\n`;

  it("hold above the element, above comments above it, and at the end of its line", () => {
    const texts = [
      model(" // database-architect-ignore no-float-money: a forecast"),
      model("", "  // database-architect-ignore no-float-money: a forecast\n"),
      model("", "  // database-architect-ignore no-float-money: a forecast\n  /// What it will be.\n  // Or so.\n"),
      model("", "  /// database-architect-ignore no-float-money: a forecast\n"),
      model("", "  // database-architect-ignore prefer-uuid-type, no-float-money: a forecast\n"),
      model("", "  //database-architect-ignore   no-float-money:a forecast\r\n"),
    ];
    for (const text of texts)
      assert.deepEqual(
        rulesFound(text, "prisma").filter((rule) => rule === "no-float-money"),
        [],
        text,
      );
  });

  it("hold for nothing on other lines, in other words, or in strings", () => {
    const texts = [
      model("", "  // database-architect-ignore no-float-money: a forecast\n\n"),
      model("\n  // database-architect-ignore no-float-money: a forecast"),
      model(" // database-architect-ignored no-float-money: a forecast"),
      model(" // see database-architect-ignore no-float-money: a forecast"),
      model(" // database-architect-ignore: no-float-money"),
    ];
    for (const text of texts) assert.ok(rulesFound(text, "prisma").includes("no-float-money"), text);
    const inString = "CREATE TABLE a (id int PRIMARY KEY, total float8 CHECK ('-- database-architect-ignore no-float-money: x' <> ''));";
    assert.deepEqual(rulesFound(inString, "sql"), ["no-float-money"]);
  });

  it("hold for a whole file wherever the comment stands", () => {
    const text = `CREATE TABLE a (total float8);\nCREATE TABLE b (price float8);\n-- database-architect-ignore-file no-float-money, require-primary-key: imported\n`;
    assert.deepEqual(rulesFound(text, "sql"), []);
  });

  it("hold above the first line of an element that spans several, and above the line of its name", () => {
    const table = (first: string, second: string): string => `${first}CREATE TABLE\n${second}  a (total numeric);\n`;
    const comment = "-- database-architect-ignore require-primary-key: a log\n";
    assert.deepEqual(rulesFound(table(comment, ""), "sql"), []);
    assert.deepEqual(rulesFound(table("", comment), "sql"), []);
    assert.deepEqual(rulesFound(table("", ""), "sql"), ["require-primary-key"]);
  });

  it("tell what they suppressed", () => {
    const text = model(" // database-architect-ignore no-float-money: a forecast");
    const { findings, places } = checkText(model(""), "prisma");
    const result = applySuppressions(findings, () => text, { places });
    assert.deepEqual(
      result.suppressed.map(({ rule, subject }) => [rule, subject]),
      [["no-float-money", "public.Invoice(total)"]],
    );
  });

  it("are found useless in files without findings when these are named", () => {
    const text = "-- database-architect-ignore-file no-float-money: nothing here\n";
    assert.deepEqual(applySuppressions([], () => text, { places: nowhere }).extra, []);
    const { extra } = applySuppressions([], () => text, { uris: ["file:///a.sql"], places: nowhere });
    assert.deepEqual(
      extra.map(({ rule, subject, message }) => [rule, subject, message]),
      [["no-unused-suppression", "no-float-money", "no-float-money reports nothing in this file."]],
    );
  });

  it("of a rule that is off are not called useless, and their own rules can be off", () => {
    const text = "-- database-architect-ignore-file no-float-money\n";
    const rules = (settings: object): readonly string[] => {
      const { extra } = applySuppressions([], () => text, { uris: ["file:///a.sql"], places: nowhere, settingsOf: () => settingsWith(settings) });
      return extra.map((finding) => finding.rule);
    };
    assert.deepEqual(rules({}), ["require-suppression-reason", "no-unused-suppression"]);
    assert.deepEqual(rules({ "no-float-money": "off" }), ["require-suppression-reason"]);
    assert.deepEqual(rules({ "no-unused-suppression": "off", "require-suppression-reason": "off" }), []);
  });

  it("can be suppressed themselves", () => {
    const text =
      "-- database-architect-ignore-file no-unused-suppression: kept for the next import\n-- database-architect-ignore-file no-float-money: x\n";
    const { extra, suppressed } = applySuppressions([], () => text, { uris: ["file:///a.sql"], places: nowhere });
    assert.deepEqual(extra, []);
    assert.equal(suppressed.length, 1);
    const useless = "-- database-architect-ignore-file no-unused-suppression: kept for the next import\n";
    assert.equal(applySuppressions([], () => useless, { uris: ["file:///a.sql"], places: nowhere }).extra.length, 1);
  });

  it("of a file that cannot be read are none", () => {
    const { findings, places } = checkText(model(""), "prisma");
    assert.deepEqual(applySuppressions(findings, () => undefined, { places }).findings, findings);
  });
});

describe("the edit that suppresses a finding", () => {
  const cases: readonly {
    readonly what: string;
    readonly text: string;
    readonly language: Language;
    readonly scope?: "file";
    readonly after: string;
  }[] = [
    {
      what: "stands above the line, indented like it",
      language: "prisma",
      text: "model Invoice {\n  id    Int   @id\n  total Float\n}\n",
      after: "model Invoice {\n  id    Int   @id\n  // database-architect-ignore no-float-money: TODO: say why\n  total Float\n}\n",
    },
    {
      what: "keeps the file's line breaks",
      language: "prisma",
      text: "model Invoice {\r\n  id    Int   @id\r\n  total Float\r\n}\r\n",
      after:
        "model Invoice {\r\n  id    Int   @id\r\n  // database-architect-ignore no-float-money: TODO: say why\r\n  total Float\r\n}\r\n",
    },
    {
      what: "is written in SQL's comments",
      language: "sql",
      text: "CREATE TABLE invoice (\n\tid int PRIMARY KEY,\n\ttotal float8\n);\n",
      after:
        "CREATE TABLE invoice (\n\tid int PRIMARY KEY,\n\t-- database-architect-ignore no-float-money: TODO: say why\n\ttotal float8\n);\n",
    },
    {
      what: "stands at the head of the file for the whole of it, behind a byte order mark",
      language: "sql",
      scope: "file",
      text: "\uFEFFCREATE TABLE invoice (id int PRIMARY KEY, total float8);\n",
      after:
        "\uFEFF-- database-architect-ignore-file no-float-money: TODO: say why\nCREATE TABLE invoice (id int PRIMARY KEY, total float8);\n",
    },
  ];
  for (const { what, text, language, scope, after } of cases) {
    it(`${what}, and leaves only the question why`, () => {
      const { finding, places } = findingOf(text, language);
      const edit = suppressionEdit(finding, text, places, scope);
      assert.ok(edit?.kind === "change");
      const suppressed = applyEdits(text, edit.edits);
      assert.equal(suppressed, after);
      assert.deepEqual(rulesFound(suppressed, language), ["require-suppression-reason"]);
    });
  }

  it("stands above the routine for what its body says: a comment in there is part of a string", () => {
    const text = "CREATE FUNCTION f(a text) RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  EXECUTE 'SELECT ' || a;\nEND $$;\n";
    const checked = checkText(text, "sql");
    const finding = checked.findings.find(({ rule }) => rule === "no-dynamic-sql-injection");
    assert.ok(finding !== undefined);
    const edit = suppressionEdit(finding, text, checked.places);
    assert.ok(edit?.kind === "change");
    const suppressed = applyEdits(text, edit.edits);
    assert.equal(suppressed, `-- database-architect-ignore no-dynamic-sql-injection: TODO: say why\n${text}`);
    assert.ok(!rulesFound(suppressed, "sql").includes("no-dynamic-sql-injection"));
  });

  it("is none for a finding that stands in no text", () => {
    const { finding } = findingOf("CREATE TABLE a (id int PRIMARY KEY, total float8);", "sql");
    assert.equal(suppressionEdit({ ...finding, at: [{ kind: "catalog" }] }, "", nowhere), undefined);
  });
});

const nowhere = new Places([]);

function findingOf(text: string, language: Language): { readonly finding: Finding; readonly places: Places } {
  const { findings, places } = checkText(text, language);
  const finding = findings.find(({ rule }) => rule === "no-float-money");
  assert.ok(finding !== undefined);
  return { finding, places };
}

/** Of the rules that are suppressed here, and of those about suppressions: others find more in the same texts. */
function rulesFound(text: string, language: Language): readonly string[] {
  return checkText(text, language).findings.flatMap(({ rule }) => (watched.has(rule) ? [rule] : []));
}

const watched = new Set(["no-float-money", "require-primary-key", "no-unknown-rule", "no-unused-suppression", "require-suppression-reason"]);

function settingsWith(given: object): RuleSettings {
  return withRuleChanges(defaultRuleSettings, parseRuleChanges(given).changes);
}
