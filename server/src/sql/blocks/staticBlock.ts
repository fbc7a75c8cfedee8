/** What is read off a DO block: its own DDL with the conditions it stands under, and what its text alone does not tell. */
import type { Node } from "@pgsql/types";
import type { Span } from "../../text/span.ts";
import type { ExistenceTest } from "./existence.ts";

export interface StaticStatement {
  readonly text: string;
  readonly tree: Node;
  /** UTF-8 byte offset of `text` in the statement that holds it; add it to the offsets of `tree`. */
  readonly byteOffset: number;
  /** False when the text was computed, as by `EXECUTE format(…)`: then only `byteOffset` itself is a place. */
  readonly isVerbatim: boolean;
  /**
   * - `none`: runs whenever the block runs;
   * - `ifMissing`: runs unless the object exists already, as `IF NOT EXISTS` does;
   * - `conditional`: runs under a condition; when `tests` has none, the text alone does not decide it.
   */
  readonly guard: "none" | "ifMissing" | "conditional";
  /** Questions to the catalog that all must be answered with yes for the statement to run. */
  readonly tests: readonly ExistenceTest[];
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
