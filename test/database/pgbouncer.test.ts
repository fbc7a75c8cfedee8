/** Everything that asks a database works through PgBouncer in transaction mode, where each transaction has another session. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { ConnectionProfile } from "../../protocol/src/connections.ts";
import { SharedSessions } from "../../server/src/connections/sharedSessions.ts";
import { treeRows } from "../../server/src/connections/treeRows.ts";
import { readCatalog } from "../../server/src/database/catalog.ts";
import { explain } from "../../server/src/database/explain.ts";
import { openReadOnly } from "../../server/src/database/session.ts";
import { planApply } from "../../server/src/migrations/run/plan.ts";
import { fromCatalog } from "../../server/src/model/fromCatalog.ts";
import { type RunningPgBouncer, startPgBouncer } from "../support/pgbouncer.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { contextFor } from "../support/runHistory.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { valueOf } from "../support/valueOf.ts";

describe("Through PgBouncer in transaction mode", function () {
  this.timeout(180_000);

  let database: TestDatabase;
  let other: pg.Client;
  let pooler: RunningPgBouncer;
  let url: string;
  const none = new AbortController().signal;

  before(async () => {
    const server = await sharedPostgres(18);
    database = await server.createDatabase();
    other = await database.client();
    await other.query("CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL); INSERT INTO customers SELECT i, 'n' || i FROM generate_series(1, 100) i");
    // One session for everybody: whatever is left in it, the next one has.
    pooler = await startPgBouncer(database.url, 1);
    url = pooler.through(database.url);
  });
  after(async () => {
    await pooler?.stop();
    await database?.drop();
  });

  it("the catalog is read, with SCRAM on both sides", async () => {
    const session = await openReadOnly({ url });
    const schema = fromCatalog(await readCatalog(session));
    assert.deepEqual([...schema.tables.keys()], ["public.customers"]);
    await session.close();
  });

  it("the view of a database is read, again and again", async () => {
    const sessions = new SharedSessions({ settingsOf: () => Promise.resolve({ ok: true, settings: { url }, profile: neverLookedAt }) });
    for (let i = 0; i < 3; i++) {
      const looked = await sessions.use("1", none, (session) => treeRows(session, { at: "table", schema: "public", table: "customers" }));
      assert.ok(looked.ok && looked.value.length === 3, JSON.stringify(looked));
    }
    await sessions.close();
  });

  it("statements are explained, with values, without, and run", async () => {
    const text = "SELECT * FROM customers WHERE id = $1";
    for (const values of [undefined, ["7"]]) {
      for (let i = 0; i < 3; i++) assert.equal((await explain({ url }, { text, values, environment: "development" })).kind, "plan");
    }
    assert.equal((await explain({ url }, { text, values: ["7"], analyze: true, environment: "development" })).kind, "plan");
  });

  it("nothing is left behind in the session that the next one gets", async () => {
    const settings = "SELECT name, setting FROM pg_settings WHERE source = 'session' ORDER BY name";
    await explain({ url }, { text: "SELECT 1", environment: "development" });
    const through = await clientThrough();
    const { rows } = await through.query<{ name: string }>(settings);
    // What PgBouncer itself passes on.
    assert.deepEqual(rows.map(({ name }) => name).filter((name) => !["application_name", "client_encoding", "DateStyle", "standard_conforming_strings", "TimeZone", "IntervalStyle"].includes(name)), []);
    assert.deepEqual((await through.query("SELECT name FROM pg_prepared_statements")).rows, []);
    await through.end();
  });

  it("no migration is run: it is known for a pooler, and nothing is changed", async () => {
    const folder = temporaryFolder({ "20240101000000_a/migration.sql": "CREATE TABLE a (id int);\n" });
    const plan = valueOf(await planApply(await contextFor(folder, url)));
    assert.deepEqual(plan.obstacles.map(({ code }) => code), ["pooled"]);
    assert.match(plan.obstacles[0]?.message ?? "", /stands a pooler such as PgBouncer.* Use the direct address/);
    assert.deepEqual((await other.query("SELECT to_regclass('a') AS a, to_regclass('_prisma_migrations') AS history")).rows, [{ a: null, history: null }]);
  });

  it("a statement is called off on the server, again and again, and the pooler goes on", async () => {
    const request = { text: "SELECT pg_catalog.count(*) FROM generate_series(1, 1000000000)", analyze: true, environment: "development" } as const;
    const active = "SELECT FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND query LIKE 'EXPLAIN%'";
    for (let i = 0; i < 10; i++) {
      const controller = new AbortController();
      const running = explain({ url }, request, controller.signal).then(() => "ended", (error: Error) => error.message);
      while ((await other.query(active, [database.name])).rowCount !== 1) await delay(20);
      controller.abort();
      assert.match(await running, /canceling statement due to user request/);
      assert.equal((await other.query(active, [database.name])).rowCount, 0);
    }
  });

  async function clientThrough(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  }
});

const neverLookedAt: ConnectionProfile = {
  ...{ id: "1", name: "shop", host: "", port: 1, database: "", user: "", tls: "none", certificates: {}, isPooled: true },
  ...{ environment: "development", environmentBecause: "", isConfirmedEnvironment: false, allowsUnverified: false, source: { kind: "pasted" } },
};
