/** The schema that editors help with, held against what the server reads: the same texts are right and wrong for both. */
import assert from "node:assert/strict";
import { Ajv } from "ajv";
import { configurationSchema } from "../../../scripts/support/configurationSchema.ts";
import { rules } from "../../../server/src/rules/registry.ts";
import { readConfiguration } from "../../../server/src/workspace/configuration.ts";

const schema: unknown = JSON.parse(configurationSchema(rules));
assert.ok(typeof schema === "object" && schema !== null);
const ajv = new Ajv({ strict: true, allErrors: true });
for (const keyword of [
  "allowComments",
  "allowTrailingCommas",
  "enumDescriptions",
  "markdownDescription",
  "deprecationMessage",
  "doNotSuggest",
  "defaultSnippets",
])
  ajv.addKeyword(keyword);
const isValid = ajv.compile(schema);

describe("The JSON schema of the configuration file", () => {
  const right: readonly object[] = [
    {},
    { $schema: "x.json", preset: "strict", postgresVersion: 16, ignore: ["a/**"] },
    { rules: { "no-float-money": "off", "prefer-uuid-type": { severity: "hint" } } },
    { rules: { "float-for-money": "off" } },
    { rules: { "no-soft-delete-unique": { options: { columns: ["erased_at"] } } } },
    { overrides: [{ files: ["legacy/**"], rules: { "require-primary-key": "off" } }] },
  ];
  const wrong: readonly unknown[] = [
    [],
    "strict",
    { presets: "strict" },
    { preset: "hard" },
    { postgresVersion: "16" },
    { postgresVersion: 15.4 },
    { postgresVersion: 8 },
    { ignore: "a" },
    { ignore: [1] },
    { ignore: [""] },
    { rules: [] },
    { rules: { "no-such-rule": "off" } },
    { rules: { "no-float-money": "fatal" } },
    { rules: { "no-float-money": { severity: 1 } } },
    { rules: { "no-float-money": { options: { columns: [] } } } },
    { rules: { "no-soft-delete-unique": { options: { columns: "x" } } } },
    { overrides: {} },
    { overrides: ["a"] },
    { overrides: [{ rules: {} }] },
    { overrides: [{ files: ["a"], other: 1 }] },
    { overrides: [{ files: ["a"], rules: { "no-such-rule": "off" } }] },
  ];
  for (const value of right) {
    it(`takes ${JSON.stringify(value)}, and so does the server`, () => {
      assert.ok(isValid(value), JSON.stringify(isValid.errors));
      assert.deepEqual(readConfiguration(JSON.stringify(value)).problems, []);
    });
  }
  for (const value of wrong) {
    it(`refuses ${JSON.stringify(value)}, and so does the server`, () => {
      assert.equal(isValid(value), false);
      assert.ok(readConfiguration(JSON.stringify(value)).problems.length > 0);
    });
  }

  it("takes every rule under each of its names", () => {
    for (const { id, aliases = [] } of rules) {
      for (const name of [id, ...aliases]) {
        const value = { rules: { [name]: { severity: "error" } } };
        assert.ok(isValid(value), name);
        assert.deepEqual(readConfiguration(JSON.stringify(value)).problems, [], name);
      }
    }
  });
});
