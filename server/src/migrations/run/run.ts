/**
 * Carries out a plan: under the lock that Prisma takes too, against what the database says then and not when the plan was
 * made. Tells every statement, who is in the way, and in the end what is done and what not.
 */
import { DatabaseError } from "../../database/databaseError.ts";
import { type MigrationSession, openForMigrations } from "../../database/migrationSession.ts";
import type { MigrationFile } from "../history.ts";
import { blockersOf, type Holder, holdersText, releaseLock, takeLock } from "./advisoryLock.ts";
import { type Consent, type RunPlan, unanswered } from "./plan.ts";
import { type Answer, type OpenTarget, type RunContext, withTarget } from "./runContext.ts";
import { type FileRun, type RunEvent, type RunFailure, runFile } from "./runFile.ts";
import { isInDatabase, standingsOf } from "./standing.ts";

export interface Watching {
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** `done`: names, in the order they were done. */
export type RunOutcome = { readonly ok: true; readonly done: readonly string[] } | { readonly ok: false; readonly done: readonly string[]; readonly failure: RunFailure };

/** Not ok when nothing was begun: an obstacle, a question without a yes, another run, no connection. */
export async function carryOut(context: RunContext, plan: RunPlan, consent: Consent, watching: Watching = {}): Promise<Answer<RunOutcome>> {
  const [obstacle] = plan.obstacles;
  if (obstacle !== undefined) return { ok: false, reason: obstacle.message };
  const [question] = unanswered(plan, consent);
  if (question !== undefined) return { ok: false, reason: `${question.message} Nobody has said yes to that.` };
  const wanted = plan.migrations.flatMap(({ name }) => context.history.migrations.find((each) => each.name === name) ?? []);
  return lockedTarget(context, watching, (target, send) => runAll(target, context, wanted, plan.direction, watching, send));
}

/** What of `wanted` still is to be done, under the lock. */
export async function runAll(target: OpenTarget, context: RunContext, wanted: readonly MigrationFile[], direction: "up" | "down", watching: Watching, send: FileRun["send"]): Promise<Answer<RunOutcome>> {
  const { session, store, schema } = target;
  const listen = watching.onEvent ?? ((): void => undefined);
  if (direction === "up" && wanted.length > 0) await inOne(session, () => store.prepare(session));
  const now = standingsOf(context.history.migrations, (await store.read(session)).records);
  const failed = now.find(({ state }) => state === "failed");
  if (failed !== undefined) return { ok: false, reason: `${failed.name} has failed meanwhile, in another run: migrate resolve says what can be done. Nothing was changed.` };
  const done: string[] = [];
  for (const migration of wanted) {
    const standing = now.find((each) => each.migration === migration);
    if (standing === undefined || isInDatabase(standing) !== (direction === "down")) {
      listen({ kind: "skipped", migration: migration.name });
      continue;
    }
    const outcome = await runFile({ session, store, migration, direction, schema, signal: watching.signal, listen, send });
    if (!outcome.ok) return { ok: true, value: { ok: false, done, failure: outcome.failure } };
    done.push(migration.name);
  }
  return { ok: true, value: { ok: true, done } };
}

/** With the lock of the database; `send` sends one statement of a migration and says who is in its way. */
export function lockedTarget<T>(context: RunContext, watching: Watching, use: (target: OpenTarget, send: FileRun["send"]) => Promise<Answer<T>>): Promise<Answer<T>> {
  const { signal, onEvent } = watching;
  return withTarget(context, async (target) => {
    const { session } = target;
    const lock = await takeLock(session, context.waitMs ?? 10_000, (holders) => onEvent?.({ kind: "waiting", holders }), signal);
    if (!lock.ok) return lock;
    session.onNotice((severity, message) => onEvent?.({ kind: "notice", severity, message }));
    const watcher = new Watcher(context, session.backend);
    const callOff = (): void => void session.cancel();
    signal?.addEventListener("abort", callOff, { once: true });
    try {
      return await use(target, (text, onBlocked) => watcher.send(session, text, onBlocked));
    } finally {
      signal?.removeEventListener("abort", callOff);
      await watcher.close();
      await releaseLock(session).catch((error: unknown) => {
        // The server gives it back when the session ends.
        if (!(error instanceof DatabaseError)) throw error;
      });
    }
  });
}

async function inOne(session: MigrationSession, use: () => Promise<void>): Promise<void> {
  await session.send("BEGIN");
  try {
    await use();
    await session.send("COMMIT");
  } catch (error) {
    await session.send("ROLLBACK").catch(() => undefined);
    throw error;
  }
}

/** Looks from a second connection whom a statement waits for; opened only when one takes longer than a second. */
class Watcher {
  readonly #context: RunContext;
  readonly #backend: number;
  #other: Promise<MigrationSession | undefined> | undefined;

  constructor(context: RunContext, backend: number) {
    this.#context = context;
    this.#backend = backend;
  }

  async send(session: MigrationSession, text: string, onBlocked: (holders: readonly Holder[]) => void): Promise<void> {
    let blockers: readonly Holder[] = [];
    let isLooking = false;
    const look = async (): Promise<void> => {
      if (isLooking) return;
      isLooking = true;
      blockers = await this.#blockers();
      if (blockers.length > 0) onBlocked(blockers);
      isLooking = false;
    };
    const timer = setInterval(() => void look(), 1_000);
    try {
      await session.send(text);
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.sqlState !== "55P03" || blockers.length === 0) throw error;
      const { sqlState, detail, position, message } = error;
      throw new DatabaseError(`${message}. It is held by ${holdersText(blockers)}`, { sqlState, detail, position }, error);
    } finally {
      clearInterval(timer);
    }
  }

  async close(): Promise<void> {
    await (await this.#other)?.close();
  }

  async #blockers(): Promise<readonly Holder[]> {
    try {
      this.#other ??= openForMigrations(this.#context.settings).catch(() => undefined);
      const other = await this.#other;
      return other === undefined ? [] : await blockersOf(other, this.#backend);
    } catch {
      // To know who is in the way is good; to fail for not knowing is not.
      return [];
    }
  }
}
