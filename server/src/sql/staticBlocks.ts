/** What a DO block or a PL/pgSQL body does to the schema, as far as its text alone tells. */
import type { Node } from "@pgsql/types";
import type { Span } from "../text/span.ts";

export interface StaticStatement {
  readonly text: string;
  /** UTF-8 byte offset of `text` in the statement that holds it; add it to the offsets of the tree of `text`. */
  readonly byteOffset: number;
  /**
   * - `none`: runs whenever the block runs;
   * - `ifMissing`: runs unless the object exists already, as `IF NOT EXISTS` does;
   * - `conditional`: runs under a condition that the text alone does not decide.
   */
  readonly guard: "none" | "ifMissing" | "conditional";
}

export interface UnreadPart {
  /** For example "EXECUTE of a computed string", "loop". */
  readonly what: string;
  readonly reason: string;
  /** UTF-16 offsets in the text of the statement. */
  readonly span: Span;
}

export interface StaticBlock {
  readonly statements: readonly StaticStatement[];
  readonly unread: readonly UnreadPart[];
}

/** The static schema changes of a DO statement; `text` is the whole statement its tree was parsed from. */
export function staticStatements(_doStatement: Node, _text: string): StaticBlock {
  return { statements: [], unread: [] };
}
