/**
 * Users type: every prefix of every example, and every example with a piece cut out, goes through parsing, the model,
 * the rules and the suppressions without a throw, and every fix offered for it can be written or is refused in words.
 */
import assert from "node:assert/strict";
import { renderIntent } from "../../server/src/edits/render.ts";
import { rules } from "../../server/src/rules/registry.ts";
import { type Example, fixIn, type Rule } from "../../server/src/rules/rule.ts";
import type { RuleSettings } from "../../server/src/rules/settings.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { applyEdits } from "../../server/src/text/edit.ts";
import { type CheckedText, checkMigration, checkText, inPlace, languageOfExample, plainText, settingsFor } from "../support/ruleExamples.ts";

const migration = { kind: "newMigration", uri: "file:///workspace/migrations/2/migration.sql" } as const;

describe("half-typed text", function () {
  this.timeout(60_000);

  before(() => loadSqlParser());

  for (const rule of rules) {
    it(`of the examples of ${rule.id} never makes a rule or a fix throw`, () => {
      for (const example of [...rule.examples.bad, ...rule.examples.good]) tryPiecesOf(example, rule, settingsFor(rule, example));
    });
  }
});

/** The rule that an example is about sees every piece of it, the others see every ninth. */
function tryPiecesOf(example: Example, rule: Rule, settings: RuleSettings): void {
  const language = languageOfExample(example);
  const check: Check = (text, rules) => (rule.group === "migration" ? checkMigration(text, example, rules) : checkText(text, language, undefined, rules));
  const text = plainText(example);
  const own: RuleSettings = new Map([...settings].map(([id, setting]) => [id, id === rule.id ? setting : { ...setting, severity: "off" }]));
  for (let end = 0; end <= text.length; end++) tryText(check, text.slice(0, end), end % 9 === 0 ? settings : own, end % 5 === 0);
  for (let start = 0; start < text.length; start += 23) tryText(check, text.slice(0, start) + text.slice(start + 7), settings, true);
}

type Check = (text: string, settings: RuleSettings) => CheckedText;

function tryText(check: Check, text: string, settings: RuleSettings, withFixes: boolean): void {
  const checked = check(text, settings);
  if (!withFixes) return;
  for (const finding of checked.findings) {
    const fix = fixIn(checked.schema, finding);
    if (fix === undefined) continue;
    for (const context of [inPlace(checked), { ...inPlace(checked), sqlPlacement: () => migration }]) {
      const edits = renderIntent(fix.intent, context);
      if ("ok" in edits) assert.match(edits.reason, /^\S.*\.$/);
      else for (const edit of edits) if (edit.kind === "change") applyEdits(text, edit.edits);
    }
  }
}
