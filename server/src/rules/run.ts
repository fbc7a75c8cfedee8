/**
 * Runs the rules over a schema. The order of findings follows the registry and then each rule's own order; a rule that
 * throws loses its own findings and no others.
 */
import type { Schema } from "../model/schema.ts";
import { schemaRules } from "./registry.ts";
import type { Finding, Related, RuleFinding, SchemaRule, Severity } from "./rule.ts";
import type { RuleSettings } from "./settings.ts";

/** Told about a rule that threw: a fault of ours, never of the user's. */
export type RuleLog = (rule: string, error: unknown) => void;

/** `rules` are the registry's unless a test brings its own; a rule without a setting runs as its metadata says. */
export function runRules(
  schema: Schema,
  settings: RuleSettings,
  log: RuleLog = () => {},
  rules: readonly SchemaRule[] = schemaRules,
): readonly Finding[] {
  return rules.flatMap((rule) => findingsOf(rule, schema, settings, log));
}

function findingsOf(rule: SchemaRule, schema: Schema, settings: RuleSettings, log: RuleLog): readonly Finding[] {
  const { severity, options } = settings.get(rule.id) ?? { severity: rule.severity, options: {} };
  if (severity === "off") return [];
  const findings: Finding[] = [];
  try {
    for (const found of rule.check(schema, options)) findings.push(findingOf(rule, severity, found));
  } catch (error) {
    log(rule.id, error);
    return [];
  }
  return findings;
}

function findingOf(rule: SchemaRule, severity: Severity, found: RuleFinding): Finding {
  return {
    rule: rule.id,
    severity: found.doubt === undefined ? severity : lowered[severity],
    message: clip(found.message),
    subject: found.subject,
    at: found.at,
    fix: found.fix,
    related: found.related ?? nothing,
    doubt: found.doubt,
  };
}

const nothing: readonly Related[] = [];

const lowered: Readonly<Record<Severity, Severity>> = { error: "warning", warning: "information", information: "hint", hint: "hint" };

/** Names may have 63 bytes each; a message stays a line. */
function clip(message: string): string {
  return message.length <= 120 ? message : `${message.slice(0, 119)}…`;
}
