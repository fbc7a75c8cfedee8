/**
 * What a server's planner knows of tables: how many blocks and rows, and of each column how its values are spread. Values of
 * rows are among it, so it is for this process alone and is kept nowhere.
 */
import * as v from "valibot";
import { connect } from "./connection.ts";
import type { ConnectionSettings } from "./connectionSettings.ts";
import { inTransaction } from "./transaction.ts";

export interface PlannerStatistics {
  readonly relations: readonly RelationStatistics[];
  readonly columns: readonly ColumnSpread[];
}

/** Of a table or an index. */
export interface RelationStatistics {
  readonly schema: string;
  readonly name: string;
  /** Of 8 kB, as its files are now. */
  readonly blocks: number;
  /** -1: never counted. */
  readonly rows: number;
  /** Blocks in which every row is visible to everybody. */
  readonly visibleBlocks: number;
}

/** As pg_stats has them; lists in PostgreSQL's text form. https://www.postgresql.org/docs/current/view-pg-stats.html */
export interface ColumnSpread {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly isInherited: boolean;
  readonly nullFraction: number;
  /** Bytes. */
  readonly width: number;
  /** Negative: a share of the rows. */
  readonly distinct: number;
  readonly commonValues: string | null;
  readonly commonFrequencies: string | null;
  readonly histogram: string | null;
  readonly correlation: number | null;
  readonly commonElements: string | null;
  readonly commonElementFrequencies: string | null;
  readonly elementCounts: string | null;
}

/**
 * Of these tables with their partitions, indexes and columns, as far as the role may see them: columns that it may not read,
 * and tables under row-level security, have none.
 *
 * @throws DatabaseError as a query does.
 */
export async function plannerStatistics(settings: ConnectionSettings, tables: readonly { readonly schema: string; readonly name: string }[], signal?: AbortSignal): Promise<PlannerStatistics> {
  const connection = await connect(settings, { signal });
  try {
    return await inTransaction(connection, settings, "readOnly", async () => {
      // What is printed here is read by another server.
      await connection.query("SELECT set_config('DateStyle', 'ISO, YMD', true), set_config('IntervalStyle', 'postgres', true), set_config('TimeZone', 'UTC', true), set_config('extra_float_digits', '1', true), set_config('search_path', 'public', true)", []);
      const values = [tables.map(({ schema }) => schema), tables.map(({ name }) => name)];
      const relations = v.parse(v.array(relationRow), await connection.query(relationsQuery, values));
      const columns = v.parse(v.array(columnRow), await connection.query(columnsQuery, values));
      return { relations, columns };
    });
  } finally {
    await connection.close();
  }
}

const relationRow = v.object({ schema: v.string(), name: v.string(), blocks: v.number(), rows: v.number(), visibleBlocks: v.number() });

const text = v.nullable(v.string());

const columnRow = v.object({
  schema: v.string(),
  table: v.string(),
  column: v.string(),
  isInherited: v.boolean(),
  nullFraction: v.number(),
  width: v.number(),
  distinct: v.number(),
  commonValues: text,
  commonFrequencies: text,
  histogram: text,
  correlation: v.nullable(v.number()),
  commonElements: text,
  commonElementFrequencies: text,
  elementCounts: text,
});

const heaps = `
WITH RECURSIVE heap (oid) AS (
  SELECT c.oid
  FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
  JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema
  JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = wanted.name
  UNION
  SELECT i.inhrelid FROM heap JOIN pg_catalog.pg_inherits i ON i.inhparent = heap.oid
)`;

/** The length of the files, not relpages, is what a planner goes by. */
const relationsQuery = `${heaps}
SELECT n.nspname AS schema, c.relname AS name, (pg_catalog.pg_relation_size(c.oid) / current_setting('block_size')::int)::int AS blocks,
  c.reltuples::float8 AS rows, c.relallvisible AS "visibleBlocks"
FROM (SELECT oid FROM heap UNION SELECT x.indexrelid FROM pg_catalog.pg_index x JOIN heap ON heap.oid = x.indrelid) AS relation
JOIN pg_catalog.pg_class c ON c.oid = relation.oid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'm', 'i')`;

const columnsQuery = `${heaps}
SELECT s.schemaname AS schema, s.tablename AS table, s.attname AS column, s.inherited AS "isInherited", s.null_frac::float8 AS "nullFraction",
  s.avg_width AS width, s.n_distinct::float8 AS distinct, s.most_common_vals::text AS "commonValues", s.most_common_freqs::text AS "commonFrequencies",
  s.histogram_bounds::text AS histogram, s.correlation::float8 AS correlation, s.most_common_elems::text AS "commonElements",
  s.most_common_elem_freqs::text AS "commonElementFrequencies", s.elem_count_histogram::text AS "elementCounts"
FROM heap
JOIN pg_catalog.pg_class c ON c.oid = heap.oid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname`;
