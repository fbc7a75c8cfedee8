import assert from "node:assert/strict";
import { aboutSetting, below, inPlace } from "../../../server/src/rules/complaint.ts";
import { rules } from "../../../server/src/rules/registry.ts";
import { presets } from "../../../server/src/rules/rule.ts";
import { defaultRuleSettings, parseRuleChanges, presetSettings, type RuleSettings, withRuleChanges } from "../../../server/src/rules/settings.ts";

const changed = (given: unknown, settings: RuleSettings = defaultRuleSettings): RuleSettings =>
  withRuleChanges(settings, parseRuleChanges(given).changes);

describe("settings of rules", () => {
  it("are those of the preset when nothing is set", () => {
    for (const given of [undefined, null, {}]) {
      assert.deepEqual(parseRuleChanges(given).complaints, []);
      assert.equal(changed(given), defaultRuleSettings);
    }
  });

  it("have each rule on from its preset upwards", () => {
    for (const [at, preset] of presets.entries()) {
      for (const rule of rules) {
        const expected = presets.indexOf(rule.preset ?? "recommended") <= at ? rule.severity : "off";
        assert.equal(presetSettings(preset).get(rule.id)?.severity, expected, `${rule.id} in ${preset}`);
      }
    }
  });

  it("take a severity, or an object with severity and options", () => {
    const given = {
      "no-float-money": "off",
      "prefer-uuid-type": { severity: "error" },
      "no-soft-delete-unique": { options: { columns: ["erased_at"] } },
    };
    assert.deepEqual(parseRuleChanges(given).complaints, []);
    const settings = changed(given);
    assert.equal(settings.get("no-float-money")?.severity, "off");
    assert.equal(settings.get("prefer-uuid-type")?.severity, "error");
    assert.deepEqual(settings.get("no-soft-delete-unique"), { severity: "warning", options: { columns: ["erased_at"] } });
  });

  it("are laid one over the other: what a later one does not say stays", () => {
    const first = changed({ "no-soft-delete-unique": { severity: "error", options: { columns: ["erased_at"] } } });
    const second = changed({ "no-soft-delete-unique": "hint" }, first);
    assert.deepEqual(second.get("no-soft-delete-unique"), { severity: "hint", options: { columns: ["erased_at"] } });
    assert.equal(second.get("no-soft-delete-unique")?.options, first.get("no-soft-delete-unique")?.options);
    assert.equal(second.get("no-float-money"), defaultRuleSettings.get("no-float-money"));
  });

  it("know a rule by its earlier name", () => {
    assert.equal(changed({ "float-for-money": "hint" }).get("no-float-money")?.severity, "hint");
  });

  const wrong: readonly { readonly given: unknown; readonly setting: string; readonly place: string }[] = [
    {
      given: [],
      setting: "The setting databaseArchitect.rules must be an object of rule ids. Its default is used.",
      place: "rules must be an object of rule ids.",
    },
    {
      given: "off",
      setting: "The setting databaseArchitect.rules must be an object of rule ids. Its default is used.",
      place: "rules must be an object of rule ids.",
    },
    {
      given: { "no-such-rule-anywhere": "off" },
      setting: "The setting databaseArchitect.rules.no-such-rule-anywhere is no rule. It is left out.",
      place: '"no-such-rule-anywhere" is no rule.',
    },
    {
      given: { "no-flaot-money": "off" },
      setting: "The setting databaseArchitect.rules.no-flaot-money is no rule. Did you mean no-float-money? It is left out.",
      place: '"no-flaot-money" is no rule. Did you mean no-float-money?',
    },
    {
      given: { "no-float-money": "fatal" },
      setting:
        'The setting databaseArchitect.rules.no-float-money must be "off", "error", "warning", "information" or "hint". Its default is used.',
      place: 'no-float-money must be "off", "error", "warning", "information" or "hint".',
    },
    {
      given: { "no-float-money": { severity: 1 } },
      setting:
        'The setting databaseArchitect.rules.no-float-money.severity must be "off", "error", "warning", "information" or "hint". Its default is used.',
      place: 'severity must be "off", "error", "warning", "information" or "hint".',
    },
    {
      given: { "no-float-money": { sevrity: "off" } },
      setting:
        "The setting databaseArchitect.rules.no-float-money.sevrity is not known here: a rule has severity and options. It is left out.",
      place: '"sevrity" is not known here: a rule has severity and options.',
    },
    {
      given: { "no-float-money": { options: [] } },
      setting: "The setting databaseArchitect.rules.no-float-money.options must be an object. Its default is used.",
      place: "options must be an object.",
    },
    {
      given: { "no-soft-delete-unique": { options: { toString: 1 } } },
      setting:
        "The setting databaseArchitect.rules.no-soft-delete-unique.options.toString is no option of no-soft-delete-unique. It is left out.",
      place: '"toString" is no option of no-soft-delete-unique.',
    },
    {
      given: { "no-soft-delete-unique": { options: { columns: "deleted" } } },
      setting: "The setting databaseArchitect.rules.no-soft-delete-unique.options.columns must be a list of texts. Its default is used.",
      place: "columns must be a list of texts.",
    },
  ];
  for (const { given, setting, place } of wrong) {
    it(`complain about ${JSON.stringify(given)} and keep the default`, () => {
      const complaints = parseRuleChanges(given).complaints.map((complaint) => below(["rules"], complaint));
      assert.deepEqual(complaints.map(aboutSetting), [setting]);
      assert.deepEqual(complaints.map(inPlace), [place]);
      assert.deepEqual([...changed(given)], [...defaultRuleSettings]);
    });
  }

  it("complain about a rule that is set under two of its names, and the first one holds", () => {
    const given = { "no-float-money": "hint", "float-for-money": "error" };
    assert.deepEqual(parseRuleChanges(given).complaints.map(inPlace), [
      '"float-for-money" is another name of no-float-money, which is set already.',
    ]);
    assert.equal(changed(given).get("no-float-money")?.severity, "hint");
  });
});
