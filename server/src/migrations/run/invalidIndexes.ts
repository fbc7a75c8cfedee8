/** What CREATE INDEX CONCURRENTLY and its like leave behind when they fail: indexes that cost and serve nobody. */
import * as v from "valibot";
import type { MigrationSession } from "../../database/migrationSession.ts";
import { quoteIdentifier } from "../../model/names.ts";
import type { Statement } from "../../sql/syntax.ts";

export interface InvalidIndex {
  /** In full and quoted where need be, as SQL. */
  readonly name: string;
  readonly table: string;
}

const rowsSchema = v.array(v.object({ schema: v.string(), name: v.string(), table: v.string() }));

/** Those that a build which still runs elsewhere works on are left out. */
export async function invalidIndexes(session: MigrationSession): Promise<readonly InvalidIndex[]> {
  return v.parse(rowsSchema, await session.rows(query)).map(({ schema, name, table }) => ({ name: `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`, table }));
}

export async function dropInvalid(session: MigrationSession, name: string): Promise<void> {
  await session.send(`DROP INDEX CONCURRENTLY IF EXISTS ${name}`);
}

/** Names that a statement gives to indexes, as `invalidIndexes` writes them; in `schema` where it names none. */
export function touchedIndexes({ tree }: Statement, schema: string): readonly string[] {
  if (tree === undefined || !("IndexStmt" in tree)) return [];
  const { idxname, relation } = tree.IndexStmt;
  return idxname === undefined || idxname === "" ? [] : [`${quoteIdentifier(relation?.schemaname ?? schema)}.${quoteIdentifier(idxname)}`];
}

/** CREATE INDEX that leaves the name to PostgreSQL. */
export function isUnnamedIndexOn({ tree }: Statement, table: string): boolean {
  return tree !== undefined && "IndexStmt" in tree && (tree.IndexStmt.idxname ?? "") === "" && tree.IndexStmt.relation?.relname === table;
}

const query = `
  SELECT n.nspname::text AS schema, c.relname::text AS name, t.relname::text AS table
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class t ON t.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE NOT i.indisvalid AND c.relkind = 'i' AND n.nspname NOT LIKE 'pg\\_%'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid AND p.pid <> pg_backend_pid())`;
