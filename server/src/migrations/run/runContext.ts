/** What every run works on: one history, one database, and who is listening. */
import { parseAddress } from "../../database/address.ts";
import type { ConnectionSettings } from "../../database/connectionSettings.ts";
import type { Environment } from "../../database/environment.ts";
import { DatabaseError } from "../../database/databaseError.ts";
import { type MigrationSession, openForMigrations } from "../../database/migrationSession.ts";
import type { FromSqlOptions } from "../../model/fromSql.ts";
import { quoteIdentifier } from "../../model/names.ts";
import type { ScratchOptions } from "../../scratch/scratchDatabase.ts";
import type { MigrationHistory } from "../history.ts";
import { plainStore, prismaStore, type RecordStore, supabaseStore } from "./records.ts";

export interface RunContext {
  readonly history: MigrationHistory;
  readonly foldOptions: FromSqlOptions;
  readonly settings: ConnectionSettings;
  /** What a person said hangs on the database; guessed from its address unless said. */
  readonly environment?: Environment | undefined;
  /** For proofs of what is undone. */
  readonly scratch: ScratchOptions;
  /** How long to wait for another run to end, in milliseconds; 10,000 by default, as Prisma. */
  readonly waitMs?: number | undefined;
  /** How long a statement of a migration waits for locks that others hold, in milliseconds; 5,000 by default, 0 for ever. */
  readonly lockTimeoutMs?: number | undefined;
}

/** An expected failure, in sentences for people. */
export type Answer<T> = { readonly ok: true; readonly value: T } | Refusal;

export interface Refusal {
  readonly ok: false;
  /** What happened and what to do. */
  readonly reason: string;
}

export interface OpenTarget {
  readonly session: MigrationSession;
  readonly store: RecordStore;
  /** The schema that names without one lead to. */
  readonly schema: string;
}

/** Opens the database, has `use` work on it and closes it; what the server refuses becomes a reason. */
export async function withTarget<T>(context: RunContext, use: (target: OpenTarget) => Promise<Answer<T>>): Promise<Answer<T>> {
  let session: MigrationSession | undefined;
  try {
    const schema = schemaOf(context);
    const store = storeOf(context);
    const isPrisma = context.history.place.kind === "prisma";
    session = await openForMigrations({ ...context.settings, lockTimeoutMs: context.lockTimeoutMs ?? 5_000 }, { searchPath: isPrisma ? quoteIdentifier(schema) : undefined });
    return await use({ session, store, schema });
  } catch (error) {
    return { ok: false, reason: databaseReason(error) };
  } finally {
    await session?.close();
  }
}

/** Prisma's addresses name a schema in a parameter of their own. */
export function schemaOf({ settings, history, foldOptions }: Pick<RunContext, "settings" | "history" | "foldOptions">): string {
  const usual = foldOptions.defaultSchema ?? "public";
  if (history.place.kind !== "prisma" || !URL.canParse(settings.url)) return usual;
  return new URL(settings.url).searchParams.get("schema") ?? usual;
}

export function foldOptionsFor(context: RunContext): FromSqlOptions {
  const schema = schemaOf(context);
  return schema === "public" ? context.foldOptions : { ...context.foldOptions, defaultSchema: schema };
}

/** For people and for typing: the name of the database. */
export function databaseNameOf({ settings }: Pick<RunContext, "settings">): string {
  return parseAddress(settings.url).database ?? parseAddress(settings.url).user ?? "";
}

/** What a person is told of what the server or the way to it refused. Anything else goes on as the fault it is. */
export function databaseReason(error: unknown): string {
  if (!(error instanceof DatabaseError)) throw error;
  return [error.message, error.detail, hintOf(error)].filter((part) => part !== undefined && part !== "").join(" ");
}

/** What to do, by SQLSTATE, where the server has no hint of its own. */
export function hintOf({ hint, sqlState }: DatabaseError): string | undefined {
  return (sqlState === undefined ? undefined : hints.get(sqlState)) ?? hint;
}

const hints: ReadonlyMap<string, string> = new Map([
  ["55P03", "Another session holds a lock on it. Nothing was waited for any longer, so that nobody queues up behind: end that session, or try again when it has ended."],
  ["53100", "The disk of the server is full: make room there, then run it again."],
  ["53200", "The server is out of memory or locks: raise max_locks_per_transaction, or do it in smaller migrations."],
  ["42501", "The role lacks the right: have the owner run it, or grant it."],
  ["25006", "The server takes no changes: it is a replica, or read-only. Use the address of the primary."],
  ["40P01", "It and another session waited for each other. Run it again."],
  ["57P01", "The server was shut down or ended the session."],
]);

function storeOf(context: RunContext): RecordStore {
  switch (context.history.place.kind) {
    case "prisma":
      return prismaStore(schemaOf(context));
    case "supabase":
      return supabaseStore();
    default:
      return plainStore();
  }
}
