/** Everything that goes wrong around a query somebody wants explained: a clear sentence each, in time, and nobody left on the server. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type pg from "pg";
import { explainOn, type ExplainPlace, type ExplainFailure } from "../../server/src/explain/explainOn.ts";
import { PlanReader } from "../../server/src/explain/planReader.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { planWorker } from "../../server/src/workspace/assets.ts";
import { hostileServer } from "../support/hostileServer.ts";
import { startPostgres, type TestDatabase } from "../support/postgres.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

describe("a query that cannot be explained", function () {
  this.timeout(240_000);

  let database: TestDatabase;
  let other: pg.Client;
  before(async () => {
    await loadSqlParser();
    database = await (await sharedPostgres()).createDatabase();
    other = await database.client();
    await other.query("CREATE TABLE deals (id int PRIMARY KEY, name text); CREATE ROLE reader LOGIN PASSWORD 'of-a-reader'; CREATE TABLE salaries (id int)");
    await other.query("GRANT SELECT ON deals TO reader");
  });
  after(async () => {
    await other.query("DROP OWNED BY reader; DROP ROLE reader");
    await database.drop();
  });

  const long = "SELECT count(*) FROM generate_series(1, 2000000000) a";

  function server(change: (url: URL) => void = () => undefined): ExplainPlace {
    const url = new URL(database.url);
    change(url);
    return { kind: "server", settings: { url: url.href, connectTimeoutMs: 2_000 }, environment: "development" };
  }

  async function failure(place: ExplainPlace, text = "SELECT name FROM deals", analyze = false): Promise<ExplainFailure> {
    const outcome = await explainOn(place, { text, analyze, consent: [] }, AbortSignal.timeout(120_000));
    assert.equal(outcome.kind, "failed", JSON.stringify(outcome).slice(0, 400));
    assert.ok(outcome.kind === "failed");
    assert.doesNotMatch(JSON.stringify(outcome), /of-a-reader|hunter2/);
    return outcome;
  }

  const cases: readonly (readonly [string, () => ExplainPlace, string, RegExp, RegExp?])[] = [
    ["no database server", () => server((url) => (url.port = "1")), "SELECT 1", /Could not connect to 127\.0\.0\.1:1\/.*ECONNREFUSED/, /Is the server running/],
    ["no such database", () => server((url) => (url.pathname = "/nowhere")), "SELECT 1", /database "nowhere" does not exist/, /Check the database name/],
    ["a wrong password", () => server((url) => (url.password = "hunter2")), "SELECT 1", /password authentication failed/, /Check the user name and the password/],
    ["a table that one may not read", () => server(asReader), "SELECT id FROM salaries", /permission denied for table salaries/, /GRANT SELECT/],
    ["a query over 1 MB", server, `SELECT '${"x".repeat(1_100_000)}'`, /larger than 1 MB/],
    ["a NUL", server, "SELECT '\0'; DROP TABLE deals", /NUL/],
    ["a quote that nobody closed", server, "SELECT 'never", /unterminated quoted string/],
    ["two statements", server, "SELECT 1; SELECT 2", /There are 2 statements here: choose one/],
    ["DDL", server, "CREATE INDEX ON deals (name)", /INDEX has no plan: PostgreSQL explains SELECT/],
    ["nothing", server, "  -- nothing\n", /no statement here/],
  ];
  for (const [what, place, text, message, hint] of cases) {
    it(`says so in a sentence: ${what}`, async () => {
      const failed = await failure(place(), text);
      assert.match(failed.message, message);
      if (hint !== undefined) assert.match(failed.hint ?? "", hint);
    });
  }

  it("is given up at a host that takes connections and says nothing", async () => {
    const silent = await hostileServer({ atStart: () => undefined });
    try {
      const started = Date.now();
      const { message } = await failure({ kind: "server", settings: { url: silent.url, connectTimeoutMs: 500 }, environment: "development" });
      assert.match(message, /timeout/);
      assert.ok(Date.now() - started < 60_000);
    } finally {
      await silent.stop();
    }
  });

  it("says that the server went away in the middle of it, and is explained once it is back", async () => {
    const own = await startPostgres(15);
    const place: ExplainPlace = { kind: "server", settings: { url: own.url }, environment: "development" };
    try {
      const running = failure(place, long, true);
      await ofOurs(own.url, (count) => count > 0);
      await own.stop();
      const { message, hint } = await running;
      assert.match(`${message} ${hint}`, /shut down|ended this session|terminat|cut/);
      assert.match((await failure(place)).message, /ECONNREFUSED/);
    } finally {
      await own.stop();
    }
    const plan = await explainOn(server(), { text: "SELECT 1", analyze: false, consent: [] }, new AbortController().signal);
    assert.equal(plan.kind, "plan");
  });

  it("says that the session was ended by somebody else", async () => {
    const running = failure(server(), long, true);
    await ofOurs(database.url, (count) => count > 0);
    await other.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'Database Architect' AND datname = current_database()");
    const { message, hint } = await running;
    assert.match(message, /terminating connection due to administrator command/);
    assert.match(hint ?? "", /ended this session/);
  });

  it("is no trouble when its plan has fifty megabytes: shown, or refused with the figure", async () => {
    await other.query(`CREATE VIEW wide AS SELECT id FROM deals WHERE name <> '${"x".repeat(720_000)}'`);
    await other.query("CREATE VIEW wider AS SELECT * FROM wide UNION ALL SELECT * FROM wide UNION ALL SELECT * FROM wide UNION ALL SELECT * FROM wide UNION ALL SELECT * FROM wide UNION ALL SELECT * FROM wide UNION ALL SELECT * FROM wide UNION ALL SELECT * FROM wide");
    const reader = new PlanReader(planWorker);
    try {
      for (const [times, expected] of [[4, /^plan$/], [9, /plans over 50 MB are not read/]] as const) {
        const text = Array.from({ length: times }, () => "SELECT id FROM wider").join(" UNION ALL ");
        const outcome = await explainOn(server(), { text, analyze: false, consent: [] }, new AbortController().signal);
        assert.ok(outcome.kind === "plan", JSON.stringify(outcome).slice(0, 300));
        const size = outcome.plan.length;
        assert.ok(times === 9 ? size > 50_000_000 : size > 20_000_000, `${size} characters`);
        const read = await reader.sheet(outcome.plan, { title: { run: "", planned: "" }, query: text });
        assert.match(read.ok ? "plan" : read.reason, expected);
      }
    } finally {
      await reader.close();
    }
  });

  it("leaves nobody behind on the server, three seconds later", async () => {
    const cancel = new AbortController();
    const running = explainOn(server(), { text: long, analyze: true, consent: [] }, cancel.signal);
    await ofOurs(database.url, (count) => count > 0);
    cancel.abort();
    assert.equal((await running).kind, "failed");
    await ofOurs(database.url, (count) => count === 0, 3_000);
  });

  /** Waits until the number of our sessions there is as it should be. */
  async function ofOurs(url: string, isRight: (count: number) => boolean, patience = 60_000): Promise<void> {
    const { Client } = (await import("pg")).default;
    const watcher = new Client({ connectionString: url });
    watcher.on("error", () => undefined);
    await watcher.connect();
    try {
      for (const deadline = Date.now() + patience; ; await delay(50)) {
        const { rows } = await watcher.query<{ count: number }>("SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = 'Database Architect' AND datname = current_database() AND state = 'active'");
        if (isRight(rows[0]?.count ?? 0)) return;
        assert.ok(Date.now() < deadline, `${rows[0]?.count} sessions of ours`);
      }
    } finally {
      await watcher.end();
    }
  }
});

function asReader(url: URL): void {
  url.username = "reader";
  url.password = "of-a-reader";
}
