/**
 * Runs statements as a runner sends them, and sees what PostgreSQL does: the locks that each takes on tables that were
 * there before, what it writes anew and what it reads through.
 */
import * as v from "valibot";
import type { SqlFailure } from "../scratch/messages.ts";
import type { ScratchResult } from "../scratch/scratchDatabase.ts";
import type { Statement } from "../sql/syntax.ts";
import { isTransactionStatement } from "./history.ts";
import type { AskSql } from "./proofDatabase.ts";

export interface ObservedStatement {
  readonly statement: Statement;
  /** Refused inside of a transaction, such as CREATE INDEX CONCURRENTLY: it ran outside, and nothing could be seen. */
  readonly isOutside: boolean;
  /** Table to the strongest mode it did not hold before: `public.users` to `ACCESS EXCLUSIVE`. */
  readonly locks: ReadonlyMap<string, string>;
  readonly rewritten: readonly string[];
  readonly scanned: readonly string[];
}

export type RunResult =
  | { readonly kind: "done"; readonly observed: readonly ObservedStatement[] }
  | { readonly kind: "refused"; readonly statement: Statement; readonly failure: SqlFailure }
  | { readonly kind: "noAnswer"; readonly reason: string };

/** `isOne`: all in one transaction. What a refused statement leaves is what the runner would leave. */
export async function runObserved(database: Session, statements: readonly Statement[], isOne: boolean): Promise<RunResult> {
  const run = new Run(database);
  return run.all(statements, isOne);
}

/** One session. */
export interface Session {
  query: AskSql;
}

class Run {
  readonly #database: Session;
  /** What was seen last, where nothing has happened since. */
  #last: States | undefined;
  readonly #observed: ObservedStatement[] = [];
  #old: ReadonlySet<number> = new Set();

  constructor(database: Session) {
    this.#database = database;
  }

  async all(statements: readonly Statement[], isOne: boolean): Promise<RunResult> {
    const tables = await this.#state();
    if (!tables.ok) return lost(tables);
    this.#old = new Set(tables.value.map(({ oid }) => oid));
    this.#last = tables.value;
    if (isOne) await this.#database.query("BEGIN");
    let isOpen = isOne;
    for (const statement of statements) {
      const isControl = isTransactionStatement(statement);
      const result = isControl ? await this.#plain(statement) : isOpen ? await this.#observe(statement) : await this.#alone(statement);
      if (result !== undefined) {
        await this.#database.query("ROLLBACK");
        return result;
      }
      if (isControl) isOpen = /^\s*(?:begin|start)\b/i.test(statement.text);
    }
    if (isOpen) {
      const committed = await this.#database.query(isOne ? "COMMIT" : "ROLLBACK");
      const last = statements.at(-1);
      if (!committed.ok && last !== undefined) return lost(committed, last);
    }
    return { kind: "done", observed: this.#observed };
  }

  async #alone(statement: Statement): Promise<RunResult | undefined> {
    await this.#database.query("BEGIN");
    const result = await this.#observe(statement);
    if (result === undefined) {
      const committed = await this.#database.query("COMMIT");
      // The locks are gone with the transaction.
      this.#last = this.#last?.map((table) => ({ ...table, modes: [], scans: 0 }));
      return committed.ok ? undefined : lost(committed, statement);
    }
    await this.#database.query("ROLLBACK");
    // What wants to be outside of a transaction, or to end its own.
    return result.kind === "refused" && /^(?:25001|2D000)$/.test(result.failure.sqlState) ? this.#plain(statement, true) : result;
  }

  async #plain(statement: Statement, isOutside = false): Promise<RunResult | undefined> {
    this.#last = undefined;
    const ran = await this.#database.query(statement.text);
    if (!ran.ok) return lost(ran, statement);
    if (isOutside) this.#observed.push({ statement, isOutside, locks: new Map(), rewritten: [], scanned: [] });
    return undefined;
  }

  async #observe(statement: Statement): Promise<RunResult | undefined> {
    const before = this.#last === undefined ? await this.#state() : { ok: true as const, value: this.#last };
    if (!before.ok) return lost(before, statement);
    this.#last = undefined;
    const ran = await this.#database.query(statement.text);
    if (!ran.ok) return lost(ran, statement);
    const after = await this.#state();
    if (!after.ok) return lost(after, statement);
    this.#last = after.value;
    const locks = new Map<string, string>();
    const rewritten: string[] = [];
    const scanned: string[] = [];
    for (const old of before.value) {
      if (!this.#old.has(old.oid)) continue;
      // A table that is gone is still locked; its name is not there to be read.
      const now = after.value.find(({ oid }) => oid === old.oid);
      const mode = strongest((now?.modes ?? ["AccessExclusiveLock"]).filter((each) => !old.modes.includes(each)));
      if (mode !== undefined && strength(mode) > Math.max(-1, ...old.modes.map(strength))) locks.set(old.name, spelled(mode));
      if (now !== undefined && now.file !== old.file) rewritten.push(old.name);
      if (now !== undefined && now.scans > old.scans) scanned.push(old.name);
    }
    this.#observed.push({ statement, isOutside: false, locks, rewritten, scanned });
    return undefined;
  }

  async #state(): Promise<ScratchResult<States>> {
    const read = await this.#database.query(stateQuery);
    return read.ok ? { ok: true, value: v.parse(stateSchema, read.value) } : read;
  }
}

const stateSchema = v.array(v.object({ oid: v.number(), name: v.string(), file: v.string(), scans: v.number(), modes: v.array(v.string()) }));

type States = v.InferOutput<typeof stateSchema>;

const stateQuery = `
  SELECT c.oid::int4 AS oid, n.nspname || '.' || c.relname AS name, c.relfilenode::text AS file, coalesce(pg_stat_get_xact_numscans(c.oid), 0)::int4 AS scans,
    ARRAY(SELECT l.mode FROM pg_locks l WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.granted AND l.relation = c.oid)::text[] AS modes
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'`;

const modes = ["AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock", "ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"];

function strength(mode: string): number {
  return modes.indexOf(mode);
}

function strongest(found: readonly string[]): string | undefined {
  return [...found].sort((a, b) => strength(b) - strength(a))[0];
}

/** `ShareRowExclusiveLock` as the manual writes it. */
function spelled(mode: string): string {
  return mode.replace(/Lock$/, "").replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ").toUpperCase();
}

function lost(result: Extract<ScratchResult<unknown>, { ok: false }>, statement?: Statement): RunResult {
  const { why } = result;
  if (why.kind === "refused" && statement !== undefined) return { kind: "refused", statement, failure: why.failure };
  return { kind: "noAnswer", reason: why.kind === "refused" ? why.failure.message : why.kind === "crashed" ? why.message : `The embedded PostgreSQL gave no answer (${why.kind}).` };
}
