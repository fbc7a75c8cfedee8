/** What a query asks of a table, once for each time that it stands in a FROM: what indexes could help with. */
import type { Expression, Table } from "../model/schema.ts";

/** A column, or an expression over columns of one table. */
export type Key = { readonly column: string } | { readonly expression: Expression };

/** One condition that rows must meet. */
export type Test =
  | {
      readonly kind: "equal";
      readonly key: Key;
      /** `join`: a column of another table, so a value for each of its rows. */
      readonly by: "value" | "list" | "join";
      /** The whole condition, where it is for constants, so that an index could hold these rows only. */
      readonly constant: Expression | undefined;
    }
  | { readonly kind: "range"; readonly key: Key; readonly by: "value" | "join"; readonly constant: Expression | undefined }
  /** LIKE and regular expressions. `unknown`: a parameter, which may begin with a wildcard. */
  | { readonly kind: "pattern"; readonly key: Key; readonly pattern: "prefix" | "anywhere"; readonly ignoresCase: boolean }
  /** Operators over parts of a value: `@>`, `&&`, `?`, `@@`. */
  | { readonly kind: "parts"; readonly key: Key; readonly operator: string }
  /** Serves no index but a partial one. */
  | { readonly kind: "constant"; readonly constant: Expression };

export interface OrderKey {
  readonly key: Key;
  readonly direction: "asc" | "desc";
  readonly nulls: "first" | "last";
}

export interface Order {
  readonly keys: readonly OrderKey[];
  /** Whether the first rows are enough. */
  readonly isLimited: boolean;
}

export interface TableUse {
  readonly table: Table;
  /** All have to hold. */
  readonly tests: Test[];
  /** The branches of an OR over this table, each a list of tests. */
  readonly alternatives: Test[][];
  readonly orders: Order[];
  /** GROUP BY, DISTINCT: any order of these does. */
  readonly groups: (readonly Key[])[];
  /** Columns that are read; undefined when all are, or the row itself is needed. */
  needed: Set<string> | undefined;
}

export function keyText(key: Key): string {
  return "column" in key ? `"${key.column}` : key.expression.canonical;
}

export function columnsOfKey(key: Key): readonly string[] {
  return "column" in key ? [key.column] : key.expression.columns;
}
