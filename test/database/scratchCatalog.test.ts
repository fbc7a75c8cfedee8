import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { scratchAssets } from "../../scripts/support/scratchAssets.mjs";
import { readCatalog } from "../../server/src/database/catalog.ts";
import { openReadOnly } from "../../server/src/database/session.ts";
import { fromCatalog } from "../../server/src/model/fromCatalog.ts";
import { SchemaEngine } from "../../server/src/prisma/schemaEngine.ts";
import { scratchCatalog } from "../../server/src/scratch/scratchCatalog.ts";
import { ScratchDatabase } from "../../server/src/scratch/scratchDatabase.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { schemaEngineWorker } from "../../server/src/workspace/assets.ts";
import { compareSchemas, formatDifference } from "../support/compareSchemas.ts";
import { migrated } from "../support/migratedSample.ts";
import { crm } from "../support/samples.ts";
import { scratchOptions } from "../support/scratch.ts";

describe("the catalog of a scratch database", function () {
  this.timeout(240_000);
  before(loadSqlParser);

  it("is that of a PostgreSQL server with the same history", async () => {
    const statements = crm.migrations.flatMap(({ name, text }) => parseSql(name, text).statements.map((statement) => statement.text));
    const scratch = new ScratchDatabase(await scratchOptions(), statements);
    const server = await migrated(crm, 18);
    try {
      const built = await scratch.build();
      assert.ok(built.ok, JSON.stringify(built));
      assert.deepEqual(built.value.filter(({ kind }) => kind !== "done"), []);
      const session = await openReadOnly({ url: server.url });
      const expected = await readCatalog(session);
      await session.close();
      const result = await scratchCatalog(scratch);
      assert.ok(result.ok, JSON.stringify(result));
      assert.ok(result.value.relations.length > 10);
      assert.deepEqual(compareSchemas(fromCatalog(result.value), fromCatalog(expected)).map(formatDifference), []);
    } finally {
      await scratch.close();
      await server.drop();
    }
  });

  it("is the same when the database is read back from where it was kept, and built anew where that is broken", async () => {
    const statements = crm.migrations.flatMap(({ name, text }) => parseSql(name, text).statements.map((statement) => statement.text));
    const cache = mkdtempSync(join(tmpdir(), "database-architect-kept-"));
    const catalogs: unknown[] = [];
    try {
      for (const round of ["built", "read back", "broken"]) {
        if (round === "broken") for (const file of readdirSync(cache)) if (file.endsWith(".br")) writeFileSync(join(cache, file), "nothing");
        const scratch = new ScratchDatabase({ ...(await scratchOptions()), cache }, statements);
        const built = await scratch.build();
        assert.ok(built.ok && built.value.length === statements.length, round);
        const result = await scratchCatalog(scratch);
        assert.ok(result.ok, JSON.stringify(result));
        catalogs.push(result.value);
        await scratch.close();
        assert.equal(readdirSync(cache).length, 2);
      }
      assert.deepEqual(catalogs[1], catalogs[0]);
      assert.deepEqual(catalogs[2], catalogs[0]);
    } finally {
      rmSync(cache, { recursive: true });
    }
  });

  it("is that of a Prisma schema, through the schema engine", async () => {
    const worker = schemaEngineWorker;
    const engine = new SchemaEngine({ worker, assets: pathToFileURL(`${await scratchAssets()}/`) });
    const schema = 'datasource db {\n  provider = "postgresql"\n  url = env("X")\n}\nmodel User {\n  id Int @id\n  email String @unique\n}\n';
    try {
      const script = await engine.script(undefined, [["schema.prisma", schema]]);
      assert.ok(script.ok, JSON.stringify(script));
      const scratch = new ScratchDatabase(await scratchOptions(), parseSql("", script.sql).statements.map(({ text }) => text));
      const result = await scratchCatalog(scratch);
      await scratch.close();
      assert.ok(result.ok, JSON.stringify(result));
      assert.deepEqual(result.value.columns.map(({ name }) => name).sort(), ["email", "id"]);
      const changed = await engine.script([["a.prisma", schema]], [["a.prisma", schema.replace("email", "mail String?\n  email")]]);
      assert.deepEqual(changed, { ok: true, sql: '-- AlterTable\nALTER TABLE "User" ADD COLUMN     "mail" TEXT;\n' });
      assert.deepEqual(await engine.script([["a.prisma", schema]], [["b.prisma", schema]]), { ok: true, sql: "" });
      const broken = await engine.script(undefined, [["a.prisma", schema.replace("Int", "Nothing")]]);
      assert.ok(!broken.ok && /Nothing/.test(broken.reason), JSON.stringify(broken));
      assert.equal((await engine.script(undefined, [["schema.prisma", schema]])).ok, true);
    } finally {
      await engine.close();
    }
  });
});
