/** Index advice from a server: by its HypoPG, and by its statistics; nothing is built there, locked or left. */
import assert from "node:assert/strict";
import type pg from "pg";
import { advise, type Advice, type AdvicePlace } from "../../server/src/advice/advise.ts";
import { withHypotheticalIndexes } from "../../server/src/database/hypotheticalIndexes.ts";
import { plannerStatistics } from "../../server/src/database/plannerStatistics.ts";
import { fromSql } from "../../server/src/model/fromSql.ts";
import { ScratchDatabase } from "../../server/src/scratch/scratchDatabase.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { startWithHypopg } from "../support/debianPostgres.ts";
import type { RunningPostgres, TestDatabase } from "../support/postgres.ts";
import { scratchOptions } from "../support/scratch.ts";

const ddl = [
  "CREATE TABLE accounts (id bigint PRIMARY KEY, name text NOT NULL)",
  "CREATE TABLE deals (id bigint PRIMARY KEY, account_id bigint NOT NULL REFERENCES accounts, stage text NOT NULL, labels text[] NOT NULL, closed_at timestamptz NOT NULL)",
];

describe("index advice on a server", function () {
  this.timeout(240_000);

  let server: RunningPostgres;
  let database: TestDatabase;
  let client: pg.Client;
  let scratch: ScratchDatabase;
  let place: Extract<AdvicePlace, { kind: "server" }>;

  before(async () => {
    await loadSqlParser();
    server = await startWithHypopg();
    database = await server.createDatabase();
    client = await database.client();
    for (const text of ddl) await client.query(text);
    await client.query("INSERT INTO accounts SELECT i, 'Account ' || i FROM generate_series(1, 2000) AS i");
    await client.query("INSERT INTO deals SELECT i, 1 + i % 2000, 's' || i % 7, ARRAY['l' || i % 500], timestamptz '2025-01-01' + interval '1 minute' * i FROM generate_series(1, 60000) AS i");
    await client.query("VACUUM ANALYZE");
    scratch = new ScratchDatabase(await scratchOptions(), ddl);
    place = { kind: "server", settings: { url: database.url }, name: "the test", environment: "development", database: scratch };
  });

  after(async () => {
    await scratch?.close();
    await server?.stop();
  });

  const schema = (): ReturnType<typeof fromSql> => fromSql([parseSql("file:///a.sql", `${ddl.join(";\n")};`)]);

  async function adviceFor(query: string, more: Partial<typeof place> = {}): Promise<Advice> {
    const answer = await advise({ query, schema: schema(), place: { ...place, ...more } });
    assert.ok(answer.ok, JSON.stringify(answer));
    return answer.advice;
  }

  /** What a builder of indexes would leave. */
  async function traces(): Promise<unknown> {
    const { rows } = await client.query("SELECT (SELECT count(*) FROM pg_class WHERE relkind = 'i')::int AS indexes, pg_snapshot_xmax(pg_current_snapshot())::text AS transactions, (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'Database Architect')::int AS sessions");
    return rows[0];
  }

  const byAccount = "SELECT * FROM deals WHERE account_id = $1 AND closed_at > '2025-02-01'";

  it("goes by the server's statistics in the scratch database where HypoPG is not installed", async () => {
    const before = await traces();
    const advice = await adviceFor(byAccount);
    assert.equal(advice.evidence.kind, "statistics");
    assert.match(advice.evidence.text, /statistics of the test \(rows: deals 60,000\)/);
    assert.deepEqual(advice.items.map(({ title }) => title), ["Index on deals (account_id)"]);
    assert.deepEqual(await traces(), before);
  });

  describe("with HypoPG", () => {
    before(() => client.query("CREATE SCHEMA tools").then(() => client.query("CREATE EXTENSION hypopg SCHEMA tools")));

    it("asks the server's own planner, and leaves nothing", async () => {
      const before = await traces();
      const advice = await adviceFor(byAccount);
      assert.equal(advice.evidence.kind, "hypothetical");
      assert.match(advice.evidence.text, /HypoPG/);
      const [item] = advice.items;
      assert.equal(item?.sql, "CREATE INDEX CONCURRENTLY deals_account_id_idx ON deals (account_id);");
      assert.ok((item?.sizeBytes ?? 0) > 500_000);
      assert.ok(advice.costAfter * 5 < advice.costBefore);
      assert.deepEqual(await traces(), before);
    });

    it("says what the server says once the index is built", async () => {
      const advice = await adviceFor(byAccount);
      await client.query("BEGIN");
      for (const { sql } of advice.items) await client.query(sql.replace(" CONCURRENTLY", ""));
      await client.query("PREPARE built AS SELECT * FROM deals WHERE account_id = $1 AND closed_at > '2025-02-01'");
      await client.query("SET LOCAL plan_cache_mode = force_generic_plan");
      const { rows } = await client.query<{ "QUERY PLAN": string }>("EXPLAIN EXECUTE built(NULL)");
      await client.query("ROLLBACK");
      const cost = Number(/\.\.([\d.]+)/.exec(rows[0]?.["QUERY PLAN"] ?? "")?.[1]);
      assert.ok(Math.abs(cost - advice.costAfter) < advice.costAfter * 0.2, `${cost} and ${advice.costAfter}`);
    });

    it("takes the scratch database for kinds that HypoPG does not know", async () => {
      const advice = await adviceFor("SELECT id FROM deals WHERE labels @> ARRAY['l77']");
      assert.equal(advice.evidence.kind, "statistics");
      assert.deepEqual(advice.items.map(({ title }) => title), ["GIN index on deals (labels)"]);
    });

    it("advises nothing where nothing helps", async () => {
      assert.deepEqual((await adviceFor("SELECT * FROM deals WHERE id = $1")).items, []);
      assert.deepEqual((await adviceFor("SELECT * FROM deals")).items, []);
    });

    it("goes on after what the server refuses", async () => {
      const answer = await withHypotheticalIndexes(place.settings, place, async (indexes) => {
        const refused = [await indexes.create("CREATE INDEX ON nowhere (x)"), await indexes.create("CREATE INDEX ON deals USING gin (labels)"), await indexes.explain("SELECT * FROM nowhere", undefined), await indexes.explain("SELECT 1; DROP TABLE deals", undefined)];
        assert.deepEqual(refused.map(({ ok }) => ok), [false, false, false, false]);
        const made = await indexes.create("CREATE INDEX ON deals (stage)");
        assert.ok(made.ok);
        const planned = await indexes.explain("SELECT count(*) FROM deals WHERE stage = 's3'", undefined);
        assert.ok(planned.ok && planned.value.includes(made.value.name));
        await indexes.drop(made.value);
        return "went on";
      });
      assert.equal(answer, "went on");
    });

    it("stops on the server when it is called off", async () => {
      const controller = new AbortController();
      const work = withHypotheticalIndexes(place.settings, { environment: "development", consent: { code: true }, signal: controller.signal }, async (indexes) => {
        controller.abort();
        return indexes.explain("SELECT * FROM deals WHERE closed_at < (SELECT now())", undefined);
      });
      await work.catch(() => undefined);
      const { rows } = await client.query("SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'Database Architect'");
      assert.deepEqual(rows, [{ n: 0 }]);
    });
  });

  it("reads only what it needs of the statistics", async () => {
    const statistics = await plannerStatistics(place.settings, [{ schema: "public", name: "deals" }]);
    assert.deepEqual(statistics.relations.map(({ name }) => name).sort(), ["deals", "deals_pkey"]);
    assert.deepEqual([...new Set(statistics.columns.map(({ table }) => table))], ["deals"]);
    assert.equal(statistics.columns.length, 5);
  });
});
