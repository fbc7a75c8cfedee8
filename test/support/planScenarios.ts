/** Statements whose plans show one thing each, over one small database: for goldens, and against every PostgreSQL. */

export interface PlanScenario {
  /** Of the golden `NN-what.json`. */
  readonly what: string;
  readonly query: string;
  /** The insight that must be told. */
  readonly insight: string;
  readonly settings?: Readonly<Record<string, string>>;
  /** Estimated only, unless it is to be run. */
  readonly isPlanned?: boolean;
}

export const planDatabase = `
CREATE TABLE people (id int PRIMARY KEY, team int NOT NULL, email text NOT NULL, city text NOT NULL, zip int NOT NULL, joined timestamptz NOT NULL, about text NOT NULL);
INSERT INTO people SELECT g, g % 200, 'p' || g || '@example.com', 'city' || g % 50, g % 50, timestamptz '2024-01-01' + g * interval '1 minute', repeat('x', 600) FROM generate_series(1, 20000) g;
CREATE INDEX people_zip ON people (zip);
CREATE TABLE visits (id int PRIMARY KEY, person int NOT NULL REFERENCES people ON DELETE CASCADE, kind text NOT NULL, at timestamptz NOT NULL);
INSERT INTO visits SELECT g, g % 20000 + 1, CASE WHEN g % 1000 = 0 THEN 'rare' ELSE 'usual' END, timestamptz '2024-01-01' + g * interval '1 second' FROM generate_series(1, 60000) g;
CREATE INDEX visits_at ON visits (at);
CREATE INDEX visits_person ON visits (person);
CREATE TABLE parents (id int PRIMARY KEY, name text);
CREATE TABLE children (id int PRIMARY KEY, parent int REFERENCES parents ON DELETE CASCADE);
INSERT INTO parents SELECT g, 'n' FROM generate_series(1, 2000) g;
INSERT INTO children SELECT g, g % 2000 + 1 FROM generate_series(1, 4000) g;
CREATE TABLE events (id int, at date NOT NULL) PARTITION BY RANGE (at);
DO $$ BEGIN FOR m IN 1..9 LOOP EXECUTE format('CREATE TABLE events_2024_%s PARTITION OF events FOR VALUES FROM (%L) TO (%L)', m, make_date(2024, m, 1), make_date(2024, m + 1, 1)); END LOOP; END $$;
INSERT INTO events SELECT g, date '2024-01-01' + g % 250 FROM generate_series(1, 2000) g;
CREATE TABLE holes (id int, filler text);
INSERT INTO holes SELECT g, repeat('y', 1000) FROM generate_series(1, 20000) g;
ANALYZE;
DELETE FROM holes WHERE id % 100 <> 0;
`;

const alone = { max_parallel_workers_per_gather: "0", jit: "off" };

export const planScenarios: readonly PlanScenario[] = [
  { what: "seq-scan-selective", insight: "plan-seq-scan-selective", query: "SELECT id FROM visits WHERE kind = 'rare' AND id > 0" },
  { what: "seq-scan-selective-planned", insight: "plan-seq-scan-selective", query: "SELECT id FROM visits WHERE kind = 'rare'", isPlanned: true },
  { what: "index-inefficient", insight: "plan-index-inefficient", query: "SELECT id FROM visits WHERE at > '2024-01-01 08:00' AND kind = 'rare'", settings: { enable_seqscan: "off" } },
  { what: "order-by-limit", insight: "plan-wrong-index-order-by-limit", query: "SELECT id FROM visits WHERE kind = 'none' ORDER BY at LIMIT 5", settings: { enable_sort: "off" } },
  { what: "misestimate-join", insight: "plan-row-misestimate", query: "SELECT v.id FROM people p JOIN visits v ON v.person = p.id WHERE p.city = 'city7' AND p.zip = 7 AND p.team % 50 = 7" },
  { what: "nested-loop", insight: "plan-nested-loop-explosion", query: "SELECT count(*) FROM people p JOIN visits v ON v.person = p.id", settings: { enable_hashjoin: "off", enable_mergejoin: "off", enable_memoize: "off" } },
  { what: "sort-on-disk", insight: "plan-sort-spill", query: "SELECT * FROM visits ORDER BY kind, at DESC", settings: { work_mem: "256kB" } },
  { what: "hash-batches", insight: "plan-hash-spill", query: "SELECT v.id, p.about FROM visits v JOIN people p ON p.id = v.person", settings: { work_mem: "64kB", hash_mem_multiplier: "1", enable_mergejoin: "off", enable_nestloop: "off" } },
  { what: "hash-aggregate-on-disk", insight: "plan-hash-spill", query: "SELECT at, count(*) FROM visits GROUP BY at", settings: { work_mem: "64kB", hash_mem_multiplier: "1", enable_sort: "off", enable_indexscan: "off", enable_indexonlyscan: "off" } },
  { what: "lossy-bitmap", insight: "plan-lossy-bitmap", query: "SELECT count(about) FROM people WHERE zip < 40", settings: { work_mem: "64kB", enable_seqscan: "off", enable_indexscan: "off" } },
  { what: "heap-fetches", insight: "plan-heap-fetches", query: "SELECT person FROM visits WHERE person < 1000", settings: { enable_seqscan: "off", enable_bitmapscan: "off" } },
  { what: "large-offset", insight: "plan-large-offset", query: "SELECT id FROM visits ORDER BY id LIMIT 20 OFFSET 30000" },
  { what: "large-offset-planned", insight: "plan-large-offset", query: "SELECT id FROM visits ORDER BY id LIMIT 20 OFFSET 30000", isPlanned: true },
  { what: "subplan-per-row", insight: "plan-subplan-per-row", query: "SELECT p.id, (SELECT max(v.at) FROM visits v WHERE v.person = p.id) FROM people p" },
  { what: "cte-twice", insight: "plan-cte-barrier", query: "WITH v AS (SELECT * FROM visits) SELECT (SELECT count(*) FROM v WHERE kind = 'rare'), (SELECT count(*) FROM v WHERE person = 7)" },
  { what: "trigger-time", insight: "plan-trigger-time", query: "DELETE FROM parents" },
  { what: "function-of-column", insight: "plan-non-sargable", query: "SELECT id FROM people WHERE lower(email) = 'p7@example.com'" },
  { what: "cast-of-column", insight: "plan-non-sargable", query: "SELECT id FROM visits WHERE at::date = '2024-01-01' AND kind = 'rare'" },
  { what: "not-in", insight: "plan-or-no-bitmap", query: "SELECT id FROM people WHERE id NOT IN (SELECT person FROM visits WHERE kind = 'rare')" },
  { what: "or-over-tables", insight: "plan-or-no-bitmap", query: "SELECT p.id FROM people p JOIN visits v ON v.person = p.id WHERE p.city = 'city1' OR v.kind = 'rare'", isPlanned: true },
  { what: "partitions", insight: "plan-partition-not-pruned", query: "SELECT count(*) FROM events WHERE id = 7" },
  { what: "row-security", insight: "plan-rls-cost", query: "SELECT id FROM visits WHERE kind = current_setting('application_name', true)" },
  { what: "wide-sort", insight: "plan-select-star-wide", query: "SELECT * FROM people ORDER BY email", settings: { work_mem: "64MB" } },
  { what: "bloat", insight: "plan-read-efficiency", query: "SELECT count(filler) FROM holes" },
  { what: "over-budget-later", insight: "plan-over-budget", query: "SELECT kind, count(*), max(at) FROM visits GROUP BY kind" },
];

export function settingsOf({ settings }: PlanScenario): Readonly<Record<string, string>> {
  return { ...alone, ...settings };
}
