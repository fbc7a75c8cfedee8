import assert from "node:assert/strict";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import type pg from "pg";
import { readCatalog } from "../../server/src/database/catalog.ts";
import { catalogQueries } from "../../server/src/database/catalogQueries.ts";
import { applicationName } from "../../server/src/database/connection.ts";
import { DatabaseError } from "../../server/src/database/databaseError.ts";
import { openReadOnly, type Session } from "../../server/src/database/session.ts";
import type { RunningPostgres, TestDatabase } from "../support/postgres.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { wiretap } from "../support/wiretap.ts";

describe("a read-only session", function () {
  this.timeout(240_000);

  let server: RunningPostgres;
  let database: TestDatabase;
  let other: pg.Client;
  const sessions: Session[] = [];

  before(async () => {
    server = await sharedPostgres();
    database = await server.createDatabase();
    other = await database.client();
    await other.query("CREATE TABLE victim (a int); CREATE VIEW watched AS SELECT a FROM victim");
  });

  afterEach(async () => {
    await Promise.all(sessions.splice(0).map((session) => session.close()));
    await other.query("ROLLBACK");
  });

  after(() => database.drop());

  async function open(settings: Partial<Parameters<typeof openReadOnly>[0]> = {}): Promise<Session> {
    const session = await openReadOnly({ url: database.url, ...settings });
    sessions.push(session);
    return session;
  }

  it("knows the version of its server", async () => {
    assert.equal(Math.floor((await open()).serverVersion / 10_000), 15);
  });

  it("is called by its name in pg_stat_activity, whatever the address says", async () => {
    await open({ url: `${database.url}?application_name=psql` });
    assert.deepEqual(await ourBackends(), [applicationName]);
  });

  it("sends our constant texts by the extended protocol and nothing else", async () => {
    const tap = await wiretap(database.url);
    const session = await open({ url: tap.url });
    await readCatalog(session, { schemas: ["public", "'; DROP TABLE victim; --"], excludeSchemas: ['x"; COMMIT; DROP TABLE victim'] });
    await session.close();
    const constants = new Set(Object.values(catalogQueries).flatMap((query) => query.variants.map((variant) => variant.text)));
    const rest = tap
      .statements()
      .filter((text) => !constants.has(text))
      .map((text) => text.trim().split("(", 1)[0]);
    assert.deepEqual(rest, [
      "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
      "SELECT current_setting",
      "ROLLBACK",
      "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
      "SELECT current_setting",
      "SELECT set_config",
      "ROLLBACK",
    ]);
    // p: password, P: parse, B: bind, D: describe, E: execute, S: sync, X: terminate. Never Q: a simple query can hold several statements.
    assert.deepEqual([...tap.codes()].sort(), ["B", "D", "E", "P", "S", "X", "p"]);
    await tap.close();
    assert.deepEqual((await other.query("SELECT count(*)::int AS n FROM victim")).rows, [{ n: 0 }]);
  });

  it("is the only way to a server: the connection under it belongs to its room", () => {
    const sources = fileURLToPath(new URL("../../server/src/", import.meta.url));
    const importers = readdirSync(sources, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts") && !file.startsWith(join("database", "/")))
      .filter((file) => readFileSync(join(sources, file), "utf8").includes("database/connection.ts"));
    assert.deepEqual(importers, []);
  });

  const hostile = [
    "select 1; commit; drop table victim",
    "COMMIT",
    "SET TRANSACTION READ WRITE",
    "COPY (SELECT 1) TO PROGRAM 'touch /tmp/never'",
    "COPY victim TO '/tmp/never'",
    "SELECT pg_terminate_backend(1)",
    "SELECT pg_advisory_lock(1)",
    "SELECT set_config('statement_timeout', '0', false)",
    "LOCK TABLE victim IN ACCESS EXCLUSIVE MODE",
    "DO $$ BEGIN DROP TABLE victim; END $$",
    "constructor",
    "__proto__",
    "toString",
  ];
  for (const text of hostile) {
    it(`has no way in for: ${text}`, async () => {
      const tap = await wiretap(database.url);
      const session = await open({ url: tap.url });
      const before = tap.statements().length;
      await assert.rejects(
        session.reading(async (read) => Reflect.apply(read, undefined, [text])),
        /There is no catalog query/,
      );
      const sent = tap.statements().slice(before).map((statement) => statement.trim().split("(", 1)[0]);
      assert.deepEqual(sent, ["BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "SELECT current_setting", "SELECT set_config", "ROLLBACK"]);
      await session.close();
      await tap.close();
    });
  }

  it("sees one state of the database from the first query to the last", async () => {
    const session = await open();
    await session.reading(async (read) => {
      const first = await read("relations");
      await other.query("CREATE TABLE newcomer ()");
      assert.deepEqual(await read("relations"), first);
    });
    await other.query("DROP TABLE newcomer");
  });

  it("lets two readings take turns", async () => {
    const session = await open();
    const order: string[] = [];
    await Promise.all([
      session.reading(async (read) => {
        await read("relations");
        order.push("first");
      }),
      session.reading(async (read) => {
        await read("server");
        order.push("second");
      }),
    ]);
    assert.deepEqual(order, ["first", "second"]);
  });

  it("reads nothing outside of its transaction", async () => {
    const session = await open();
    const kept = await session.reading(async (read) => read);
    await assert.rejects(kept("server"), /outside of its transaction/);
  });

  it("gives up on a lock that another session holds", async () => {
    await lockView();
    const session = await open({ lockTimeoutMs: 100 });
    const error = await rejection(readCatalog(session));
    assert.equal(error.sqlState, "55P03");
    assert.match(error.hint ?? "", /Another session holds a lock/);
  });

  it("stops a statement that takes too long, and stays usable", async () => {
    await lockView();
    const session = await open({ lockTimeoutMs: 20_000, statementTimeoutMs: 200 });
    const error = await rejection(readCatalog(session));
    assert.equal(error.isCanceled, true);
    assert.equal(error.isOutage, false);
    await other.query("ROLLBACK");
    assert.equal((await readCatalog(session)).relations.length, 2);
  });

  it("cancels on the server, not only here, and stays usable", async () => {
    await lockView();
    const session = await open({ lockTimeoutMs: 20_000 });
    const reading = rejection(readCatalog(session));
    await waitForLock();
    await session.cancel();
    assert.deepEqual(await waitingForLocks(), 0);
    assert.equal((await reading).isCanceled, true);
    await other.query("ROLLBACK");
    assert.equal((await readCatalog(session)).relations.length, 2);
  });

  it("cancels what runs, not what waits its turn", async () => {
    await lockView();
    const session = await open({ lockTimeoutMs: 20_000 });
    const running = rejection(readCatalog(session));
    const waiting = session.reading((read) => read("server"));
    await waitForLock();
    await session.cancel();
    assert.equal((await running).isCanceled, true);
    assert.equal((await waiting).length, 1);
  });

  it("cancels nothing when nothing runs", async () => {
    const session = await open();
    await session.cancel();
    assert.equal((await readCatalog(session)).relations.length, 2);
  });

  it("closes at once under a running query, and the server ends it", async () => {
    await lockView();
    const session = await open({ lockTimeoutMs: 20_000 });
    const reading = rejection(readCatalog(session));
    await waitForLock();
    await session.close();
    assert.equal((await reading).isOutage, true);
    await until(async () => (await waitingForLocks()) === 0);
  });

  it("reports a connection that the server ended, now and from then on", async () => {
    const session = await open();
    await other.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1", [applicationName]);
    await until(async () => (await ourBackends()).length === 0);
    assert.equal((await rejection(readCatalog(session))).isOutage, true);
    assert.equal((await rejection(readCatalog(session))).isOutage, true);
  });

  it("leaves no connection behind", async () => {
    const session = await openReadOnly({ url: database.url });
    await readCatalog(session);
    await session.close();
    await until(async () => (await ourBackends()).length === 0);
  });

  describe("that cannot be opened", () => {
    const secret = "s3cr/et p@ss%";

    it("names what is wrong with the password and keeps it to itself", async () => {
      const error = await rejection(openReadOnly({ url: database.url, password: secret }));
      assert.equal(error.sqlState, "28P01");
      assert.match(error.hint ?? "", /password/);
      assertKeepsSecret(error);
    });

    it("names host, port and database of a server that is not there", async () => {
      const error = await rejection(openReadOnly({ url: "postgresql://me@127.0.0.1:9/shop", password: secret }));
      assert.match(error.message, /^Could not connect to 127\.0\.0\.1:9\/shop/);
      assert.equal(error.systemCode, "ECONNREFUSED");
      assert.match(error.hint ?? "", /Is the server running/);
      assertKeepsSecret(error);
    });

    it("gives up on a server that never answers", async () => {
      const silent = createServer();
      silent.listen(0, "127.0.0.1");
      await once(silent, "listening");
      const address = silent.address();
      assert.ok(typeof address === "object" && address !== null);
      const error = await rejection(
        openReadOnly({ url: `postgresql://me@127.0.0.1:${address.port}/shop`, password: secret, connectTimeoutMs: 300 }),
      );
      assert.match(error.message, /timeout/);
      assert.equal(error.isOutage, true);
      assertKeepsSecret(error);
      silent.close();
    });

    for (const url of [
      "",
      "shop",
      "mysql://me:s3cret@localhost/shop",
      "postgresql://me:s3cret@local host/shop",
      "postgresql://me:s3cret@localhost:99999/shop",
    ]) {
      it(`says what an address looks like: ${JSON.stringify(url)}`, async () => {
        const error = await rejection(openReadOnly({ url }));
        assert.match(`${error.message} ${error.hint ?? ""}`, /must look like postgresql:|between 1 and 65535/);
        assert.ok(!inspect(error, { depth: 9 }).includes("s3cret"));
      });
    }

    it("reports a database that does not exist", async () => {
      const error = await rejection(openReadOnly({ url: database.url.replace(/[^/]*$/, "nowhere") }));
      assert.equal(error.sqlState, "3D000");
    });

    function assertKeepsSecret(error: DatabaseError): void {
      const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error);
      for (const form of [secret, encodeURIComponent(secret)]) assert.ok(!shown.includes(form), shown);
    }
  });

  async function lockView(): Promise<void> {
    await other.query("BEGIN");
    await other.query("LOCK TABLE watched IN ACCESS EXCLUSIVE MODE");
  }

  async function waitingForLocks(): Promise<number> {
    const { rows } = await other.query<{ n: number }>("SELECT count(*)::int AS n FROM pg_locks WHERE NOT granted");
    return rows[0]?.n ?? 0;
  }

  function waitForLock(): Promise<void> {
    return until(async () => (await waitingForLocks()) > 0);
  }

  async function ourBackends(): Promise<readonly string[]> {
    const { rows } = await other.query<{ name: string }>(
      "SELECT application_name AS name FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()",
      [database.name],
    );
    return rows.map((row) => row.name);
  }
});

async function rejection(promise: Promise<unknown>): Promise<DatabaseError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DatabaseError, `not a DatabaseError: ${inspect(error)}`);
  return error;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await isTrue()) return;
    await delay(25);
  }
  assert.fail("It did not happen within 5 s.");
}
