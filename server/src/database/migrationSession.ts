/**
 * The door through which migrations run: one connection of its own that may change the database, kept for as long as a run
 * takes, because locks and settings belong to a session. Nobody but `migrations/run` opens it, after a person said yes
 * (`migrationRun.test.ts`).
 *
 * Invariant: every text goes by the extended protocol, so that it is one statement.
 */
import { quoteLiteral } from "../text/quoteLiteral.ts";
import { connect, type Connection, type ResultTable, settlesWithin } from "./connection.ts";
import { type ConnectionSettings, timeoutsOf } from "./connectionSettings.ts";
import { DatabaseError } from "./databaseError.ts";
import { ignoreDatabaseError, stopBackend } from "./transaction.ts";

export interface MigrationSession {
  /** `server_version_num`: 150018 for 15.18. */
  readonly serverVersion: number;
  /** The server process that serves this session. */
  readonly backend: number;
  /** Something stands between that gives out server connections as it likes, such as PgBouncer. */
  readonly isPooled: boolean;
  /** Host, port and database: no user and no password. */
  readonly target: string;
  /** Whether the server notices within a second that we are gone; if not, it finishes what it is doing. */
  readonly noticesLoss: boolean;
  /**
   * One statement, without a time limit of ours.
   *
   * @throws DatabaseError
   */
  send(text: string): Promise<void>;
  /**
   * The rows of one statement of our own, unparsed.
   *
   * @throws DatabaseError
   */
  rows(text: string, values?: readonly unknown[]): Promise<readonly unknown[]>;
  /** As `rows`, with names and types of the columns. */
  table(text: string, values: readonly unknown[]): Promise<ResultTable>;
  /** What a migration has set for the session is as in the beginning again; advisory locks stay. */
  restoreSettings(): Promise<void>;
  /** Has the server stop what it does for us; settles when it has. */
  cancel(): Promise<void>;
  /** Never fails. */
  close(): Promise<void>;
  /** `RAISE NOTICE` and warnings. */
  onNotice(listen: (severity: string, message: string) => void): void;
}

export interface MigrationSessionOptions {
  /** Where names without a schema lead; the role's own search path unless said. As PostgreSQL writes it: `"sales"`. */
  readonly searchPath?: string | undefined;
}

/**
 * Opens it.
 *
 * @throws DatabaseError when the address is not usable, the server cannot be reached or refuses, or is older than PostgreSQL 13.
 */
export async function openForMigrations(settings: ConnectionSettings, options: MigrationSessionOptions = {}): Promise<MigrationSession> {
  const untimed = { ...settings, statementTimeoutMs: 0 };
  const connection = await connect(untimed);
  try {
    return await RunningSession.start(connection, untimed, options);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

class RunningSession implements MigrationSession {
  readonly serverVersion: number;
  readonly backend: number;
  readonly isPooled: boolean;
  readonly target: string;
  readonly noticesLoss: boolean;
  readonly #connection: Connection;
  readonly #settings: ConnectionSettings;
  readonly #prepare: string;
  /** Settles when nothing is under way; never rejects. */
  #running: Promise<unknown> | undefined;

  static async start(connection: Connection, settings: ConnectionSettings, { searchPath }: MigrationSessionOptions): Promise<RunningSession> {
    const [row] = await connection.query("SELECT current_setting('server_version_num')::int AS version, pg_backend_pid() AS backend, version() ~* 'linux|darwin|freebsd' AS notices", []);
    const { version, backend, notices } = { version: field(row, "version"), backend: field(row, "backend"), notices: field(row, "notices") };
    if (typeof version !== "number" || typeof backend !== "number") throw new DatabaseError(`${connection.target} does not answer as PostgreSQL does.`);
    if (version < 130_000) throw new DatabaseError(`${connection.target} runs PostgreSQL ${Math.floor(version / 10_000)}; version 13 is the oldest that migrations are run on.`);
    const prepare = settingsOf(settings, version >= 140_000 && notices === true, searchPath);
    const session = new RunningSession(connection, settings, prepare, { version, backend, noticesLoss: version >= 140_000 && notices === true });
    await session.rows(prepare);
    return session;
  }

  private constructor(connection: Connection, settings: ConnectionSettings, prepare: string, server: { readonly version: number; readonly backend: number; readonly noticesLoss: boolean }) {
    this.#connection = connection;
    this.#settings = settings;
    this.#prepare = prepare;
    this.serverVersion = server.version;
    this.backend = server.backend;
    this.noticesLoss = server.noticesLoss;
    this.target = connection.target;
    this.isPooled = connection.announcedProcess !== undefined && connection.announcedProcess !== server.backend;
  }

  async send(text: string): Promise<void> {
    await this.rows(text);
  }

  rows(text: string, values: readonly unknown[] = []): Promise<readonly unknown[]> {
    return this.#noted(this.#connection.query(text, values));
  }

  table(text: string, values: readonly unknown[]): Promise<ResultTable> {
    return this.#noted(this.#connection.queryTable(text, values));
  }

  async #noted<T>(result: Promise<T>): Promise<T> {
    const settled = result.then(nothing, nothing);
    this.#running = settled;
    try {
      return await result;
    } finally {
      if (this.#running === settled) this.#running = undefined;
    }
  }

  async restoreSettings(): Promise<void> {
    for (const text of ["RESET SESSION AUTHORIZATION", "RESET ALL", this.#prepare]) await this.rows(text);
  }

  async cancel(): Promise<void> {
    const running = this.#running;
    if (running !== undefined) await stopBackend(this.#settings, this.#connection, this.backend, running);
  }

  async close(): Promise<void> {
    const running = this.#running;
    if (running !== undefined && !(await settlesWithin(running, 0))) await this.cancel().catch(ignoreDatabaseError);
    await this.#connection.close();
  }

  onNotice(listen: (severity: string, message: string) => void): void {
    this.#connection.onNotice(listen);
  }
}

/** Backslashes in strings mean what the parser took them to mean. */
function settingsOf(settings: ConnectionSettings, canNotice: boolean, searchPath: string | undefined): string {
  const values: readonly (readonly [string, string])[] = [
    ["lock_timeout", String(timeoutsOf(settings).lockTimeoutMs)],
    ["standard_conforming_strings", "on"],
    // Between two statements we never wait for anybody.
    ["idle_in_transaction_session_timeout", "60s"],
    ...(canNotice ? [["client_connection_check_interval", "1000"] as const] : []),
    ...(searchPath === undefined ? [] : [["search_path", searchPath] as const]),
  ];
  return `SELECT ${values.map(([name, value]) => `set_config('${name}', ${quoteLiteral(value)}, false)`).join(", ")}`;
}

function field(row: unknown, name: string): unknown {
  return typeof row === "object" && row !== null ? Reflect.get(row, name) : undefined;
}

function nothing(): void {}
