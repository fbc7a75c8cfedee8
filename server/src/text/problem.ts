/** A parse error: what a parser could not understand, and where. Never an exception: users type. */
import type { Span } from "./span.ts";

export interface Problem {
  readonly span: Span;
  /** Names the thing, says what is wrong and what to do. */
  readonly message: string;
  readonly severity: "error" | "warning" | "information";
  /** Stable identifier such as `sql-syntax`, `prisma-syntax`, `file-set-aside`. */
  readonly code: string;
  /** Who says so, if not this product. */
  readonly source?: "PostgreSQL";
  /** What was probably meant: it would stand in place of what stands at `span`. */
  readonly instead?: string;
}
