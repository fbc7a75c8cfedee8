import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { applicationName } from "../../server/src/database/connection.ts";
import type { ConnectionSettings } from "../../server/src/database/connectionSettings.ts";
import { DatabaseError } from "../../server/src/database/databaseError.ts";
import { explain, type ExplainAnswer, type ExplainRequest } from "../../server/src/database/explain.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { postgresMajors } from "../support/postgresBinaries.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { wiretap } from "../support/wiretap.ts";

for (const major of postgresMajors) {
  describe(`explaining on PostgreSQL ${major}`, function () {
    this.timeout(240_000);

    let database: TestDatabase;
    let other: pg.Client;

    before(async () => {
      await loadSqlParser();
      database = await (await sharedPostgres(major)).createDatabase();
      other = await database.client();
      await other.query(`
        CREATE TABLE victim (id serial PRIMARY KEY, name text, amount numeric);
        INSERT INTO victim (name, amount) SELECT 'n' || g, g FROM generate_series(1, 1000) g;
        CREATE INDEX ON victim (name);
        ANALYZE victim;
        CREATE FUNCTION sneaky(int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM pg_advisory_lock(4711); RETURN $1; END $$;
        CREATE FUNCTION danger(victim) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN PERFORM pg_advisory_lock(4712); RETURN 1; END $$;
        CREATE VIEW calm AS SELECT id, name FROM victim;
        CREATE VIEW sly AS SELECT id FROM victim WHERE id = sneaky(1);
        CREATE VIEW deep AS SELECT * FROM sly;
        CREATE VIEW killing AS SELECT pg_terminate_backend(id) FROM victim;
        CREATE TABLE guarded (id int); ALTER TABLE guarded ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON guarded USING (id = sneaky(2));
        CREATE FUNCTION same(victim, int) RETURNS boolean LANGUAGE sql AS 'SELECT true';
        CREATE OPERATOR === (LEFTARG = victim, RIGHTARG = int, FUNCTION = same);`);
    });

    after(() => database.drop());

    const settings = (more: Partial<ConnectionSettings> = {}): ConnectionSettings => ({ url: database.url, ...more });
    const ask = (text: string, more: Partial<ExplainRequest> = {}): Promise<ExplainAnswer> => explain(settings(), { text, environment: "development", ...more });

    it("gives the plan of a query, without running it", async () => {
      const answer = await plan(ask("SELECT name FROM victim WHERE id = 3 -- one of them"));
      assert.equal(answer.serverVersion >= major * 10_000, true);
      assert.equal(answer.isGeneric, false);
      const node = rootOf(answer);
      assert.match(String(node["Node Type"]), /Index Scan/);
      assert.equal(node["Actual Rows"], undefined);
    });

    it("gives a generic plan where there are no values, and names no setting of its own", async () => {
      const answer = await plan(ask("SELECT * FROM victim WHERE name = $1 AND amount > $2"));
      assert.equal(answer.isGeneric, true);
      assert.match(answer.plan, /"Index Cond": "\(.*\$1/);
      assert.ok(!answer.plan.includes("plan_cache_mode"), answer.plan);
      const settings: unknown = JSON.parse(answer.plan)[0].Settings;
      assert.ok(settings === undefined || JSON.stringify(settings) === "{}" || typeof settings === "object");
      await plan(ask("UPDATE victim SET name = $1 WHERE id = $2"));
    });

    it("gives a plan for values", async () => {
      const answer = await plan(ask("SELECT * FROM victim WHERE id < $1", { values: ["5"] }));
      assert.match(answer.plan, /id < 5/);
      assert.equal((await ask("SELECT $1::int", { values: [] })).kind, "refused");
    });

    it("runs a query for EXPLAIN ANALYZE, in a read-only transaction", async () => {
      assert.equal(rootOf(await plan(ask("SELECT * FROM victim", { analyze: true })))["Actual Rows"], 1000);
    });

    it("asks before it runs what changes or locks rows, and rolls it back", async () => {
      for (const text of ["UPDATE victim SET name = 'x'", "WITH d AS (DELETE FROM victim RETURNING 1) SELECT * FROM d", "SELECT * FROM victim FOR UPDATE"]) {
        const answer = await ask(text, { analyze: true });
        assert.ok(answer.kind === "asks" && answer.about === "writes", JSON.stringify(answer));
        assert.match(answer.why, /sequences/);
        await plan(ask(text, { analyze: true, consent: { writes: true, code: true } }));
      }
      assert.deepEqual((await other.query("SELECT count(*)::int AS n, count(*) FILTER (WHERE name = 'x')::int AS x FROM victim")).rows, [{ n: 1000, x: 0 }]);
    });

    it("asks every time on production, and never runs there what changes rows", async () => {
      const answer = await ask("SELECT 1", { analyze: true, environment: "production", consent: { writes: true, code: true } });
      assert.ok(answer.kind === "asks" && answer.about === "production");
      await plan(ask("SELECT 1", { analyze: true, environment: "production", consent: { production: true } }));
      const all = { writes: true, code: true, production: true };
      assert.equal((await ask("DELETE FROM victim", { analyze: true, environment: "production", consent: all })).kind, "refused");
      await plan(ask("DELETE FROM victim", { environment: "production" }));
    });

    const running = {
      "a function of the user's": "SELECT * FROM victim WHERE id = sneaky(1)",
      "one with its schema": "SELECT public.sneaky(1)",
      "one called as if it were a column": "SELECT v.danger FROM victim v",
      "one in a view under a view": "SELECT * FROM deep",
      "one in a policy": "SELECT * FROM guarded",
      "one behind an operator": "SELECT 1 FROM victim v WHERE v === 1",
      "a volatile built-in": "SELECT nextval('victim_id_seq')",
    };
    for (const [what, text] of Object.entries(running)) {
      it(`asks before planning runs ${what}`, async () => {
        const answer = await ask(text);
        assert.ok(answer.kind === "asks" && answer.about === "code", JSON.stringify(answer));
        assert.equal(await advisoryLocks(), 0);
      });
    }

    it("does not ask for what is built in and harmless", async () => {
      for (const text of ["SELECT lower(name), now(), random(), gen_random_uuid() FROM calm WHERE name LIKE 'n%' ORDER BY id", "INSERT INTO victim (name) VALUES ('a')"]) await plan(ask(text));
    });

    it("leaves nothing behind where a function was allowed to run: the connection is closed", async () => {
      await plan(ask("SELECT * FROM victim WHERE id = sneaky(1)", { consent: { code: true } }));
      await until(async () => (await advisoryLocks()) === 0 && (await ourBackends()) === 0);
    });

    it("refuses a view that calls what is never explained", async () => {
      const answer = await ask("SELECT * FROM killing", { consent: { code: true } });
      assert.ok(answer.kind === "refused" && answer.reason.startsWith("killing"), JSON.stringify(answer));
    });

    it("gives PostgreSQL's error with its place in the query", async () => {
      for (const text of ["SELECT 'ä😀', nam FROM victim", "SELECT 'ä😀', nam FROM victim WHERE id = $1"]) {
        const error = await rejection(ask(text));
        assert.equal(error.sqlState, "42703");
        assert.equal(error.position, [..."SELECT 'ä😀', "].length + 1);
      }
    });

    it("leaves no prepared statement where the session goes to somebody else", async () => {
      const tap = await wiretap(database.url);
      await explain({ url: tap.url }, { text: "SELECT * FROM victim WHERE id = $1", environment: "development" });
      const names = tap.statements().map((text) => /^(?:PREPARE|DEALLOCATE) (\w+)/.exec(text)?.[1]).filter((name) => name !== undefined);
      assert.equal(names.length, 2);
      assert.equal(names[0], names[1]);
      await tap.close();
    });

    // Each layer alone: what it does is seen where no other layer stands in front of it.

    it("layer: the extended protocol, always", async () => {
      const tap = await wiretap(database.url);
      for (const text of ["SELECT 1", "SELECT * FROM victim WHERE id = $1"]) await explain({ url: tap.url }, { text, environment: "development" });
      assert.ok(!tap.codes().has("Q"));
      await tap.close();
    });

    it("layer: a read-only transaction, timeouts in it, and a rollback", async () => {
      const tap = await wiretap(database.url);
      await explain({ url: tap.url }, { text: "UPDATE victim SET name = 'x'", environment: "development" });
      const sent = tap.statements();
      assert.equal(sent[0], "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      for (const setting of ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "standard_conforming_strings", "client_connection_check_interval"]) assert.ok(sent[1]?.includes(`set_config('${setting}'`), setting);
      assert.ok(!/, false\)/.test(sent.join("\n")));
      assert.equal(sent.at(-1), "ROLLBACK");
      assert.match(sent.at(-2) ?? "", /^EXPLAIN \(FORMAT JSON, VERBOSE, SETTINGS\) UPDATE/);
      await tap.close();
    });

    it("layer: the lock timeout, behind a lock that another session holds", async () => {
      await other.query("BEGIN; LOCK TABLE victim IN ACCESS EXCLUSIVE MODE");
      const error = await rejection(explain(settings({ lockTimeoutMs: 100 }), { text: "SELECT * FROM victim", environment: "development" }));
      await other.query("ROLLBACK");
      assert.equal(error.sqlState, "55P03");
    });

    it("layer: the statement timeout", async () => {
      const error = await rejection(explain(settings({ statementTimeoutMs: 200 }), { text: "SELECT count(*) FROM generate_series(1, 100000000000)", analyze: true, environment: "development" }));
      assert.equal(error.isCanceled, true);
      await until(async () => (await ourBackends()) === 0);
    });

    it("layer: cancelling reaches the server", async () => {
      const controller = new AbortController();
      const work = rejection(explain(settings(), { text: "SELECT count(*) FROM generate_series(1, 100000000000)", analyze: true, environment: "development" }, controller.signal));
      await until(async () => (await ourBackends("active")) === 1);
      controller.abort();
      assert.equal((await work).isCanceled, true);
      await until(async () => (await ourBackends()) === 0);
    });

    it("layer: a backslash means the same to the server as to the parser", async () => {
      await other.query(`ALTER DATABASE "${database.name}" SET standard_conforming_strings = off`);
      try {
        assert.match((await plan(ask("SELECT name FROM victim WHERE name = '\\'"))).plan, /'\\\\'/);
      } finally {
        await other.query(`ALTER DATABASE "${database.name}" RESET standard_conforming_strings`);
      }
    });

    async function advisoryLocks(): Promise<number> {
      return (await other.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = $1)", [database.name])).rows.length;
    }

    async function ourBackends(state?: string): Promise<number> {
      const { rows } = await other.query<{ state: string; query: string }>("SELECT state, query FROM pg_stat_activity WHERE application_name = $1 AND datname = $2", [applicationName, database.name]);
      return rows.filter((row) => state === undefined || (row.state === state && row.query.startsWith("EXPLAIN"))).length;
    }
  });
}

async function plan(answer: Promise<ExplainAnswer>): Promise<Extract<ExplainAnswer, { kind: "plan" }>> {
  const given = await answer;
  assert.ok(given.kind === "plan", JSON.stringify(given));
  return given;
}

function rootOf(answer: { plan: string }): Record<string, unknown> {
  return JSON.parse(answer.plan)[0].Plan;
}

async function rejection(promise: Promise<unknown>): Promise<DatabaseError> {
  const error: unknown = await promise.then(
    (value) => assert.fail(JSON.stringify(value)),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DatabaseError, String(error));
  return error;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await isTrue()) return;
    await delay(25);
  }
  assert.fail("It did not happen within 5 s.");
}
