/**
 * Extensions that histories create and the PostgreSQL at hand does not have, such as pgvector. The catalog gets an entry as the
 * real extension would make it, with the types that tables use; what needs its code (vector indexes) is left out.
 */
import type pg from "pg";
import { quoteIdentifier } from "../../server/src/model/names.ts";
import type { Statement } from "../../server/src/sql/syntax.ts";

/** Whether the server cannot run the statement at all: an index by an access method of an extension it lacks. */
export function isLeftOut(statement: Statement): boolean {
  if (statement.tree === undefined || !("IndexStmt" in statement.tree)) return false;
  return ["hnsw", "ivfflat"].includes(statement.tree.IndexStmt.accessMethod ?? "");
}

/** Creates a stand-in when the statement is a CREATE EXTENSION that the server has no files for; tells whether it did. */
export async function createdStandIn(client: pg.Client, statement: Statement): Promise<boolean> {
  if (statement.tree === undefined || !("CreateExtensionStmt" in statement.tree)) return false;
  const { extname, options } = statement.tree.CreateExtensionStmt;
  const name = extname ?? "";
  const { rows } = await client.query<{ known: boolean; schema: string }>(
    `SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = $1) OR EXISTS (SELECT FROM pg_extension WHERE extname = $1) AS known,
      current_schema() AS schema`,
    [name],
  );
  const [found] = rows;
  if (found === undefined || found.known) return false;
  const schema = schemaOption(options ?? []) ?? found.schema;
  await client.query("BEGIN; SET LOCAL allow_system_table_mods = on");
  await client.query(
    `WITH added AS (
      INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
      SELECT pg_nextoid('pg_extension', 'oid', 'pg_extension_oid_index'), $1, 10, n.oid, true, '0' FROM pg_namespace n WHERE n.nspname = $2
      RETURNING oid, extnamespace
    )
    INSERT INTO pg_depend (classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype)
    SELECT 'pg_extension'::regclass, oid, 0, 'pg_namespace'::regclass, extnamespace, 0, 'n' FROM added`,
    [name, schema],
  );
  for (const command of contents[name]?.(quoteIdentifier(schema)) ?? []) await client.query(command);
  await client.query("COMMIT");
  return true;
}

/** What an extension defines that tables use, given its schema as SQL text. */
const contents: Readonly<Record<string, (schema: string) => readonly string[]>> = {
  vector: (schema) => [
    `CREATE TYPE ${schema}.vector`,
    `CREATE FUNCTION ${schema}.vector_in(cstring, oid, integer) RETURNS ${schema}.vector LANGUAGE internal IMMUTABLE STRICT AS 'varcharin'`,
    `CREATE FUNCTION ${schema}.vector_out(${schema}.vector) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varcharout'`,
    `CREATE TYPE ${schema}.vector (INPUT = ${schema}.vector_in, OUTPUT = ${schema}.vector_out, TYPMOD_IN = bittypmodin, TYPMOD_OUT = bittypmodout)`,
    `ALTER EXTENSION vector ADD TYPE ${schema}.vector`,
    `ALTER EXTENSION vector ADD FUNCTION ${schema}.vector_in(cstring, oid, integer)`,
    `ALTER EXTENSION vector ADD FUNCTION ${schema}.vector_out(${schema}.vector)`,
  ],
};

function schemaOption(options: readonly object[]): string | undefined {
  for (const option of options) {
    const text = JSON.stringify(option);
    const match = /"defname":"schema".*?"sval":"([^"]*)"/.exec(text);
    if (match?.[1] !== undefined) return match[1];
  }
  return undefined;
}
