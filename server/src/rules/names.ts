/** How findings name what they are about: subjects in full, messages as people say it. */
import type { Table } from "../model/schema.ts";

export { wordsOf } from "../model/names.ts";

/** `schema.table(column, column)`. */
export function subjectOfColumns(table: Table, columns: readonly string[]): string {
  return `${table.key}(${listOf(columns)})`;
}

/** `schema.table.constraint_or_index`. */
export function subjectOfPart(table: Table, name: string): string {
  return `${table.key}.${name}`;
}

/** The table in a message: with its schema unless that is `public`. */
export function say(table: { readonly schema: string; readonly name: string }): string {
  return table.schema === "public" ? table.name : `${table.schema}.${table.name}`;
}

/** Columns of a table in a message: `orders(account_id)`. */
export function sayColumns(table: { readonly schema: string; readonly name: string }, columns: readonly string[]): string {
  return `${say(table)}(${listOf(columns)})`;
}

/** Nearly always one name: thousands of findings are made at every keystroke. */
function listOf(columns: readonly string[]): string {
  return columns.length === 1 ? (columns[0] ?? "") : columns.join(", ");
}
