/** One session a database for all who look: closed when idle, given up for who waits, called off without harm to others. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import type { ConnectionProfile } from "../../protocol/src/connections.ts";
import { SharedSessions } from "../../server/src/connections/sharedSessions.ts";
import { treeRows } from "../../server/src/connections/treeRows.ts";
import { explain } from "../../server/src/database/explain.ts";
import { startPostgres, type TestDatabase } from "../support/postgres.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

const profile: ConnectionProfile = {
  ...{ id: "1", name: "shop", host: "127.0.0.1", port: 1, database: "shop", user: "me", tls: "none", certificates: {}, isPooled: false },
  ...{ environment: "development", environmentBecause: "", isConfirmedEnvironment: false, allowsUnverified: false, source: { kind: "pasted" } },
};
const none = new AbortController().signal;

describe("A session that is shared", () => {
  let database: TestDatabase;
  let other: pg.Client;
  let sessions: SharedSessions;
  before(async () => {
    database = await (await sharedPostgres()).createDatabase();
    other = await database.client();
  });
  afterEach(() => sessions.close());
  after(() => database.drop());

  const start = (idleMs = 60_000): void => {
    sessions = new SharedSessions({ idleMs, settingsOf: () => Promise.resolve({ ok: true, settings: { url: database.url }, profile }) });
  };
  const look = async (signal = none): Promise<boolean> => (await sessions.use("1", signal, (session) => treeRows(session, { at: "database" }))).ok;
  const pids = async (): Promise<readonly number[]> => {
    const { rows } = await other.query<{ pid: number }>("SELECT pid FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend'", [database.name]);
    return rows.map(({ pid }) => pid);
  };

  it("is closed when nobody has looked for a while, and opened again", async () => {
    start(150);
    assert.ok(await look());
    const [first] = await pids();
    assert.ok(first !== undefined);
    for (let i = 0; i < 1_000 && (await pids()).length > 0; i++) await delay(20);
    assert.deepEqual(await pids(), []);
    assert.ok(await look());
    assert.notDeepEqual(await pids(), [first]);
  });

  it("is given up for who waits for a connection, and looks again afterwards", async () => {
    start();
    assert.ok(await look());
    const plans = await Promise.all([1, 2, 3, 4].map((i) => explain({ url: database.url }, { text: `SELECT ${i}`, environment: "development" })));
    assert.deepEqual(plans.map(({ kind }) => kind), ["plan", "plan", "plan", "plan"]);
    assert.ok(await look());
    assert.equal((await pids()).length, 1);
  });

  it("is left to the others when one is called off, before its turn or in the middle", async () => {
    start();
    await other.query("CREATE TABLE locked (id int)");
    await other.query("BEGIN; LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
    const controller = new AbortController();
    const late = new AbortController();
    const counting = sessions.use("1", controller.signal, (session) => session.looking("count", [], ["public", "locked"]));
    const waiting = look(late.signal);
    const staying = look();
    late.abort();
    controller.abort();
    assert.deepEqual(await counting, { ok: false, reason: "It was called off." });
    assert.equal(await waiting, false);
    assert.equal(await staying, true);
    await other.query("ROLLBACK");
  });

  it("says what PostgreSQL counts of statements, where that is installed", async function () {
    this.timeout(120_000);
    const server = await startPostgres(17, { shared_preload_libraries: "pg_stat_statements" });
    try {
      const counted = await server.createDatabase();
      const client = await counted.client();
      await client.query('CREATE SCHEMA "ext ension"; CREATE EXTENSION pg_stat_statements SCHEMA "ext ension"; CREATE TABLE shop (id int); CREATE ROLE reader LOGIN');
      for (let i = 0; i < 3; i++) await client.query("SELECT count(*) FROM shop WHERE id > $1", [i]);
      sessions = new SharedSessions({ settingsOf: () => Promise.resolve({ ok: true, settings: { url: counted.url }, profile }) });
      const looked = await sessions.use("1", none, (session) => treeRows(session, { at: "statements" }));
      assert.ok(looked.ok, JSON.stringify(looked));
      const [statement, ...others] = looked.value.filter((row) => row.row === "statement" && row.text.includes("shop"));
      assert.ok(statement?.row === "statement");
      assert.deepEqual([statement.text, statement.calls, statement.rows, others], ["SELECT count(*) FROM shop WHERE id > $1", 3, 3, []]);
      assert.ok(statement.totalMilliseconds > 0 && statement.meanMilliseconds <= statement.totalMilliseconds);
      assert.deepEqual(looked.value.filter(({ row }) => row === "note"), []);
      await sessions.close();
      await client.end();
    } finally {
      await server.stop();
    }
  });
});
