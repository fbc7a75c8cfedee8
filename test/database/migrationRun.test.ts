/** Migrations run on a real PostgreSQL: what is done, what is recorded, what stands in the way, and what is left after a failure. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunEvent } from "../../server/src/migrations/run/runFile.ts";
import { planApply, planDown, planTo, type RunPlan } from "../../server/src/migrations/run/plan.ts";
import { carryOut, type RunOutcome } from "../../server/src/migrations/run/run.ts";
import { resolveFailed } from "../../server/src/migrations/run/resolve.ts";
import type { RunContext } from "../../server/src/migrations/run/runContext.ts";
import { readSituation, type Situation } from "../../server/src/migrations/run/situation.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { contextFor } from "../support/runHistory.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";
import { valueOf } from "../support/valueOf.ts";

const first = { "20240101000000_users/migration.sql": "CREATE TABLE users (id int PRIMARY KEY);\nCREATE INDEX users_id ON users (id);\n" };
const second = { "20240102000000_phone/migration.sql": "ALTER TABLE users ADD COLUMN phone text;\n", "20240102000000_phone/down.sql": "ALTER TABLE users DROP COLUMN phone;\n" };

describe("a run of migrations", function () {
  this.timeout(240_000);
  let database: TestDatabase;
  before(loadSqlParser);
  beforeEach(async () => {
    database = await (await sharedPostgres(15)).createDatabase();
  });
  afterEach(() => database.drop());

  async function apply(context: RunContext, events: RunEvent[] = []): Promise<RunOutcome> {
    return valueOf(await carryOut(context, valueOf(await planApply(context)), {}, { onEvent: (event) => events.push(event) }));
  }
  async function rows<T extends object>(query: string): Promise<readonly T[]> {
    const client = await database.client();
    const { rows: found } = await client.query<T>(query);
    await client.end();
    return found;
  }
  const statesOf = ({ standings }: Pick<Situation, "standings">): readonly string[] => standings.map(({ name, state }) => `${name} ${state}`);

  it("does what is pending, tells every statement, and records it as Prisma does", async () => {
    const folder = temporaryFolder({ ...first, ...second });
    const context = await contextFor(folder, database.url);
    const events: RunEvent[] = [];
    const plan = valueOf(await planApply(context));
    assert.deepEqual([plan.obstacles, plan.questions, plan.migrations.map(({ name, isOne }) => [name, isOne])], [[], [], [["20240101000000_users", true], ["20240102000000_phone", true]]]);
    assert.deepEqual(await apply(context, events), { ok: true, done: ["20240101000000_users", "20240102000000_phone"] });
    assert.deepEqual(events.filter(({ kind }) => kind === "statement").map((event) => (event.kind === "statement" ? [event.migration, event.index, event.statements, event.line] : [])), [["20240101000000_users", 0, 2, 1], ["20240101000000_users", 1, 2, 2], ["20240102000000_phone", 0, 1, 1]]);
    const recorded = await rows<object>("SELECT migration_name, logs, rolled_back_at, applied_steps_count, finished_at >= started_at AS ended, length(id) AS id FROM _prisma_migrations ORDER BY started_at");
    assert.deepEqual(recorded, ["20240101000000_users", "20240102000000_phone"].map((migration_name) => ({ migration_name, logs: null, rolled_back_at: null, applied_steps_count: 1, ended: true, id: 36 })));
    const situation = valueOf(await readSituation(context));
    assert.deepEqual([statesOf(situation), situation.drift], [["20240101000000_users applied", "20240102000000_phone applied"], []]);
    assert.deepEqual((await apply(context)).done, []);
  });

  it("that fails leaves the database as it was, and says file, line, what and what next", async () => {
    const folder = temporaryFolder({ ...first, "20240103000000_bad/migration.sql": "CREATE TABLE b (id int);\n\nALTER TABLE users ADD COLUMN id int;\n" });
    const context = await contextFor(folder, database.url);
    const outcome = await apply(context);
    assert.ok(!outcome.ok);
    const { failure } = outcome;
    assert.deepEqual([outcome.done, failure.path, failure.line, failure.sqlState, failure.isUndone], [["20240101000000_users"], join(folder, "20240103000000_bad/migration.sql"), 3, "42701", true]);
    assert.equal(failure.message, 'column "id" of relation "users" already exists');
    assert.deepEqual(await rows("SELECT to_regclass('b') AS b, (SELECT logs FROM _prisma_migrations WHERE rolled_back_at IS NOT NULL) AS logs"), [{ b: null, logs: '20240103000000_bad/migration.sql:3: column "id" of relation "users" already exists' }]);
    assert.deepEqual(statesOf(valueOf(await readSituation(context))), ["20240101000000_users applied", "20240103000000_bad pending"]);
    writeFiles(folder, { "20240103000000_bad/migration.sql": "CREATE TABLE b (id int);\n" });
    assert.deepEqual((await apply(await contextFor(folder, database.url))).done, ["20240103000000_bad"]);
  });

  it("goes back over ways that were proven, keeps the history for Prisma, and forward again", async () => {
    const folder = temporaryFolder({ ...first, ...second });
    const context = await contextFor(folder, database.url);
    await apply(context);
    const plan = valueOf(await planDown(context, { count: 1 }));
    assert.deepEqual([plan.obstacles, plan.questions.map(({ ask }) => ask), plan.migrations.map(({ name, proof }) => [name, proof?.slice(0, 18)])], [[], [], [["20240102000000_phone", "proven up and down"]]]);
    assert.deepEqual(valueOf(await carryOut(context, plan, {})), { ok: true, done: ["20240102000000_phone"] });
    const situation = valueOf(await readSituation(context));
    assert.deepEqual([statesOf(situation), situation.drift], [["20240101000000_users applied", "20240102000000_phone rolled back"], []]);
    assert.deepEqual((await apply(context)).done, ["20240102000000_phone"]);
    const to: RunPlan = valueOf(await planTo(context, "20240101000000_users"));
    assert.deepEqual([to.direction, to.migrations.map(({ name }) => name)], ["down", ["20240102000000_phone"]]);
  });

  it("does not lose rows without a yes, and says how many", async () => {
    const context = await contextFor(temporaryFolder({ ...first, ...second }), database.url);
    await apply(context);
    await rows("INSERT INTO users VALUES (1, '1'), (2, NULL), (3, '3')");
    const plan = valueOf(await planDown(context, { count: 1 }));
    assert.deepEqual(plan.questions.map(({ ask, message }) => [ask, message]), [["loss", "Data goes for good. line 1: public.users.phone (2 values)."]]);
    assert.deepEqual(await carryOut(context, plan, {}), { ok: false, reason: "Data goes for good. line 1: public.users.phone (2 values). Nobody has said yes to that." });
    assert.deepEqual(valueOf(await carryOut(context, plan, { loss: true })).ok, true);
  });

  it("counts what an UPDATE writes over and what a new type cannot hold, and asks of nothing that stays", async () => {
    const prices = { "20240101000000_prices/migration.sql": "CREATE TABLE prices (id int, amount numeric(10,4), code text, note text);" };
    const third = "ALTER TABLE prices ALTER amount TYPE numeric(8, 2), ALTER code TYPE varchar(3), ALTER id TYPE bigint;\nUPDATE prices SET code = upper(code);\nUPDATE prices SET note = code;\n";
    await apply(await contextFor(temporaryFolder(prices), database.url));
    await rows("INSERT INTO prices VALUES (1, 1.5, 'abc', NULL), (2, 1.2345, NULL, NULL), (3, NULL, 'XYZ', NULL)");
    const plan = valueOf(await planApply(await contextFor(temporaryFolder({ ...prices, "20240103000000_types/migration.sql": third }), database.url)));
    assert.deepEqual(plan.questions.map(({ ask, message }) => [ask, message]), [
      ["loss", "Data goes for good. line 1: public.prices.amount from numeric(10,4) to numeric(8,2) (1 value); line 2: public.prices.code, which is written anew (1 value)."],
    ]);
  });

  it("counts the rows that an UPDATE changes and a DELETE takes, and no others", async () => {
    const deals = { "20240101000000_deals/migration.sql": "CREATE TABLE deals (id int PRIMARY KEY, stage text, note text, doc json);\nCREATE TABLE gone (id int, deal int);" };
    await apply(await contextFor(temporaryFolder(deals), database.url));
    await rows("INSERT INTO deals SELECT i, CASE i % 3 WHEN 0 THEN 'won' ELSE 'lead' END, CASE WHEN i < 50 THEN 'n' || i END, '{}' FROM generate_series(1, 99) i");
    await rows("INSERT INTO gone VALUES (1, 7), (2, 7), (3, 8)");
    const writes = [
      "UPDATE deals SET stage = 'won' WHERE id <= 30;",
      "UPDATE public.deals AS d SET note = upper(d.note), stage = d.stage FROM gone g WHERE g.deal = d.id;",
      "UPDATE deals SET doc = '[]' WHERE note IS DISTINCT FROM 'n1' AND id < 5;",
      "UPDATE deals SET (stage, note) = (SELECT 'x', 'y') WHERE id = 1;",
      "DELETE FROM deals d USING gone WHERE gone.deal = d.id;",
      "DELETE FROM deals WHERE id IN (SELECT deal FROM gone) OR stage = 'nobody';",
      "UPDATE deals SET note = 'n' WHERE stage = 'never';",
      "UPDATE deals SET note = nobody(note) WHERE id = 3;",
      "ALTER TABLE deals ADD COLUMN fresh int;",
      "UPDATE deals SET note = fresh::text WHERE fresh = 1;",
    ];
    const plan = valueOf(await planApply(await contextFor(temporaryFolder({ ...deals, "20240103000000_writes/migration.sql": writes.join("\n") }), database.url)));
    const [question] = plan.questions;
    assert.ok(question?.ask === "loss");
    assert.deepEqual(question.losses.map(({ line, what, rows: count }) => [line, what.replace("public.deals", "").replace(", which is written anew", ""), count]), [
      [1, ".stage", 20],
      [2, ".note", 2],
      [3, ".doc", 3],
      [4, ".stage", 1],
      [4, ".note", 1],
      [5, "", 2],
      [6, "", 2],
      [8, ".note", 1],
      [10, ".note", 49],
    ]);
  });

  it("keeps Supabase's own table, and knows its migrations by their numbers", async () => {
    const folder = temporaryFolder({ "20240101000000_users.sql": "CREATE TABLE users (id int PRIMARY KEY);\nCREATE INDEX ON users (id);\n", "20240102000000_phone.sql": "ALTER TABLE users ADD COLUMN phone text;\n", "down/20240102000000_phone.sql": "ALTER TABLE users DROP COLUMN phone;\n" });
    // As its own command line has made it.
    await rows("CREATE SCHEMA supabase_migrations");
    await rows("CREATE TABLE supabase_migrations.schema_migrations (version text NOT NULL PRIMARY KEY, statements text[], name text, created_by text)");
    const context = await contextFor(folder, database.url, { kind: "supabase" });
    assert.deepEqual((await apply(context)).done, ["20240101000000_users", "20240102000000_phone"]);
    const recorded = [{ version: "20240101000000", name: "users", statements: ["CREATE TABLE users (id int PRIMARY KEY)", "CREATE INDEX ON users (id)"] }, { version: "20240102000000", name: "phone", statements: ["ALTER TABLE users ADD COLUMN phone text"] }];
    assert.deepEqual(await rows("SELECT version, name, statements FROM supabase_migrations.schema_migrations ORDER BY 1"), recorded);
    assert.deepEqual(valueOf(await readSituation(context)).drift, []);
    const plan = valueOf(await planDown(context, { count: 1 }, { isProven: false }));
    assert.deepEqual(valueOf(await carryOut(context, plan, {})).done, ["20240102000000_phone"]);
    assert.deepEqual(await rows("SELECT version FROM supabase_migrations.schema_migrations"), [{ version: "20240101000000" }]);
    assert.deepEqual(statesOf(valueOf(await readSituation(context))), ["20240101000000_users applied", "20240102000000_phone pending"]);
  });

  it("takes files that psql runs statement by statement, and goes on behind what is done", async () => {
    const folder = temporaryFolder({ "001_users.sql": "CREATE TABLE users (id int PRIMARY KEY, n int);\nCREATE SCHEMA app;\nSET search_path = app;\nCREATE INDEX CONCURRENTLY users_n ON public.users (n);\nSELECT nothing;\nCREATE TABLE c (id int);\n" });
    const context = await contextFor(folder, database.url, { kind: "numbered" });
    const outcome = await apply(context);
    assert.ok(!outcome.ok);
    assert.deepEqual([outcome.failure.line, outcome.failure.isUndone, outcome.failure.state], [5, false, "4 of 6 statements are done for good. The one that failed has left nothing."]);
    const [diagnosis] = valueOf(await readSituation(context)).diagnoses;
    assert.deepEqual([diagnosis?.evidence, diagnosis?.step], ["record", { do: "finish", from: 4 }]);
    writeFiles(folder, { "001_users.sql": "CREATE TABLE users (id int PRIMARY KEY, n int);\nCREATE SCHEMA app;\nSET search_path = app;\nCREATE INDEX CONCURRENTLY users_n ON public.users (n);\nSELECT 1;\nCREATE TABLE c (id int);\n" });
    const mended = await contextFor(folder, database.url, { kind: "numbered" });
    assert.deepEqual(valueOf(await resolveFailed(mended, undefined)).told, ["001_users is applied."]);
    const situation = valueOf(await readSituation(mended));
    assert.deepEqual([statesOf(situation), situation.drift, situation.table, await rows("SELECT to_regclass('app.c')::text AS c")], [["001_users applied"], [], "database_architect.migrations", [{ c: "app.c" }]]);
  });

  it("that is undone by halves is known as that, and can be brought to its end; undone not at all, it stays applied", async () => {
    const up = "CREATE TABLE users (id int PRIMARY KEY, n int);\nCREATE INDEX users_n ON users (n);\nCREATE TABLE b (id int);\n";
    const folder = temporaryFolder({ "001_users.up.sql": up, "001_users.down.sql": "DROP TABLE nothing;\nDROP INDEX CONCURRENTLY users_n;\n" });
    const context = (): Promise<RunContext> => contextFor(folder, database.url, { kind: "numbered" });
    const down = async (): Promise<RunOutcome> => valueOf(await carryOut(await context(), valueOf(await planDown(await context(), { count: 1 }, { isProven: false })), { loss: true }));
    await apply(await context());
    const [before] = valueOf(await readSituation(await context())).standings;
    const nothing = await down();
    assert.ok(!nothing.ok && nothing.failure.isUndone);
    const [still] = valueOf(await readSituation(await context())).standings;
    assert.deepEqual([still?.state, still?.finishedAt], ["applied", before?.finishedAt]);
    writeFiles(folder, { "001_users.down.sql": "DROP TABLE b;\nDROP INDEX CONCURRENTLY users_n;\nDROP TABLE nothing;\nDROP TABLE users;\n" });
    const half = await down();
    assert.ok(!half.ok);
    assert.deepEqual([half.failure.line, half.failure.isUndone, half.failure.state], [3, false, "2 of 4 statements are done for good. The one that failed has left nothing."]);
    const situation = valueOf(await readSituation(await context()));
    const [diagnosis] = situation.diagnoses;
    assert.deepEqual([statesOf(situation), diagnosis?.direction, diagnosis?.step], [["001_users failed"], "down", { do: "finish", from: 2 }]);
    assert.match(diagnosis?.summary ?? "", /^The way back of 001_users began and did not end\. 2 of its 4 statements are undone; it can go on at line 3\.$/);
    writeFiles(folder, { "001_users.down.sql": "DROP TABLE b;\nDROP INDEX CONCURRENTLY users_n;\nSELECT 1;\nDROP TABLE users;\n" });
    assert.deepEqual(valueOf(await resolveFailed(await context(), undefined)).told, ["001_users is rolled back."]);
    assert.deepEqual([statesOf(valueOf(await readSituation(await context()))), await rows("SELECT to_regclass('users') AS users")], [["001_users rolled back"], [{ users: null }]]);
    assert.deepEqual((await apply(await context())).done, ["001_users"]);
  });

  it("reads files with a byte order mark and with the other ends of lines", async () => {
    const context = await contextFor(temporaryFolder({ "1_mark/migration.sql": "\uFEFFCREATE TABLE a (id int);\r\nSELECT nothing;\r\n" }), database.url);
    const outcome = await apply(context);
    assert.ok(!outcome.ok);
    assert.deepEqual([outcome.failure.line, outcome.failure.sqlState], [2, "42703"]);
  });

  it("writes its record as whom the address names, whatever role a migration takes on, and leaves no setting behind", async () => {
    const role = `taken_${database.name}`;
    await rows(`CREATE ROLE ${role}`);
    try {
      const context = await contextFor(temporaryFolder({ "1_role/migration.sql": `SET ROLE ${role};\nSELECT set_config('search_path', '', false);\n`, "2_next/migration.sql": "CREATE TABLE made (id int);\n" }), database.url);
      assert.deepEqual((await apply(context)).done, ["1_role", "2_next"]);
      assert.deepEqual(await rows("SELECT schemaname, tableowner FROM pg_tables WHERE tablename = 'made'"), [{ schemaname: "public", tableowner: "postgres" }]);
    } finally {
      await rows(`DROP ROLE ${role}`);
    }
  });

  it("keeps to the schema that a Prisma address names", async () => {
    const url = new URL(database.url);
    url.searchParams.set("schema", "sales");
    await rows("CREATE TABLE somebody_elses (id int)");
    const context = await contextFor(temporaryFolder({ ...first, ...second }), url.href);
    assert.equal((await apply(context)).ok, true);
    const situation = valueOf(await readSituation(context));
    assert.deepEqual([situation.table, situation.drift, await rows("SELECT to_regclass('sales.users')::text AS users, to_regclass('public.users') AS none")], ["sales._prisma_migrations", [], [{ users: "sales.users", none: null }]]);
  });

  it("tells drift object by object", async () => {
    const context = await contextFor(temporaryFolder(first), database.url);
    await apply(context);
    await rows("ALTER TABLE users ADD COLUMN extra int");
    await rows("DROP INDEX users_id");
    await rows("CREATE TABLE stray (id int)");
    assert.deepEqual(valueOf(await readSituation(context)).drift.map(({ text }) => text).filter((text) => !text.includes("stray.")), ["table public.stray is in the database and in no migration", "column public.users.extra is in the database and in no migration", "index public.users.users_id is not in the database"]);
  });

  it("opens its door nowhere else", () => {
    const sources = fileURLToPath(new URL("../../server/src/", import.meta.url));
    const importers = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts") && readFileSync(join(sources, file), "utf8").includes("database/migrationSession.ts"));
    assert.deepEqual([...new Set(importers.map((file) => file.split("/").slice(0, -1).join("/")))], ["migrations/run"]);
  });
});
