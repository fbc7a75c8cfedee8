/** What was found out about a way back, and what it was found out from. */
import type { FoldedSql } from "../model/fromSql.ts";
import type { Schema } from "../model/schema.ts";
import type { SqlFile } from "../sql/syntax.ts";
import type { Problem } from "../text/problem.ts";

export interface WayBackCheck {
  readonly file: SqlFile;
  readonly problems: readonly Problem[];
  readonly before: Schema;
  /** The history with the way back behind it. */
  readonly undone: FoldedSql;
}
