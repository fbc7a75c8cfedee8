/** Which files of a workspace make up which project. */
import assert from "node:assert/strict";
import { finish } from "../../../server/src/workspace/steps.ts";
import { TestWorkspace } from "../../support/workspaceOf.ts";

const datasource = 'datasource db {\n  provider = "postgresql"\n}\n';
const table = "CREATE TABLE a (id bigint PRIMARY KEY);";

/** Name, number of schema files, kind of history with its number of files. */
async function projectsOf(files: Readonly<Record<string, string>>, settings: unknown = {}): Promise<readonly string[]> {
  const test = await TestWorkspace.of(files);
  test.settings(settings);
  return finish(test.workspace.snapshot().projects()).map(({ name, schemaUris, history }) => {
    const past = history === undefined ? "no history" : `${history.kind} ${history.uris.length}`;
    return `${name}: ${schemaUris.length}, ${past}`;
  });
}

async function noticesOf(files: Readonly<Record<string, string>>, settings: unknown = {}): Promise<readonly string[]> {
  const test = await TestWorkspace.of(files);
  test.settings(settings);
  return finish(test.workspace.snapshot().notices());
}

describe("A project", () => {
  it("is a Prisma schema with the migrations beside it", async () => {
    const files = {
      "package.json": "{}",
      "prisma/schema.prisma": datasource,
      "prisma/migrations/1_a/migration.sql": table,
      "prisma/migrations/2_b/migration.sql": "",
    };
    assert.deepEqual(await projectsOf(files), ["workspace: 1, prisma 2"]);
  });

  it("is a schema folder with the migrations folder next to it", async () => {
    const files = { "app/schema/schema.prisma": datasource, "app/migrations/1_a/migration.sql": table };
    assert.deepEqual(await projectsOf(files), ["workspace: 1, prisma 1"]);
  });

  it("does not take the migrations of another schema", async () => {
    const files = {
      "a/schema/schema.prisma": datasource,
      "a/migrations/1_a/migration.sql": table,
      "b/schema/schema.prisma": datasource,
      "c/migrations/1_c/migration.sql": table,
    };
    assert.deepEqual(await projectsOf(files), [
      "workspace/a/schema: 1, prisma 1",
      "workspace/b/schema: 1, no history",
      "workspace/c/migrations: 0, prisma 1",
    ]);
  });

  it("leaves migrations alone that could be of either of two schemas", async () => {
    const files = { "x/one.prisma": datasource, "y/two.prisma": datasource, "migrations/1_a/migration.sql": table };
    assert.deepEqual(await projectsOf(files), [
      "workspace/x/one.prisma: 1, no history",
      "workspace/y/two.prisma: 1, no history",
      "workspace/migrations: 0, prisma 1",
    ]);
  });

  it("is a history alone, or a single file that creates tables", async () => {
    const files = { "supabase/migrations/20240101000000_a.sql": table, "db/schema.sql": table, "queries/board.sql": "SELECT 1;" };
    assert.deepEqual(await projectsOf(files), ["workspace/db/schema.sql: 0, schema 1", "workspace/supabase/migrations: 0, supabase 1"]);
  });

  it("is not looked for in folders of packages and builds", async () => {
    const files = {
      "node_modules/x/schema.sql": table,
      "dist/schema.sql": table,
      ".git/schema.sql": table,
      ".cache/prisma/schema.prisma": datasource,
    };
    assert.deepEqual(await projectsOf(files), []);
  });

  it("is not looked for in what the settings exclude", async () => {
    const files = { "package.json": "{}", "prisma/schema.prisma": datasource, "old/schema.sql": table, "legacy/x.prisma": datasource };
    assert.deepEqual(await projectsOf(files, { exclude: ["old", "legacy/**"] }), ["workspace: 1, no history"]);
  });

  it("is what the settings state instead of what would be found", async () => {
    const files = {
      "a/one.prisma": datasource,
      "a/two.prisma": "model A {\n  id Int @id\n}\n",
      "b/schema.prisma": datasource,
      "sql/x.sql": table,
      "sql/y.sql": table,
    };
    assert.deepEqual(await projectsOf(files, { schemas: ["a"], migrations: ["sql/*.sql"] }), [
      "workspace/a: 2, no history",
      "workspace/sql: 0, numbered 2",
    ]);
    assert.deepEqual(await projectsOf(files, { schemas: ["**/schema.prisma"], migrations: ["none"] }), ["workspace: 1, no history"]);
  });

  it("that the settings state and nobody finds is said", async () => {
    assert.deepEqual(await noticesOf({ "a.prisma": datasource }, { schemas: ["b/schema.prisma"] }), [
      "The setting databaseArchitect.schemas names b/schema.prisma, and no Prisma schema is there.",
    ]);
  });

  it("for another database is left alone, and that is said", async () => {
    const files = {
      "package.json": "{}",
      "prisma/schema.prisma": datasource.replace("postgresql", "mysql"),
      "prisma/migrations/1_a/migration.sql": "CREATE TABLE `a` (`id` INT);",
    };
    assert.deepEqual(await projectsOf(files), []);
    assert.deepEqual(await noticesOf(files), ["workspace is for mysql; only PostgreSQL is checked."]);
    const test = await TestWorkspace.of(files);
    test.open("prisma/migrations/1_a/migration.sql");
    assert.equal(test.report("prisma/migrations/1_a/migration.sql"), undefined);
  });

  it("is nowhere while the product is switched off", async () => {
    const files = { "package.json": "{}", "prisma/schema.prisma": datasource };
    assert.deepEqual(await projectsOf(files, { enable: false }), []);
  });

  it("is an open document that no folder holds", async () => {
    const test = await TestWorkspace.of({});
    test.workspace.applyChange({
      kind: "opened",
      uri: "untitled:Untitled-1",
      language: "sql",
      version: 1,
      text: "CREATE TABLE a (id integer);",
    });
    const report = finish(test.workspace.snapshot().report("untitled:Untitled-1"));
    assert.deepEqual(
      report?.findings.map(({ finding }) => finding.rule),
      ["require-primary-key"],
    );
  });

  it("is not an open query: its text is parsed, and that is all", async () => {
    const test = await TestWorkspace.of({ "queries/board.sql": "SELECT 1;\nSELEC 2;\n" });
    assert.equal(test.report("queries/board.sql")?.problems.length, 1);
    test.open("queries/board.sql");
    assert.equal(test.problems("queries/board.sql").length, 1);
    assert.equal(test.workspace.counters.schemas, 0);
  });
});

describe("Files on the disk", () => {
  const files = { "package.json": "{}", "prisma/schema.prisma": datasource, "prisma/migrations/1_a/migration.sql": table };

  it("that come are read", async () => {
    const test = await TestWorkspace.of(files);
    assert.deepEqual(test.findings("prisma/migrations/2_b/migration.sql"), []);
    test.save("prisma/migrations/2_b/migration.sql", "CREATE TABLE b (id integer);");
    assert.deepEqual(test.findings("prisma/migrations/2_b/migration.sql"), ["require-primary-key public.b"]);
  });

  it("that come without a word are seen once they are opened", async () => {
    const test = await TestWorkspace.of(files);
    assert.deepEqual(test.findings("prisma/migrations/1_a/migration.sql"), []);
    test.saveUnseen("prisma/migrations/2_b/migration.sql", "CREATE TABLE b (id bigint);");
    assert.deepEqual(test.findings("prisma/migrations/2_b/migration.sql"), []);
    test.open("prisma/migrations/2_b/migration.sql");
    assert.deepEqual(test.findings("prisma/migrations/2_b/migration.sql"), ["require-primary-key public.b"]);
  });

  it("that change are read again, once they are not open", async () => {
    const test = await TestWorkspace.of(files);
    const migration = "prisma/migrations/1_a/migration.sql";
    test.open(migration);
    test.save(migration, "CREATE TABLE a (id integer);");
    assert.deepEqual(test.findings(migration), []);
    test.workspace.applyChange({ kind: "closed", uri: test.uri(migration) });
    assert.deepEqual(test.findings(migration), ["require-primary-key public.a"]);
  });

  it("that are saved while open become a project once they define something", async () => {
    const test = await TestWorkspace.of({ "db/new.sql": "" });
    test.open("db/new.sql");
    assert.deepEqual(test.findings("db/new.sql"), []);
    test.type("db/new.sql", "CREATE TABLE a (id integer);");
    test.save("db/new.sql", "CREATE TABLE a (id integer);");
    assert.deepEqual(test.findings("db/new.sql"), ["require-primary-key public.a"]);
    const { discoveries } = test.workspace.counters;
    test.save("db/new.sql", "CREATE TABLE a (id integer);");
    test.report("db/new.sql");
    assert.equal(test.workspace.counters.discoveries, discoveries);
  });

  it("that go are forgotten", async () => {
    const test = await TestWorkspace.of({ ...files, "prisma/migrations/2_b/migration.sql": "CREATE TABLE b (id integer);" });
    assert.equal(test.findings("prisma/migrations/2_b/migration.sql").length, 1);
    test.save("prisma/migrations/2_b/migration.sql", undefined);
    assert.equal(test.report("prisma/migrations/2_b/migration.sql"), undefined);
  });

  it("that go with their folder are forgotten, though only the folder is reported", async () => {
    const test = await TestWorkspace.of({ ...files, "prisma/migrations/2_b/migration.sql": "CREATE TABLE b (id integer);" });
    test.report("prisma/schema.prisma");
    test.save("prisma/migrations/2_b/migration.sql", undefined);
    const folder = "/workspace/prisma/migrations/2_b";
    test.workspace.applyChange({ kind: "files", changes: [{ path: folder, what: "deleted" }] });
    const uris = finish(test.workspace.snapshot().reportedUris());
    assert.ok(!uris.some((uri) => uri.includes("2_b")), uris.join("\n"));
  });

  it("that nobody looked at change nothing when they go", async () => {
    const test = await TestWorkspace.of(files);
    test.report("prisma/schema.prisma");
    const before = test.workspace.snapshot();
    test.workspace.applyChange({ kind: "files", changes: [{ path: "/workspace/node_modules/x/y.js", what: "deleted" }] });
    assert.equal(test.workspace.snapshot(), before);
  });
});
