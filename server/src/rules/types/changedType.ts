/** The fix of every rule that wants a column to have another type: the columns tied to it change with it, or none does. */
import type { TypedColumn } from "../../edits/intent.ts";
import { isImplied, type PlacedColumn, viewsReading } from "../../model/queries.ts";
import type { PgType, Schema } from "../../model/schema.ts";
import type { Fix } from "../rule.ts";

export interface TypeChange {
  /** What has the new type afterwards, with new defaults where the old ones do not fit it. */
  readonly columns: readonly TypedColumn[];
  readonly type: PgType;
  readonly title: string;
  /** How existing values become the new type, as SQL with `$` for the column; PostgreSQL's own cast unless said. */
  readonly using?: string;
}

/** Undefined where PostgreSQL changes the type of one of the columns by no statement of its own. */
export function changedType(schema: Schema, { columns, type, title, using }: TypeChange): Fix | undefined {
  if (columns.some((at) => !isImplied(at.column) && hasFixedType(at))) return undefined;
  return { title, safety: "review", intent: { do: "setColumnType", columns, type, using, readBy: viewsReading(schema, columns) } };
}

/** A column that partitions are cut by, that is computed from others, or that the table gets from a parent of its own. */
export function hasFixedType({ table, column }: PlacedColumn): boolean {
  if (table.partitionOf !== undefined || column.generated !== undefined) return true;
  if (table.inherits.length > 0 && isImplied(column)) return true;
  return (
    table.partitionBy?.keys.some((key) => key.column === column.name || key.expression?.columns.includes(column.name) === true) === true
  );
}
