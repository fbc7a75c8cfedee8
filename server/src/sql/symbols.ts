/** The outline of an SQL file: its statements by the object they define or change. */
import type { Span } from "../text/span.ts";
import type { SqlFile } from "./syntax.ts";

export type SqlSymbolKind =
  | "table"
  | "column"
  | "constraint"
  | "index"
  | "view"
  | "materializedView"
  | "function"
  | "procedure"
  | "trigger"
  | "policy"
  | "enum"
  | "enumValue"
  | "domain"
  | "type"
  | "sequence"
  | "schema"
  | "extension"
  | "block"
  | "query"
  | "statement";

export interface SqlSymbol {
  readonly kind: SqlSymbolKind;
  readonly name: string;
  /** What happens to it: `CREATE TABLE`, `ALTER TABLE`, or a column's type. */
  readonly detail: string;
  readonly span: Span;
  /** Inside `span`. */
  readonly nameSpan: Span;
  readonly children: readonly SqlSymbol[];
}

export function sqlSymbols(_file: SqlFile): SqlSymbol[] {
  return [];
}
