/**
 * One run at a time: the lock that Prisma's own command line takes, so that either waits for the other, and says for whom.
 * https://www.prisma.io/docs/orm/prisma-migrate/workflows/development-and-production#advisory-locking
 */
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import type { MigrationSession } from "../../database/migrationSession.ts";
import type { Answer } from "./runContext.ts";

/** Prisma Migrate's. */
export const advisoryLock = 72707369;

/** A session that stands in the way. */
export interface Holder {
  readonly pid: number;
  readonly application: string;
  readonly role: string;
  /** `idle`, `active`, `idle in transaction`. */
  readonly state: string;
  /** When its session began. */
  readonly since: Date | undefined;
}

const holderFields = { pid: v.number(), application: v.string(), role: v.string(), state: v.string(), since: v.nullable(v.date()) };
const holdersSchema = v.array(v.object(holderFields));

/** Tries until `waitMs` are over or the signal comes; `onWait` hears at once and then every second who has it. */
export async function takeLock(session: MigrationSession, waitMs: number, onWait: (holders: readonly Holder[]) => void, signal?: AbortSignal): Promise<Answer<undefined>> {
  const began = performance.now();
  let lastSaid = -Infinity;
  for (;;) {
    const [row] = await session.rows("SELECT pg_try_advisory_lock($1) AS taken", [advisoryLock]);
    if (isTaken(row)) return { ok: true, value: undefined };
    const waited = performance.now() - began;
    const holders = await lockHolders(session);
    if (signal?.aborted === true) return { ok: false, reason: `Called off while waiting for ${holdersText(holders)}. Nothing was changed.` };
    if (waited >= waitMs) {
      return { ok: false, reason: `Another run is under way, for longer than the ${Math.round(waitMs / 100) / 10} s that this one waits: ${holdersText(holders)}. Nothing was changed. Wait for it, or end it with SELECT pg_terminate_backend(${holders[0]?.pid ?? "pid"}).` };
    }
    if (waited - lastSaid >= 1_000) {
      lastSaid = waited;
      onWait(holders);
    }
    await delay(Math.min(200, Math.max(1, waitMs - waited)));
  }
}

export async function releaseLock(session: MigrationSession): Promise<void> {
  await session.rows("SELECT pg_advisory_unlock($1)", [advisoryLock]);
}

/** Empty when nobody has it. */
export async function lockHolders(session: MigrationSession): Promise<readonly Holder[]> {
  return holdersIn(await session.rows(holdersQuery, [advisoryLock]));
}

/** Whom a session waits for. */
export async function blockersOf(watcher: MigrationSession, backend: number): Promise<readonly Holder[]> {
  return holdersIn(await watcher.rows(blockersQuery, [backend]));
}

export function holdersText(holders: readonly Holder[]): string {
  const told = holders.map(({ pid, application, role, state, since }) => {
    const when = since === undefined ? "" : ` since ${since.toISOString().replace("T", " ").slice(0, 19)} UTC`;
    return `process ${pid} (${application === "" ? "without a name" : application}, role ${role}, ${state},${when === "" ? "" : " connected"}${when})`;
  });
  return told.length === 0 ? "a session that has just ended" : told.join(" and ");
}

function holdersIn(rows: readonly unknown[]): readonly Holder[] {
  return v.parse(holdersSchema, rows).map((row) => ({ ...row, since: row.since ?? undefined }));
}

function isTaken(row: unknown): boolean {
  return typeof row === "object" && row !== null && Reflect.get(row, "taken") === true;
}

const columns = "a.pid, coalesce(a.application_name, '') AS application, coalesce(a.usename, '')::text AS role, coalesce(a.state, 'unknown') AS state, a.backend_start AS since";

const holdersQuery = `
  SELECT ${columns} FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
  WHERE l.locktype = 'advisory' AND l.granted AND l.classid = 0 AND l.objid = $1::int8::oid AND l.objsubid = 1 AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())`;

const blockersQuery = `SELECT ${columns} FROM pg_catalog.pg_stat_activity a WHERE a.pid = ANY (pg_blocking_pids($1))`;
