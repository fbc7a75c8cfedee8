import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { sep } from "node:path";
import { ruleNamed, rules } from "../../../server/src/rules/registry.ts";
import { languageOfExample } from "../../support/ruleExamples.ts";

describe("the registry of rules", () => {
  it("has every file of a rule, in the folder of its category, and each id once", () => {
    const folder = new URL("../../../server/src/rules/", import.meta.url);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => path.split(sep).join("/"));
    const ruleFiles = files.filter((file) => /^[a-z]+\/(?:no|require|prefer)-[a-z0-9-]+\.ts$/.test(file));
    assert.deepEqual(rules.map((rule) => `${rule.category}/${rule.id}.ts`).sort(), ruleFiles.sort());
  });

  it("lists the rules by id", () => {
    const ids = rules.map((rule) => rule.id);
    assert.deepEqual(ids, [...ids].sort());
  });

  it("finds a rule by its id and by its earlier names, and no name leads to two", () => {
    const names = rules.flatMap((rule) => [rule.id, ...(rule.aliases ?? [])]);
    assert.equal(new Set(names).size, names.length);
    assert.equal(ruleNamed("fk-without-index")?.id, "require-index-on-foreign-key");
    assert.equal(ruleNamed("no-such-rule"), undefined);
  });

  for (const rule of rules) {
    describe(rule.id, () => {
      it("says in its name what it forbids, demands or prefers", () => {
        assert.match(rule.id, /^(?:no|require|prefer)(?:-[a-z0-9]+)+$/);
      });

      it("says in one sentence what to do, and why", () => {
        assert.match(rule.summary, /^[A-Z].{10,}\.$/);
        assert.match(rule.why, /^[A-Z].{40,}\.$/s);
        assert.doesNotMatch(rule.summary.slice(0, -1), /\. /);
      });

      it("rests on pages of the manual", () => {
        if (rule.group === "suppression") return;
        assert.ok(rule.sources.some((source) => source.startsWith("https://www.postgresql.org/docs/current/")));
      });

      it("shows what it finds in Prisma and in SQL, and what a careless version would report", () => {
        const languages = new Set(rule.examples.bad.map(languageOfExample));
        assert.deepEqual([...languages].sort(), [...(rule.languages ?? ["prisma", "sql"])].sort());
        assert.ok(rule.examples.good.length > 0);
      });
    });
  }
});
