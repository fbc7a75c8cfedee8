/**
 * Runs the rules over a schema, and again over the next one only where something they looked at has changed. Findings
 * come by table, in the order of the registry, then those of no table; a rule that throws loses its own findings and no
 * others.
 */
import { type Asked, Changes, WatchedSchema } from "../model/lookup.ts";
import { isImplied } from "../model/queries.ts";
import type { Schema, Table } from "../model/schema.ts";
import { schemaRules } from "./registry.ts";
import type { Finding, Related, RuleContext, RuleFinding, RuleMetadata, SchemaRule, Severity } from "./rule.ts";
import type { RuleSettings } from "./settings.ts";

/** Told about a rule that threw: a fault of ours, never of the user's. */
export type RuleLog = (rule: string, error: unknown) => void;

export interface RunOptions {
  /** A rule without a setting runs as its metadata says. */
  readonly settings: RuleSettings;
  /** Major version of the PostgreSQL that the schema is for; 15 unless said. */
  readonly postgresVersion?: number | undefined;
  readonly log?: RuleLog;
  /** The registry's unless a test brings its own. */
  readonly rules?: readonly SchemaRule[];
}

/** What came of a run, and what the next one may take over from it. */
export interface RuleRun {
  readonly findings: readonly Finding[];
  readonly schema: Schema;
  readonly rules: readonly SchemaRule[];
  readonly settings: RuleSettings;
  readonly postgresVersion: number;
  readonly byTable: ReadonlyMap<string, TableRun>;
  readonly byRule: readonly Unit[];
}

/** What the rules say about one table: what follows from the table alone, and what else was looked up for. */
interface TableRun {
  readonly table: Table;
  readonly own: readonly Finding[];
  readonly units: readonly Unit[];
}

/** What one rule said, and the questions its answer rests on. */
interface Unit {
  readonly active: ActiveRule;
  readonly findings: readonly Finding[];
  readonly asked: readonly Asked[];
}

/** A rule that is on, as it is set. */
export interface ActiveRule<R extends RuleMetadata = SchemaRule> {
  readonly rule: R;
  readonly severity: Severity;
  readonly context: RuleContext;
}

/** The findings at once, without a next time. */
export function runRules(schema: Schema, options: RunOptions): readonly Finding[] {
  const steps = runRulesInSteps(schema, options, undefined);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value.findings;
  }
}

/** Yields now and then, so that a person's next key can come between. */
export function* runRulesInSteps(schema: Schema, options: RunOptions, previous: RuleRun | undefined): Generator<undefined, RuleRun> {
  const { settings, postgresVersion = 15, log = () => {}, rules = schemaRules } = options;
  const last =
    previous?.rules === rules && previous.settings === settings && previous.postgresVersion === postgresVersion ? previous : undefined;
  const active = activeRules(rules, settings, postgresVersion);
  const runner = new Runner(last?.schema ?? schema, schema, active, log);
  const findings: Finding[] = [];
  const byTable = new Map<string, TableRun>();
  for (const table of schema.tables.values()) {
    if (isImplied(table)) continue;
    const known = last?.byTable.get(table.key);
    const run = known?.table === table ? runner.again(known) : runner.first(table);
    if (run !== known) yield;
    byTable.set(table.key, run);
    for (const finding of run.own) findings.push(finding);
    for (const unit of run.units) for (const finding of unit.findings) findings.push(finding);
  }
  const byRule: Unit[] = [];
  const ofSchema = active.filter(({ rule }) => rule.checkSchema !== undefined);
  for (const [i, rule] of ofSchema.entries()) {
    const known = last?.byRule[i];
    const unit = known === undefined ? runner.ofSchema(rule) : runner.ofSchemaAgain(known);
    if (unit !== known) yield;
    byRule.push(unit);
    for (const finding of unit.findings) findings.push(finding);
  }
  return { findings, schema, rules, settings, postgresVersion, byTable, byRule };
}

/** Those that are on and hold for the version. */
export function activeRules<R extends RuleMetadata>(rules: readonly R[], settings: RuleSettings, postgresVersion: number): readonly ActiveRule<R>[] {
  return rules.flatMap((rule) => {
    const { severity, options } = settings.get(rule.id) ?? { severity: rule.severity, options: {} };
    const { from = 0, to = Number.POSITIVE_INFINITY } = rule.postgres ?? {};
    if (severity === "off" || postgresVersion < from || postgresVersion > to) return [];
    return [{ rule, severity, context: { options, postgresVersion } }];
  });
}

class Runner {
  readonly #changes: Changes;
  readonly #watched: WatchedSchema;
  readonly #active: readonly ActiveRule[];
  readonly #log: RuleLog;

  constructor(before: Schema, schema: Schema, active: readonly ActiveRule[], log: RuleLog) {
    this.#changes = new Changes(before, schema);
    this.#watched = new WatchedSchema(schema);
    this.#active = active;
    this.#log = log;
  }

  first(table: Table): TableRun {
    const own: Finding[] = [];
    const units: Unit[] = [];
    for (const active of this.#active) {
      if (active.rule.checkTable === undefined) continue;
      const unit = this.#ofTable(active, table);
      if (unit.asked.length > 0) units.push(unit);
      else for (const finding of unit.findings) own.push(finding);
    }
    return { table, own, units };
  }

  /** Of a table that is as it was. */
  again(known: TableRun): TableRun {
    let units: Unit[] | undefined;
    for (const [i, unit] of known.units.entries()) {
      if (this.#changes.spare(unit.asked)) continue;
      units ??= [...known.units];
      units[i] = this.#ofTable(unit.active, known.table);
    }
    return units === undefined ? known : { ...known, units };
  }

  ofSchema(active: ActiveRule): Unit {
    const { rule, context } = active;
    return this.#collect(active, () => rule.checkSchema?.(this.#watched, context));
  }

  ofSchemaAgain(unit: Unit): Unit {
    return this.#changes.spare(unit.asked) ? unit : this.ofSchema(unit.active);
  }

  #ofTable(active: ActiveRule, table: Table): Unit {
    const { rule, context } = active;
    return this.#collect(active, () => rule.checkTable?.(table, this.#watched, context));
  }

  #collect(active: ActiveRule, check: () => Iterable<RuleFinding> | undefined): Unit {
    const findings: Finding[] = [];
    try {
      for (const found of check() ?? []) findings.push(findingOf(active, found));
      return { active, findings: findings.length === 0 ? none : findings, asked: this.#watched.takeAsked() };
    } catch (error) {
      this.#log(active.rule.id, error);
      return { active, findings: none, asked: this.#watched.takeAsked() };
    }
  }
}

const none: readonly Finding[] = [];

export function findingOf({ rule, severity }: ActiveRule<RuleMetadata>, found: RuleFinding): Finding {
  return {
    rule: rule.id,
    severity: severityWith(severity, found.doubt),
    message: clip(found.message),
    subject: found.subject,
    at: found.at,
    fix: found.fix,
    related: found.related ?? nothing,
    doubt: found.doubt,
  };
}

const nothing: readonly Related[] = [];

/** One severity less where something unread could contradict a finding. */
export function severityWith(severity: Severity, doubt: string | undefined): Severity {
  return doubt === undefined ? severity : lowered[severity];
}

const lowered: Readonly<Record<Severity, Severity>> = { error: "warning", warning: "information", information: "hint", hint: "hint" };

/** Names may have 63 bytes each; a message stays a line. */
function clip(message: string): string {
  return message.length <= 120 ? message : `${message.slice(0, 119)}…`;
}
