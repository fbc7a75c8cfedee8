/** Migrations as the server talks about them with an editor, on a real PostgreSQL. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as v from "valibot";
import { CancellationTokenSource } from "vscode-languageserver/node";
import { connectionCredentials, type ConnectionProfile, type CredentialsParams, listConnections } from "../../protocol/src/connections.ts";
import {
  checkMigrations,
  createMigration,
  driftScript,
  findSeed,
  listHistories,
  migrationProgress,
  migrationStatus,
  type MigrationStatus,
  planRun,
  previewMigration,
  proveMigrations,
  pullSchema,
  resolveMigration,
  type RunAction,
  type RunConsent,
  runMigrations,
  squashMigrations,
  tableTimeline,
} from "../../protocol/src/migrations.ts";
import {
  checkedShape,
  createdShape,
  driftScriptShape,
  foundSeedShape,
  historiesShape,
  plannedShape,
  previewedShape,
  progressShape,
  provenShape,
  pulledShape,
  ranShape,
  resolvedShape,
  squashedShape,
  statusShape,
  timelineShape,
} from "../../protocol/src/migrationsShapes.ts";
import { sealed } from "../../protocol/src/sealing.ts";
import { LspClient } from "../support/lspClient.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";

const people = { "prisma/migrations/20260101000000_people/migration.sql": "CREATE TABLE people (id int PRIMARY KEY, name text);\n", "prisma/migrations/20260101000000_people/down.sql": "DROP TABLE people;\n" };
const schema = {
  "package.json": '{ "dependencies": { "prisma": "7.10.0" }, "prisma": { "seed": "node seed.mjs" } }',
  "prisma/schema.prisma": `datasource db {\n  provider = "postgresql"\n}\n\ngenerator client {\n  provider = "prisma-client"\n  output = "../generated"\n}\n\nmodel people {\n  id   Int     @id\n  name String?\n}\n`,
};

describe("Migrations, asked for by an editor", function () {
  this.timeout(240_000);

  let database: TestDatabase;
  let client: LspClient;
  let history: string;
  let folder: string;
  let environment: ConnectionProfile["environment"];
  let progress: string[];

  async function start(files: Readonly<Record<string, string>>): Promise<void> {
    folder = temporaryFolder(files);
    client = await LspClient.inProcess({ folders: [folder], initializationOptions: { keepsConnections: true } });
    const url = new URL(database.url);
    client.connection.onRequest(listConnections, () => [profile(url)]);
    client.connection.onRequest(connectionCredentials, async ({ key }: CredentialsParams) => ({ ok: true, profile: profile(url), sealedPassword: await sealed(url.password, key) }));
    client.connection.onRequest(migrationProgress, (params: unknown) => {
      progress.push(v.parse(progressShape, params).message);
      return null;
    });
    const [first] = await ask(listHistories, historiesShape);
    history = first?.id ?? "";
  }

  function profile(url: URL): ConnectionProfile {
    return {
      id: "1",
      name: "shop",
      host: url.hostname,
      port: Number(url.port),
      database: url.pathname.slice(1),
      user: url.username,
      tls: "none",
      certificates: {},
      isPooled: false,
      environment,
      environmentBecause: "it runs on this machine",
      isConfirmedEnvironment: true,
      allowsUnverified: false,
      source: { kind: "pasted" },
    };
  }

  beforeEach(async () => {
    environment = "development";
    progress = [];
    database = await (await sharedPostgres(18)).createDatabase();
  });
  afterEach(async () => {
    await client.stop();
    await database.drop();
  });

  const ask = async <T>(method: string, shape: v.GenericSchema<unknown, T>, params: object = {}): Promise<T> => v.parse(shape, await client.connection.sendRequest(method, params));
  const sql = async (text: string): Promise<readonly Record<string, unknown>[]> => {
    const session = await database.client();
    try {
      return (await session.query<Record<string, unknown>>(text)).rows;
    } finally {
      await session.end();
    }
  };
  const plan = (action: RunAction): Promise<v.InferOutput<typeof plannedShape>> => ask(planRun, plannedShape, { history, connection: "1", operation: 1, action });
  const run = (action: RunAction, consent: RunConsent = {}): Promise<v.InferOutput<typeof ranShape>> => ask(runMigrations, ranShape, { history, connection: "1", operation: 1, action, consent });
  const status = async (): Promise<MigrationStatus> => {
    const answer = await ask(migrationStatus, statusShape, { history, connection: "1" });
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer;
  };
  const states = async (): Promise<readonly string[]> => (await status()).migrations.map(({ name, state }) => `${name} ${state}`);
  const eventually = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    for (const end = Date.now() + 20_000; !(await isSo()); await new Promise((resolve) => setTimeout(resolve, 50))) assert.ok(Date.now() < end, `${what} did not come`);
  };

  it("are listed by history, whatever runs them", async () => {
    await start({ ...people, ...schema, "db/migrations/001_a.up.sql": "CREATE TABLE a ();", "db/migrations/001_a.down.sql": "DROP TABLE a;", "other/supabase/migrations/20260101000000_b.sql": "CREATE TABLE b ();" });
    const histories = await ask(listHistories, historiesShape);
    assert.deepEqual(histories.map(({ kind, migrations, hasSchema }) => `${kind} ${migrations} ${hasSchema}`).sort(), ["numbered 1 false", "prisma 1 true", "supabase 1 false"]);
  });

  it("are told by their files without a connection", async () => {
    await start({ ...people, ...schema });
    client.connection.onRequest(connectionCredentials, () => assert.fail("a connection was opened"));
    const answer = await ask(migrationStatus, statusShape, { history });
    assert.ok(answer.ok);
    assert.deepEqual(answer.migrations.map(({ name, state, downUri }) => [name, state, downUri !== null]), [["20260101000000_people", "unknown", true]]);
  });

  it("are planned, run, told statement by statement, and undone", async () => {
    await start({ ...people, ...schema });
    const planned = await plan({ run: "apply" });
    assert.ok(planned.ok);
    assert.deepEqual([planned.plan.direction, planned.plan.migrations.map(({ name, statements }) => `${name} ${statements}`), planned.plan.questions], ["up", ["20260101000000_people 1"], []]);
    assert.deepEqual(await sql("SELECT 1 FROM pg_tables WHERE schemaname = 'public'"), [], "planning changes nothing");
    assert.deepEqual(await run({ run: "apply" }), { ok: true, done: ["20260101000000_people"] });
    assert.ok(progress.some((line) => /1 of 1: CREATE TABLE people/.test(line)), progress.join("\n"));
    assert.deepEqual(await states(), ["20260101000000_people applied"]);
    assert.deepEqual(await run({ run: "down", count: 1 }), { ok: true, done: ["20260101000000_people"] });
    assert.deepEqual(await states(), ["20260101000000_people rolled back"]);
  });

  it("ask about what is lost, and lose nothing without a yes", async () => {
    await start({ ...people, ...schema });
    await run({ run: "apply" });
    await sql("INSERT INTO people VALUES (1, 'Ada')");
    const planned = await plan({ run: "down", count: 1 });
    assert.ok(planned.ok);
    assert.deepEqual(planned.plan.questions.map(({ ask: what }) => what), ["loss"]);
    const refused = await run({ run: "down", count: 1 });
    assert.equal(refused.ok, false);
    assert.equal((await sql("SELECT * FROM people")).length, 1);
    assert.deepEqual(await run({ run: "down", count: 1 }, { loss: true }), { ok: true, done: ["20260101000000_people"] });
  });

  it("want the name of a production database, and never reset one", async () => {
    environment = "production";
    await start({ ...people, ...schema });
    const refused = await run({ run: "apply" });
    assert.match("reason" in refused ? refused.reason : "", /production/);
    const name = new URL(database.url).pathname.slice(1);
    assert.deepEqual(await run({ run: "apply" }, { production: name }), { ok: true, done: ["20260101000000_people"] });
    const reset = await run({ run: "reset" }, { reset: name, production: name });
    assert.match("reason" in reset ? reset.reason : "", /no development database/);
    assert.equal((await sql("SELECT to_regclass('people')::text AS name"))[0]?.["name"], "people");
  });

  it("empty a development database only when its name was typed", async () => {
    await start({ ...people, ...schema });
    await run({ run: "apply" });
    await sql("INSERT INTO people VALUES (1, 'Ada')");
    assert.equal((await run({ run: "reset" }, { reset: "other" })).ok, false);
    assert.equal((await sql("SELECT * FROM people")).length, 1);
    assert.equal((await run({ run: "reset" }, { reset: new URL(database.url).pathname.slice(1) })).ok, true);
    assert.deepEqual(await sql("SELECT * FROM people"), []);
  });

  it("stop where they are when called off, on the server too, and say what is so", async () => {
    await start({ ...people, ...schema, "prisma/migrations/20260102000000_slow/migration.sql": "ALTER TABLE people ADD COLUMN age int;\nSELECT pg_sleep(60);\n" });
    const source = new CancellationTokenSource();
    const running = client.connection.sendRequest(runMigrations, { history, connection: "1", operation: 1, action: { run: "apply" }, consent: {} }, source.token);
    await eventually("the statement to run", async () => (await sql("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' AND pid <> pg_backend_pid()")).length > 0);
    source.cancel();
    const ran = v.parse(ranShape, await running);
    assert.ok(ran.ok);
    assert.deepEqual([ran.done, ran.failure?.wasCanceled, ran.failure?.line], [["20260101000000_people"], true, 1]);
    assert.deepEqual(await sql("SELECT column_name FROM information_schema.columns WHERE table_name = 'people' AND column_name = 'age'"), []);
    assert.deepEqual(await sql("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid()"), []);
  });

  it("that fail name file and line, and leave the database as it was", async () => {
    await start({ ...people, ...schema, "prisma/migrations/20260102000000_wrong/migration.sql": "ALTER TABLE people ADD COLUMN age int;\n\nALTER TABLE nowhere ADD COLUMN age int;\n" });
    const ran = await run({ run: "apply" });
    assert.ok(ran.ok);
    assert.deepEqual([ran.failure?.line, ran.failure?.uri], [2, pathToFileURL(join(folder, "prisma/migrations/20260102000000_wrong/migration.sql")).href]);
    assert.match(ran.failure?.message ?? "", /relation "nowhere" does not exist/);
    assert.deepEqual(await states(), ["20260101000000_people applied", "20260102000000_wrong pending"]);
    assert.deepEqual((await status()).database?.drift, []);
  });

  it("that stop halfway are known statement by statement, stand in the way, and go on when resolved", async () => {
    await start({ ...people, ...schema, "prisma/migrations/20260102000000_half/migration.sql": "CREATE INDEX CONCURRENTLY people_name ON people (name);\nALTER TABLE nowhere ADD COLUMN age int;\n" });
    const ran = await run({ run: "apply" });
    assert.ok(ran.ok);
    assert.equal(ran.failure?.line, 1);
    const [, half] = (await status()).migrations;
    assert.equal(half?.state, "failed");
    assert.ok(half.statements.length > 1 && half.statements.every((line) => /^line \d+: (?:done|not done|invalid index|unknown), /.test(line)), JSON.stringify(half.statements));
    assert.match(half?.failure ?? "", /nowhere[^]*half/);
    const again = await plan({ run: "apply" });
    assert.ok(again.ok);
    assert.match(again.plan.obstacles[0]?.message ?? "", /20260102000000_half began and did not end/);
    await sql("CREATE TABLE nowhere ()");
    const resolved = await ask(resolveMigration, resolvedShape, { history, connection: "1", operation: 1, how: "failed", name: "20260102000000_half" });
    assert.ok(resolved.ok && resolved.failure === undefined, JSON.stringify(resolved));
    assert.deepEqual(await states(), ["20260101000000_people applied", "20260102000000_half applied"]);
    assert.equal((await sql("SELECT 1 FROM pg_class WHERE relname = 'people_name'")).length, 1);
  });

  it("tell drift object by object, with SQL that adopts or reverts exactly that", async () => {
    await start({ ...people, ...schema });
    await run({ run: "apply" });
    await sql("ALTER TABLE people ADD COLUMN nickname text; CREATE TYPE mood AS ENUM ('good'); CREATE INDEX people_name ON people (name)");
    const before = (await status()).database?.drift ?? [];
    assert.deepEqual(before.map(({ text }) => text), ["enum public.mood is in the database and in no migration", "column public.people.nickname is in the database and in no migration", "index public.people.people_name is in the database and in no migration"]);
    const script = async (id: string | undefined, how: "adopt" | "revert"): Promise<Extract<v.InferOutput<typeof driftScriptShape>, { ok: true }>> => {
      const answer = await ask(driftScript, driftScriptShape, { history, connection: "1", id, how });
      assert.ok(answer.ok, JSON.stringify(answer));
      return answer;
    };
    await sql((await script(before[0]?.id, "revert")).sql);
    assert.deepEqual((await status()).database?.drift.map(({ text }) => text), before.slice(1).map(({ text }) => text));
    const adopted = await script(before[1]?.id, "adopt");
    for (const { uri, text } of adopted.files) writeFiles("/", { [fileURLToPath(uri)]: text });
    await client.tellFiles(...adopted.files.map(({ uri }) => ({ uri, type: 1 as const })));
    const name = adopted.files[0]?.uri.split("/").at(-2) ?? "";
    await eventually("the new file", async () => (await states()).some((line) => line.includes(name)));
    assert.ok((await ask(resolveMigration, resolvedShape, { history, connection: "1", operation: 1, how: "markApplied", name })).ok);
    assert.deepEqual((await status()).database?.drift, [], "the table was adopted whole");
  });

  it("are created from what was edited, renames asked, and previewed", async () => {
    await start({ ...people, ...schema, "prisma/schema.prisma": schema["prisma/schema.prisma"].replace("name String?", "fullName String? @map(\"full_name\")") });
    const preview = await ask(previewMigration, previewedShape, { history });
    assert.match(preview.ok ? preview.sql : preview.reason, /Taken for a rename[^]*RENAME COLUMN/);
    const params = { history, name: "full name", renamed: [], dropped: [], inSteps: [], ended: [], reordered: [], kept: [], filled: [], isAlone: false };
    const asked = await ask(createMigration, createdShape, params);
    assert.ok(asked.ok && asked.kind === "questions");
    const [question] = asked.renames;
    assert.deepEqual(question, { kind: "column", from: "public.people.name", to: "public.people.full_name", whyAtOnce: null });
    const created = await ask(createMigration, createdShape, { ...params, renamed: [[question?.from, question?.to]] });
    assert.ok(created.ok && created.kind === "proposed");
    assert.match(created.files[0]?.uri ?? "", /\/prisma\/migrations\/\d{14}_full_name\/migration\.sql$/);
    assert.match(created.files[0]?.text ?? "", /RENAME COLUMN "name" TO "full_name"/i);
    assert.ok(created.files.every(({ uri }) => !existsSync(fileURLToPath(uri))), "the client writes");
    const both = await ask(createMigration, createdShape, { ...params, renamed: [[question?.from, question?.to]], inSteps: [question?.from] });
    assert.ok(both.ok && both.kind === "proposed");
    assert.match(both.notes.join(), /people\.name is public\.people\.full_name too, for clients of both versions\. Create Migration asks when that ends\./);
    for (const { uri, text } of both.files) writeFiles(folder, { [fileURLToPath(uri).slice(folder.length + 1)]: text });
    await client.tellFiles(...both.files.map(({ uri }) => ({ uri, type: 1 as const })));
    await eventually("the question whether the old name is needed", async () => {
      const later = await ask(createMigration, createdShape, params);
      return later.ok && later.kind === "questions" && later.names.length === 1 && later.renames.length === 0;
    });
    const kept = await ask(createMigration, createdShape, { ...params, kept: [question?.from] });
    assert.ok(kept.ok && kept.kind === "nothing");
    const ended = await ask(createMigration, createdShape, { ...params, ended: [question?.from] });
    assert.ok(ended.ok && ended.kind === "proposed", JSON.stringify(ended));
    assert.match(ended.files[0]?.text ?? "", /DROP COLUMN "full_name";[^]*RENAME COLUMN "name" TO "full_name"/);
  });

  it("are proven, checked, joined, and told table by table under every name it had", async () => {
    await start({ ...people, ...schema, "prisma/migrations/20260102000000_persons/migration.sql": "ALTER TABLE people RENAME TO persons;\nALTER TABLE persons ADD COLUMN born date;\n", "prisma/migrations/20260102000000_persons/down.sql": "ALTER TABLE persons DROP COLUMN born;\nALTER TABLE persons RENAME TO people;\n" });
    const proven = await ask(proveMigrations, provenShape, { history, operation: 1, names: [] });
    assert.ok(proven.ok, JSON.stringify(proven));
    assert.deepEqual(proven.proofs.map(({ name, verdict }) => `${name} ${verdict}`), ["20260101000000_people proven", "20260102000000_persons proven"]);
    assert.deepEqual((await status()).migrations.map(({ proof }) => proof?.verdict), ["proven", "proven"]);
    const checked = await ask(checkMigrations, checkedShape, { history });
    assert.ok(checked.ok && checked.found > 0);
    assert.match(checked.markdown, /no-renamed-table/);
    const { tables, entries } = await ask(tableTimeline, timelineShape, { history, table: "public.persons" });
    assert.deepEqual(tables, ["public.persons"]);
    assert.deepEqual(entries.map(({ migration, line, changes }) => `${migration}:${line} ${changes.join(", ")}`), ["20260101000000_people:0 created", "20260102000000_persons:0 renamed to persons", "20260102000000_persons:1 column born date added"]);
    const squashed = await ask(squashMigrations, squashedShape, { history });
    assert.ok(squashed.ok, JSON.stringify(squashed));
    assert.equal(squashed.replaced.length, 2);
  });

  it("are proven on a server in a database of its own, which is gone afterwards, and not on production's", async () => {
    await start({ ...people, ...schema });
    const proven = await ask(proveMigrations, provenShape, { history, operation: 1, names: [], connection: "1" });
    assert.ok(proven.ok, JSON.stringify(proven));
    assert.deepEqual(proven.proofs.map(({ verdict }) => verdict), ["proven"]);
    assert.match(proven.markdown, new RegExp(`PostgreSQL 18, .*${new URL(database.url).port}`));
    assert.deepEqual(await sql("SELECT datname FROM pg_database WHERE datname LIKE 'database_architect_proof%'"), []);
    assert.deepEqual(await sql("SELECT 1 FROM pg_class WHERE relname = 'people'"), []);
    environment = "production";
    const refused = await ask(proveMigrations, provenShape, { history, operation: 2, names: [], connection: "1" });
    assert.ok(!refused.ok && /this one is production's/.test(refused.reason), JSON.stringify(refused));
  });

  it("find the project's seed without running it, and pull what a database has", async () => {
    await start({ ...people, ...schema });
    assert.deepEqual(await ask(findSeed, foundSeedShape, { history }), { ok: true, kind: "command", what: "node seed.mjs", statedIn: pathToFileURL(join(folder, "package.json")).href });
    await sql("CREATE TABLE people (id int PRIMARY KEY, name text, born date)");
    const pulled = await ask(pullSchema, pulledShape, { history, connection: "1" });
    assert.ok(pulled.ok, JSON.stringify(pulled));
    assert.equal(pulled.files[0]?.uri, pathToFileURL(join(folder, "prisma/schema.prisma")).href);
    assert.match(pulled.files[0]?.text ?? "", /born\s+DateTime\?\s+@db\.Date/);
  });
});
