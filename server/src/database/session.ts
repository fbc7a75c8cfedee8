/**
 * A dedicated, read-only connection to someone's database. Only the named queries of this room can be sent: no parameter
 * takes SQL. Whatever is read is read in a READ ONLY transaction with timeouts, which is rolled back.
 */
import { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { CatalogQueryName } from "../model/catalogRows.ts";
import { catalogQueries } from "./catalogQueries.ts";
import { DatabaseError, toDatabaseError } from "./databaseError.ts";

export interface ConnectionSettings {
  /** `postgresql://user:password@host:port/database?…`; the password may stand apart. */
  readonly url: string;
  /** Wins over the one in `url`. */
  readonly password?: string | undefined;
  readonly connectTimeoutMs?: number;
  /** Of each statement. */
  readonly statementTimeoutMs?: number;
  /** How long a statement waits for locks that others hold. */
  readonly lockTimeoutMs?: number;
}

/** Which schemas to read; system schemas never are. */
export interface SchemaFilter {
  /** Undefined: all. */
  readonly schemas?: readonly string[] | undefined;
  readonly excludeSchemas?: readonly string[] | undefined;
}

/** Sends one named query and returns its rows, unparsed. */
export type ReadCatalogQuery = (name: CatalogQueryName, filter?: SchemaFilter) => Promise<readonly unknown[]>;

export interface Session {
  /** `server_version_num`: 150018 for 15.18. */
  readonly serverVersion: number;
  /**
   * Runs `use` in one transaction that sees one state of the database. Calls wait for each other.
   *
   * @throws DatabaseError when a query fails, is cancelled or times out; the session stays usable unless `isOutage`.
   */
  reading<T>(use: (read: ReadCatalogQuery) => Promise<T>): Promise<T>;
  /** Stops what the server is doing for this session now, if anything; settles when it has stopped. */
  cancel(): Promise<void>;
  /** Never fails; does not wait for a running query. */
  close(): Promise<void>;
}

/** How the session is called in `pg_stat_activity`. */
export const applicationName = "Database Architect";

const defaults = { connectTimeoutMs: 10_000, statementTimeoutMs: 15_000, lockTimeoutMs: 500 };

/** How much longer than the server's own timeout we wait before we take the server for gone. */
const graceMs = 5_000;

/** How long a cancelled statement may take to stop before the server process behind it is terminated. */
const cancelPatienceMs = 2_000;

/**
 * Opens a session.
 *
 * @throws DatabaseError when the address is not usable, the server cannot be reached or refuses, or is older than PostgreSQL 13.
 */
export async function openReadOnly(settings: ConnectionSettings): Promise<Session> {
  const connection = await connect(settings);
  try {
    return await ReadOnlySession.start(connection, settings);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

class ReadOnlySession implements Session {
  readonly serverVersion: number;
  readonly #connection: Connection;
  readonly #settings: ConnectionSettings;
  readonly #backend: number;
  /** The transaction under way, or the one that ended last; never rejects. */
  #latest: Promise<void> = Promise.resolve();
  #isReading = false;

  private constructor(connection: Connection, settings: ConnectionSettings, serverVersion: number, backend: number) {
    this.#connection = connection;
    this.#settings = settings;
    this.serverVersion = serverVersion;
    this.#backend = backend;
  }

  static async start(connection: Connection, settings: ConnectionSettings): Promise<ReadOnlySession> {
    const [row] = await connection.query(backendQuery, []);
    const version = numberOf(row, "version");
    if (version < oldestServer) {
      throw new DatabaseError(`${connection.target} runs PostgreSQL ${Math.floor(version / 10_000)}; version 13 is the oldest that can be read.`);
    }
    const timeouts = { ...defaults, ...settings };
    await connection.query(settingsQuery, [String(timeouts.statementTimeoutMs), String(timeouts.lockTimeoutMs)]);
    await connection.query(checkIntervalQuery, []).catch(ignoreDatabaseError);
    return new ReadOnlySession(connection, settings, version, numberOf(row, "backend"));
  }

  reading<T>(use: (read: ReadCatalogQuery) => Promise<T>): Promise<T> {
    const result = this.#latest.then(() => this.#transaction(use));
    this.#latest = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async #transaction<T>(use: (read: ReadCatalogQuery) => Promise<T>): Promise<T> {
    this.#isReading = true;
    try {
      await this.#connection.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", []);
      return await use((name, filter) => this.#read(name, filter));
    } finally {
      this.#isReading = false;
      // When even this fails the connection is gone, and with it the transaction.
      await this.#connection.query("ROLLBACK", []).catch(ignoreDatabaseError);
    }
  }

  async #read(name: CatalogQueryName, filter: SchemaFilter = {}): Promise<readonly unknown[]> {
    if (!this.#isReading) throw new Error("A catalog query was sent outside of its transaction.");
    // Types are no guard at run time: a name that is not in the table, however it got here, sends nothing.
    if (!Object.hasOwn(catalogQueries, name)) throw new Error(`There is no catalog query "${name}".`);
    const { variants, isFiltered } = catalogQueries[name];
    const variant = variants.find((each) => each.since <= this.serverVersion);
    if (variant === undefined) throw new Error(`The query "${name}" has no variant for server version ${this.serverVersion}.`);
    return this.#connection.query(variant.text, isFiltered ? [filter.schemas ?? null, filter.excludeSchemas ?? []] : []);
  }

  async cancel(): Promise<void> {
    if (!this.#isReading) return;
    const stopped = this.#latest;
    try {
      const other = await connect(this.#settings);
      try {
        await other.query("SELECT pg_cancel_backend($1)", [this.#backend]);
        if (await settlesWithin(stopped, cancelPatienceMs)) return;
        await other.query("SELECT pg_terminate_backend($1)", [this.#backend]);
        if (await settlesWithin(stopped, cancelPatienceMs)) return;
      } finally {
        await other.close();
      }
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      // No second connection to be had: dropping ours is all that is left.
    }
    this.#connection.drop();
    await stopped;
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

const oldestServer = 130_000;

const backendQuery = `SELECT current_setting('server_version_num')::int AS version, pg_backend_pid() AS backend`;

/**
 * Set after connecting and not at startup, which connection poolers refuse. What is printed must not depend on settings of the
 * database or the user; compiling catalog queries (jit) would take longer than running them.
 */
const settingsQuery = `
SELECT set_config('default_transaction_read_only', 'on', false), set_config('statement_timeout', $1, false),
  set_config('lock_timeout', $2, false), set_config('idle_in_transaction_session_timeout', '30s', false),
  set_config('search_path', 'public', false), set_config('jit', 'off', false), set_config('DateStyle', 'ISO, YMD', false), set_config('IntervalStyle', 'postgres', false),
  set_config('TimeZone', 'UTC', false), set_config('extra_float_digits', '1', false)`;

/** The server notices that we are gone and stops. PostgreSQL 14, and not on every operating system: a failure is no matter. */
const checkIntervalQuery = `SELECT set_config(name, '1000', false) FROM pg_settings WHERE name = 'client_connection_check_interval'`;

/** One `pg` client, its socket and its secrets. */
class Connection {
  /** For messages: host, port and database, no user and no password. */
  readonly target: string;
  readonly #client: pg.Client;
  readonly #socket: Socket;
  readonly #secrets: readonly string[];

  constructor(client: pg.Client, socket: Socket, secrets: readonly string[]) {
    this.#client = client;
    this.#socket = socket;
    this.#secrets = secrets;
    this.target = `${client.host}:${client.port}/${client.database ?? ""}`;
    // Without a listener, a connection lost between two queries would end the process. The next query reports it.
    client.on("error", () => undefined);
  }

  async open(): Promise<void> {
    try {
      await this.#client.connect();
    } catch (error) {
      this.drop();
      throw toDatabaseError(error, `Could not connect to ${this.target}`, this.#secrets);
    }
  }

  /** Extended protocol only: there a text can hold one statement, so nothing can be smuggled in behind another. */
  async query(text: string, values: readonly unknown[]): Promise<readonly unknown[]> {
    const query = { text, values: [...values], queryMode: "extended" };
    try {
      return (await this.#client.query<Record<string, unknown>>(query)).rows;
    } catch (error) {
      const known = toDatabaseError(error, `${this.target} did not answer`, this.#secrets);
      if (known.isOutage) this.drop();
      throw known;
    }
  }

  /** Ends the connection without a word to the server. */
  drop(): void {
    this.#socket.destroy();
  }

  async close(): Promise<void> {
    const ended = this.#client.end().catch(() => undefined);
    if (!(await settlesWithin(ended, 1_000))) this.drop();
  }
}

async function connect(settings: ConnectionSettings): Promise<Connection> {
  const { connectTimeoutMs, statementTimeoutMs } = { ...defaults, ...settings };
  const { address, secrets } = addressOf(settings);
  const socket = new Socket();
  let client: pg.Client;
  try {
    client = new pg.Client({
      connectionString: address,
      application_name: applicationName,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: statementTimeoutMs + graceMs,
      keepAlive: true,
      stream: () => socket,
    });
  } catch (error) {
    throw toDatabaseError(error, "The address of the database is not usable", secrets);
  }
  const connection = new Connection(client, socket, secrets);
  await connection.open();
  return connection;
}

/** The address with the password in it, and every form of the password that may turn up in a message. */
function addressOf(settings: ConnectionSettings): { address: string; secrets: readonly string[] } {
  const url = URL.canParse(settings.url) ? new URL(settings.url) : undefined;
  if (url === undefined || (url.protocol !== "postgresql:" && url.protocol !== "postgres:")) {
    throw new DatabaseError("The address of the database is not usable: it must look like postgresql://user@host:5432/database.");
  }
  if (settings.password !== undefined) url.password = encodeURIComponent(settings.password);
  // Named like any other session of ours, whatever the address asks for.
  url.searchParams.delete("application_name");
  url.searchParams.delete("options");
  const secrets = [settings.password ?? "", url.password, url.searchParams.get("password") ?? ""];
  return { address: url.href, secrets: secrets.flatMap((secret) => [secret, decoded(secret)]) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timer = new AbortController();
  const late = Symbol();
  try {
    return (await Promise.race([promise, delay(ms, late, { signal: timer.signal })])) !== late;
  } finally {
    timer.abort();
  }
}

/** For statements whose failure changes nothing; a lost connection shows at the next one. */
function ignoreDatabaseError(error: unknown): void {
  if (!(error instanceof DatabaseError)) throw error;
}

function numberOf(row: unknown, column: string): number {
  const value: unknown = typeof row === "object" && row !== null ? Reflect.get(row, column) : undefined;
  if (typeof value !== "number") throw new DatabaseError(`The server answered without a number for "${column}": is it PostgreSQL?`);
  return value;
}
