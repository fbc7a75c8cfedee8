/** What is asked of a server before anything runs: who we are there, what we may, how large its tables are. Reads only. */
import * as v from "valibot";
import { DatabaseError } from "../../database/databaseError.ts";
import { parseAddress } from "../../database/address.ts";
import { readCatalog } from "../../database/catalog.ts";
import type { Environment } from "../../database/environment.ts";
import type { MigrationSession } from "../../database/migrationSession.ts";
import { openReadOnly } from "../../database/session.ts";
import { fromCatalog } from "../../model/fromCatalog.ts";
import { quoteIdentifier } from "../../model/names.ts";
import type { Schema } from "../../model/schema.ts";
import type { RunContext } from "./runContext.ts";

export interface ServerFacts {
  /** Host, port and database. */
  readonly target: string;
  readonly database: string;
  readonly role: string;
  /** `server_version_num`. */
  readonly version: number;
  readonly isReadOnly: boolean;
  readonly isPooled: boolean;
  readonly environment: Environment;
  /** What the environment rests on. */
  readonly because: string;
  /** Whether the role may make objects in a schema, by its name; only schemas that are there. */
  readonly canCreateIn: ReadonlyMap<string, boolean>;
  readonly canCreateSchemas: boolean;
  /** By key. */
  readonly tables: ReadonlyMap<string, TableFacts>;
  /** Tables in which other tools keep their history. */
  readonly foreignHistories: readonly string[];
}

export interface TableFacts {
  /** The planner's estimate; undefined when it was never analyzed. */
  readonly rows: number | undefined;
  /** With indexes. */
  readonly bytes: number;
  /** Whether the role owns it, and may change it. */
  readonly isOurs: boolean;
  readonly owner: string;
}

const factsSchema = v.tuple([v.object({ database: v.string(), role: v.string(), readonly: v.boolean(), creates: v.boolean() })]);
const schemasSchema = v.array(v.object({ name: v.string(), creates: v.boolean() }));
const tablesSchema = v.array(v.object({ key: v.string(), rows: v.number(), bytes: v.number(), ours: v.boolean(), owner: v.string() }));

export async function factsOf(session: MigrationSession, context: RunContext): Promise<ServerFacts> {
  const address = parseAddress(context.settings.url);
  const [facts] = v.parse(factsSchema, await session.rows(factsQuery));
  const schemas = v.parse(schemasSchema, await session.rows(schemasQuery));
  const tables = v.parse(tablesSchema, await session.rows(tablesQuery));
  return {
    target: session.target,
    database: facts.database,
    role: facts.role,
    version: session.serverVersion,
    isReadOnly: facts.readonly,
    isPooled: session.isPooled || address.isPooled,
    environment: context.environment ?? address.guess.environment,
    because: context.environment === undefined ? address.guess.because : "its connection says so",
    canCreateIn: new Map(schemas.map(({ name, creates }) => [name, creates])),
    canCreateSchemas: facts.creates,
    tables: new Map(tables.map(({ key, rows, bytes, ours, owner }) => [key, { rows: rows < 0 ? undefined : rows, bytes, isOurs: ours, owner }])),
    foreignHistories: tables.map(({ key }) => key).filter((key) => foreignHistory.test(key)),
  };
}

const foreignHistory = /\.(?:schema_migrations|flyway_schema_history|goose_db_version|pgmigrations|__drizzle_migrations|_sqlx_migrations|databasechangelog|knex_migrations|typeorm_migrations)$/;

/** What is in the database now, in the model's terms. */
export async function liveSchema(context: RunContext): Promise<Schema> {
  const session = await openReadOnly(context.settings);
  try {
    return fromCatalog(await readCatalog(session));
  } finally {
    await session.close();
  }
}

/** What may go: rows of a table, or values of a column. */
export interface Endangered {
  readonly table: { readonly schema: string; readonly name: string };
  readonly column: string | undefined;
  /** Only values that do not come back whole from this type go. */
  readonly through?: { readonly from: string; readonly to: string } | undefined;
  /** Queries that count exactly what goes, as `n`; the first one that PostgreSQL takes is right. */
  readonly counts?: readonly string[] | undefined;
}

/** How many rows a table has, or how many of them have a value in a column that may go; undefined when counting took too long. */
export async function countRows(session: MigrationSession, { table, column, through, counts = [] }: Endangered): Promise<number | undefined> {
  const where = column === undefined ? "" : ` WHERE ${isEndangered(quoteIdentifier(column), through)}`;
  for (const query of [...counts, `SELECT count(*)::float8 AS n FROM ${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}${where}`]) {
    await session.send("BEGIN READ ONLY");
    try {
      await session.rows("SELECT set_config('statement_timeout', '5000', true)");
      const [row] = v.parse(v.tuple([v.object({ n: v.number() })]), await session.rows(query));
      return row.n;
    } catch (error) {
      // A value that the new type does not take stops the migration, and nothing goes.
      if (through !== undefined && error instanceof DatabaseError && error.sqlState?.startsWith("22") === true) return 0;
      // Too large to count in time.
      if (!(error instanceof DatabaseError) || error.isOutage || error.sqlState === "57014") return undefined;
    } finally {
      await session.send("ROLLBACK");
    }
  }
  // Not there, or not ours to read: it is asked about without a number.
  return undefined;
}

function isEndangered(column: string, through: Endangered["through"]): string {
  return through === undefined ? `${column} IS NOT NULL` : `${column}::${through.to}::${through.from}::text <> ${column}::text`;
}

const factsQuery = `
  SELECT current_database()::text AS database, current_user::text AS role,
    pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool AS readonly,
    has_database_privilege(current_database(), 'CREATE') AS creates`;

const schemasQuery = `
  SELECT nspname::text AS name, has_schema_privilege(oid, 'CREATE') AS creates FROM pg_catalog.pg_namespace
  WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'`;

const tablesQuery = `
  SELECT n.nspname || '.' || c.relname AS key, c.reltuples::float8 AS rows, pg_total_relation_size(c.oid)::float8 AS bytes,
    pg_has_role(c.relowner, 'USAGE') AS ours, pg_get_userbyid(c.relowner)::text AS owner
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p', 'm', 'f') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')`;
