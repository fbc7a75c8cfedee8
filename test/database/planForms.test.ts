/** A plan is the same in whatever form PostgreSQL writes it: text, JSON, YAML and XML, for nodes of every kind, figures or none. */
import assert from "node:assert/strict";
import type pg from "pg";
import type { Plan } from "../../server/src/plan/plan.ts";
import { readPlan } from "../../server/src/plan/readPlan.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { postgresMajors } from "../support/postgresBinaries.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

const tables = `
CREATE TABLE a (id int PRIMARY KEY, b int, c text, d jsonb, "Odd Name" int, ts timestamptz);
INSERT INTO a SELECT g, g % 100, 'text ' || g % 1000, jsonb_build_object('k', g % 50), g % 7, timestamptz '2026-01-01' - g * interval '1 hour' FROM generate_series(1, 6000) g;
CREATE INDEX "My Idx" ON a ("Odd Name"); CREATE INDEX a_b ON a (b); CREATE INDEX a_ts ON a USING brin (ts); CREATE INDEX a_d ON a USING gin (d);
CREATE TABLE p (id int, k int) PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (100); CREATE TABLE p2 PARTITION OF p DEFAULT;
INSERT INTO p SELECT g, g % 250 FROM generate_series(1, 2000) g;
CREATE TABLE ref (id int PRIMARY KEY, a_id int REFERENCES a ON DELETE CASCADE); INSERT INTO ref SELECT g, g FROM generate_series(1, 500) g;
CREATE FUNCTION passed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN coalesce(NEW, OLD); END $$;
CREATE TRIGGER "my trigger" BEFORE UPDATE ON a FOR EACH ROW EXECUTE FUNCTION passed();
ANALYZE;
SET work_mem = '128kB'; SET max_parallel_workers_per_gather = 2; SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 10`;

const queries = [
  "SELECT * FROM a WHERE b > (SELECT avg(b) FROM a) ORDER BY c LIMIT 5",
  "SELECT a.*, (SELECT count(*) FROM ref r WHERE r.a_id = a.id) FROM a WHERE b = 3",
  "WITH x AS MATERIALIZED (SELECT * FROM a WHERE b < 10) SELECT * FROM x x1 JOIN x x2 USING (id) WHERE x1.c > 'text 5'",
  "WITH RECURSIVE t (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 50) SELECT * FROM t",
  "WITH gone AS (DELETE FROM ref WHERE id < 5 RETURNING id) SELECT count(*) FROM a",
  "SELECT DISTINCT ON (b) b, c FROM a ORDER BY b, c DESC",
  "SELECT b FROM a EXCEPT SELECT k FROM p",
  "SELECT b FROM a INTERSECT ALL SELECT k FROM p",
  "SELECT * FROM (SELECT *, rank() OVER (ORDER BY id) AS place FROM a) s WHERE place <= 3",
  "SELECT * FROM a TABLESAMPLE SYSTEM (50) REPEATABLE (1) WHERE id > 3",
  "SELECT * FROM a WHERE ctid = '(0,1)'",
  "SELECT * FROM a WHERE ctid > '(0,1)' AND ctid < '(3,1)'",
  "SELECT * FROM generate_series(1, 100) g (x) LEFT JOIN a ON a.id = x WHERE x > 5",
  `SELECT * FROM a WHERE d @> '{"k": 7}' OR b = 5`,
  "SELECT count(*) FROM p WHERE k = 50",
  "SELECT * FROM p ORDER BY k LIMIT 10",
  "SELECT p.*, a.c FROM p LEFT JOIN LATERAL (SELECT c FROM a WHERE a.b = p.k ORDER BY id LIMIT 1) a ON true WHERE p.id < 200",
  "UPDATE a SET c = 'x' WHERE id < 100",
  "DELETE FROM a WHERE id < 50",
  "INSERT INTO ref SELECT g, 5 FROM generate_series(3000, 3010) g ON CONFLICT (id) DO UPDATE SET a_id = 6 WHERE ref.id > 3",
  "MERGE INTO ref r USING a ON a.id = r.id WHEN MATCHED AND a.b = 3 THEN DELETE WHEN MATCHED THEN UPDATE SET a_id = 1",
  "SELECT * FROM (VALUES (1, 'a'), (2, 'b')) v (x, y) JOIN a ON a.id = v.x",
  "SELECT * FROM a WHERE id NOT IN (SELECT a_id FROM ref)",
  "SELECT * FROM a WHERE EXISTS (SELECT 1 FROM ref WHERE ref.a_id = a.id OR ref.id = a.b)",
  "SELECT * FROM a FOR UPDATE LIMIT 5",
  "SELECT unnest(ARRAY[1, 2, 3]), id FROM a LIMIT 10",
  "SELECT * FROM a a1 FULL JOIN ref ON ref.a_id = a1.id WHERE a1.b = 3 OR ref.id = 5",
  `SELECT "Odd Name", string_agg(c, ', ' ORDER BY c) FROM a GROUP BY 1 HAVING count(*) > 1`,
  "SELECT max(id), min(ts) FROM a WHERE b IS NOT NULL",
  "SELECT 1 WHERE false",
  "SELECT count(*) FROM a GROUP BY b, c, id % 5000",
];

for (const major of postgresMajors) {
  describe(`a plan of PostgreSQL ${major}`, function () {
    this.timeout(240_000);

    let database: TestDatabase;
    let client: pg.Client;
    before(async () => {
      database = await (await sharedPostgres(major)).createDatabase();
      client = await database.client();
      await client.query(tables);
    });
    after(() => database.drop());

    for (const options of ["ANALYZE, VERBOSE, BUFFERS, SETTINGS", "ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF", "VERBOSE"]) {
      it(`is the same in all four forms: ${options}`, async () => {
        for (const query of queries) {
          const plans = new Map<string, readonly string[]>();
          for (const form of ["JSON", "TEXT", "YAML", "XML"]) plans.set(form, shapeOf(await explained(`EXPLAIN (${options}, FORMAT ${form}) ${query}`)));
          for (const form of ["TEXT", "YAML", "XML"]) assert.deepEqual(plans.get(form), plans.get("JSON"), `${form}: ${query}`);
        }
      });
    }

    async function explained(text: string): Promise<Plan> {
      await client.query("BEGIN");
      try {
        const { rows } = await client.query<{ "QUERY PLAN": unknown }>(text);
        const lines = rows.map((row) => (typeof row["QUERY PLAN"] === "string" ? row["QUERY PLAN"] : JSON.stringify(row["QUERY PLAN"])));
        const read = readPlan(lines.join("\n"));
        assert.ok(read.ok, `${read.ok ? "" : read.reason}\n${text}\n${lines.join("\n").slice(0, 500)}`);
        return read.plan;
      } finally {
        await client.query("ROLLBACK");
      }
    }
  });
}

/** What does not change from one run to the next. */
function shapeOf({ nodes, triggers, settings }: Plan): readonly string[] {
  const facts = nodes.map(({ depth, role, label, joinType, conditions, workers, sortKey, groupKey }) => [depth, role.kind, label, joinType ?? "", conditions.map(({ kind, text }) => `${kind} ${text}`), workers?.planned ?? "", sortKey, groupKey].join(" | "));
  return [...facts, ...triggers.map(({ name }) => name).sort(), ...settings.keys()];
}
