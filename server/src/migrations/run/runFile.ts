/**
 * Runs one migration, or its way back, statement by statement, in the transactions that its own runner would use.
 *
 * Invariant: what a transaction does and what the history says of it are committed together, so that whenever this process
 * ends, however it ends, the record tells which statements are done. Only a statement that refuses a transaction can be in
 * doubt, and the record says that it was sent (`migrationKills.test.ts`).
 */
import { basename, dirname } from "node:path";
import { DatabaseError } from "../../database/databaseError.ts";
import type { MigrationSession } from "../../database/migrationSession.ts";
import type { SqlFile, Statement } from "../../sql/syntax.ts";
import { lineOf, type MigrationFile, upStatements } from "../history.ts";
import type { Holder } from "./advisoryLock.ts";
import { dropInvalid, invalidIndexes, isUnnamedIndexOn, touchedIndexes } from "./invalidIndexes.ts";
import type { Direction, Progress, RecordStore } from "./records.ts";
import { databaseReason } from "./runContext.ts";
import { isAtomic, type Unit, unitsOf } from "./units.ts";

export type RunEvent =
  /** For another run. */
  | { readonly kind: "waiting"; readonly holders: readonly Holder[] }
  | { readonly kind: "began"; readonly migration: string; readonly direction: Direction; readonly statements: number }
  /** `index` from 0; `line` of the file, from 1. */
  | { readonly kind: "statement"; readonly migration: string; readonly direction: Direction; readonly index: number; readonly statements: number; readonly line: number; readonly text: string }
  /** The statement under way waits for these sessions. */
  | { readonly kind: "blocked"; readonly migration: string; readonly line: number; readonly holders: readonly Holder[] }
  | { readonly kind: "notice"; readonly severity: string; readonly message: string }
  /** What a statement that failed had left was removed. */
  | { readonly kind: "cleaned"; readonly migration: string; readonly index: string; readonly isRetried: boolean }
  | { readonly kind: "done"; readonly migration: string; readonly direction: Direction; readonly ms: number }
  /** Everything in these schemas is gone. */
  | { readonly kind: "emptied"; readonly schemas: readonly string[] }
  /** Somebody else did it meanwhile. */
  | { readonly kind: "skipped"; readonly migration: string };

export interface FileRun {
  readonly session: MigrationSession;
  readonly store: RecordStore;
  readonly migration: MigrationFile;
  readonly direction: Direction;
  /** Where names without a schema lead. */
  readonly schema: string;
  readonly signal: AbortSignal | undefined;
  readonly listen: (event: RunEvent) => void;
  /** Sends one statement and says who is in its way. */
  readonly send: (text: string, onBlocked: (holders: readonly Holder[]) => void) => Promise<void>;
  /** Statements that an earlier run did for good; its record. */
  readonly resumed?: { readonly id: string; readonly done: number } | undefined;
}

export type FileOutcome = { readonly ok: true } | { readonly ok: false; readonly failure: RunFailure };

export interface RunFailure {
  readonly migration: string;
  readonly direction: Direction;
  /** Absolute. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly statement: string;
  /** What PostgreSQL said. */
  readonly message: string;
  readonly sqlState: string | undefined;
  readonly wasCalledOff: boolean;
  /** Nothing of the migration is in the database: it is as before. */
  readonly isUndone: boolean;
  /** What the database holds now, in a sentence. */
  readonly state: string;
  /** What to do. */
  readonly next: string;
}

export function statementsOf(migration: MigrationFile, direction: Direction): { readonly file: SqlFile; readonly path: string; readonly statements: readonly Statement[] } {
  if (direction === "up") return { file: migration.file, path: migration.path, statements: upStatements(migration) };
  const { down } = migration;
  return down === undefined ? { file: migration.file, path: migration.path, statements: [] } : down;
}

export async function runFile(run: FileRun): Promise<FileOutcome> {
  return new Running(run).all();
}

class CalledOff extends Error {}

class Running {
  readonly #run: FileRun;
  readonly #file: SqlFile;
  readonly #path: string;
  readonly #statements: readonly Statement[];
  readonly #units: readonly Unit[];
  readonly #began = performance.now();
  #id: string | undefined;
  /** The record is committed apart from what it is of. */
  #isStepwise = false;
  /** Done for good. */
  #done = 0;
  #at: Statement | undefined;
  #isOpen = false;
  /** Whether a statement was sent outside of a transaction and has not come back well. */
  #isInDoubt = false;

  constructor(run: FileRun) {
    this.#run = run;
    const { file, path, statements } = statementsOf(run.migration, run.direction);
    this.#file = file;
    this.#path = path;
    this.#statements = statements;
    this.#units = unitsOf(statements, run.migration.sending);
    this.#id = run.resumed?.id;
    this.#done = run.resumed?.done ?? 0;
  }

  async all(): Promise<FileOutcome> {
    const { migration, direction, session, listen } = this.#run;
    listen({ kind: "began", migration: migration.name, direction, statements: this.#statements.length });
    try {
      if (isAtomic(this.#units) && this.#id === undefined) await this.#atOnce();
      else await this.#stepByStep();
      await session.restoreSettings();
    } catch (error) {
      if (!(error instanceof DatabaseError || error instanceof CalledOff)) throw error;
      return { ok: false, failure: await this.#failed(error) };
    }
    listen({ kind: "done", migration: migration.name, direction, ms: performance.now() - this.#began });
    return { ok: true };
  }

  /** The migration and its record in one transaction. */
  async #atOnce(): Promise<void> {
    const { session, store, migration, direction } = this.#run;
    const [unit] = this.#units;
    if (unit !== undefined && unit.kind === "alone") {
      // PostgreSQL may refuse what we took for harmless.
      if (await this.#isRefusedInTransaction(unit, () => this.#finishRecord())) await this.#stepByStep();
      return;
    }
    await this.#open(unit?.begin);
    for (const statement of unit?.statements ?? []) await this.#send(statement);
    await this.#asOurselves();
    if (direction === "up") this.#id = await store.begin(session, migration, (performance.now() - this.#began) / 1000);
    await this.#finishRecord();
    await this.#commit();
  }

  async #finishRecord(): Promise<void> {
    const { session, store, migration, direction } = this.#run;
    if (direction === "down") return store.markRolledBack(session, migration.name);
    this.#id ??= await store.begin(session, migration, (performance.now() - this.#began) / 1000);
    await store.finish(session, this.#id, migration);
  }

  async #stepByStep(): Promise<void> {
    const { session, store, migration, direction, resumed } = this.#run;
    this.#isStepwise = true;
    this.#id ??= await this.#own(() => (direction === "up" ? store.begin(session, migration, 0) : store.beginUndo(session, migration)));
    if (resumed !== undefined) await this.#resume(resumed.done);
    for (const unit of this.#units) {
      if (resumed !== undefined && unit.from < resumed.done) continue;
      if (unit.kind === "outside") await this.#outside(unit);
      else if (unit.kind === "alone") {
        if (await this.#isRefusedInTransaction(unit, () => this.#progress(unit.to))) await this.#outside(unit);
      } else await this.#transaction(unit);
      this.#done = unit.to;
    }
    await this.#own(() => this.#finishRecord());
  }

  /** What was set for the session that is gone holds for what is left. */
  async #resume(done: number): Promise<void> {
    await this.#own(() => this.#progress(done));
    for (const statement of this.#statements.slice(0, done)) if (setsSession(statement)) await this.#run.session.send(statement.text);
  }

  async #transaction(unit: Unit): Promise<void> {
    await this.#open(unit.begin);
    for (const statement of unit.statements) await this.#send(statement);
    if (unit.isRolledBack) {
      await this.#run.session.send("ROLLBACK");
      this.#isOpen = false;
      return this.#own(() => this.#progress(unit.to));
    }
    await this.#asOurselves();
    await this.#progress(unit.to);
    await this.#commit();
  }

  /** Together with what is noted of it; true when PostgreSQL does not take it in a transaction. */
  async #isRefusedInTransaction(unit: Unit, note: () => Promise<void>): Promise<boolean> {
    await this.#open(undefined);
    try {
      for (const statement of unit.statements) await this.#send(statement);
    } catch (error) {
      if (!(error instanceof DatabaseError) || (error.sqlState !== "25001" && error.sqlState !== "2D000")) throw error;
      await this.#run.session.send("ROLLBACK");
      this.#isOpen = false;
      return true;
    }
    await this.#asOurselves();
    await note();
    await this.#commit();
    return false;
  }

  /** What was sent is noted before, for it may be half done when nobody is left to note it. */
  async #outside(unit: Unit): Promise<void> {
    const { session, listen, migration, schema } = this.#run;
    const [statement] = unit.statements;
    if (statement === undefined) return;
    for (const index of await invalidIndexes(session)) {
      const isOurs = touchedIndexes(statement, schema).includes(index.name) || (this.#run.resumed !== undefined && isUnnamedIndexOn(statement, index.table));
      if (!isOurs) continue;
      await dropInvalid(session, index.name);
      listen({ kind: "cleaned", migration: migration.name, index: index.name, isRetried: true });
    }
    const before = new Set((await invalidIndexes(session)).map(({ name }) => name));
    await this.#own(() => this.#progress(unit.from, true));
    this.#isInDoubt = true;
    for (let attempt = 1; ; attempt++) {
      const failure = await this.#trySend(statement);
      const left = (await invalidIndexes(session)).filter(({ name }) => !before.has(name) || touchedIndexes(statement, schema).includes(name));
      if (failure === undefined && left.length === 0) break;
      const isPassing = failure === undefined || (failure instanceof DatabaseError && (failure.sqlState === "40P01" || failure.sqlState === "55P03"));
      const isRetried = isPassing && attempt < 3 && this.#run.signal?.aborted !== true;
      for (const { name } of left) {
        await dropInvalid(session, name);
        listen({ kind: "cleaned", migration: migration.name, index: name, isRetried });
      }
      if (!isRetried) {
        // What it would have left is gone, and nothing else is left by a statement that builds indexes.
        if (touchedIndexes(statement, schema).length > 0 || left.length > 0) this.#isInDoubt = false;
        throw failure ?? new DatabaseError(`The index that ${statement.text.slice(0, 60)} builds stays invalid.`);
      }
    }
    this.#isInDoubt = false;
    await this.#own(() => this.#progress(unit.to));
  }

  async #trySend(statement: Statement): Promise<DatabaseError | CalledOff | undefined> {
    try {
      await this.#send(statement);
      return undefined;
    } catch (error) {
      if (error instanceof CalledOff || (error instanceof DatabaseError && !error.isOutage)) return error;
      throw error;
    }
  }

  async #open(begin: string | undefined): Promise<void> {
    this.#stopIfCalledOff();
    await this.#run.session.send(begin ?? "BEGIN");
    this.#isOpen = true;
  }

  async #commit(): Promise<void> {
    await this.#run.session.send("COMMIT");
    this.#isOpen = false;
  }

  async #send(statement: Statement): Promise<void> {
    const { migration, direction, listen, send } = this.#run;
    this.#stopIfCalledOff();
    this.#at = statement;
    const line = lineOf(this.#file, statement.span.start);
    listen({ kind: "statement", migration: migration.name, direction, index: this.#statements.indexOf(statement), statements: this.#statements.length, line, text: statement.text });
    await send(statement.text, (holders) => listen({ kind: "blocked", migration: migration.name, line, holders }));
  }

  #progress(done: number, isNextSent = false): Promise<void> {
    const { session, store, direction } = this.#run;
    const progress: Progress = { direction, done, isNextSent };
    return this.#id === undefined ? Promise.resolve() : store.progress(session, this.#id, progress);
  }

  /** The history is written by whom the address names, whatever role the migration has taken on. */
  async #asOurselves(): Promise<void> {
    await this.#run.session.send("SET LOCAL SESSION AUTHORIZATION DEFAULT");
    await this.#run.session.send("SET LOCAL ROLE NONE");
  }

  /** In a transaction of its own. */
  async #own<T>(use: () => Promise<T>): Promise<T> {
    const { session } = this.#run;
    await session.send("BEGIN");
    this.#isOpen = true;
    await this.#asOurselves();
    const result = await use();
    await this.#commit();
    return result;
  }

  #stopIfCalledOff(): void {
    if (this.#run.signal?.aborted === true) throw new CalledOff();
  }

  async #failed(error: DatabaseError | CalledOff): Promise<RunFailure> {
    const { migration, direction, session, store } = this.#run;
    const at = this.#at ?? this.#statements[0];
    const line = at === undefined ? 1 : lineOf(this.#file, at.span.start + offsetIn(at.text, error));
    const wasCalledOff = error instanceof CalledOff || (error.isCanceled && this.#run.signal?.aborted === true);
    const message = error instanceof CalledOff || wasCalledOff ? "It was called off." : databaseReason(error).replace(/^PostgreSQL refuses it: /, "");
    const isLost = error instanceof DatabaseError && error.isOutage;
    const isUndone = this.#done === 0 && !this.#isInDoubt;
    if (!isLost) {
      try {
        if (this.#isOpen) await session.send("ROLLBACK");
        this.#isOpen = false;
        await session.restoreSettings();
        const logs = `${basename(dirname(this.#path))}/${basename(this.#path)}:${line}: ${message}`;
        if (direction === "down" && isUndone) {
          // The migration stands as it stood.
          if (this.#isStepwise && this.#id !== undefined) await store.undoStopped(session, this.#id);
        } else if (direction === "up" || this.#isStepwise) await store.fail(session, this.#isStepwise ? this.#id : undefined, migration, logs, isUndone && direction === "up");
      } catch (second) {
        if (!(second instanceof DatabaseError)) throw second;
      }
    }
    const base = { migration: migration.name, direction, path: this.#path, line, statement: at?.text ?? "", message, sqlState: error instanceof DatabaseError ? error.sqlState : undefined, wasCalledOff };
    return { ...base, isUndone: isUndone && !isLost, ...this.#told(isLost, isUndone) };
  }

  #told(isLost: boolean, isUndone: boolean): Pick<RunFailure, "state" | "next"> {
    const total = this.#statements.length;
    const again = this.#run.direction === "up" ? "migrate apply" : "migrate down";
    if (isLost) return { state: "The connection is gone; what was not committed by then is undone.", next: "migrate status says which statements are done, when the server is there again." };
    if (isUndone) return { state: this.#run.direction === "up" ? "The database is as it was before this migration." : "The database is as it was: nothing is undone.", next: `Mend the file and run ${again} again.` };
    const doubt = this.#isInDoubt ? " What the one that failed has done is not known." : " The one that failed has left nothing.";
    return { state: `${this.#done} of ${total} statements are done for good.${doubt}`, next: "migrate resolve says what can be done: go on behind them, or mark it as applied or rolled back." };
  }
}

function setsSession({ tree, text }: Statement): boolean {
  if (tree === undefined) return false;
  if ("VariableSetStmt" in tree) return tree.VariableSetStmt.is_local !== true;
  return "SelectStmt" in tree && /^select\s+(?:pg_catalog\s*\.\s*)?set_config\s*\(/i.test(text);
}

/** In UTF-16 code units; PostgreSQL counts characters from 1. */
function offsetIn(text: string, error: Error): number {
  const position = error instanceof DatabaseError ? error.position : undefined;
  return position === undefined ? 0 : [...text].slice(0, position - 1).join("").length;
}
