/**
 * How rules are set: by rule id `"off"`, a severity, or `{ severity?, options? }`; in the editor's settings, in a
 * configuration file, on the command line. What was set arrives as unknown data and is parsed once into changes, which
 * are laid over a preset one after the other. What cannot be understood changes nothing and becomes a complaint.
 */
import { nearestName } from "../text/nearestName.ts";
import { type Complaint, oneOf } from "./complaint.ts";
import { ruleNamed, rules } from "./registry.ts";
import { type OptionValue, type OptionValues, type Preset, presets, type Rule, type RuleOption, type Severity } from "./rule.ts";

export interface RuleSetting {
  readonly severity: Severity | "off";
  /** Every option of the rule's metadata has a value of its default's type. */
  readonly options: OptionValues;
}

/** By rule id; complete. */
export type RuleSettings = ReadonlyMap<string, RuleSetting>;

/** What somebody set, by rule id. */
export type RuleChanges = ReadonlyMap<string, RuleChange>;

export interface RuleChange {
  /** Undefined: as it was. */
  readonly severity: Severity | "off" | undefined;
  /** The options that were set; the others stay as they were. */
  readonly options: OptionValues;
}

export interface ParsedRuleChanges {
  readonly changes: RuleChanges;
  /** One for each value that is not understood. */
  readonly complaints: readonly Complaint[];
}

export const severities = ["error", "warning", "information", "hint"] as const satisfies readonly Severity[];

/** Every rule as the preset `recommended` has it. */
export const defaultRuleSettings: RuleSettings = presetSettings("recommended");

/** Every rule as a preset has it. */
export function presetSettings(preset: Preset): RuleSettings {
  return new Map(rules.map((rule) => [rule.id, presetSetting(rule, preset)]));
}

/** The settings with the changes laid over them. What is not changed is the same object as before. */
export function withRuleChanges(settings: RuleSettings, changes: RuleChanges): RuleSettings {
  if (changes.size === 0) return settings;
  const changed = new Map(settings);
  for (const [id, { severity, options }] of changes) {
    const before = settings.get(id);
    if (before === undefined) continue;
    changed.set(id, {
      severity: severity ?? before.severity,
      options: Object.keys(options).length === 0 ? before.options : { ...before.options, ...options },
    });
  }
  return changed;
}

/** `null` and undefined set nothing. Rules may be named by their earlier names. */
export function parseRuleChanges(value: unknown): ParsedRuleChanges {
  const changes = new Map<string, RuleChange>();
  const complaints: Complaint[] = [];
  if (value === undefined || value === null) return { changes, complaints };
  if (!isRecord(value)) {
    return { changes, complaints: [{ path: [], about: "value", says: "must be an object of rule ids" }] };
  }
  const names = new Map<string, string>();
  for (const [name, given] of Object.entries(value)) {
    const rule = ruleNamed(name);
    if (rule === undefined) {
      complaints.push({ path: [name], about: "name", says: "is no rule", suggestion: nearestName(name, ruleNames()) });
      continue;
    }
    const other = names.get(rule.id);
    if (other === undefined) {
      names.set(rule.id, name);
      changes.set(rule.id, parseChange(rule, given, name, complaints));
    } else complaints.push({ path: [name], about: "name", says: `is another name of ${other}, which is set already` });
  }
  return { changes, complaints };
}

function parseChange(rule: Rule, given: unknown, name: string, complaints: Complaint[]): RuleChange {
  if (!isRecord(given)) return { severity: parseSeverity(given, [name], complaints), options: {} };
  for (const key of Object.keys(given)) {
    if (key !== "severity" && key !== "options")
      complaints.push({ path: [name, key], about: "name", says: "is not known here: a rule has severity and options" });
  }
  const { severity, options } = given;
  return {
    severity: severity === undefined ? undefined : parseSeverity(severity, [name, "severity"], complaints),
    options: options === undefined ? {} : parseOptions(rule, options, [name, "options"], complaints),
  };
}

function parseSeverity(given: unknown, path: Complaint["path"], complaints: Complaint[]): RuleChange["severity"] {
  if (given === "off") return given;
  const severity = severities.find((known) => known === given);
  if (severity === undefined) complaints.push({ path, about: "value", says: `must be ${oneOf(["off", ...severities])}` });
  return severity;
}

function parseOptions(rule: Rule, given: unknown, path: Complaint["path"], complaints: Complaint[]): OptionValues {
  if (!isRecord(given)) {
    complaints.push({ path, about: "value", says: "must be an object" });
    return {};
  }
  const known = rule.options ?? {};
  const options: Record<string, OptionValue> = {};
  for (const [name, value] of Object.entries(given)) {
    const option = Object.hasOwn(known, name) ? known[name] : undefined;
    if (option === undefined) {
      const suggestion = nearestName(name, Object.keys(known));
      complaints.push({ path: [...path, name], about: "name", says: `is no option of ${rule.id}`, suggestion });
    } else if (hasTypeOf(option, value)) {
      options[name] = value;
    } else {
      complaints.push({ path: [...path, name], about: "value", says: `must be ${kindOf(option.default)}` });
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

function presetSetting(rule: Rule, preset: Preset): RuleSetting {
  const isOn = presets.indexOf(rule.preset ?? "recommended") <= presets.indexOf(preset);
  return { severity: isOn ? rule.severity : "off", options: defaultOptions(rule) };
}

function defaultOptions(rule: Rule): OptionValues {
  return Object.fromEntries(Object.entries(rule.options ?? {}).map(([name, option]) => [name, option.default]));
}

function* ruleNames(): Generator<string> {
  for (const { id, aliases } of rules) {
    yield id;
    yield* aliases ?? [];
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
