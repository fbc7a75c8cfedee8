/** Migrations run on a real PostgreSQL: what is done, what is recorded, what stands in the way, and what is left after a failure. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { RunEvent } from "../../server/src/migrations/run/runFile.ts";
import { planApply, planDown, planTo, type RunPlan } from "../../server/src/migrations/run/plan.ts";
import { carryOut, type RunOutcome } from "../../server/src/migrations/run/run.ts";
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
  this.timeout(60_000);
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

  it("opens its door nowhere else", () => {
    const sources = fileURLToPath(new URL("../../server/src/", import.meta.url));
    const importers = readdirSync(sources, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts") && readFileSync(join(sources, file), "utf8").includes("database/migrationSession.ts"));
    assert.deepEqual([...new Set(importers.map((file) => file.split("/").slice(0, -1).join("/")))], ["migrations/run"]);
  });
});
