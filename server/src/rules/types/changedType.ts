/** The fix of every rule that wants a column to have another type: the columns tied to it change with it, or none does. */
import type { TypedColumn } from "../../edits/intent.ts";
import { columnsWhere, isImplied, type PlacedColumn, viewsReading } from "../../model/queries.ts";
import type { Expression, PgType, Schema } from "../../model/schema.ts";
import type { Fix } from "../rule.ts";

export interface TypeChange {
  /** What has the new type afterwards, with new defaults where the old ones do not fit it. */
  readonly columns: readonly TypedColumn[];
  readonly type: PgType;
  readonly title: string;
  /** How existing values become the new type, as SQL with `$` for the column; PostgreSQL's own cast unless said. */
  readonly using?: string | undefined;
}

/** Undefined where PostgreSQL changes the type of one of the columns by no statement of its own. */
export function changedType(schema: Schema, { columns, type, title, using }: TypeChange): Fix | undefined {
  if (columns.some((at) => !isImplied(at.column) && hasFixedType(at))) return undefined;
  return { title, safety: "review", intent: { do: "setColumnType", columns, type, using, readBy: viewsReading(schema, columns) } };
}

/**
 * A column that partitions are cut by, that is computed from others or that the table gets from a parent; and one that a
 * policy, a trigger or a generated column reads. https://www.postgresql.org/docs/current/sql-altertable.html
 */
function hasFixedType({ table, column }: PlacedColumn): boolean {
  if (table.partitionOf !== undefined || column.generated !== undefined) return true;
  if (table.inherits.length > 0 && isImplied(column)) return true;
  const reads = (expression: Expression | undefined): boolean => expression?.columns.includes(column.name) === true;
  return (
    table.partitionBy?.keys.some((key) => key.column === column.name || reads(key.expression)) === true ||
    table.policies.some(({ using, withCheck }) => reads(using) || reads(withCheck)) ||
    table.triggers.some(({ when, updateOf }) => reads(when) || updateOf.includes(column.name)) ||
    columnsWhere(table, ({ generated }) => reads(generated?.expression)).length > 0
  );
}
