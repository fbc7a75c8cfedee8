/**
 * The one way statements are sent: in a transaction that begins read-only, with timeouts that hold for it alone, and that
 * is always rolled back. Nothing is left in the server's session, so a pooler in transaction mode (PgBouncer) may stand
 * between; nor is anything asked for at startup, which poolers refuse.
 */
import { parseAddress } from "./address.ts";
import { sendCancelRequest } from "./cancelRequest.ts";
import { type Connection, connect, settlesWithin } from "./connection.ts";
import { type ConnectionSettings, timeoutsOf } from "./connectionSettings.ts";
import { DatabaseError } from "./databaseError.ts";

export interface Transaction {
  /** `server_version_num`: 150018 for 15.18. */
  readonly serverVersion: number;
  /** Of the server process that serves this transaction; through a pooler another one each time. */
  readonly backend: number;
}

/** `readWrite` is for one caller: EXPLAIN ANALYZE of a statement that changes rows, after a person said yes. */
export type TransactionMode = "readOnly" | "readWrite";

const begin: Readonly<Record<TransactionMode, string>> = {
  readOnly: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
  readWrite: "BEGIN READ WRITE",
};

/**
 * Runs `use` between BEGIN and ROLLBACK.
 *
 * @throws DatabaseError when a statement fails, is cancelled or times out, or the server is too old.
 */
export async function inTransaction<T>(
  connection: Connection,
  settings: ConnectionSettings,
  mode: TransactionMode,
  use: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  const { statementTimeoutMs, lockTimeoutMs } = timeoutsOf(settings);
  await connection.query(begin[mode], []);
  try {
    const [row] = await connection.query(settingsQuery, [String(statementTimeoutMs), String(lockTimeoutMs)]);
    const serverVersion = numberOf(row, "version");
    if (serverVersion < oldestServer) {
      const major = Math.floor(serverVersion / 10_000);
      throw new DatabaseError(`${connection.target} runs PostgreSQL ${major}; version 13 is the oldest that can be read.`);
    }
    return await use({ serverVersion, backend: numberOf(row, "backend") });
  } finally {
    // When even this fails the connection is gone, and with it the transaction.
    await connection.query("ROLLBACK", []).catch(ignoreDatabaseError);
  }
}

/**
 * Stops what `backend` is doing: asks it, then ends it, then drops our connection. `stopped` settles when the statement
 * has come back, and never rejects. Never fails.
 */
export async function stopBackend(settings: ConnectionSettings, connection: Connection, backend: number, stopped: Promise<unknown>): Promise<void> {
  const { cancelKey } = connection;
  // A request comes too early when the statement is on its way yet, and the next one finds it.
  for (let attempt = 0; cancelKey !== undefined && attempt < cancelAttempts; attempt++) {
    await sendCancelRequest(parseAddress(settings.url), cancelKey, patienceMs);
    if (await settlesWithin(stopped, patienceMs / cancelAttempts)) return;
  }
  try {
    const other = await connect(settings, { isUrgent: true });
    try {
      await other.query("SELECT pg_terminate_backend($1)", [backend]);
      if (await settlesWithin(stopped, patienceMs)) return;
    } finally {
      await other.close();
    }
  } catch (error) {
    // No second connection to be had: dropping ours is all that is left.
    ignoreDatabaseError(error);
  }
  connection.drop();
  await stopped;
}

const cancelAttempts = 4;

/** How long a cancelled statement may take to stop before the server process behind it is terminated. */
const patienceMs = 2_000;

const oldestServer = 130_000;

/**
 * For this transaction only. The server looks every second whether we are still there, from PostgreSQL 14 and where its
 * operating system can tell; backslashes in strings mean what PostgreSQL's parser took them to mean when we checked.
 */
const settingsQuery = `
SELECT current_setting('server_version_num')::int AS version, pg_backend_pid() AS backend,
  set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true),
  set_config('idle_in_transaction_session_timeout', '30s', true), set_config('standard_conforming_strings', 'on', true),
  CASE WHEN current_setting('server_version_num')::int >= 140000 AND version() ~* 'linux|darwin|freebsd'
    THEN set_config('client_connection_check_interval', '1000', true) END`;

/** For statements whose failure changes nothing; a lost connection shows at the next one. */
export function ignoreDatabaseError(error: unknown): void {
  if (!(error instanceof DatabaseError)) throw error;
}

function numberOf(row: unknown, column: string): number {
  const value: unknown = typeof row === "object" && row !== null ? Reflect.get(row, column) : undefined;
  if (typeof value !== "number") throw new DatabaseError(`The server answered without a number for "${column}": is it PostgreSQL?`);
  return value;
}
