/** Candidates from a query's structure: which indexes are thought of, in which order of keys, and which never. */
import assert from "node:assert/strict";
import { candidatesFor } from "../../../server/src/advice/candidates.ts";
import { planningText } from "../../../server/src/advice/planningText.ts";
import { tableUses } from "../../../server/src/advice/readQuery.ts";
import { newIndexStatement } from "../../../server/src/edits/sql/newIndex.ts";
import { askParser } from "../../../server/src/sql/outcomes.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import type { Node } from "@pgsql/types";
import { parseSqlText } from "../../support/schemas.ts";

before(() => loadSqlParser());

const shop = `
CREATE EXTENSION pg_trgm;
CREATE TABLE people (id int PRIMARY KEY, email text UNIQUE, city text, name varchar(80), data jsonb, tags text[]);
CREATE TABLE orders (id int PRIMARY KEY, tenant_id int NOT NULL, person_id int REFERENCES people, status text, total int, created_at timestamptz DEFAULT now(), deleted_at timestamptz);
CREATE INDEX orders_status_idx ON orders (status);
CREATE VIEW sold AS SELECT o.id AS order_id, o.total AS sum, p.city FROM orders o JOIN people p ON p.id = o.person_id;
`;

function treeOf(text: string): Node {
  const outcome = askParser(text);
  if (outcome.kind !== "tree") throw new Error(`This does not parse: ${text}`);
  return outcome.tree;
}

/** What stands behind the table's name, for each candidate. */
function candidates(query: string, ddl = shop): readonly string[] {
  const { schema } = parseSqlText(ddl);
  return candidatesFor(tableUses(treeOf(query), schema), schema, { tenantColumns: ["tenant_id"] }).map((index) => newIndexStatement(index, { name: "i" }).replace("CREATE INDEX i ON ", "").slice(0, -1));
}

describe("candidates for an index", () => {
  it("have equalities first, the tenant before keys before others, then the order", () => {
    const [first] = candidates("SELECT * FROM orders WHERE total = 1 AND person_id = $1 AND tenant_id = $2 ORDER BY created_at DESC LIMIT 5");
    assert.equal(first, "orders (tenant_id, person_id, total, created_at)");
  });

  it("leave out what a flag is not, and do not take one query's constant for one", () => {
    const ddl = "CREATE TABLE jobs (id int PRIMARY KEY, kind text, done boolean, failed_at timestamptz);";
    assert.ok(candidates("SELECT * FROM jobs WHERE NOT done", ddl).includes("jobs (id) WHERE NOT done"));
    assert.ok(candidates("SELECT * FROM jobs WHERE kind = 'mail' AND NOT done", ddl).includes("jobs (kind) WHERE NOT done"));
    assert.ok(candidates("SELECT * FROM jobs WHERE failed_at IS NOT NULL", ddl).includes("jobs (id) WHERE failed_at IS NOT NULL"));
    assert.ok(!candidates("SELECT * FROM jobs WHERE kind = 'mail'", ddl).some((one) => one.startsWith("jobs (id)")));
    const either = candidates("SELECT * FROM jobs WHERE (kind = 'a' OR kind = 'b') AND NOT done ORDER BY id", ddl).filter((one) => one.includes(" OR "));
    assert.ok(either.length > 0 && either.every((one) => /AND \(.* OR .*\)|\(.* OR .*\) AND/.test(one)), either.join("\n"));
  });

  it("have equalities before a range", () => {
    assert.ok(candidates("SELECT * FROM orders WHERE created_at > $1 AND person_id = $2").includes("orders (person_id, created_at)"));
  });

  it("follow names through subqueries, CTEs and views", () => {
    for (const query of ["SELECT * FROM (SELECT city AS place FROM people) AS p WHERE p.place = 'x'", "WITH p (place) AS (SELECT city FROM people) SELECT * FROM p WHERE place = 'x'", "SELECT * FROM sold WHERE city = 'x'", "SELECT 1 FROM orders WHERE EXISTS (SELECT 1 FROM people WHERE city = 'x' AND id = person_id)"])
      assert.ok(candidates(query).includes("people (city)"), query);
  });

  it("are of both sides of a join, but not of what is unique", () => {
    const found = candidates("SELECT * FROM orders o JOIN people p ON p.id = o.person_id");
    assert.ok(found.includes("orders (person_id)"));
    assert.ok(found.every((one) => !one.startsWith("people (id")));
  });

  it("are of the kind that an operator needs", () => {
    assert.ok(candidates(`SELECT * FROM people WHERE data @> '{"a": 1}'`).includes("people USING gin (data jsonb_path_ops)"));
    assert.ok(candidates("SELECT * FROM people WHERE data ? 'a'").includes("people USING gin (data)"));
    assert.ok(candidates("SELECT * FROM people WHERE data ->> 'a' = $1").includes("people ((data ->> 'a'))"));
    assert.ok(candidates("SELECT * FROM people WHERE tags && $1").includes("people USING gin (tags)"));
    assert.ok(candidates("SELECT * FROM people WHERE lower(city) = $1").includes("people (lower(city))"));
    assert.ok(candidates("SELECT * FROM people WHERE name LIKE 'ab%'").includes("people (name varchar_pattern_ops)"));
    assert.ok(candidates("SELECT * FROM people WHERE city ILIKE $1").includes("people USING gin (city gin_trgm_ops)"));
    assert.ok(candidates("SELECT * FROM orders WHERE created_at > $1").includes("orders USING brin (created_at)"));
  });

  it("hold only rows that a constant condition wants", () => {
    assert.ok(candidates("SELECT id FROM orders WHERE deleted_at IS NULL AND person_id = $1").includes("orders (person_id) WHERE deleted_at IS NULL"));
    assert.ok(candidates("SELECT id FROM orders WHERE created_at > now() AND person_id = 1").every((one) => !one.includes("now()")));
  });

  it("are none for what is there already, in either direction", () => {
    assert.deepEqual(candidates("SELECT status FROM orders WHERE status = $1"), []);
    assert.deepEqual(candidates("SELECT * FROM orders ORDER BY status DESC LIMIT 1"), []);
    assert.deepEqual(candidates("SELECT * FROM people WHERE email = $1"), []);
    assert.deepEqual(candidates("SELECT * FROM people WHERE id = $1 ORDER BY city"), candidates("SELECT * FROM people ORDER BY city"));
  });

  it("never name a column twice, and are few", () => {
    const found = candidates("SELECT * FROM orders o JOIN orders p ON p.tenant_id = o.tenant_id AND p.person_id = o.person_id WHERE o.tenant_id = 1 AND o.status = 'x' AND p.deleted_at IS NULL AND o.total > 5 ORDER BY o.created_at, o.total");
    assert.ok(found.length <= 48);
    for (const one of found) {
      const keys = (/\(([^)]*)\)/.exec(one)?.[1] ?? "").split(", ");
      assert.equal(new Set(keys).size, keys.length, one);
    }
  });

  it("are none, and no fault, for what is not understood", () => {
    for (const query of ["SELECT 1", "SELECT * FROM nowhere WHERE x = 1", "SELECT * FROM generate_series(1, 3) AS g (i) WHERE i = 2", "VALUES (1)", "SELECT x.y.z.w FROM people x", "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT * FROM r WHERE n = 3"]) assert.deepEqual(candidates(query), [], query);
  });
});

describe("a query that is planned without values", () => {
  const planned = (text: string): string => planningText(text, treeOf(text), undefined).text;

  it("keeps its parameters, but for patterns and limits, and counts the others anew", () => {
    assert.equal(planned("SELECT * FROM people WHERE city = $1"), "SELECT * FROM people WHERE city = $1");
    assert.equal(planned("SELECT * FROM people WHERE name ILIKE $1 AND city = $2 LIMIT $3 OFFSET $4"), "SELECT * FROM people WHERE name ILIKE '%maria%' AND city = $1 LIMIT 20 OFFSET 0");
    assert.equal(planned("SELECT '$1', 'ü' FROM people WHERE name LIKE $1 || '%' AND id = $2"), "SELECT '$1', 'ü' FROM people WHERE name LIKE 'maria' || '%' AND id = $1");
  });

  it("says what it took for what", () => {
    const text = "SELECT * FROM people LIMIT $1";
    assert.deepEqual(planningText(text, treeOf(text), undefined).assumed, ["LIMIT $1 taken as 20"]);
    assert.deepEqual(planningText(text, treeOf(text), ["7"]), { text, values: ["7"], assumed: [] });
  });
});
