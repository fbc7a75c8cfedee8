import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { queryBlocks } from "../../../server/src/explain/queryBlocks.ts";
import { spansOf } from "../../../server/src/explain/queryParts.ts";
import { buildPlan } from "../../../server/src/plan/buildPlan.ts";
import { readPlan } from "../../../server/src/plan/readPlan.ts";
import { planScenarios } from "../../support/planScenarios.ts";

const folder = fileURLToPath(new URL("../../fixtures/plans/", import.meta.url));

/** Each node's type with the parts of the query that it is said to carry out, of a plan that PostgreSQL made of it. */
function parts(what: string): readonly string[] {
  const file = readdirSync(folder).find((name) => name.endsWith(`-${what}.json`)) ?? "";
  const read = readPlan(readFileSync(`${folder}${file}`, "utf8"));
  assert.ok(read.ok);
  const query = planScenarios.find((scenario) => scenario.what === what)?.query ?? "";
  return marked(read.plan, query);
}

function marked(plan: Parameters<typeof spansOf>[0], query: string): readonly string[] {
  const spans = spansOf(plan, query);
  return plan.nodes.map(({ id, type }) => `${type}: ${(spans.get(id) ?? []).map(({ start, end }) => query.slice(start, end)).join(" | ")}`);
}

describe("The parts of a query that nodes carry out", () => {
  it("are the table with its conditions, and the ON of a join", () => {
    assert.deepEqual(parts("misestimate-join"), [
      "Nested Loop: ON v.person = p.id",
      "Bitmap Heap Scan: people p | p.city = 'city7' | p.zip = 7 | p.team % 50 = 7",
      "Bitmap Index Scan: people p | p.zip = 7",
      "Index Scan: visits v | v.person = p.id",
    ]);
  });

  it("are ORDER BY for a sort, LIMIT with OFFSET for a limit, GROUP BY for groups", () => {
    assert.deepEqual(parts("wide-sort"), ["Sort: ORDER BY email", "Seq Scan: people"]);
    assert.equal(parts("large-offset")[0], "Limit: LIMIT 20 OFFSET 30000");
    assert.equal(parts("hash-aggregate-on-disk")[0], "Aggregate: GROUP BY at");
  });

  it("are found inside of subqueries and CTEs, each scan its own", () => {
    assert.deepEqual(parts("subplan-per-row"), ["Seq Scan: people p", "Aggregate: SELECT max(v.at)", "Index Scan: visits v | v.person = p.id"]);
    assert.deepEqual(parts("cte-twice").filter((part) => part.startsWith("CTE Scan")), ["CTE Scan: v | kind = 'rare'", "CTE Scan: v | person = 7"]);
  });

  it("are the one table for all of its partitions, and the statement's head for a write", () => {
    const partitions = parts("partitions");
    assert.ok(partitions.slice(1).every((part) => part.endsWith(": events | id = 7")), partitions.join("\n"));
    assert.equal(parts("trigger-time")[0], "ModifyTable: DELETE FROM parents");
  });

  it("are none where a plan is of another query", () => {
    const plan = buildPlan({ Plan: { "Node Type": "Sort", "Sort Key": ["x"], Plans: [{ "Node Type": "Seq Scan", "Relation Name": "elsewhere", Alias: "elsewhere", Filter: "(x = 1)" }] } });
    assert.ok(typeof plan !== "string");
    assert.deepEqual(marked(plan, "SELECT a FROM b WHERE c = 1 ORDER BY d"), ["Sort: ", "Seq Scan: "]);
  });

  it("take any text, torn anywhere, in time", () => {
    const query = planScenarios.map((scenario) => scenario.query).join(" UNION ALL ");
    for (let end = 0; end < query.length; end += 7) for (const { items, clauses } of queryBlocks(query.slice(0, end))) for (const { span } of items) assert.ok(span.start <= span.end && clauses.size >= 0);
    for (const hostile of ["(".repeat(50_000), "SELECT ".repeat(20_000), `SELECT * FROM a WHERE ${"x = 1 AND ".repeat(20_000)} y`, "FROM , , JOIN ON ON (", "WITH a AS (WITH b AS (SELECT", "UPDATE", "INSERT INTO"]) {
      const started = performance.now();
      queryBlocks(hostile);
      assert.ok(performance.now() - started < 5_000, hostile.slice(0, 40));
    }
  });
});
