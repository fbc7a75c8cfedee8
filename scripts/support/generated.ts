/**
 * What is generated from the rules' metadata into files that people write too: the README's tables and the settings.
 * Pure: texts in, texts out.
 */
import { ruleTables } from "../../server/src/rules/overview.ts";
import type { Rule } from "../../server/src/rules/rule.ts";
import { optionsSchema, ruleDescription, severitySchema } from "./configurationSchema.ts";

export const tableStart = "<!-- rules:start -->";
export const tableEnd = "<!-- rules:end -->";

/** The text of the README with the tables of rules between its markers; the text itself where it has none. */
export function withRuleTable(readme: string, rules: readonly Rule[]): string {
  const start = readme.indexOf(tableStart);
  const end = readme.indexOf(tableEnd);
  if (start < 0 || end < start) return readme;
  return `${readme.slice(0, start + tableStart.length)}\n${ruleTables(rules, "docs/rules/", 3)}\n${readme.slice(end)}`;
}

/** The text of package.json with one property for each rule in the setting `databaseArchitect.rules`. */
export function withRuleSettings(manifest: string, rules: readonly Rule[]): string {
  const parsed: unknown = JSON.parse(manifest);
  const setting = settingIn(parsed);
  if (setting === undefined) return manifest;
  for (const key of ["patternProperties", "additionalProperties"]) delete setting[key];
  setting["properties"] = Object.fromEntries(rules.map((rule) => [rule.id, ruleSchema(rule)]));
  const aliases = rules.flatMap((rule) => rule.aliases ?? []);
  setting["patternProperties"] = { [`^(?:${aliases.join("|")})$`]: { oneOf: [severitySchema, { type: "object" }] } };
  setting["additionalProperties"] = false;
  return `${JSON.stringify(parsed, undefined, 2)}\n`;
}

function ruleSchema(rule: Rule): object {
  const properties = { severity: severitySchema, ...(rule.options === undefined ? {} : { options: optionsSchema(rule.options) }) };
  return {
    markdownDescription: ruleDescription(rule),
    oneOf: [severitySchema, { type: "object", properties, additionalProperties: false }],
    default: rule.severity,
  };
}

/** `contributes.configuration` is one section or several; the setting stands in one of them. */
function settingIn(manifest: unknown): Record<string, unknown> | undefined {
  const configuration = member(member(manifest, "contributes"), "configuration");
  for (const part of Array.isArray(configuration) ? configuration : [configuration]) {
    const setting = member(member(part, "properties"), "databaseArchitect.rules");
    if (isRecord(setting)) return setting;
  }
  return undefined;
}

function member(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
