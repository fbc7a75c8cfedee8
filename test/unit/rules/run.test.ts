import assert from "node:assert/strict";
import { defineRule, type OptionValues, type RuleFinding, type SchemaRule } from "../../../server/src/rules/rule.ts";
import { runRules } from "../../../server/src/rules/run.ts";
import { defaultRuleSettings, type RuleSettings } from "../../../server/src/rules/settings.ts";
import { parsePrismaText } from "../../support/schemas.ts";

const { schema } = parsePrismaText(`model Deal {
  id Int @id
}
`);

describe("running rules", () => {
  it("loses the findings of a rule that throws, and no others", () => {
    const thrown: string[] = [];
    const broken = ruleThat("no-broken", function* () {
      yield found("public.Deal");
      throw new Error("a fault");
    });
    const findings = runRules(schema, {
      settings: new Map(),
      log: (rule, error) => thrown.push(`${rule}: ${String(error)}`),
      rules: [ruleThat("no-first", () => [found("public.Deal")]), broken, ruleThat("no-last", () => [found("public.Deal")])],
    });
    assert.deepEqual(
      findings.map((finding) => finding.rule),
      ["no-first", "no-last"],
    );
    assert.deepEqual(thrown, ["no-broken: Error: a fault"]);
  });

  it("gives each finding the severity of its setting, and runs nothing that is off", () => {
    const settings: RuleSettings = new Map([
      ["no-loud", { severity: "error", options: {} }],
      ["no-off", { severity: "off", options: {} }],
    ]);
    const off = ruleThat("no-off", () => {
      throw new Error("runs although it is off");
    });
    const findings = runRules(schema, {
      settings,
      log: assert.fail,
      rules: [ruleThat("no-loud", () => [found("a")]), off, ruleThat("no-default", () => [found("b")])],
    });
    assert.deepEqual(
      findings.map(({ rule, severity }) => [rule, severity]),
      [
        ["no-loud", "error"],
        ["no-default", "warning"],
      ],
    );
  });

  it("lowers the severity of a finding in doubt by one, and keeps the doubt", () => {
    const rule = ruleThat("no-doubt", () => [{ ...found("a"), doubt: "A DO block was not read." }]);
    const [finding] = runRules(schema, { settings: new Map(), log: assert.fail, rules: [rule] });
    assert.equal(finding?.severity, "information");
    assert.equal(finding?.doubt, "A DO block was not read.");
  });

  it("hands a rule its options", () => {
    const rule: SchemaRule = {
      ...ruleThat("no-optional", (options) => [found(String(options["names"]))]),
      options: { names: { default: ["a"], description: "Names." } },
    };
    const settings: RuleSettings = new Map([["no-optional", { severity: "warning", options: { names: ["b", "c"] } }]]);
    assert.equal(runRules(schema, { settings, log: assert.fail, rules: [rule] })[0]?.subject, "b,c");
  });

  it("keeps a message to one line of 120 characters", () => {
    const [finding] = runRules(schema, {
      settings: new Map(),
      log: assert.fail,
      rules: [ruleThat("no-long", () => [{ ...found("a"), message: "x".repeat(200) }])],
    });
    assert.equal(finding?.message.length, 120);
    assert.ok(finding.message.endsWith("…"));
  });

  it("gives the same findings in the same order each time", () => {
    const { schema: other } = parsePrismaText(`model Deal {
  id    String @id @default(uuid())
  price Float
  at    DateTime
}
`);
    const run = (): unknown => runRules(other, { settings: defaultRuleSettings, log: assert.fail }).map(({ rule, subject }) => [rule, subject]);
    assert.deepEqual(run(), run());
    assert.deepEqual(run(), [
      ["no-float-money", "public.Deal(price)"],
      ["prefer-timestamptz", "public.Deal(at)"],
      ["prefer-uuid-type", "public.Deal(id)"],
    ]);
  });
});

function ruleThat(id: string, check: (options: OptionValues) => Iterable<RuleFinding>): SchemaRule {
  return defineRule({
    id,
    group: "schema",
    category: "keys",
    severity: "warning",
    since: "0.1.0",
    summary: "A rule of a test.",
    why: "For a test.",
    sources: [],
    checkSchema: (_schema, { options }) => check(options),
    examples: { bad: [], good: [] },
  });
}

function found(subject: string): RuleFinding {
  return { at: [{ kind: "catalog" }], subject, message: `${subject} is found.` };
}
