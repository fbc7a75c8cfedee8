/**
 * A dedicated, read-only connection to someone's database. Only the named queries of this room can be sent: no parameter
 * takes SQL. Whatever is read is read in a READ ONLY transaction with timeouts, which is rolled back.
 */
import type { CatalogQueryName } from "../model/catalogRows.ts";
import { catalogQueries } from "./catalogQueries.ts";
import { connect, type Connection } from "./connection.ts";
import type { ConnectionSettings } from "./connectionSettings.ts";
import { type OverviewQueryName, overviewQueries } from "./overviewQueries.ts";
import { inTransaction, stopBackend } from "./transaction.ts";

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
  /**
   * The rows of one query of the view of a database, unparsed, in a transaction of its own. `names` are those that its
   * text asks for; they are quoted.
   *
   * @throws DatabaseError as `reading` does.
   */
  looking(name: OverviewQueryName, values?: readonly string[], names?: readonly string[]): Promise<readonly unknown[]>;
  /** Stops what the server is doing for this session now, if anything; settles when it has stopped. */
  cancel(): Promise<void>;
  /** Somebody waits for a connection to this database: who does nothing with this one should close it. */
  onWanted(listener: () => void): void;
  /** Never fails; does not wait for a running query. */
  close(): Promise<void>;
}

/**
 * Opens a session.
 *
 * @throws DatabaseError when the address is not usable, the server cannot be reached or refuses, or is older than PostgreSQL 13.
 */
export async function openReadOnly(settings: ConnectionSettings, signal?: AbortSignal): Promise<Session> {
  const connection = await connect(settings, { signal });
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
  /** Of the transaction under way. */
  #backend: number | undefined;
  /** Settles after the last transaction asked for; never rejects. */
  #latest: Promise<void> = Promise.resolve();
  /** Settles after the transaction under way, if there is one. */
  #running: Promise<void> | undefined;
  #isReading = false;

  private constructor(connection: Connection, settings: ConnectionSettings, serverVersion: number) {
    this.#connection = connection;
    this.#settings = settings;
    this.serverVersion = serverVersion;
  }

  static async start(connection: Connection, settings: ConnectionSettings): Promise<ReadOnlySession> {
    const serverVersion = await inTransaction(connection, settings, "readOnly", async (transaction) => transaction.serverVersion);
    return new ReadOnlySession(connection, settings, serverVersion);
  }

  reading<T>(use: (read: ReadCatalogQuery) => Promise<T>): Promise<T> {
    return this.#inTurn(() => use((name, filter) => this.#read(name, filter)));
  }

  looking(name: OverviewQueryName, values: readonly string[] = [], names: readonly string[] = []): Promise<readonly unknown[]> {
    return this.#inTurn(() => {
      if (!Object.hasOwn(overviewQueries, name)) throw new Error(`There is no query "${name}".`);
      return this.#connection.query(overviewQueries[name].text(...names), values);
    });
  }

  #inTurn<T>(use: () => Promise<T>): Promise<T> {
    const result = this.#latest.then(() => this.#transaction(use));
    this.#latest = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }

  async #transaction<T>(use: () => Promise<T>): Promise<T> {
    let ended = (): void => undefined;
    this.#running = new Promise((resolve) => {
      ended = resolve;
    });
    try {
      return await inTransaction(this.#connection, this.#settings, "readOnly", async ({ backend }) => {
        this.#backend = backend;
        await this.#connection.query(settingsQuery, []);
        this.#isReading = true;
        try {
          return await use();
        } finally {
          this.#isReading = false;
        }
      });
    } finally {
      this.#backend = undefined;
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
    if (this.#backend !== undefined) return stopBackend(this.#settings, this.#connection, this.#backend, stopped);
    // It is only beginning.
    this.#connection.drop();
    await stopped;
  }

  onWanted(listener: () => void): void {
    this.#connection.onWanted(listener);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }
}

/** What is printed must not depend on settings of the database or the user; compiling catalog queries (jit) would take longer than running them. */
const settingsQuery = `
SELECT set_config('search_path', 'public', true), set_config('jit', 'off', true), set_config('DateStyle', 'ISO, YMD', true),
  set_config('IntervalStyle', 'postgres', true), set_config('TimeZone', 'UTC', true), set_config('extra_float_digits', '1', true)`;
