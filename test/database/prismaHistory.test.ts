/** What Prisma's own schema engine writes into `_prisma_migrations`, and that we know its migrations by the same digest. */
import assert from "node:assert/strict";
import type { SqlDriverAdapter } from "@prisma/driver-adapter-utils";
import { checksumOf } from "../../server/src/migrations/checksum.ts";
import { over } from "../support/prismaMigrate.ts";
import { engineFor } from "../support/schemaEngine.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

describe("Prisma's record of migrations", function () {
  this.timeout(240_000);

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
