/**
 * Prisma Migrate on a database: Prisma's own schema engine (WebAssembly), which is all that decides and writes in
 * `prisma migrate deploy`, `status` and `resolve`, over connections of the test.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type ColumnType, ColumnTypeEnum, type SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import type pg from "pg";
import type { SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";
import type { TestDatabase } from "./postgres.ts";
import { engineFor } from "./schemaEngine.ts";

export interface PrismaMigrate {
  /** As `prisma migrate deploy`: the names that it applied. Rejects with what Prisma says. */
  deploy(): Promise<readonly string[]>;
  /** As `prisma migrate status`. */
  diagnose(): Promise<{ readonly failed: readonly string[]; readonly edited: readonly string[]; readonly history: unknown }>;
  resolve(name: string, as: "applied" | "rolledBack"): Promise<void>;
}

/** Over the folder as it is at each call. Each call is a session of its own, as each command is: the lock goes with it. */
export function prismaMigrate(database: TestDatabase, folder: string): PrismaMigrate {
  const filters = { externalTables: [], externalEnums: [] };
  const migrationsList = () => ({
    baseDir: folder,
    lockfile: { path: "migration_lock.toml", content: 'provider = "postgresql"\n' },
    shadowDbInitScript: "",
    migrationDirectories: readdirSync(folder)
      .filter((name) => statSync(join(folder, name)).isDirectory())
      .sort()
      .map((path) => ({ path, migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value: readFileSync(join(folder, path, "migration.sql"), "utf8") } } })),
  });
  const asking = async <T>(use: (engine: SchemaEngine) => Promise<T>): Promise<T> => {
    const client = await database.client();
    const connection = over(client);
    const connect = async (): Promise<SqlDriverAdapter> => connection;
    const engine = await engineFor({ provider: "postgres", adapterName: "over-pg", connect, connectToShadowDb: connect });
    try {
      return await use(engine);
    } finally {
      engine.free();
      await client.end();
    }
  };
  return {
    deploy: () => asking(async (engine) => (await engine.applyMigrations({ migrationsList: migrationsList(), filters })).appliedMigrationNames),
    diagnose: () =>
      asking(async (engine) => {
        const { failedMigrationNames, editedMigrationNames, history } = await engine.diagnoseMigrationHistory({ migrationsList: migrationsList(), optInToShadowDatabase: false, filters });
        return { failed: failedMigrationNames, edited: editedMigrationNames, history };
      }),
    resolve: (migrationName, as) =>
      asking(async (engine) => {
        if (as === "applied") await engine.markMigrationApplied({ migrationsList: migrationsList(), migrationName });
        else await engine.markMigrationRolledBack({ migrationName });
      }),
  };
}

/** One connection, scripts as they are: sent as one message, as Prisma's own engine sends them. */
export function over(client: pg.Client): SqlDriverAdapter {
  const query = (text: string, values: unknown[]): Promise<pg.QueryArrayResult<unknown[]>> => client.query<unknown[]>({ text, values, rowMode: "array" });
  return {
    provider: "postgres",
    adapterName: "over-pg",
    queryRaw: async ({ sql, args }) => {
      const { fields, rows } = await query(sql, args);
      return { columnNames: fields.map(({ name }) => name), columnTypes: fields.map(({ dataTypeID }) => types.get(dataTypeID) ?? ColumnTypeEnum.Text), rows: rows.map((row) => row.map((value) => (value instanceof Date ? value.toISOString() : value))) };
    },
    executeRaw: async ({ sql, args }) => (await query(sql, args)).rowCount ?? 0,
    executeScript: async (script) => void (await client.query(script)),
    startTransaction: async () => {
      throw new Error("A migration opens no transaction by itself.");
    },
    getConnectionInfo: () => ({ schemaName: "public", supportsRelationJoins: true }),
    dispose: async () => undefined,
  };
}

/** By type OID. */
const types: ReadonlyMap<number, ColumnType> = new Map([
  [16, ColumnTypeEnum.Boolean],
  [18, ColumnTypeEnum.Character],
  [20, ColumnTypeEnum.Int64],
  [21, ColumnTypeEnum.Int32],
  [23, ColumnTypeEnum.Int32],
  [1184, ColumnTypeEnum.DateTime],
  [1003, ColumnTypeEnum.TextArray],
  [1009, ColumnTypeEnum.TextArray],
]);
