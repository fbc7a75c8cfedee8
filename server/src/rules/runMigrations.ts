/**
 * Runs the rules about migrations over files of a history, and again only over those in which a statement, or something
 * that it changes, is not what it was. A rule that throws loses its own findings and no others.
 */
import type { FileChanges } from "../model/changes.ts";
import { migrationOf, type Sending } from "../model/migration/migration.ts";
import { migrationRules } from "./registry.ts";
import type { Finding, MigrationRule } from "./rule.ts";
import { type ActiveRule, activeRules, findingOf, type RuleLog } from "./run.ts";
import type { RuleSettings } from "./settings.ts";

export interface MigrationRunOptions {
  /** A rule without a setting runs as its metadata says. */
  readonly settings: RuleSettings;
  /** Major version of the PostgreSQL that the migrations are for. */
  readonly postgresVersion: number;
  /** How a file is sent to it. */
  sendingOf(uri: string): Sending;
  readonly log?: RuleLog;
  /** The registry's unless a test brings its own. */
  readonly rules?: readonly MigrationRule[];
}

/** What came of a run, and what the next one may take over from it. */
export interface MigrationRun {
  /** File by file, statement by statement. */
  readonly findings: readonly Finding[];
  readonly settings: RuleSettings;
  readonly postgresVersion: number;
  readonly byUri: ReadonlyMap<string, FileRun>;
}

interface FileRun {
  readonly file: FileChanges;
  readonly sending: Sending;
  readonly findings: readonly Finding[];
}

export function* runMigrationRulesInSteps(
  files: Iterable<FileChanges>,
  options: MigrationRunOptions,
  previous: MigrationRun | undefined,
): Generator<undefined, MigrationRun> {
  const { settings, postgresVersion, rules = migrationRules, sendingOf, log = () => {} } = options;
  const last = previous?.settings === settings && previous.postgresVersion === postgresVersion ? previous : undefined;
  const active = activeRules(rules, settings, postgresVersion);
  const byUri = new Map<string, FileRun>();
  for (const file of files) {
    const sending = sendingOf(file.uri);
    const known = last?.byUri.get(file.uri);
    if (known !== undefined && known.sending === sending && isSameFile(known.file, file)) {
      byUri.set(file.uri, known);
      continue;
    }
    yield;
    byUri.set(file.uri, { file, sending, findings: findingsIn(file, sending, active, postgresVersion, log) });
  }
  return { findings: [...byUri.values()].flatMap(({ findings }) => findings), settings, postgresVersion, byUri };
}

/** The findings at once, without a next time. */
export function runMigrationRules(files: Iterable<FileChanges>, options: MigrationRunOptions): readonly Finding[] {
  const steps = runMigrationRulesInSteps(files, options, undefined);
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value.findings;
  }
}

function isSameFile(a: FileChanges, b: FileChanges): boolean {
  return a.count === b.count && a.statements.length === b.statements.length && a.statements.every((statement, at) => statement === b.statements[at]);
}

function findingsIn(
  file: FileChanges,
  sending: Sending,
  active: readonly ActiveRule<MigrationRule>[],
  postgresVersion: number,
  log: RuleLog,
): readonly Finding[] {
  const findings: Finding[] = [];
  const migration = migrationOf(file, sending, postgresVersion);
  const failed = new Set<string>();
  for (const statement of migration.statements) {
    for (const one of active) {
      if (failed.has(one.rule.id)) continue;
      try {
        for (const found of one.rule.checkStatement(statement, migration, one.context)) findings.push(findingOf(one, found));
      } catch (error) {
        failed.add(one.rule.id);
        log(one.rule.id, error);
      }
    }
  }
  return findings;
}
