/** What PostgreSQL knows of the values of columns, and of how fresh that is: for suggesting values, and for what plans tell. */
import * as v from "valibot";
import { connect } from "./connection.ts";
import type { ConnectionSettings } from "./connectionSettings.ts";
import { DatabaseError } from "./databaseError.ts";
import { inTransaction } from "./transaction.ts";

export interface ColumnName {
  /** Undefined: what the search path finds. */
  readonly schema: string | undefined;
  readonly table: string;
  readonly column: string;
}

export interface ColumnStatistics extends ColumnName {
  readonly schema: string;
  /** Share of all rows, 0 to 1. */
  readonly nulls: number;
  /** In PostgreSQL's text form, the most common first. */
  readonly common: readonly { readonly value: string; readonly share: number }[];
  /** Ends and middles of equally filled ranges, in order; without the common values. */
  readonly bounds: readonly string[];
}

export interface TableFreshness {
  readonly schema: string;
  readonly table: string;
  readonly rows: number;
  readonly modifiedSinceAnalyze: number;
  readonly isAnalyzed: boolean;
}

/** With $1, $2, $3: schemas (or null), tables and columns, side by side. Values longer than anybody would choose are left out. */
export const columnStatisticsQuery = `
SELECT s.schemaname::text AS "schema", s.tablename::text AS "table", s.attname::text AS "column", s.null_frac::float8 AS "nulls",
  array_to_json((s.most_common_vals::text::text[])[1:8])::text AS "values", array_to_json((s.most_common_freqs)[1:8])::text AS "shares",
  array_to_json((s.histogram_bounds::text::text[]))::text AS "bounds"
FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (schema, name, attribute)
JOIN pg_catalog.pg_stats s ON s.tablename = wanted.name AND s.attname = wanted.attribute
WHERE s.schemaname = wanted.schema OR wanted.schema IS NULL AND s.schemaname = ANY (pg_catalog.current_schemas(false))`;

const freshnessQuery = `
SELECT s.schemaname::text AS "schema", s.relname::text AS "table", greatest(c.reltuples, 0)::float8 AS "rows", s.n_mod_since_analyze::float8 AS "modified",
  s.last_analyze IS NOT NULL OR s.last_autoanalyze IS NOT NULL AS "analyzed"
FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
JOIN pg_catalog.pg_stat_user_tables s ON s.relname = wanted.name
JOIN pg_catalog.pg_class c ON c.oid = s.relid
WHERE s.schemaname = wanted.schema OR wanted.schema IS NULL AND s.schemaname = ANY (pg_catalog.current_schemas(false))`;

/**
 * Of the columns and tables, as far as this user may know.
 *
 * @throws DatabaseError as a query does.
 */
export async function readStatistics(
  settings: ConnectionSettings,
  columns: readonly ColumnName[],
  tables: readonly Omit<ColumnName, "column">[],
): Promise<{ readonly columns: readonly ColumnStatistics[]; readonly tables: readonly TableFreshness[] }> {
  const connection = await connect(settings);
  try {
    return await inTransaction(connection, settings, "readOnly", async () => ({
      columns: columnStatisticsIn(await connection.query(columnStatisticsQuery, columnParameters(columns))),
      tables: freshnessIn(await connection.query(freshnessQuery, [tables.map(({ schema }) => schema ?? null), tables.map(({ table }) => table)])),
    }));
  } finally {
    await connection.close();
  }
}

/** What `columnStatisticsQuery` takes. */
export function columnParameters(columns: readonly ColumnName[]): readonly unknown[] {
  return [columns.map(({ schema }) => schema ?? null), columns.map(({ table }) => table), columns.map(({ column }) => column)];
}

/**
 * The rows of `columnStatisticsQuery`.
 *
 * @throws DatabaseError when they have another shape.
 */
export function columnStatisticsIn(rows: readonly unknown[]): readonly ColumnStatistics[] {
  return parsed(v.array(columnRow), rows).map(({ schema, table, column, nulls, values, shares, bounds }) => {
    const known = values ?? [];
    const common = known.flatMap((value, i) => (value.length > longestValue ? [] : [{ value, share: shares?.[i] ?? 0 }]));
    return { schema, table, column, nulls, common, bounds: (bounds ?? []).filter((value) => value.length <= longestValue) };
  });
}

const longestValue = 200;

function freshnessIn(rows: readonly unknown[]): readonly TableFreshness[] {
  return parsed(v.array(freshnessRow), rows).map(({ schema, table, rows: count, modified, analyzed }) => ({ schema, table, rows: count, modifiedSinceAnalyze: modified, isAnalyzed: analyzed }));
}

/** JSON as text: drivers and PGlite take arrays apart in ways of their own. */
function jsonOf<Item>(item: v.GenericSchema<unknown, Item>): v.GenericSchema<unknown, readonly Item[] | null> {
  return v.nullable(v.pipe(v.string(), v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      const value: unknown = JSON.parse(dataset.value);
      return v.parse(v.array(item), value);
    } catch {
      addIssue({ message: "is no list" });
      return NEVER;
    }
  })));
}

const columnRow = v.object({
  schema: v.string(),
  table: v.string(),
  column: v.string(),
  nulls: v.number(),
  values: jsonOf(v.string()),
  shares: jsonOf(v.number()),
  bounds: jsonOf(v.string()),
});

const freshnessRow = v.object({ schema: v.string(), table: v.string(), rows: v.number(), modified: v.number(), analyzed: v.boolean() });

function parsed<Output>(shape: v.GenericSchema<unknown, Output>, rows: readonly unknown[]): Output {
  const result = v.safeParse(shape, rows);
  if (result.success) return result.output;
  throw new DatabaseError("The server's statistics have an unexpected shape.");
}
