/**
 * The setting `databaseArchitect.rules`: by rule id `"off"`, a severity, or `{ severity?, options? }`. It arrives as
 * unknown data, is parsed once, and what cannot be understood keeps its default and becomes a complaint.
 */
import { ruleNamed, rules } from "./registry.ts";
import { type OptionValue, type OptionValues, type Preset, presets, type Rule, type RuleOption, type Severity } from "./rule.ts";

export interface RuleSetting {
  readonly severity: Severity | "off";
  /** Every option of the rule's metadata has a value of its default's type. */
  readonly options: OptionValues;
}

/** By rule id; complete. */
export type RuleSettings = ReadonlyMap<string, RuleSetting>;

export interface ParsedRuleSettings {
  readonly settings: RuleSettings;
  /** Whole sentences for people, one for each value that is not understood. */
  readonly complaints: readonly string[];
}

export const severities = ["error", "warning", "information", "hint"] as const satisfies readonly Severity[];

/** Every rule as the preset `recommended` has it. */
export const defaultRuleSettings: RuleSettings = presetSettings("recommended");

export function parseRuleSettings(value: unknown): ParsedRuleSettings {
  const settings = new Map(defaultRuleSettings);
  const complaints: string[] = [];
  if (value === undefined || value === null) return { settings, complaints };
  if (!isRecord(value)) {
    return { settings, complaints: ["The setting databaseArchitect.rules must be an object of rule ids. Its default is used."] };
  }
  for (const [id, given] of Object.entries(value)) {
    const rule = ruleNamed(id);
    if (rule === undefined) complaints.push(`The setting databaseArchitect.rules names ${JSON.stringify(id)}, which is no rule.`);
    else settings.set(rule.id, parseSetting(rule, given, complaints));
  }
  return { settings, complaints };
}

function parseSetting(rule: Rule, given: unknown, complaints: string[]): RuleSetting {
  const fallback = defaultSetting(rule);
  const place = `databaseArchitect.rules.${rule.id}`;
  if (!isRecord(given)) return { ...fallback, severity: parseSeverity(given, fallback.severity, place, complaints) };
  for (const key of Object.keys(given)) {
    if (key !== "severity" && key !== "options")
      complaints.push(`The setting ${place} knows severity and options, not ${JSON.stringify(key)}.`);
  }
  return {
    severity:
      given["severity"] === undefined
        ? fallback.severity
        : parseSeverity(given["severity"], fallback.severity, `${place}.severity`, complaints),
    options: parseOptions(rule, given["options"], `${place}.options`, complaints),
  };
}

function parseSeverity(given: unknown, fallback: RuleSetting["severity"], place: string, complaints: string[]): RuleSetting["severity"] {
  if (given === "off") return given;
  const severity = severities.find((known) => known === given);
  if (severity !== undefined) return severity;
  complaints.push(`The setting ${place} must be "off", ${severities.map((known) => `"${known}"`).join(", ")}. Its default is used.`);
  return fallback;
}

function parseOptions(rule: Rule, given: unknown, place: string, complaints: string[]): OptionValues {
  const defaults = defaultOptions(rule);
  if (given === undefined) return defaults;
  if (!isRecord(given)) {
    complaints.push(`The setting ${place} must be an object. Its default is used.`);
    return defaults;
  }
  const options: Record<string, OptionValue> = { ...defaults };
  for (const [name, value] of Object.entries(given)) {
    const option = rule.options !== undefined && Object.hasOwn(rule.options, name) ? rule.options[name] : undefined;
    if (option === undefined) {
      complaints.push(`The setting ${place} names ${JSON.stringify(name)}, which is no option of ${rule.id}.`);
    } else if (hasTypeOf(option, value)) {
      options[name] = value;
    } else {
      complaints.push(`The setting ${place}.${name} must be ${kindOf(option.default)}. Its default is used.`);
    }
  }
  return options;
}

function hasTypeOf(option: RuleOption, value: unknown): value is OptionValue {
  if (typeof option.default !== "object") return typeof value === typeof option.default;
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function kindOf(value: OptionValue): string {
  if (typeof value === "object") return "a list of texts";
  if (typeof value === "boolean") return "true or false";
  return typeof value === "number" ? "a number" : "a text";
}

/** Every rule as a preset has it. */
export function presetSettings(preset: Preset): RuleSettings {
  return new Map(rules.map((rule) => [rule.id, presetSetting(rule, preset)]));
}

function presetSetting(rule: Rule, preset: Preset): RuleSetting {
  const isOn = presets.indexOf(rule.preset ?? "recommended") <= presets.indexOf(preset);
  return { severity: isOn ? rule.severity : "off", options: defaultOptions(rule) };
}

function defaultSetting(rule: Rule): RuleSetting {
  return presetSetting(rule, "recommended");
}

function defaultOptions(rule: Rule): OptionValues {
  return Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, option]) => [name, option.default]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
