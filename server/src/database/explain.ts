/**
 * The only door for a query of a person's own: it is explained, behind a gate of layers that each hold alone. What the
 * query is (`sql/explainable.ts`), what it would call (`runningCode.ts`), a read-only transaction that is rolled back and
 * the extended protocol (`transaction.ts`, `connection.ts`), a connection of its own that is closed afterwards.
 */
import { type Explainable, explainable, type ExplainableStatement } from "../sql/explainable.ts";
import { type Connection, connect } from "./connection.ts";
import type { ConnectionSettings } from "./connectionSettings.ts";
import { DatabaseError } from "./databaseError.ts";
import type { Environment } from "./environment.ts";
import { type RunningCode, runningCode } from "./runningCode.ts";
import { ignoreDatabaseError, inTransaction, stopBackend, type TransactionMode } from "./transaction.ts";

export interface ExplainRequest {
  /** One statement; placeholders are $1, $2, …. */
  readonly text: string;
  /** For $1, $2, … in PostgreSQL's text form. Without them the plan is generic: for no values in particular. */
  readonly values?: readonly (string | null)[] | undefined;
  /** Runs the statement, with timing, in a transaction that is rolled back. */
  readonly analyze?: boolean | undefined;
  readonly environment: Environment;
  /** What a person has agreed to after being asked. */
  readonly consent?: Consent | undefined;
}

export interface Consent {
  /** That functions run, though the statement is only planned. */
  readonly code?: boolean;
  /** That rows are changed or locked, and the change rolled back. */
  readonly writes?: boolean;
  /** That the statement runs on production. Asked for every time. */
  readonly production?: boolean;
}

export type ExplainAnswer =
  | {
      readonly kind: "plan";
      /** PostgreSQL's JSON text: an array with one element. */
      readonly plan: string;
      readonly isGeneric: boolean;
      /** `server_version_num`. */
      readonly serverVersion: number;
    }
  /** `at` is a UTF-16 offset in the text. */
  | { readonly kind: "refused"; readonly reason: string; readonly at: number | undefined }
  /** Nothing was run: a person has to agree first. */
  | { readonly kind: "asks"; readonly about: keyof Consent; readonly why: string };

/**
 * Explains one statement. `signal` stops it on the server.
 *
 * @throws DatabaseError when the server cannot be reached, refuses the statement, or a timeout or `signal` ends it;
 * `position` then counts characters of `request.text`.
 */
export async function explain(settings: ConnectionSettings, request: ExplainRequest, signal?: AbortSignal): Promise<ExplainAnswer> {
  const checked = explainable(request.text);
  const objection = objectionTo(checked, request);
  if (objection !== undefined || !checked.ok) return objection ?? refused("This statement is not explained.");
  signal?.throwIfAborted();
  const connection = await connect(settings, { signal });
  try {
    return await inTransaction(connection, settings, modeOf(checked.statement, request), async ({ serverVersion, backend }) => {
      const work = explained(connection, checked.statement, request);
      const stop = (): void => void stopBackend(settings, connection, backend, work.catch(() => undefined));
      if (signal?.aborted === true) stop();
      signal?.addEventListener("abort", stop, { once: true });
      try {
        const answer = await work;
        return answer.kind === "plan" ? { ...answer, serverVersion } : answer;
      } finally {
        signal?.removeEventListener("abort", stop);
      }
    });
  } finally {
    await connection.close();
  }
}

/** What can be said without a server. */
function objectionTo(checked: Explainable, { values, analyze, environment, consent }: ExplainRequest): ExplainAnswer | undefined {
  if (!checked.ok) return refused(checked.reason, checked.at);
  const { writes, locksRows, parameters } = checked.statement;
  if (values !== undefined && values.length !== parameters) return refused(`The statement has ${parameters} parameters, and there are ${values.length} values.`);
  if (analyze !== true) return undefined;
  if (parameters > 0 && values === undefined) return refused("To run the statement, values for its parameters are needed.");
  if (environment === "production") {
    if (writes || locksRows) return refused("A statement that changes or locks rows is not run on production.");
    if (consent?.production !== true) return asks("production", "The statement will run on production, in a read-only transaction.");
  }
  if ((writes || locksRows) && consent?.writes !== true) return asks("writes", whatRollbackKeeps);
  return undefined;
}

const whatRollbackKeeps =
  "The statement will run and be rolled back. Rolling back does not undo everything: sequences have moved on, tables have grown until the next VACUUM, triggers have run with all they do outside of the database, and rows were locked meanwhile.";

function modeOf({ writes, locksRows }: ExplainableStatement, { analyze, environment, consent }: ExplainRequest): TransactionMode {
  const mayWrite = analyze === true && (writes || locksRows) && consent?.writes === true && environment !== "production";
  return mayWrite ? "readWrite" : "readOnly";
}

type Explained = Omit<Extract<ExplainAnswer, { kind: "plan" }>, "serverVersion"> | Exclude<ExplainAnswer, { kind: "plan" }>;

/** For a caller that has a connection and a transaction of this room, and has asked `explainable` before. */
export const explainedWithin = explained;

async function explained(connection: Connection, statement: ExplainableStatement, request: ExplainRequest): Promise<Explained> {
  const code = await runningCode(connection, statement);
  const objection = objectionToCode(code, request);
  if (objection !== undefined) return objection;
  const options = `FORMAT JSON, VERBOSE, SETTINGS${request.analyze === true ? ", ANALYZE, BUFFERS" : ""}`;
  if (statement.parameters > 0 && request.values === undefined) {
    return { kind: "plan", plan: await genericPlan(connection, statement, options), isGeneric: true };
  }
  const prefix = `EXPLAIN (${options}) `;
  const rows = await connection.queryText(prefix + statement.text, request.values ?? []).catch((error: unknown) => rethrowAt(error, prefix.length));
  return { kind: "plan", plan: planIn(rows), isGeneric: false };
}

function objectionToCode({ userCode, volatile, deniedViews }: RunningCode, { consent }: ExplainRequest): Exclude<ExplainAnswer, { kind: "plan" }> | undefined {
  if (deniedViews.length > 0) return refused(`${deniedViews.join(", ")} calls a function that is never explained, because a rollback does not undo what it does.`);
  const functions = [...userCode, ...volatile];
  if (functions.length === 0 || consent?.code === true) return undefined;
  const shown = functions.slice(0, 5).join(", ") + (functions.length > 5 ? ` and ${functions.length - 5} more` : "");
  return asks("code", `Planning may already run functions that this statement uses: ${shown}. What a function does outside of the transaction is not undone.`);
}

/**
 * By a prepared statement that is planned without values. PostgreSQL 16 has GENERIC_PLAN for it, but only by the simple
 * protocol, which lets several statements through; this works the same from 13 to 18.
 */
async function genericPlan(connection: Connection, { text, parameters }: ExplainableStatement, options: string): Promise<string> {
  // Prepared statements survive a rollback, and through a pooler this session goes to somebody else.
  const name = `database_architect_${Math.random().toString(36).slice(2)}`;
  const prefix = `PREPARE ${name} AS `;
  await connection.query("SELECT set_config('plan_cache_mode', 'force_generic_plan', true)", []);
  await connection.query(prefix + text, []).catch((error: unknown) => rethrowAt(error, prefix.length));
  await connection.query("SAVEPOINT explained", []);
  try {
    const nulls = Array.from({ length: parameters }, () => "NULL").join(", ");
    return planIn(await connection.queryText(`EXPLAIN (${options}) EXECUTE ${name}(${nulls})`, [])).replace(ownSetting, "");
  } finally {
    await connection.query("ROLLBACK TO explained", []).catch(ignoreDatabaseError);
    await connection.query(`DEALLOCATE ${name}`, []).catch(ignoreDatabaseError);
  }
}

/** SETTINGS tells of this one too. Inside of a JSON string its quotes would have backslashes. */
const ownSetting = /"plan_cache_mode": "force_generic_plan",\s*|,?\s*"plan_cache_mode": "force_generic_plan"/;

function planIn(rows: readonly unknown[]): string {
  const [row] = rows;
  const plan: unknown = typeof row === "object" && row !== null ? Reflect.get(row, "QUERY PLAN") : undefined;
  if (typeof plan !== "string") throw new DatabaseError("The server answered EXPLAIN without a plan: is it PostgreSQL?");
  return plan;
}

/** Positions count from the text that was sent; those of `request.text` begin `shift` characters later. */
function rethrowAt(error: unknown, shift: number): never {
  if (!(error instanceof DatabaseError) || error.position === undefined) throw error;
  const { sqlState, systemCode, detail, hint, position } = error;
  throw new DatabaseError(error.message, { sqlState, systemCode, detail, hint, position: Math.max(1, position - shift) }, error);
}

function refused(reason: string, at?: number): { readonly kind: "refused"; readonly reason: string; readonly at: number | undefined } {
  return { kind: "refused", reason, at };
}

function asks(about: keyof Consent, why: string): { readonly kind: "asks"; readonly about: keyof Consent; readonly why: string } {
  return { kind: "asks", about, why };
}
