/**
 * The queries behind the view of a database: what there is, how large, how much used. Named constants as those of the
 * catalog; where a name must stand in the text it is quoted here. For PostgreSQL 13 to 18.
 * https://www.postgresql.org/docs/current/monitoring-stats.html
 */
import { quoteIdentifier } from "../model/names.ts";

export interface OverviewQuery {
  /** `names` stand in the text, quoted; nothing else does. */
  text(...names: readonly string[]): string;
}

function constant(text: string): OverviewQuery {
  return { text: () => text };
}

const isShown = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/** Of a table with all that belongs to it, its partitions too. Waits for whoever locks the table, which the estimate does not. */
const size = "(SELECT COALESCE(sum(pg_total_relation_size(t.relid)), 0) FROM pg_partition_tree(c.oid) t)";
const ownSize = "CASE WHEN c.relkind IN ('r', 'm') THEN pg_total_relation_size(c.oid) WHEN c.relkind = 'p' THEN " + size + " ELSE 0 END";
const estimatedSize = `(
  SELECT (c.relpages::float8 + COALESCE(sum(i.relpages), 0)) * current_setting('block_size')::int
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
  WHERE x.indrelid = c.oid
)`;

function schemas(bytes: string): OverviewQuery {
  return constant(`
SELECT n.nspname AS name, count(c.oid)::int AS tables, COALESCE(sum(${bytes}) FILTER (WHERE NOT c.relispartition), 0)::float8 AS bytes
FROM pg_namespace n
LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relkind IN ('r', 'p', 'f', 'm', 'v')
WHERE ${isShown} AND has_schema_privilege(n.oid, 'USAGE')
GROUP BY n.oid, n.nspname
ORDER BY n.nspname <> 'public', n.nspname`);
}

function tables(bytes: string): OverviewQuery {
  return constant(`
SELECT c.relname AS name, c.relkind AS kind, c.relispartition AS "isPartition", (${bytes})::float8 AS bytes,
  CASE WHEN c.reltuples >= 0 THEN c.reltuples::float8 ELSE NULLIF(s.n_live_tup, 0)::float8 END AS rows,
  (SELECT count(*)::int FROM pg_index i WHERE i.indrelid = c.oid) AS indexes
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE n.nspname = $1 AND c.relkind IN ('r', 'p', 'f', 'm', 'v')
ORDER BY c.relname
LIMIT 5000`);
}

function indexes(definition: string): OverviewQuery {
  return constant(`
SELECT x.relname AS name, ${definition} AS definition,
  CASE WHEN x.relkind = 'I' THEN 0 ELSE x.relpages::float8 * current_setting('block_size')::int END AS bytes,
  COALESCE(s.idx_scan, 0)::float8 AS scans,
  (SELECT to_char(d.stats_reset AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM pg_stat_database d WHERE d.datname = current_database()) AS "statisticsSince",
  i.indisunique AS "isUnique", i.indisprimary AS "isPrimary", i.indisvalid AS "isValid"
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_index i ON i.indrelid = c.oid
JOIN pg_class x ON x.oid = i.indexrelid
LEFT JOIN pg_stat_user_indexes s ON s.indexrelid = x.oid
WHERE n.nspname = $1 AND c.relname = $2
ORDER BY NOT i.indisprimary, x.relname`);
}

export const overviewQueries = {
  server: constant(`
SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS "isStandby",
  COALESCE((SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user), false) AS "isSuperuser",
  pg_backend_pid() AS backend`),
  schemas: schemas(ownSize),
  estimatedSchemas: schemas(estimatedSize),
  tables: tables(ownSize),
  estimatedTables: tables(estimatedSize),
  columns: constant(`
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
  EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey)) AS "isKey"
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid
WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum`),
  indexes: indexes("pg_get_indexdef(x.oid)"),
  /** Their definitions wait for whoever locks the table. */
  indexesOfLocked: indexes("''"),
  statementsExtension: constant(`
SELECT n.nspname AS schema, pg_has_role('pg_read_all_stats', 'MEMBER') AS "readsAll"
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pg_stat_statements'`),
  statements: {
    text: (schema = "public") => `
SELECT left(s.query, 2000) AS text, s.calls::float8 AS calls, s.total_exec_time AS "totalMilliseconds", s.mean_exec_time AS "meanMilliseconds", s.rows::float8 AS rows
FROM ${quoteIdentifier(schema)}.pg_stat_statements s
WHERE s.dbid = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
  AND (s.query ~* '^(\\s|\\(|/\\*.*?\\*/|--[^\\n]*\\n)*(SELECT|INSERT|UPDATE|DELETE|MERGE|WITH|VALUES|TABLE)\\M' OR s.query = '<insufficient privilege>') AND s.query !~ '\\mpg_(catalog|namespace|class|stat_)|^\\s*SELECT (current_setting|set_config)\\('
ORDER BY s.total_exec_time DESC
LIMIT 20`,
  },
  count: { text: (schema = "", table = "") => `SELECT count(*)::float8 AS rows FROM ${quoteIdentifier(schema)}.${quoteIdentifier(table)}` },
} satisfies Readonly<Record<string, OverviewQuery>>;

export type OverviewQueryName = keyof typeof overviewQueries;
