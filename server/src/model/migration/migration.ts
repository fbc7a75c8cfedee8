/**
 * A migration as it runs: each statement with the transaction it belongs to, the locks its transaction holds by then, and
 * the timeouts that are set. A pure view of what the fold noted; nothing here asks a database.
 */
import type { Change, FileChanges, StatementChange } from "../changes.ts";
import { type Effect, effectOf, isStronger, type Lock } from "./locks.ts";

/**
 * How a file is sent to PostgreSQL. `each`: statement by statement, as psql does. `message`: all of it at once, one
 * transaction if it holds more than one statement; Prisma before 7.4, golang-migrate. `message unless concurrent`: the
 * same, but statement by statement where it says CONCURRENTLY; Prisma since 7.4. `transaction`: in one transaction
 * whatever it holds; Supabase, goose, dbmate, node-pg-migrate.
 */
export type Sending = "each" | "message" | "message unless concurrent" | "transaction";

export interface MigrationStatement extends StatementChange {
  readonly effects: readonly Effect[];
  /** The number of its transaction within the file; undefined for one that is alone in its own. */
  readonly transaction: number | undefined;
  /** Who opened that: the file itself, or what runs it. */
  readonly openedBy: "file" | "runner" | undefined;
  /** The strongest lock on each table that its transaction took before. */
  readonly held: readonly Lock[];
  /** Keys of the tables that the file emptied before. */
  readonly emptied: ReadonlySet<string>;
  /** As they are set in the session, in milliseconds; undefined where nobody set one, 0 for none. */
  readonly timeouts: ReadonlyMap<string, number>;
}

export interface Migration extends Omit<FileChanges, "statements"> {
  readonly statements: readonly MigrationStatement[];
  readonly sending: Sending;
  /** Others of the history have a way back, and this one has none. */
  readonly lacksWayBack: boolean;
}

/** `version`: major version of PostgreSQL. */
export function migrationOf(file: FileChanges, sending: Sending, version: number, lacksWayBack = false): Migration {
  const session = new Session(isInOneTransaction(file, sending));
  return { ...file, sending, lacksWayBack, statements: file.statements.map((statement) => session.run(statement, version)) };
}

function isInOneTransaction({ statements, count }: FileChanges, sending: Sending): boolean {
  if (sending === "each") return false;
  if (sending === "transaction") return true;
  return count > 1 && (sending === "message" || !statements.some(isConcurrent));
}

export function isConcurrent({ changes }: StatementChange): boolean {
  return changes.some((change) => "isConcurrent" in change && change.isConcurrent && change.do !== "refreshView");
}

/** What a session remembers from statement to statement. */
class Session {
  readonly #isWrapped: boolean;
  #transaction = 0;
  #isOpen: "file" | "runner" | undefined;
  #held = new Map<string, Lock>();
  #emptied: ReadonlySet<string> = new Set();
  #timeouts: ReadonlyMap<string, number> = new Map();
  #afterTransaction: ReadonlyMap<string, number> | undefined;

  constructor(isWrapped: boolean) {
    this.#isWrapped = isWrapped;
    this.#isOpen = isWrapped ? "runner" : undefined;
  }

  run(statement: StatementChange, version: number): MigrationStatement {
    for (const change of statement.changes) if (change.do === "transaction" && change.what === "begin") this.#begin();
    const emptied = this.#emptied;
    const effects = statement.changes.map((change) => withoutEmpty(effectOf(change, version), emptied));
    const isInTransaction = this.#isOpen !== undefined || statement.isInBlock;
    const ran: MigrationStatement = {
      ...statement,
      effects,
      transaction: isInTransaction ? this.#transaction : undefined,
      openedBy: this.#isOpen,
      held: [...this.#held.values()],
      emptied,
      timeouts: this.#timeouts,
    };
    for (const change of statement.changes) {
      this.#empty(change);
      if (change.do === "set" && change.name.endsWith("timeout")) this.#set(change.name, change.value, change.isLocal);
      if (change.do === "transaction" && change.what !== "begin") this.#end();
    }
    if (this.#isOpen !== undefined) for (const { locks } of effects) for (const lock of locks) this.#hold(lock);
    for (const change of statement.changes) this.#rename(change);
    return ran;
  }

  #empty(change: Change): void {
    const isEmptied = change.do === "truncate" || (change.do === "write" && change.how === "delete" && change.isWhole);
    if (isEmptied) this.#emptied = new Set([...this.#emptied, change.table.key, ...("reaches" in change ? change.reaches.map(({ key }) => key) : [])]);
    if (change.do === "write" && change.how === "insert") this.#emptied = new Set([...this.#emptied].filter((key) => key !== change.table.key));
  }

  /** A lock is on the table, whatever it is called by then. */
  #rename(change: Change): void {
    if (change.do !== "renameTable" && change.do !== "setSchema") return;
    const { table, to } = change;
    const renamed = change.do === "renameTable" ? { ...table, name: to, key: `${table.schema}.${to}` } : { ...table, schema: to, key: `${to}.${table.name}` };
    const held = this.#held.get(table.key);
    if (held !== undefined) this.#held.set(renamed.key, { ...held, table: renamed });
    if (this.#emptied.has(table.key)) this.#emptied = new Set([...this.#emptied, renamed.key]);
  }

  #begin(): void {
    if (this.#isOpen !== "runner") this.#transaction++;
    this.#isOpen = "file";
  }

  /** What follows COMMIT in a file that is sent at once begins another transaction of its own. */
  #end(): void {
    this.#transaction++;
    this.#held.clear();
    this.#isOpen = this.#isWrapped ? "runner" : undefined;
    this.#timeouts = this.#afterTransaction ?? this.#timeouts;
    this.#afterTransaction = undefined;
  }

  #set(name: string, value: string, isLocal: boolean): void {
    if (isLocal && this.#isOpen === undefined) return;
    if (isLocal) this.#afterTransaction ??= this.#timeouts;
    this.#timeouts = new Map(this.#timeouts).set(name, milliseconds(value));
  }

  #hold(lock: Lock): void {
    const known = this.#held.get(lock.table.key);
    if (known === undefined || isStronger(lock.mode, known.mode)) this.#held.set(lock.table.key, lock);
  }
}

/** Without rows there is no work. */
function withoutEmpty(effect: Effect, emptied: ReadonlySet<string>): Effect {
  return emptied.size === 0 ? effect : { ...effect, work: effect.work.filter(({ table }) => !emptied.has(table.key)) };
}

/** `5s`, `500`, `'2 min'`; milliseconds unless a unit is given. 0 for `default`: servers have none unless somebody set one. */
export function milliseconds(value: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(us|ms|s|min|h|d)?\s*$/.exec(value);
  if (match === null) return 0;
  return Number(match[1]) * (units[match[2] ?? "ms"] ?? 1);
}

const units: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
