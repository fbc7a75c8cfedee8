/** What a database holds, as lines: two databases with the same lines are the same to people. Histories of migrations are left out. */
import type { TestDatabase } from "./postgres.ts";

const query = `
SELECT line FROM (
  SELECT 'column ' || c.oid::regclass || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '') AS line
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relkind IN ('r', 'p', 'v', 'm')
  UNION ALL SELECT 'index ' || pg_get_indexdef(indexrelid) || ' ' || indisvalid FROM pg_index
  UNION ALL SELECT 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || ' ' || convalidated FROM pg_constraint WHERE conrelid <> 0
  UNION ALL SELECT 'enum ' || enumtypid::regtype || ' ' || string_agg(enumlabel, ', ' ORDER BY enumsortorder) FROM pg_enum GROUP BY enumtypid
  UNION ALL SELECT 'schema ' || nspname FROM pg_namespace WHERE nspname NOT LIKE 'pg\\_%' AND nspname NOT IN ('information_schema', 'database_architect')
) lines
WHERE line !~ '^(column|index|constraint) .*(pg_catalog\\.|pg_toast\\.|information_schema\\.|_prisma_migrations|database_architect\\.)' AND line !~ '^(column|constraint|index) (pg_|sql_)'
ORDER BY line`;

export async function catalogLines(database: TestDatabase): Promise<readonly string[]> {
  const client = await database.client();
  const { rows } = await client.query<{ line: string }>(query);
  await client.end();
  return rows.map(({ line }) => line);
}
