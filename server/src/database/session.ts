/**
 * A dedicated, read-only connection to someone's database. Only the named queries of this room can be sent: no parameter
 * takes SQL. Whatever is read is read in a READ ONLY transaction with timeouts, which is rolled back.
 */
import type { CatalogQueryName } from "../model/catalogRows.ts";
import { catalogQueries } from "./catalogQueries.ts";
import { connect, type Connection, type ConnectionSettings, settlesWithin, timeoutsOf } from "./connection.ts";
import { DatabaseError } from "./databaseError.ts";

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
  /** Settles after the last transaction asked for; never rejects. */
  #latest: Promise<void> = Promise.resolve();
  /** Settles after the transaction under way, if there is one. */
  #running: Promise<void> | undefined;
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
      throw new DatabaseError(
        `${connection.target} runs PostgreSQL ${Math.floor(version / 10_000)}; version 13 is the oldest that can be read.`,
      );
    }
    const { statementTimeoutMs, lockTimeoutMs } = timeoutsOf(settings);
    await connection.query(settingsQuery, [String(statementTimeoutMs), String(lockTimeoutMs)]);
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
    let ended = (): void => undefined;
    this.#running = new Promise((resolve) => {
      ended = resolve;
    });
    this.#isReading = true;
    try {
      await this.#connection.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", []);
      return await use((name, filter) => this.#read(name, filter));
    } finally {
      this.#isReading = false;
      // When even this fails the connection is gone, and with it the transaction.
      await this.#connection.query("ROLLBACK", []).catch(ignoreDatabaseError);
      this.#running = undefined;
      ended();
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
    const stopped = this.#running;
    if (stopped === undefined) return;
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
  set_config('search_path', 'public', false), set_config('jit', 'off', false), set_config('DateStyle', 'ISO, YMD', false),
  set_config('IntervalStyle', 'postgres', false), set_config('TimeZone', 'UTC', false), set_config('extra_float_digits', '1', false)`;

/** The server notices that we are gone and stops. PostgreSQL 14, and not on every operating system: a failure is no matter. */
const checkIntervalQuery = `SELECT set_config(name, '1000', false) FROM pg_settings WHERE name = 'client_connection_check_interval'`;

/** For statements whose failure changes nothing; a lost connection shows at the next one. */
function ignoreDatabaseError(error: unknown): void {
  if (!(error instanceof DatabaseError)) throw error;
}

function numberOf(row: unknown, column: string): number {
  const value: unknown = typeof row === "object" && row !== null ? Reflect.get(row, column) : undefined;
  if (typeof value !== "number") throw new DatabaseError(`The server answered without a number for "${column}": is it PostgreSQL?`);
  return value;
}
