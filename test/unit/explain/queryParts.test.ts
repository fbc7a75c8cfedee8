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

  it("are found in what Prisma writes: schemas before names, and parentheses around all conditions", () => {
    const scan = { "Node Type": "Seq Scan", Schema: "public", "Relation Name": "deals", Alias: "t0", Filter: "((t0.status = $1) AND ((t0.amount > $2) OR (t0.amount IS NULL)))" };
    const plan = buildPlan({ Plan: { "Node Type": "Limit", Plans: [{ ...scan, "Parent Relationship": "Outer" }] } });
    assert.ok(typeof plan !== "string");
    const query = 'SELECT "t0"."id" FROM "public"."deals" AS "t0" WHERE ("t0"."status" = $1 AND ("t0"."amount" > $2 OR "t0"."amount" IS NULL) AND 1=1) LIMIT $3 OFFSET $4';
    assert.deepEqual(marked(plan, query), ["Limit: LIMIT $3 OFFSET $4", 'Seq Scan: "public"."deals" AS "t0" | "t0"."status" = $1 | ("t0"."amount" > $2 OR "t0"."amount" IS NULL)']);
    const plain = buildPlan({ Plan: { ...scan, Alias: "deals", Filter: "(deals.status = $1)" } });
    assert.ok(typeof plain !== "string");
    assert.deepEqual(marked(plain, 'SELECT id FROM "public"."deals" WHERE "public"."deals"."status" = $1 OFFSET $2'), ['Seq Scan: "public"."deals" | "public"."deals"."status" = $1']);
  });

  it("are not led astray by words that begin a clause elsewhere", () => {
    const query = "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY amount), '1'::timestamp with time zone FROM deals d, unnest($1::int[]) WITH ORDINALITY AS u (id, place) WHERE CASE WHEN d.a = 1 AND d.b = 2 THEN d.c ELSE 1 END = 3 AND d.e BETWEEN 1 AND 2 GROUP BY ROLLUP (d.a)";
    const [block] = queryBlocks(query);
    const text = ({ start, end }: { readonly start: number; readonly end: number }): string => query.slice(start, end);
    assert.deepEqual(block?.items.map(({ alias }) => alias), ["d", "u"]);
    assert.deepEqual(block?.conditions.map(({ span }) => text(span)), ["CASE WHEN d.a = 1 AND d.b = 2 THEN d.c ELSE 1 END = 3", "d.e BETWEEN 1 AND 2"]);
    assert.equal(text(block?.clauses.get("groupBy") ?? { start: 0, end: 0 }), "GROUP BY ROLLUP (d.a)");
  });

  it("are the view, for what is done inside of it, with the conditions on it", () => {
    const plan = buildPlan({
      Plan: {
        "Node Type": "Hash Join",
        "Hash Cond": "(d.account = a.id)",
        Plans: [
          { "Node Type": "Seq Scan", Schema: "public", "Relation Name": "deals", Alias: "d", Filter: "(d.status = 'open'::text)", "Parent Relationship": "Outer" },
          { "Node Type": "Hash", "Parent Relationship": "Inner", Plans: [{ "Node Type": "Seq Scan", Schema: "public", "Relation Name": "accounts", Alias: "a", "Parent Relationship": "Outer" }] },
        ],
      },
    });
    assert.ok(typeof plan !== "string");
    const query = "SELECT * FROM open_deals v WHERE v.status = 'open'";
    const spans = spansOf(plan, query, new Map([["open_deals", new Set(["deals", "accounts"])]]));
    const texts = plan.nodes.map(({ id, type }) => `${type}: ${(spans.get(id) ?? []).map(({ start, end }) => query.slice(start, end)).join(" | ")}`);
    assert.deepEqual(texts, ["Hash Join: ", "Seq Scan: open_deals v | v.status = 'open'", "Hash: open_deals v", "Seq Scan: open_deals v"]);
  });

  it("are the right one of two views over the same table", () => {
    const scan = (alias: string, relation: string, role: string): object => ({ "Node Type": "Seq Scan", Schema: "public", "Relation Name": relation, Alias: alias, "Parent Relationship": role });
    const join = (left: object, right: object, role = "Outer"): object => ({ "Node Type": "Hash Join", "Parent Relationship": role, Plans: [left, right] });
    const views = new Map([["open_deals", new Set(["deals", "accounts"])], ["lost_deals", new Set(["deals", "reasons"])]]);
    const query = "SELECT * FROM open_deals o JOIN lost_deals l USING (account)";
    const told = (root: object): readonly string[] => {
      const plan = buildPlan({ Plan: root });
      assert.ok(typeof plan !== "string");
      const spans = spansOf(plan, query, views);
      return plan.nodes.flatMap(({ id, relation }) => (relation === undefined ? [] : [`${relation.alias}: ${(spans.get(id) ?? []).map(({ start, end }) => query.slice(start, end)).join(" | ")}`]));
    };
    // By the number that PostgreSQL gives to a name that is there already.
    assert.deepEqual(told(join(scan("d_1", "deals", "Outer"), scan("d", "deals", "Inner"))), ["d_1: lost_deals l", "d: open_deals o"]);
    // A view that groups is a query of its own, and is numbered last wherever it stands.
    const grouped = { "Node Type": "Aggregate", Strategy: "Hashed", "Parent Relationship": "Inner", Plans: [scan("d_1", "deals", "Outer")] };
    assert.deepEqual(told(join(scan("d", "deals", "Outer"), grouped)), ["d: ", "d_1: "]);
    // By what is joined with it first.
    assert.deepEqual(told(join(join(scan("x", "deals", "Outer"), scan("r", "reasons", "Inner")), join(scan("y", "deals", "Outer"), scan("a", "accounts", "Inner"), "Inner"))), ["x: lost_deals l", "r: lost_deals l", "y: open_deals o", "a: open_deals o"]);
    // Not by chance.
    assert.deepEqual(told(join(scan("x", "deals", "Outer"), scan("y", "deals", "Inner"))), ["x: ", "y: "]);
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
