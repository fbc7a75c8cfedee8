/**
 * What a database remembers of the migrations that ran in it: Prisma's `_prisma_migrations`, the same form in a schema of
 * our own for plain SQL, and Supabase's table. Rows are written as Prisma 5 to 7 write them, so that its command line goes on.
 */
import * as v from "valibot";
import type { MigrationSession } from "../../database/migrationSession.ts";
import { quoteIdentifier } from "../../model/names.ts";
import type { MigrationFile } from "../history.ts";

export interface HistoryRecord {
  readonly id: string;
  readonly name: string;
  /** Empty where the runner keeps none. */
  readonly checksum: string;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  readonly rolledBackAt: Date | undefined;
  /** What stopped it, or our note of how far it is. */
  readonly logs: string | undefined;
  readonly steps: number;
}

/** `exists`: whether the table is there. Records in the order they began. */
export interface ReadRecords {
  readonly exists: boolean;
  readonly records: readonly HistoryRecord[];
}

/** Where a migration, or its way back, is on its way, when it cannot be done in one transaction. */
export interface Progress {
  /** `down`: it is being undone. */
  readonly direction: Direction;
  /** How many statements are done for good. */
  readonly done: number;
  /** The one after them was sent outside of a transaction: it may be done, half done or not. */
  readonly isNextSent: boolean;
}

export type Direction = "up" | "down";

/** The table of one database. Every method is one statement or more in the session's transaction, if it has one. */
export interface RecordStore {
  /** As people know it: `public._prisma_migrations`. */
  readonly table: string;
  readonly schema: string;
  read(session: MigrationSession): Promise<ReadRecords>;
  /** Makes the table where it is missing. */
  prepare(session: MigrationSession): Promise<void>;
  /** Notes that it began so many seconds ago, for others to see at once when outside of a transaction. The id of its record. */
  begin(session: MigrationSession, migration: MigrationFile, secondsAgo: number): Promise<string>;
  /** Notes that its undoing began: it does not count as applied any more, nor as gone. The id of the record. */
  beginUndo(session: MigrationSession, migration: MigrationFile): Promise<string>;
  progress(session: MigrationSession, id: string, progress: Progress): Promise<void>;
  /** Nothing was undone after all: it counts as applied as before. */
  undoStopped(session: MigrationSession, id: string): Promise<void>;
  finish(session: MigrationSession, id: string, migration: MigrationFile): Promise<void>;
  /** What stopped it. `isUndone`: nothing of it is left, and it may simply run again. */
  fail(session: MigrationSession, id: string | undefined, migration: MigrationFile, logs: string, isUndone: boolean): Promise<void>;
  /** As `prisma migrate resolve --applied`: nothing runs. */
  markApplied(session: MigrationSession, migration: MigrationFile): Promise<void>;
  /** Nothing of it is in the database any more. */
  markRolledBack(session: MigrationSession, name: string): Promise<void>;
}

const progressPattern = /^Database Architect: (\d+) statements? (done|undone)(, the next one was sent)?$/;

function progressText({ direction, done, isNextSent }: Progress): string {
  const what = direction === "up" ? "done" : "undone";
  return `Database Architect: ${done} ${done === 1 ? "statement" : "statements"} ${what}${isNextSent ? ", the next one was sent" : ""}`;
}

/** Our own note in a record; undefined when another tool wrote it. */
export function progressOf({ logs }: HistoryRecord): Progress | undefined {
  const found = progressPattern.exec(logs?.split("\n", 1)[0] ?? "");
  return found === null ? undefined : { direction: found[2] === "done" ? "up" : "down", done: Number(found[1]), isNextSent: found[3] !== undefined };
}

/** What stopped a migration: without our notes, and without where Prisma's engine stood in its own source. */
export function failureLogs({ logs }: HistoryRecord): string | undefined {
  const said = (logs ?? "").replace(/\n\s+0: \w+::[^]*$/, "").split("\n");
  const rest = said.filter((line) => !progressPattern.test(line) && !line.startsWith(finishedNote)).join("\n").trim();
  return rest === "" ? undefined : rest;
}

/** Before the time at which a migration that is being undone was finished. */
const finishedNote = "Finished before at ";

const finishedBefore = `substring(logs FROM '${finishedNote}([^\\n]+)')::timestamptz`;

const nullable = v.nullable(v.date());
const recordsSchema = v.array(
  v.object({ id: v.string(), checksum: v.string(), finished_at: nullable, migration_name: v.string(), logs: v.nullable(v.string()), rolled_back_at: nullable, started_at: nullable, applied_steps_count: v.number() }),
);
const idSchema = v.tuple([v.object({ id: v.string() })]);

/** Prisma's form. */
export function prismaStore(schema: string, name = "_prisma_migrations"): RecordStore {
  const table = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
  const store: RecordStore = {
    table: `${schema}.${name}`,
    schema,
    async read(session) {
      const [there] = await session.rows("SELECT to_regclass($1) IS NOT NULL AS there", [table]);
      if (!isThere(there)) return { exists: false, records: [] };
      const rows = v.parse(recordsSchema, await session.rows(`SELECT id::text, checksum::text, finished_at, migration_name::text, logs, rolled_back_at, started_at, applied_steps_count FROM ${table} ORDER BY started_at, id`));
      return { exists: true, records: rows.map(recordOf) };
    },
    async prepare(session) {
      if (isThere((await session.rows("SELECT to_regclass($1) IS NOT NULL AS there", [table]))[0])) return;
      // As Prisma does for an address that names one. Asked first: who may not create schemas may not even if it is there.
      const [found] = await session.rows("SELECT to_regnamespace($1) IS NOT NULL AS there", [quoteIdentifier(schema)]);
      if (!isThere(found)) await session.send(`CREATE SCHEMA ${quoteIdentifier(schema)}`);
      await session.send(`CREATE TABLE IF NOT EXISTS ${table} (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`);
    },
    async begin(session, migration, secondsAgo) {
      const note = progressText({ direction: "up", done: 0, isNextSent: false });
      const [row] = v.parse(idSchema, await session.rows(`INSERT INTO ${table} (id, checksum, migration_name, logs, started_at) VALUES (gen_random_uuid()::text, $1, $2, $3, clock_timestamp() - make_interval(secs => $4)) RETURNING id::text`, [migration.checksum, migration.name, note, secondsAgo]));
      return row.id;
    },
    async beginUndo(session, migration) {
      const note = progressText({ direction: "down", done: 0, isNextSent: false });
      const [row] = v.parse(idSchema, await session.rows(`UPDATE ${table} SET logs = $2::text || E'\\n${finishedNote}' || finished_at::text, finished_at = NULL WHERE migration_name = $1 AND rolled_back_at IS NULL RETURNING id::text`, [migration.name, note]));
      return row.id;
    },
    async progress(session, id, progress) {
      await session.rows(`UPDATE ${table} SET logs = concat_ws(E'\\n', $2::text, nullif(regexp_replace(coalesce(logs, ''), '^[^\\n]*\\n?', ''), '')) WHERE id = $1`, [id, progressText(progress)]);
    },
    async undoStopped(session, id) {
      await session.rows(`UPDATE ${table} SET finished_at = coalesce(${finishedBefore}, clock_timestamp()), logs = NULL WHERE id = $1`, [id]);
    },
    async finish(session, id, { checksum }) {
      // It may have been mended since it began.
      await session.rows(`UPDATE ${table} SET checksum = $2, finished_at = clock_timestamp(), applied_steps_count = 1, logs = NULL, rolled_back_at = NULL WHERE id = $1`, [id, checksum]);
    },
    async fail(session, id, migration, logs, isUndone) {
      const stopped = id ?? (await store.begin(session, migration, 0));
      await session.rows(`UPDATE ${table} SET logs = CASE WHEN $3::bool THEN $2::text ELSE concat_ws(E'\\n', logs, $2::text) END, rolled_back_at = CASE WHEN $3::bool THEN clock_timestamp() END WHERE id = $1`, [stopped, logs, isUndone]);
    },
    async markApplied(session, migration) {
      // Prisma ends failed attempts as rolled back and adds a record of its own for the one that counts.
      await session.rows(`UPDATE ${table} SET rolled_back_at = clock_timestamp() WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL`, [migration.name]);
      await session.rows(`INSERT INTO ${table} (id, checksum, migration_name, started_at, finished_at) SELECT gen_random_uuid()::text, $1, $2, t, t FROM clock_timestamp() t`, [migration.checksum, migration.name]);
    },
    async markRolledBack(session, migration) {
      await session.rows(`UPDATE ${table} SET rolled_back_at = clock_timestamp(), finished_at = coalesce(finished_at, ${finishedBefore}) WHERE migration_name = $1 AND rolled_back_at IS NULL`, [migration]);
    },
  };
  return store;
}

/** Plain SQL has no table of its own: one like Prisma's, apart from people's own. */
export const ownSchema = "database_architect";

export function plainStore(): RecordStore {
  return prismaStore(ownSchema, "migrations");
}

const versionsSchema = v.array(v.object({ version: v.string(), name: v.nullable(v.string()) }));

/**
 * Supabase's: one row per migration that is done, none for others. A migration whose file ends transactions itself is kept
 * track of in our own table until it is done. https://supabase.com/docs/guides/deployment/database-migrations
 */
export function supabaseStore(): RecordStore {
  const table = "supabase_migrations.schema_migrations";
  const own = plainStore();
  const insert = async (session: MigrationSession, { name, file }: MigrationFile): Promise<void> => {
    const [version, title] = versionAndName(name);
    await session.rows(`INSERT INTO ${table} (version, name, statements) VALUES ($1, $2, $3)`, [version, title, file.statements.filter(({ section }) => section === "up").map(({ text }) => text)]);
  };
  return {
    table,
    schema: "supabase_migrations",
    async read(session) {
      const [there] = await session.rows("SELECT to_regclass($1) IS NOT NULL AS there", [table]);
      const exists = isThere(there);
      const rows = exists ? v.parse(versionsSchema, await session.rows(`SELECT version::text, name::text FROM ${table} ORDER BY version`)) : [];
      const done = rows.map(({ version, name }): HistoryRecord => ({ id: version, name: name === null || name === "" ? version : `${version}_${name}`, checksum: "", startedAt: undefined, finishedAt: new Date(0), rolledBackAt: undefined, logs: undefined, steps: 1 }));
      const begun = (await own.read(session)).records.filter(({ finishedAt }) => finishedAt === undefined);
      return { exists, records: [...done, ...begun] };
    },
    async prepare(session) {
      if (isThere((await session.rows("SELECT to_regclass($1) IS NOT NULL AS there", [table]))[0])) return;
      await session.send("CREATE SCHEMA IF NOT EXISTS supabase_migrations");
      await session.send(`CREATE TABLE IF NOT EXISTS ${table} (version text NOT NULL PRIMARY KEY, statements text[], name text)`);
    },
    async begin(session, migration, secondsAgo) {
      await own.prepare(session);
      return own.begin(session, migration, secondsAgo);
    },
    async beginUndo(session, migration) {
      await own.prepare(session);
      return own.begin(session, migration, 0);
    },
    progress: (session, id, progress) => own.progress(session, id, progress),
    async undoStopped(session, id) {
      await session.rows(`DELETE FROM ${ownSchema}.migrations WHERE id = $1`, [id]);
    },
    async finish(session, id, migration) {
      await own.finish(session, id, migration);
      await insert(session, migration);
    },
    async fail(session, id, migration, logs, isUndone) {
      await own.prepare(session);
      await own.fail(session, id, migration, logs, isUndone);
    },
    async markApplied(session, migration) {
      if ((await own.read(session)).exists) await own.markRolledBack(session, migration.name);
      await insert(session, migration);
    },
    async markRolledBack(session, migration) {
      if ((await own.read(session)).exists) await own.markRolledBack(session, migration);
      await session.rows(`DELETE FROM ${table} WHERE version = $1`, [versionAndName(migration)[0]]);
    },
  };
}

/** `20240101120000_add_users` is version `20240101120000` of the name `add_users`. */
function versionAndName(name: string): readonly [string, string] {
  const found = /^(\d+)_(.*)$/.exec(name);
  return [found?.[1] ?? name, found?.[2] ?? ""];
}

function recordOf(row: v.InferOutput<typeof recordsSchema>[number]): HistoryRecord {
  return {
    id: row.id,
    name: row.migration_name,
    checksum: row.checksum,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    rolledBackAt: row.rolled_back_at ?? undefined,
    logs: row.logs ?? undefined,
    steps: row.applied_steps_count,
  };
}

function isThere(row: unknown): boolean {
  return typeof row === "object" && row !== null && Reflect.get(row, "there") === true;
}
