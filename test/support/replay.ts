/**
 * Replays an SQL history in a real PostgreSQL, statement by statement, and reads the catalog it ends with. A statement that
 * the server refuses is skipped and told: whoever compares must leave it out on the other side too.
 */
import { existsSync, readFileSync } from "node:fs";
import pg from "pg";
import { readCatalog } from "../../server/src/database/catalog.ts";
import { openReadOnly } from "../../server/src/database/session.ts";
import { fromCatalog } from "../../server/src/model/fromCatalog.ts";
import type { Schema } from "../../server/src/model/schema.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import type { SqlFile, Statement } from "../../server/src/sql/syntax.ts";
import { compareSchemas, type Difference } from "./compareSchemas.ts";
import { rolesFile } from "./corpora.ts";
import type { History } from "./histories.ts";
import type { RunningPostgres, TestDatabase } from "./postgres.ts";
import { createdStandIn, isLeftOut } from "./standIns.ts";
import { truthQueries } from "./truthQueries.ts";

export interface Replay {
  /** What PostgreSQL has after the last statement. */
  readonly schema: Schema;
  /** The history as parsed, without what was skipped or failed: what `fromSql` is to read. */
  readonly files: readonly SqlFile[];
  /** Statements the server refused, in order. */
  readonly failures: readonly Failure[];
  /** Statements not sent: what the server at hand cannot do, such as vector indexes. */
  readonly leftOut: readonly Statement[];
  /** What the queries of `truthQueries.ts` give after the last statement, sorted. */
  readonly truths: ReadonlyMap<string, readonly string[]>;
  /** What each watched statement did to the schema. */
  readonly watched: readonly { readonly uri: string; readonly statement: Statement; readonly effects: readonly Difference[] }[];
}

/** Chooses statements whose effect is to be told apart from the rest of the history. */
export type Watch = (uri: string, statement: Statement) => boolean;

export interface Failure {
  readonly uri: string;
  readonly statement: Statement;
  readonly sqlState: string;
  readonly message: string;
}

/** Replays `history` in a new database, which is gone again when the promise settles. */
export async function replay(history: History, server: RunningPostgres, watch: Watch = () => false): Promise<Replay> {
  await loadSqlParser();
  const database = await server.createDatabase();
  try {
    const client = await database.client();
    if (existsSync(rolesFile)) await client.query(readFileSync(rolesFile, "utf8"));
    // Bodies of functions are not looked into: they may call what only their own server has.
    await client.query("SET check_function_bodies = off; SET client_min_messages = error");
    const run = new HistoryRun(client, watch, () => catalogOf(database));
    const files: SqlFile[] = [];
    for (const { uri, text } of history.files) files.push(await run.file(parseSql(uri, text)));
    const truths = await truthsOf(client);
    await client.end();
    return { schema: await catalogOf(database), files, truths, failures: run.failures, leftOut: run.leftOut, watched: run.watched };
  } finally {
    await database.drop();
  }
}

async function truthsOf(client: pg.Client): Promise<ReadonlyMap<string, readonly string[]>> {
  const truths = new Map<string, readonly string[]>();
  for (const [name, query] of Object.entries(truthQueries)) {
    const { rows } = await client.query<{ subject: string }>(query);
    truths.set(name, rows.map(({ subject }) => subject).sort());
  }
  return truths;
}

/** The schema of a test database as its catalog has it. */
export async function catalogOf(database: TestDatabase): Promise<Schema> {
  await loadSqlParser();
  const session = await openReadOnly({ url: database.url });
  try {
    return fromCatalog(await readCatalog(session));
  } finally {
    await session.close();
  }
}

class HistoryRun {
  readonly failures: Failure[] = [];
  readonly leftOut: Statement[] = [];
  readonly watched: { readonly uri: string; readonly statement: Statement; readonly effects: readonly Difference[] }[] = [];
  readonly #client: pg.Client;
  readonly #watch: Watch;
  readonly #readSchema: () => Promise<Schema>;
  /** As it is now, when it was just read. */
  #current: Schema | undefined;
  /** Inside a BEGIN … COMMIT of the history's own, where a failure must not abort what follows. */
  #isInTransaction = false;

  constructor(client: pg.Client, watch: Watch, readSchema: () => Promise<Schema>) {
    this.#client = client;
    this.#watch = watch;
    this.#readSchema = readSchema;
  }

  /** The file without the statements that were not applied. */
  async file(file: SqlFile): Promise<SqlFile> {
    if (file.pending.length > 0) throw new Error(`${file.uri}: a statement is too large to be parsed here.`);
    const applied: Statement[] = [];
    for (const statement of file.statements) {
      if (statement.kind === "meta" || statement.section === "down" || isForeignToUs(statement)) continue;
      if (isLeftOut(statement)) this.leftOut.push(statement);
      else if (await this.#applyWatched(file.uri, statement)) applied.push(statement);
    }
    return { ...file, statements: applied };
  }

  async #applyWatched(uri: string, statement: Statement): Promise<boolean> {
    if (!this.#watch(uri, statement)) {
      this.#current = undefined;
      return this.#apply(uri, statement);
    }
    const before = this.#current ?? (await this.#readSchema());
    const isApplied = await this.#apply(uri, statement);
    this.#current = isApplied ? await this.#readSchema() : before;
    this.watched.push({ uri, statement, effects: compareSchemas(this.#current, before) });
    return isApplied;
  }

  async #apply(uri: string, statement: Statement): Promise<boolean> {
    const needsSavepoint = this.#isInTransaction && !isAboutTransactions(statement);
    if (needsSavepoint) await this.#client.query("SAVEPOINT replay");
    try {
      if (!(await createdStandIn(this.#client, statement))) await this.#client.query(statement.text);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      if (needsSavepoint) await this.#client.query("ROLLBACK TO SAVEPOINT replay");
      this.failures.push({ uri, statement, sqlState: error.code ?? "", message: error.message });
      return false;
    }
    if (needsSavepoint) await this.#client.query("RELEASE SAVEPOINT replay");
    const kind = transactionKind(statement);
    if (kind !== undefined) this.#isInTransaction = kind === "begin";
    return true;
  }
}

/**
 * Locks change nothing, and outside of a transaction they are refused. The encoding is the driver's business: it sends
 * UTF-8 whatever a script says about its own bytes.
 */
function isForeignToUs(statement: Statement): boolean {
  if (statement.tree === undefined) return false;
  if ("LockStmt" in statement.tree) return true;
  return "VariableSetStmt" in statement.tree && statement.tree.VariableSetStmt.name?.toLowerCase() === "client_encoding";
}

/** A history's own savepoints must not end with ours. */
function isAboutTransactions({ tree }: Statement): boolean {
  return tree !== undefined && "TransactionStmt" in tree;
}

function transactionKind(statement: Statement): "begin" | "end" | undefined {
  if (statement.tree === undefined || !("TransactionStmt" in statement.tree)) return undefined;
  switch (statement.tree.TransactionStmt.kind) {
    case "TRANS_STMT_BEGIN":
    case "TRANS_STMT_START":
      return "begin";
    case "TRANS_STMT_COMMIT":
    case "TRANS_STMT_ROLLBACK":
      return "end";
    default:
      return undefined;
  }
}
