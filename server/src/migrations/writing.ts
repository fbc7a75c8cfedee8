/** Statements as they are collected: each in the stage and phase in which PostgreSQL takes it, and what they may cost. */
import type { Schema, Table } from "../model/schema.ts";

/** In the order in which they run within a file: what others need comes first, what others hold goes last. */
const phases = [
  "validate",
  "schemas",
  "drop rest",
  "drop foreign keys",
  "drop constraints",
  "rename",
  "types",
  "tables",
  "columns",
  "alter columns",
  "drop columns",
  "drop tables",
  "drop types",
  "constraints",
  "foreign keys",
  "rest",
] as const;

export type Phase = (typeof phases)[number];

/**
 * In the order in which they run; each may want a transaction of its own. `values`: of enums, which nobody may use before
 * they are committed. `expand`: what nobody waits for long. `backfill` and `index`: outside of a transaction, each alone.
 * `constrain`: what holds for new rows from now on. `validate`: and for old ones. `unindex`: outside of a transaction.
 * `contract`: what was proven is made fast, what nobody needs any longer goes.
 * `settle`: what was replaced then holds for old rows too.
 */
export const stages = ["values", "expand", "backfill", "index", "constrain", "validate", "unindex", "contract", "settle"] as const;

export type Stage = (typeof stages)[number];

export interface WrittenStatement {
  readonly phase: Phase;
  readonly stage: Stage;
  /** What it does in one word, as Prisma heads its statements: `AlterTable`. */
  readonly heading: string;
  /** Without the semicolon. */
  readonly sql: string;
  /** What it may cost, in a sentence. */
  readonly warning: string | undefined;
  /** The way back where the model cannot find it: what the rows need. Without semicolons, in the order they run. */
  readonly down?: readonly string[] | undefined;
}

export interface Risk {
  /**
   * `fails on rows`: PostgreSQL refuses when rows are not as it wants, and nothing is lost. `blocks`: others wait as long as
   * the table is large. `breaks clients`: those that run the old version fail.
   */
  readonly kind: "loses data" | "fails on rows" | "blocks" | "breaks clients";
  readonly subject: string;
  readonly message: string;
  /** One row with one number, `count`: the rows it concerns, asked of a database before the migration. */
  readonly count: string | undefined;
}

export interface Script {
  /** By stage, then by phase. */
  readonly statements: readonly WrittenStatement[];
  readonly risks: readonly Risk[];
  /** What the statements do not do, in words. */
  readonly gaps: readonly string[];
}

export interface WritingOptions {
  /** Others use the tables meanwhile: what takes long waits for nobody, and nobody for it. */
  readonly isOnline: boolean;
  /** Whether a file can run outside of a transaction. */
  readonly canRunApart: boolean;
  /** What rows that are there get in a column, as SQL, by `schema.table.column`; empty for nothing. */
  readonly fills: ReadonlyMap<string, string>;
  /** It is a way back: what must have a value again, and has lost its own, gets a plain one. */
  readonly isBack?: boolean;
}

export class Writing {
  readonly before: Schema;
  readonly after: Schema;
  readonly options: WritingOptions;
  readonly #statements: WrittenStatement[] = [];
  readonly #risks: Risk[] = [];
  readonly #gaps = new Set<string>();
  /** Said, and not yet with its statement. */
  #warning: string | undefined;

  constructor(before: Schema, after: Schema, options: WritingOptions) {
    this.before = before;
    this.after = after;
    this.options = options;
  }

  /** Whether others may use the table while this runs: it was there before, and rows in it are its own. */
  isInUse(table: Table | undefined): boolean {
    return this.options.isOnline && table !== undefined && table.kind === "table" && this.before.tables.has(table.key);
  }

  write(phase: Phase, heading: string, sql: string, { stage, down }: { readonly stage?: Stage; readonly down?: readonly string[] } = {}): void {
    if (!this.#statements.some((each) => each.sql === sql)) this.#statements.push({ phase, stage: stage ?? usualStage(phase), heading, sql, warning: this.#warning, down });
    this.#warning = undefined;
  }

  /** Of the statement that is written next. */
  risk(kind: Risk["kind"], subject: string, message: string, count?: string): void {
    this.#risks.push({ kind, subject, message, count });
    this.#warning = message;
  }

  gap(what: string): void {
    this.#gaps.add(what);
  }

  script(): Script {
    return { statements: this.#statements, risks: this.#risks, gaps: [...this.#gaps] };
  }
}

export function inPhases(statements: readonly WrittenStatement[]): readonly WrittenStatement[] {
  return [...statements].sort((a, b) => phases.indexOf(a.phase) - phases.indexOf(b.phase));
}

/** Without a reason to go elsewhere. Merged into one file, phases alone say what comes first. */
function usualStage(phase: Phase): Stage {
  if (phase === "drop columns" || phase === "drop tables" || phase === "drop types") return "contract";
  return phase === "foreign keys" ? "constrain" : "expand";
}
