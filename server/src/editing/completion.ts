/** What may be written at one place: an offer, before an editor shows it. */
import type { Span } from "../text/span.ts";

export type CompletionKind =
  | "table"
  | "view"
  | "column"
  | "schema"
  | "type"
  | "enum"
  | "value"
  | "function"
  | "constraint"
  | "alias"
  | "keyword"
  | "attribute"
  | "argument"
  | "model"
  | "field";

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Behind the label, in short; empty for nothing. */
  readonly detail: string;
  /** Replaces `span`. In a snippet `$1` and `$0` are where the cursor goes. */
  readonly insert: string;
  readonly isSnippet: boolean;
  /** From the beginning of what is typed up to the cursor, in the file. */
  readonly span: Span;
  /** The lower, the higher it stands in the list. */
  readonly rank: number;
}

/** More helps nobody, and takes an editor long to show. */
export const mostCompletions = 1_000;
