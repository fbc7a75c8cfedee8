/** What Prisma's own schema engine writes into `_prisma_migrations`, and that we know its migrations by the same digest. */
import assert from "node:assert/strict";
import type { SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import { type ColumnType, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import type pg from "pg";
import { checksumOf } from "../../server/src/migrations/checksum.ts";
import { engineFor } from "../support/schemaEngine.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

describe("Prisma's record of migrations", function () {
  this.timeout(60_000);

  const texts = {
    "20240101000000_plain": "CREATE TABLE a (id int PRIMARY KEY);\n",
    "20240102000000_windows": "CREATE TABLE b (id int PRIMARY KEY);\r\nCREATE INDEX i ON b (id);\r\n",
    "20240103000000_unicode": "-- Größe: 漢字 🙂\nCREATE TABLE c (id int PRIMARY KEY);",
  };

  it("holds the digests that we compute", async () => {
    const database = await (await sharedPostgres(15)).createDatabase();
    const client = await database.client();
    const connection = over(client);
    const connect = async (): Promise<SqlDriverAdapter> => connection;
    const engine = await engineFor({ provider: "postgres", adapterName: "over-pg", connect, connectToShadowDb: connect });
    try {
      const migrationDirectories = Object.entries(texts).map(([path, value]) => ({ path, migrationFile: { path: "migration.sql", content: { tag: "ok" as const, value } } }));
      const lockfile = { path: "migration_lock.toml", content: 'provider = "postgresql"\n' };
      await engine.applyMigrations({ migrationsList: { baseDir: "/migrations", lockfile, shadowDbInitScript: "", migrationDirectories }, filters: { externalTables: [], externalEnums: [] } });
      const { rows } = await client.query<{ migration_name: string; checksum: string; done: boolean }>("SELECT migration_name, checksum, finished_at IS NOT NULL AS done FROM _prisma_migrations ORDER BY 1");
      assert.deepEqual(rows, Object.entries(texts).map(([name, text]) => ({ migration_name: name, checksum: checksumOf(text), done: true })));
    } finally {
      engine.free();
      await client.end();
      await database.drop();
    }
  });
});

/** One connection, scripts as they are. */
function over(client: pg.Client): SqlDriverAdapter {
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
