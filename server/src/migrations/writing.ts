/** Statements as they are collected: each in the phase in which PostgreSQL takes it, and what they may cost. */
import type { Schema } from "../model/schema.ts";

/** In the order in which they run: what others need comes first, what others hold goes last. */
const phases = [
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

export interface WrittenStatement {
  readonly phase: Phase;
  /** What it does in one word, as Prisma heads its statements: `AlterTable`. */
  readonly heading: string;
  /** Without the semicolon. */
  readonly sql: string;
  /** What it may cost, in a sentence. */
  readonly warning: string | undefined;
}

export interface Risk {
  /** `fails on rows`: PostgreSQL refuses when rows are not as it wants, and nothing is lost. */
  readonly kind: "loses data" | "fails on rows";
  readonly subject: string;
  readonly message: string;
}

export interface Script {
  readonly statements: readonly WrittenStatement[];
  readonly risks: readonly Risk[];
  /** What the statements do not do, in words. */
  readonly gaps: readonly string[];
}

export class Writing {
  readonly before: Schema;
  readonly after: Schema;
  readonly #statements: WrittenStatement[] = [];
  readonly #risks: Risk[] = [];
  readonly #gaps = new Set<string>();
  /** Said, and not yet with its statement. */
  #warning: string | undefined;

  constructor(before: Schema, after: Schema) {
    this.before = before;
    this.after = after;
  }

  write(phase: Phase, heading: string, sql: string): void {
    if (!this.#statements.some((each) => each.sql === sql)) this.#statements.push({ phase, heading, sql, warning: this.#warning });
    this.#warning = undefined;
  }

  /** Of the statement that is written next. */
  risk(kind: Risk["kind"], subject: string, message: string): void {
    this.#risks.push({ kind, subject, message });
    this.#warning = message;
  }

  gap(what: string): void {
    this.#gaps.add(what);
  }

  script(): Script {
    const statements = [...this.#statements].sort((a, b) => phases.indexOf(a.phase) - phases.indexOf(b.phase));
    return { statements, risks: this.#risks, gaps: [...this.#gaps] };
  }
}
