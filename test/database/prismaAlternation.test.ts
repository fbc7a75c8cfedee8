/** Prisma's own engine and this runner by turns on one database: either goes on where the other stopped. */
import assert from "node:assert/strict";
import { planApply, planDown } from "../../server/src/migrations/run/plan.ts";
import { markApplied, markRolledBack, resolveFailed } from "../../server/src/migrations/run/resolve.ts";
import { carryOut } from "../../server/src/migrations/run/run.ts";
import { readSituation } from "../../server/src/migrations/run/situation.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { type PrismaMigrate, prismaMigrate } from "../support/prismaMigrate.ts";
import { contextFor } from "../support/runHistory.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";
import { valueOf } from "../support/valueOf.ts";

const [a, b, c, d] = ["20240101000000_a", "20240102000000_b", "20240103000000_c", "20240104000000_d"];
const file = (name: string, text: string): Readonly<Record<string, string>> => ({ [`${name}/migration.sql`]: text });
const table = (name: string): string => `CREATE TABLE ${name} (id int PRIMARY KEY);\n`;

describe("Prisma Migrate and this runner, by turns", function () {
  this.timeout(240_000);
  let database: TestDatabase;
  let prisma: PrismaMigrate;
  let folder: string;
  before(loadSqlParser);
  beforeEach(async () => {
    database = await (await sharedPostgres(15)).createDatabase();
    folder = temporaryFolder(file(a, table("a")));
    prisma = prismaMigrate(database, folder);
  });
  afterEach(() => database.drop());

  const context = () => contextFor(folder, database.url);
  const apply = async (): Promise<readonly string[]> => valueOf(await carryOut(await context(), valueOf(await planApply(await context())), {})).done;
  const states = async (): Promise<readonly string[]> => valueOf(await readSituation(await context())).standings.map(({ state }) => state);
  const inStep = { failed: [], edited: [], history: null };
  const behind = (...names: readonly string[]) => ({ failed: [], edited: [], history: { diagnostic: "databaseIsBehind", unappliedMigrationNames: names } });

  it("apply one migration each and find each other's", async () => {
    assert.deepEqual(await prisma.deploy(), [a]);
    writeFiles(folder, file(b, `${table("b")}CREATE INDEX ON b (id);\n`));
    assert.deepEqual(await apply(), [b]);
    assert.deepEqual(await prisma.diagnose(), inStep);
    writeFiles(folder, file(c, "-- Größe: 漢字 🙂\r\nSELECT 1;\r\n"));
    assert.deepEqual(await prisma.deploy(), [c]);
    writeFiles(folder, file(d, "CREATE INDEX CONCURRENTLY c ON b (id);\n"));
    assert.deepEqual(await apply(), [d]);
    assert.deepEqual([await prisma.diagnose(), await prisma.deploy(), await states()], [inStep, [], ["applied", "applied", "applied", "applied"]]);
  });

  it("make the same table for the record, row for row alike", async () => {
    const describeTable = `SELECT attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid) FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = '_prisma_migrations'::regclass AND attnum > 0 ORDER BY attnum`;
    const describeRows = "SELECT length(id) AS id, checksum, migration_name, logs, rolled_back_at, applied_steps_count, finished_at >= started_at AS ended FROM _prisma_migrations";
    const seen: unknown[] = [];
    for (const by of [() => prisma.deploy(), apply]) {
      const client = await database.client();
      await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
      await by();
      seen.push([(await client.query(describeTable)).rows, (await client.query(describeRows)).rows]);
      await client.end();
    }
    assert.deepEqual(seen[1], seen[0]);
  });

  it("take what was undone for pending, and apply it again", async () => {
    writeFiles(folder, { ...file(b, table("b")), [`${b}/down.sql`]: "DROP TABLE b;\n" });
    assert.deepEqual(await prisma.deploy(), [a, b]);
    const plan = valueOf(await planDown(await context(), { count: 1 }, { isProven: false }));
    assert.deepEqual(valueOf(await carryOut(await context(), plan, {})).done, [b]);
    assert.deepEqual([await prisma.diagnose(), await states()], [behind(b), ["applied", "rolled back"]]);
    assert.deepEqual([await prisma.deploy(), await prisma.diagnose(), await states()], [[b], inStep, ["applied", "applied"]]);
  });

  it("stop where the other has failed, until that is resolved by either", async () => {
    writeFiles(folder, file(b, "CREATE TABLE b (id int);\nSELECT nothing;\n"));
    await assert.rejects(prisma.deploy());
    assert.deepEqual([(await prisma.diagnose()).failed, await states()], [[b], ["applied", "failed"]]);
    const stopped = valueOf(await planApply(await context()));
    assert.deepEqual(stopped.obstacles.map(({ code }) => code), ["failed-migration"]);
    const [diagnosis] = valueOf(await readSituation(await context())).diagnoses;
    assert.deepEqual([diagnosis?.evidence, diagnosis?.step, diagnosis?.statements.map(({ state }) => state)], ["catalog", { do: "retry" }, ["not done", "not done"]]);
    assert.deepEqual(valueOf(await resolveFailed(await context(), undefined)).told, [`${b} counts as rolled back, and runs again with migrate apply.`]);
    assert.deepEqual(await prisma.diagnose(), behind(b));
    writeFiles(folder, file(b, table("b")));
    assert.deepEqual([await apply(), await prisma.diagnose()], [[b], inStep]);
  });

  it("do not mind a failure of ours that left nothing", async () => {
    writeFiles(folder, file(b, "CREATE TABLE b (id int);\nSELECT nothing;\n"));
    const failed = valueOf(await carryOut(await context(), valueOf(await planApply(await context())), {}));
    assert.equal(failed.ok, false);
    assert.deepEqual(await prisma.diagnose(), behind(b));
    writeFiles(folder, file(b, table("b")));
    assert.deepEqual([await prisma.deploy(), await states()], [[b], ["applied", "applied"]]);
  });

  it("see a failure of ours that left something as failed, and let the other resolve it", async () => {
    writeFiles(folder, file(b, "BEGIN;\nCREATE TABLE b (id int);\nCOMMIT;\nSELECT nothing;\n"));
    const failed = valueOf(await carryOut(await context(), valueOf(await planApply(await context())), {}));
    assert.ok(!failed.ok);
    assert.deepEqual([failed.failure.isUndone, failed.failure.state], [false, "3 of 4 statements are done for good. The one that failed has left nothing."]);
    assert.deepEqual((await prisma.diagnose()).failed, [b]);
    await assert.rejects(prisma.deploy(), /P3009|failed migrations/);
    await prisma.resolve(b, "applied");
    assert.deepEqual([await states(), await prisma.diagnose()], [["applied", "applied"], inStep]);
  });

  it("understand each other's marks", async () => {
    await prisma.deploy();
    valueOf(await markRolledBack(await context(), a));
    assert.deepEqual(await prisma.diagnose(), behind(a));
    valueOf(await markApplied(await context(), a));
    assert.deepEqual([await prisma.diagnose(), await prisma.deploy()], [inStep, []]);
  });

  it("both see an edited file, and neither minds the other end of lines", async () => {
    await prisma.deploy();
    writeFiles(folder, file(a, table("a").replaceAll("\n", "\r\n")));
    assert.deepEqual([await prisma.diagnose(), await states()], [inStep, ["applied"]]);
    writeFiles(folder, file(a, `${table("a")}-- later\n`));
    assert.deepEqual([(await prisma.diagnose()).edited, await states()], [[a], ["edited"]]);
  });

  it("wait for each other's lock, and this one says for whom", async () => {
    const holder = await database.client();
    await holder.query("SET application_name = 'prisma'; SELECT pg_advisory_lock(72707369)");
    const waiting: string[] = [];
    const plan = valueOf(await planApply(await context()));
    const ran = await carryOut({ ...(await context()), waitMs: 300 }, plan, {}, { onEvent: (event) => event.kind === "waiting" && waiting.push(...event.holders.map(({ application }) => application)) });
    assert.ok(!ran.ok);
    assert.match(ran.reason, /^Another run is under way, for longer than the 0\.3 s that this one waits: process \d+ \(prisma, role postgres, idle, connected since .* UTC\)\. Nothing was changed\./);
    assert.deepEqual(waiting, ["prisma"]);
    await holder.query("SELECT pg_advisory_unlock(72707369)");
    await holder.end();
    assert.deepEqual(await apply(), [a]);
  });

  it("of two runs at once, one waits for the other and finds everything done", async () => {
    writeFiles(folder, file(b, "CREATE TABLE b AS SELECT pg_sleep(0.7)::text AS n;\n"));
    const plan = valueOf(await planApply(await context()));
    const waited: number[] = [];
    const skipped: string[] = [];
    const runs = await Promise.all(
      [0, 1].map(async (i) => valueOf(await carryOut(await context(), plan, {}, { onEvent: (event) => (event.kind === "waiting" ? waited.push(i) : event.kind === "skipped" ? skipped.push(event.migration) : undefined) }))),
    );
    assert.deepEqual([runs.map(({ ok, done }) => [ok, done.length]).sort(), new Set(waited).size, skipped], [[[true, 0], [true, 2]], 1, [a, b]]);
  });
});
