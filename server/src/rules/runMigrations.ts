/**
 * Runs the rules about migrations over files of a history, and again only over those in which a statement, or something
 * that it changes, is not what it was. A rule that throws loses its own findings and no others.
 */
import type { FileChanges } from "../model/changes.ts";
import { type Migration, migrationOf, type Sending } from "../model/migration/migration.ts";
import { anchorOf } from "./migrations.ts";
import { migrationRules } from "./registry.ts";
import type { Finding, MigrationRule, RuleFinding } from "./rule.ts";
import { type ActiveRule, activeRules, findingOf, type RuleLog } from "./run.ts";
import type { RuleSettings } from "./settings.ts";

export interface MigrationRunOptions {
  /** A rule without a setting runs as its metadata says. */
  readonly settings: RuleSettings;
  /** Major version of the PostgreSQL that the migrations are for. */
  readonly postgresVersion: number;
  /** How a file is sent to it. */
  sendingOf(uri: string): Sending;
  /** Whether others of the history have a way back, and this file has none; nobody knows unless it is given. */
  lacksWayBack?(uri: string): boolean;
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
  readonly lacksWayBack: boolean;
  readonly findings: readonly Finding[];
}

export function* runMigrationRulesInSteps(
  files: Iterable<FileChanges>,
  options: MigrationRunOptions,
  previous: MigrationRun | undefined,
): Generator<undefined, MigrationRun> {
  const { settings, postgresVersion, rules = migrationRules, sendingOf, lacksWayBack: isLacking, log = () => {} } = options;
  const last = previous?.settings === settings && previous.postgresVersion === postgresVersion ? previous : undefined;
  const active = activeRules(rules, settings, postgresVersion);
  const byUri = new Map<string, FileRun>();
  for (const file of files) {
    const sending = sendingOf(file.uri);
    const lacksWayBack = isLacking?.(file.uri) ?? false;
    const known = last?.byUri.get(file.uri);
    if (known !== undefined && known.sending === sending && known.lacksWayBack === lacksWayBack && isSameFile(known.file, file)) {
      byUri.set(file.uri, known);
      continue;
    }
    yield;
    const migration = migrationOf(file, sending, postgresVersion, lacksWayBack);
    byUri.set(file.uri, { file, sending, lacksWayBack, findings: findingsIn(migration, active, log) });
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
  return (
    a.count === b.count &&
    a.isIrreversible === b.isIrreversible &&
    [...a.asserted].join() === [...b.asserted].join() &&
    isSameList(a.statements, b.statements) &&
    isSameList(a.runsOnce, b.runsOnce) &&
    anchorOf(a.first) === anchorOf(b.first) &&
    anchorOf(a.last) === anchorOf(b.last)
  );
}

function isSameList(a: readonly object[], b: readonly object[]): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}

function findingsIn(migration: Migration, active: readonly ActiveRule<MigrationRule>[], log: RuleLog): readonly Finding[] {
  const findings: Finding[] = [];
  const failed = new Set<string>();
  const take = (one: ActiveRule<MigrationRule>, check: () => Iterable<RuleFinding>): void => {
    if (failed.has(one.rule.id)) return;
    try {
      for (const found of check()) findings.push(findingOf(one, found));
    } catch (error) {
      failed.add(one.rule.id);
      log(one.rule.id, error);
    }
  };
  for (const one of active) take(one, () => one.rule.checkFile?.(migration, one.context) ?? []);
  for (const statement of migration.statements) for (const one of active) take(one, () => one.rule.checkStatement?.(statement, migration, one.context) ?? []);
  return findings;
}
