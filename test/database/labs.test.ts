import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type Lab, type LabAnswer, Labs } from "../../server/src/lab/labs.ts";
import type { CheckedProject } from "../../server/src/workspace/checkedProject.ts";
import { finish } from "../../server/src/workspace/steps.ts";
import { schemaEngineWorker } from "../../server/src/workspace/assets.ts";
import { scratchOptions } from "../support/scratch.ts";
import { TestWorkspace } from "../support/workspaceOf.ts";

const init = "prisma/migrations/20240101000000_init/migration.sql";
const next = "prisma/migrations/20240102000000_next/migration.sql";
const schema = "prisma/schema.prisma";
const datasource = `datasource db {\n  provider = "postgresql"\n}\n`;

describe("the labs of a workspace", function () {
  this.timeout(240_000);

  let labs: Labs;
  let cache: string;

  before(async () => {
    cache = mkdtempSync(join(tmpdir(), "labs-"));
    const scratch = await scratchOptions();
    const schemaEngine = { worker: schemaEngineWorker, assets: scratch.assets };
    labs = new Labs({ scratch: { ...scratch, cache }, schemaEngine });
  });

  after(async () => {
    await labs.close();
    rmSync(cache, { recursive: true, force: true });
  });

  it("build a project from its history, as far as it goes up", async () => {
    const lab = opened(await labs.database(await project({ [init]: "CREATE TABLE a (id int);\nCREATE TABLE b (id int)" })));
    assert.deepEqual(await tablesOf(lab), ["a", "b"]);
    assert.deepEqual(lab.complaints, []);
    assert.deepEqual(lab.statements, ["CREATE TABLE a (id int)", "CREATE TABLE b (id int)"]);
  });

  it("build a project without a history from its Prisma schema", async () => {
    const lab = opened(await labs.database(await project({ [schema]: `${datasource}model User {\n  id Int @id\n  email String @unique\n}\n` })));
    assert.deepEqual(await tablesOf(lab), ["User"]);
  });

  it("have no database for a Prisma schema with errors, and say why", async () => {
    const answer = await labs.database(await project({ [schema]: `${datasource}model User {\n  id Nothing @id\n}\n` }));
    assert.ok(!answer.ok && /The Prisma schema has errors.*Nothing/s.test(answer.reason), JSON.stringify(answer));
  });

  it("give the same database to all who ask, and another one when the texts have changed", async () => {
    const texts = { [init]: "CREATE TABLE one (id int)" };
    const [a, b] = (await Promise.all([labs.database(await project(texts)), labs.database(await project(texts))])).map(opened);
    assert.equal(a?.database, b?.database);
    const changed = opened(await labs.database(await project({ ...texts, [next]: "CREATE TABLE two (id int)" })));
    assert.notEqual(changed.database, a?.database);
    assert.deepEqual(await tablesOf(changed), ["one", "two"]);
    await delay(50);
    assert.equal(a?.database.isUp, false, "the old one rests");
  });

  it("name what the embedded PostgreSQL cannot do, and have the rest", async () => {
    const lab = opened(await labs.database(await project({ [init]: "CREATE EXTENSION postgis;\nCREATE TABLE places (at geometry);\nCREATE TABLE people (id int)" })));
    assert.deepEqual(lab.complaints, [
      "20240101000000_init/migration.sql: the scratch database has no extension postgis.",
      '20240101000000_init/migration.sql: the scratch database does without a statement: type "geometry" does not exist',
    ]);
    assert.deepEqual(await tablesOf(lab), ["people"]);
  });

  it("lose one statement of a transaction, not all of it, and what was rolled back", async () => {
    const lab = opened(await labs.database(await project({ [init]: "BEGIN;\nCREATE TABLE a (id int DEFAULT nobody_made_it());\nCREATE TABLE b (id int);\nCOMMIT;\nBEGIN;\nCREATE TABLE c (id int);\nROLLBACK;\nCREATE TABLE d (id int);" })));
    assert.deepEqual(lab.complaints, ["20240101000000_init/migration.sql: the scratch database does without a statement: function nobody_made_it() does not exist"]);
    assert.deepEqual(await tablesOf(lab), ["b", "d"]);
  });

  it("leave out what undoes a migration", async () => {
    const lab = opened(await labs.database(await project({ "migrations/1_a.sql": "-- +goose Up\nCREATE TABLE a (id int);\n-- +goose Down\nDROP TABLE a;\n", "migrations/2_b.sql": "CREATE TABLE b (id int)" })));
    assert.deepEqual(await tablesOf(lab), ["a", "b"]);
  });

  it("are called off", async () => {
    const stop = new AbortController();
    const asked = labs.database(await project({ [init]: "CREATE TABLE slow (id int)" }), stop.signal);
    stop.abort();
    assert.deepEqual(await asked, { ok: false, reason: "Canceled." });
    assert.deepEqual(await tablesOf(opened(await labs.database(await project({ [init]: "CREATE TABLE slow (id int)" })))), ["slow"]);
  });

  it("keep what took long to build, by content", async () => {
    const many = Array.from({ length: 60 }, (_, i) => `CREATE TABLE t${i} (id int)`).join(";\n");
    await labs.database(await project({ [init]: many }));
    assert.equal(readdirSync(cache).filter((name) => name.endsWith(".tar.br")).length, 1);
  });
});

async function project(files: Readonly<Record<string, string>>): Promise<CheckedProject> {
  const snapshot = (await TestWorkspace.of(files)).workspace.snapshot();
  const [first] = finish(snapshot.projects());
  assert.ok(first !== undefined);
  return finish(snapshot.check(first));
}

function opened(answer: LabAnswer): Lab {
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer;
}

async function tablesOf({ database }: Lab): Promise<readonly unknown[]> {
  const result = await database.query("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1");
  assert.ok(result.ok);
  return result.value.map((row) => (typeof row === "object" && row !== null && "relname" in row ? row.relname : undefined));
}
