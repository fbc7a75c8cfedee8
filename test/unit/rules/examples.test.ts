/**
 * Every example of every rule: findings equal the markers exactly, good ones are silent, and a fix yields `fixed`, which
 * parses cleanly, silences the rule there, and changes the facts its intent names and no others.
 */
import assert from "node:assert/strict";
import { rules } from "../../../server/src/rules/registry.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { differenceOf, unexplained } from "../../support/facts.ts";
import { checkExample, expectedReports, fixFirst, reports } from "../../support/ruleExamples.ts";

before(() => loadSqlParser());

for (const rule of rules) {
  describe(rule.id, () => {
    for (const [i, example] of rule.examples.bad.entries()) {
      describe(`bad example ${i + 1}${example.title === undefined ? "" : `: ${example.title}`}`, () => {
        it("is found where the markers say, and nowhere else", () => {
          const checked = checkExample(rule, example);
          assert.deepEqual(checked.problems, []);
          assert.ok(expectedReports(example).length > 0, "a bad example has a marker");
          assert.deepEqual(reports(rule, checked), expectedReports(example));
        });

        it("is fixed as shown, by what the intent says and nothing else", () => {
          const checked = checkExample(rule, example);
          const fixed = fixFirst(rule, checked, example);
          const { later } = fixed ?? {};
          assert.equal(fixed?.text, later === undefined ? (example.migration ?? example.fixed) : example.fixed);
          if (later !== undefined) assert.equal(later.join("\n"), example.migration ?? "");
          if (fixed === undefined) return;
          const after = fixed.after();
          assert.deepEqual(after.problems, []);
          assert.ok(
            !after.findings.some(({ rule: id, subject }) => id === rule.id && subject === fixed.finding.subject),
            "the rule is silent about it",
          );
          assert.deepEqual(unexplained(differenceOf(checked.schema, after.schema), fixed.fix.intent), []);
        });
      });
    }

    for (const [i, example] of rule.examples.good.entries()) {
      it(`is silent about good example ${i + 1}${example.title === undefined ? "" : `: ${example.title}`}`, () => {
        const checked = checkExample(rule, example);
        assert.deepEqual(checked.problems, []);
        assert.deepEqual(reports(rule, checked), []);
      });
    }
  });
}
