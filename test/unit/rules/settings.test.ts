import assert from "node:assert/strict";
import { rules } from "../../../server/src/rules/registry.ts";
import { parseRuleSettings } from "../../../server/src/rules/settings.ts";

describe("settings of rules", () => {
  it("have every rule as its metadata says when nothing is set", () => {
    for (const given of [undefined, null, {}]) {
      const { settings, complaints } = parseRuleSettings(given);
      assert.deepEqual(complaints, []);
      assert.deepEqual(
        [...settings].map(([id, { severity }]) => [id, severity]),
        rules.map((rule) => [rule.id, rule.severity]),
      );
    }
  });

  it("take a severity, or an object with severity and options", () => {
    const { settings, complaints } = parseRuleSettings({
      "no-float-money": "off",
      "prefer-uuid-type": { severity: "error" },
      "no-soft-delete-unique": { options: { columns: ["erased_at"] } },
    });
    assert.deepEqual(complaints, []);
    assert.equal(settings.get("no-float-money")?.severity, "off");
    assert.equal(settings.get("prefer-uuid-type")?.severity, "error");
    assert.deepEqual(settings.get("no-soft-delete-unique"), { severity: "warning", options: { columns: ["erased_at"] } });
  });

  it("know a rule by its earlier name", () => {
    assert.equal(parseRuleSettings({ "float-for-money": "hint" }).settings.get("no-float-money")?.severity, "hint");
  });

  const wrong: readonly { readonly given: unknown; readonly complaint: string }[] = [
    { given: [], complaint: "The setting databaseArchitect.rules must be an object of rule ids. Its default is used." },
    { given: "off", complaint: "The setting databaseArchitect.rules must be an object of rule ids. Its default is used." },
    { given: { "no-such-rule": "off" }, complaint: 'The setting databaseArchitect.rules names "no-such-rule", which is no rule.' },
    {
      given: { "no-float-money": "fatal" },
      complaint:
        'The setting databaseArchitect.rules.no-float-money must be "off", "error", "warning", "information", "hint". Its default is used.',
    },
    {
      given: { "no-float-money": { severity: 1 } },
      complaint:
        'The setting databaseArchitect.rules.no-float-money.severity must be "off", "error", "warning", "information", "hint". Its default is used.',
    },
    {
      given: { "no-float-money": { sevrity: "off" } },
      complaint: 'The setting databaseArchitect.rules.no-float-money knows severity and options, not "sevrity".',
    },
    {
      given: { "no-float-money": { options: [] } },
      complaint: "The setting databaseArchitect.rules.no-float-money.options must be an object. Its default is used.",
    },
    {
      given: { "no-float-money": { options: { toString: 1 } } },
      complaint: 'The setting databaseArchitect.rules.no-float-money.options names "toString", which is no option of no-float-money.',
    },
    {
      given: { "no-soft-delete-unique": { options: { columns: "deleted" } } },
      complaint: "The setting databaseArchitect.rules.no-soft-delete-unique.options.columns must be a list of texts. Its default is used.",
    },
  ];
  for (const { given, complaint } of wrong) {
    it(`complain about ${JSON.stringify(given)} and keep the default`, () => {
      const { settings, complaints } = parseRuleSettings(given);
      assert.deepEqual(complaints, [complaint]);
      assert.deepEqual([...settings], [...parseRuleSettings(undefined).settings]);
    });
  }
});
