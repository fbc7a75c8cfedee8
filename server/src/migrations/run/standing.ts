/** Where each migration stands: its file beside what the database remembers of it. Pure. */
import { checksumOf } from "../checksum.ts";
import type { MigrationFile } from "../history.ts";
import { failureLogs, type HistoryRecord } from "./records.ts";

/**
 * `failed`: it began and did not end, and nothing runs before that is resolved. `edited`: applied, and its file says
 * something else now. `missing`: applied, and there is no file. `rolled back`: it ran once and was undone; it runs again.
 */
export type MigrationState = "applied" | "pending" | "failed" | "edited" | "missing" | "rolled back";

export interface MigrationStanding {
  readonly name: string;
  readonly state: MigrationState;
  /** Undefined when `missing`. */
  readonly migration: MigrationFile | undefined;
  /** The one that counts. */
  readonly record: HistoryRecord | undefined;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  /** Undefined where the runner keeps no time. */
  readonly durationMs: number | undefined;
  /** Not applied, though a later one is. */
  readonly isOutOfOrder: boolean;
  readonly hasDown: boolean;
  /** What stopped the last attempt. */
  readonly lastFailure: string | undefined;
}

/** Files in their order, then what only the database knows, where it ran. */
export function standingsOf(migrations: readonly MigrationFile[], records: readonly HistoryRecord[]): readonly MigrationStanding[] {
  const byName = new Map<string, HistoryRecord[]>();
  for (const record of records) byName.set(record.name, [...(byName.get(record.name) ?? []), record]);
  const known = migrations.map((migration) => standingOf(migration, recordsOf(migration, byName)));
  const names = new Set(known.flatMap(({ record, name }) => [name, record?.name ?? name]));
  const missing = [...byName].flatMap(([name, own]): readonly MigrationStanding[] => {
    const record = counting(own);
    return names.has(name) || record === undefined ? [] : [{ ...base(name, undefined, own), state: record.finishedAt === undefined ? "failed" : "missing" }];
  });
  const all = [...known];
  for (const one of missing) {
    const at = all.findIndex(({ name }) => name > one.name);
    all.splice(at < 0 ? all.length : at, 0, one);
  }
  const last = all.findLastIndex(isInDatabase);
  return all.map((standing, i) => ({ ...standing, isOutOfOrder: i < last && !isInDatabase(standing) && standing.state !== "failed" }));
}

export function isInDatabase({ state }: Pick<MigrationStanding, "state">): boolean {
  return state === "applied" || state === "edited" || state === "missing";
}

/** In the order they run. */
export function pendingOf(standings: readonly MigrationStanding[]): readonly MigrationFile[] {
  return standings.flatMap(({ state, migration }) => ((state === "pending" || state === "rolled back") && migration !== undefined ? [migration] : []));
}

/** In the order they stand in the history. */
export function appliedOf(standings: readonly MigrationStanding[]): readonly MigrationStanding[] {
  return standings.filter(isInDatabase);
}

/** Prisma lets a migration be written with either end of line. */
export function isOfText(checksum: string, text: string): boolean {
  if (checksum === "" || checksum === checksumOf(text)) return true;
  const unix = text.replaceAll("\r\n", "\n");
  return checksum === checksumOf(unix) || checksum === checksumOf(unix.replaceAll("\n", "\r\n"));
}

function standingOf(migration: MigrationFile, records: readonly HistoryRecord[]): MigrationStanding {
  const standing = base(migration.name, migration, records);
  const { record } = standing;
  if (record === undefined) return { ...standing, state: records.some(({ finishedAt }) => finishedAt !== undefined) ? "rolled back" : "pending" };
  if (record.finishedAt === undefined) return { ...standing, state: "failed" };
  return { ...standing, state: isOfText(record.checksum, migration.text) ? "applied" : "edited" };
}

/** Supabase knows a migration by its number alone. */
function recordsOf({ name }: MigrationFile, byName: ReadonlyMap<string, readonly HistoryRecord[]>): readonly HistoryRecord[] {
  const own = byName.get(name);
  if (own !== undefined) return own;
  const version = /^\d+/.exec(name)?.[0] ?? name;
  return [...byName].find(([other, [first]]) => first?.checksum === "" && /^\d+/.exec(other)?.[0] === version)?.[1] ?? [];
}

/** What is rolled back does not count. */
function counting(records: readonly HistoryRecord[]): HistoryRecord | undefined {
  return records.filter(({ rolledBackAt }) => rolledBackAt === undefined).at(-1);
}

function base(name: string, migration: MigrationFile | undefined, records: readonly HistoryRecord[]): Omit<MigrationStanding, "state"> & { readonly state: MigrationState } {
  const record = counting(records);
  const last = record ?? records.at(-1);
  const [started, finished] = [record?.startedAt, record?.finishedAt];
  return {
    name,
    state: "pending",
    migration,
    record,
    startedAt: last?.startedAt,
    // A table without times gives none.
    finishedAt: finished?.getTime() === 0 ? undefined : finished,
    durationMs: started === undefined || finished === undefined ? undefined : Math.max(0, finished.getTime() - started.getTime()),
    isOutOfOrder: false,
    hasDown: migration?.down !== undefined,
    lastFailure: last === undefined ? undefined : failureLogs(last),
  };
}
