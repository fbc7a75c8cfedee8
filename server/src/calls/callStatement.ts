/** A statement that a call of Prisma Client sends. */
import type { Span } from "../text/span.ts";

export interface CallStatement {
  /** With `$1`, `$2`, … */
  readonly sql: string;
  readonly parameters: readonly StatementParameter[];
  readonly role: StatementRole;
  /** For a statement that reads a relation: its way from the model of the call, such as `deals.company`. */
  readonly relation: string | undefined;
  /** Whether it runs only when what was read before asks for it. */
  readonly isConditional: boolean;
  /** Whether it stands between BEGIN and COMMIT. */
  readonly isInTransaction: boolean;
}

/**
 * `rows`: what the call asks for. `relation`: rows of a relation, for all rows of the statement before at once, joined in
 * Node's memory. `lookup`: what a write has to know first. `readBack`: what the call gives after a write.
 */
export type StatementRole = "rows" | "relation" | "write" | "lookup" | "readBack";

export interface StatementParameter {
  /** As PostgreSQL names it; undefined where the statement itself must tell. */
  readonly type: string | undefined;
  readonly source: StatementParameterSource;
}

export type StatementParameterSource =
  /** It stands in the call; in PostgreSQL's text form. */
  | { readonly kind: "literal"; readonly value: string | null; readonly span: Span | undefined }
  /** An expression of the call; `sample` is what it was compiled with where the plan depends on it. */
  | { readonly kind: "runtime"; readonly text: string; readonly span: Span; readonly sample: string | undefined }
  /** What an earlier statement gave; counted from 0, undefined when it may be one of several. */
  | { readonly kind: "earlier"; readonly statement: number | undefined; readonly column: string }
  /** Made by Prisma Client: a UUID, the time. */
  | { readonly kind: "generated"; readonly by: string };
