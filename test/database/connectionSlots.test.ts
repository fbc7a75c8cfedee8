/** The limit of connections, and calling off beyond it, at a real server. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { explain } from "../../server/src/database/explain.ts";
import { openReadOnly, type Session } from "../../server/src/database/session.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

describe("Connections to one database", () => {
  let database: TestDatabase;
  let other: pg.Client;
  let sessions: Session[];
  before(async () => {
    database = await (await sharedPostgres()).createDatabase();
    other = await database.client();
  });
  beforeEach(() => {
    sessions = [];
  });
  afterEach(() => Promise.all(sessions.map((session) => session.close())));
  after(() => database.drop());

  const open = async (): Promise<Session> => {
    const session = await openReadOnly({ url: database.url });
    sessions.push(session);
    return session;
  };
  const backends = async (): Promise<number> => {
    const { rows } = await other.query<{ n: number }>("SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid() AND backend_type = 'client backend'", [database.name]);
    return rows[0]?.n ?? 0;
  };

  it("are two at most, and the others have their turn", async () => {
    let most = 0;
    let isDone = false;
    const watching = (async () => {
      while (!isDone) most = Math.max(most, await backends());
    })();
    const plans = await Promise.all(Array.from({ length: 9 }, () => explain({ url: database.url }, { text: "SELECT pg_backend_pid()", analyze: true, environment: "development", consent: { code: true } })));
    isDone = true;
    await watching;
    assert.deepEqual([...new Set(plans.map(({ kind }) => kind))], ["plan"]);
    assert.ok(most > 0 && most <= 2, String(most));
  });

  it("that do nothing are asked to give way to who waits", async () => {
    const [first, second] = [await open(), await open()];
    let asked = 0;
    first.onWanted(() => {
      asked++;
      void first.close();
    });
    second.onWanted(() => asked++);
    await open();
    assert.equal(asked, 2);
    assert.equal(await backends(), 2);
  });

  it("that are all busy are said to be", async () => {
    await open();
    await open();
    const started = performance.now();
    await assert.rejects(openReadOnly({ url: database.url, connectTimeoutMs: 200, statementTimeoutMs: 100 }), /^DatabaseError: Both connections to 127\.0\.0\.1:\d+\/test_\w+ are busy\.$/);
    assert.ok(performance.now() - started < 2_000);
  });

  it("are free again when the server hung up", async () => {
    const dropped = [await open(), await open()];
    await other.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()", [database.name]);
    for (const session of dropped) await session.reading((read) => read("namespaces")).catch(() => undefined);
    await open();
    await open();
  });

  it("are called off while the server says nothing", async () => {
    const silent = createServer(() => undefined);
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    assert.ok(address !== null && typeof address === "object");
    const started = performance.now();
    await assert.rejects(openReadOnly({ url: `postgresql://me@127.0.0.1:${address.port}/shop` }, AbortSignal.timeout(100)), /Could not connect/);
    assert.ok(performance.now() - started < 2_000, `${performance.now() - started} ms`);
    silent.close();
  });

  it("are called off though both are taken, and leave nothing behind", async () => {
    const controller = new AbortController();
    const request = { text: "SELECT pg_catalog.count(*) FROM generate_series(1, 1000000000)", analyze: true, environment: "development", consent: { code: true } } as const;
    const running = [1, 2].map(() => explain({ url: database.url }, request, controller.signal).then(() => "ended", (error: Error) => error.message));
    while ((await other.query("SELECT FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND query LIKE 'EXPLAIN%'", [database.name])).rowCount !== 2) await delay(20);
    const started = performance.now();
    controller.abort();
    for (const message of await Promise.all(running)) assert.match(message, /canceling statement due to user request/);
    assert.ok(performance.now() - started < 1_500, `${performance.now() - started} ms`);
    assert.equal(await backends(), 0);
  });
});
