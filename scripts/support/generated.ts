/** What is generated from the rules' metadata: the README's table and the settings; pages are `rules/page.ts`. Pure: texts in, texts out. */
import { hasFix } from "../../server/src/rules/page.ts";
import type { Rule, RuleOption } from "../../server/src/rules/rule.ts";
import { severities } from "../../server/src/rules/settings.ts";

export const tableStart = "<!-- rules:start -->";
export const tableEnd = "<!-- rules:end -->";

/** The text of the README with the table of rules between its markers; the text itself where it has none. */
export function withRuleTable(readme: string, rules: readonly Rule[]): string {
  const start = readme.indexOf(tableStart);
  const end = readme.indexOf(tableEnd);
  if (start < 0 || end < start) return readme;
  const rows = rules.map(
    (rule) => `| [${rule.id}](docs/rules/${rule.id}.md) | ${rule.severity} | ${rule.summary} | ${hasFix(rule) ? "yes" : ""} |`,
  );
  const table = ["| Rule | Severity | What it asks for | Fix |", "|---|---|---|---|", ...rows].join("\n");
  return `${readme.slice(0, start + tableStart.length)}\n${table}\n${readme.slice(end)}`;
}

/** The text of package.json with one property for each rule in the setting `databaseArchitect.rules`. */
export function withRuleSettings(manifest: string, rules: readonly Rule[]): string {
  const parsed: unknown = JSON.parse(manifest);
  const setting = settingIn(parsed);
  if (setting === undefined) return manifest;
  delete setting["additionalProperties"];
  setting["properties"] = Object.fromEntries(rules.map((rule) => [rule.id, ruleSchema(rule)]));
  setting["additionalProperties"] = false;
  return `${JSON.stringify(parsed, undefined, 2)}\n`;
}

function ruleSchema(rule: Rule): object {
  const severity = { type: "string", enum: ["off", ...severities] };
  return {
    markdownDescription: rule.summary,
    oneOf: [
      severity,
      {
        type: "object",
        properties: { severity, ...(rule.options === undefined ? {} : { options: optionsSchema(rule.options) }) },
        additionalProperties: false,
      },
    ],
    default: rule.severity,
  };
}

function optionsSchema(options: Readonly<Record<string, RuleOption>>): object {
  const properties = Object.entries(options).map(([name, option]) => [name, optionSchema(option)]);
  return { type: "object", properties: Object.fromEntries(properties), additionalProperties: false };
}

function optionSchema({ default: value, description }: RuleOption): object {
  if (typeof value !== "object") return { type: typeof value, default: value, description };
  return { type: "array", items: { type: "string" }, default: value, description };
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
