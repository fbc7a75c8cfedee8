import assert from "node:assert/strict";
import { comparePlans } from "../../../server/src/plan/comparePlans.ts";
import { insightsOf, type KnownBesides } from "../../../server/src/plan/insights/insights.ts";
import type { Plan } from "../../../server/src/plan/plan.ts";
import { largestPlan, readPlan } from "../../../server/src/plan/readPlan.ts";
import { planText, savePlan } from "../../../server/src/plan/savePlan.ts";

const text = ` Limit  (cost=0.29..8.31 rows=1 width=244) (actual time=0.010..12.011 rows=1 loops=1)
   Buffers: shared hit=12 read=3
   CTE x
     ->  Seq Scan on public.deals d  (cost=0.00..1000.00 rows=5 width=4) (actual time=0.010..9.000 rows=2000 loops=1)
           Output: d.id, f(d.a, 'x,y')
           Filter: ((d.status = 'open'::text) AND (lower(d.name) = 'a'::text))
           Rows Removed by Filter: 200000
   ->  Hash Left Join  (cost=1.00..8.31 rows=1 width=4) (actual time=0.010..11.011 rows=1 loops=1)
         Hash Cond: (a.id = b.a_id)
         ->  CTE Scan on x a  (cost=0.00..1.00 rows=5 width=4) (actual time=0.010..9.500 rows=2000 loops=1)
         ->  Hash  (cost=0.00..1.00 rows=5 width=4) (actual time=0.010..0.500 rows=20 loops=1)
               Buckets: 1024  Batches: 4 (originally 1)  Memory Usage: 90kB
               ->  Index Only Scan Backward using "My Idx" on s.bs b  (cost=0.00..1.00 rows=5 width=4) (never executed)
                     Index Cond: (b.a_id > 4)
 Planning:
   Buffers: shared hit=5
 Planning Time: 0.200 ms
 JIT:
   Functions: 4
   Options: Inlining false, Optimization false, Expressions true, Deforming true
   Timing: Generation 1.000 ms, Inlining 0.000 ms, Total 5.100 ms
 Trigger for constraint fk_a on b: time=10.100 calls=2
 Execution Time: 20.300 ms`;

describe("reading a plan", () => {
  it("reads psql's text: tree, roles, names, figures", () => {
    const { nodes, planningMs, executionMs, jit, triggers, planningBuffers } = planOf(text);
    assert.deepEqual(
      nodes.map(({ depth, role, label }) => [depth, role.kind, label]),
      [
        [0, "root", "Limit"],
        [1, "cte", "Seq Scan on deals d"],
        [1, "outer", "Hash Left Join"],
        [2, "outer", "CTE Scan on x a"],
        [2, "inner", "Hash"],
        [3, "outer", 'Index Only Scan Backward using "My Idx" on s.bs b'],
      ],
    );
    assert.deepEqual([planningMs, executionMs, jit?.totalMs, triggers[0]?.ms, planningBuffers?.hit], [0.2, 20.3, 5.1, 10.1, 5]);
    assert.deepEqual(nodes[1]?.output, ["d.id", "f(d.a, 'x,y')"]);
    assert.deepEqual(nodes[1]?.conditions[0]?.removed, 200_000);
    assert.deepEqual([nodes[4]?.hash?.batches, nodes[4]?.hash?.originalBatches], [4, 1]);
  });

  it("gives the time of a CTE to the CTE and not to who scans it, and never counts it twice", () => {
    const { nodes } = planOf(text);
    assert.deepEqual(
      nodes.map(({ actual }) => actual?.selfMs?.toFixed(3)),
      ["1.000", "9.000", "1.011", "0.500", "0.500", undefined],
    );
  });

  const framed: readonly (readonly [string, string])[] = [
    ["psql's heading and row count", `              QUERY PLAN\n--------------------------\n${text}\n(22 rows)\n`],
    ["psql's border", ["|  QUERY PLAN  |", "+-----+", ...text.split("\n").map((line) => `| ${line.slice(1).padEnd(120)} |`), "+-----+"].join("\n")],
    ["auto_explain's log", `2026-03-04 05:06:07.123 UTC [42] LOG:  duration: 12.3 ms  plan:\n\tQuery Text: SELECT 1\n${text.replaceAll(/^ /gm, "\t")}\n2026-03-04 05:06:08.000 UTC [42] LOG:  done`],
    ["line ends of Windows", text.replaceAll("\n", "\r\n")],
    ["JSON of a driver's row", JSON.stringify([{ "QUERY PLAN": [planOf(text).source] }])],
    ["rows of text", JSON.stringify(text.split("\n").map((line) => ({ "QUERY PLAN": line })))],
    ["psql's JSON", `   QUERY PLAN\n-------\n ${savePlan(planOf(text), "json").trimEnd().replaceAll("\n", "      +\n ")}\n(1 row)`],
    ["auto_explain's JSON", `LOG:  duration: 12.3 ms  plan:\n\t${JSON.stringify(planOf(text).source, undefined, 2).replaceAll("\n", "\n\t")}`],
  ];
  for (const [what, given] of framed) {
    it(`reads through ${what}`, () => assert.equal(planText(planOf(given)), planText(planOf(text))));
  }

  it("keeps the query of auto_explain", () => assert.equal(planOf(framed[2]?.[1] ?? "").queryText, "SELECT 1"));

  it("writes text and JSON that read back as the same", () => {
    const plan = planOf(text);
    assert.equal(planText(planOf(savePlan(plan, "text"))), planText(plan));
    assert.equal(planText(planOf(savePlan(plan, "json"))), planText(plan));
  });

  it("writes Markdown in which no name is more than text", () => {
    const hostile = planOf(text.replace("public.deals d", '"</pre>```<script>" d'));
    const markdown = savePlan(hostile, "markdown", { query: "SELECT '```'", insights: insightsOf(hostile) });
    assert.match(markdown, /````text\n/);
    assert.match(markdown, /````sql\n/);
  });

  for (const [what, given, expected] of [
    ["an empty text", " \n", /empty/],
    ["prose", "Dear all,\nthe query is slow.", /no plan/],
    ["SQL", "SELECT * FROM t;", /no plan/],
    ["other JSON", '{"a": 1}', /no plan/],
    ["cut JSON", '[{"Plan": {"Node Type"', /not whole/],
    ["XML without a plan", "<explain/>", /XML, but it is not whole/],
    ["YAML without a node", "- Plan:\n    Total Cost: 1", /YAML|Node Type/],
    ["more than 50 MB", " ".repeat(largestPlan + 1), /50 MB/],
    ["a node without a type", '[{"Plan": {"Plans": []}}]', /Node Type/],
    ["NUL and lone surrogates", "\0\ud800", /no plan/],
  ] as const) {
    it(`says in a sentence that ${what} is no plan`, () => {
      const read = readPlan(given);
      assert.ok(!read.ok);
      assert.match(read.reason, expected);
    });
  }

  it("refuses a plan of hostile depth", () => {
    const deep = `${'{"Node Type":"Result","Plans":['.repeat(5_000)}${"]}".repeat(5_000)}`;
    const read = readPlan(`[{"Plan":${deep}}]`);
    assert.ok(!read.ok && /levels deep/.test(read.reason));
  });

  it("reads 2,000 nodes and tells of them in well under half a second", () => {
    const leaf = { "Node Type": "Seq Scan", "Relation Name": "t", Alias: "t", "Startup Cost": 0, "Total Cost": 900, "Plan Rows": 3, "Plan Width": 8, "Actual Rows": 3, "Actual Loops": 1, "Actual Total Time": 1, Filter: "(a = 1)", "Rows Removed by Filter": 5_000, "Parent Relationship": "Member" };
    const wide = JSON.stringify([{ Plan: { ...leaf, "Node Type": "Append", Plans: Array.from({ length: 2_000 }, () => leaf) } }]);
    const started = process.cpuUsage();
    const plan = planOf(wide);
    insightsOf(plan);
    const { user } = process.cpuUsage(started);
    assert.equal(plan.nodes.length, 2_001);
    assert.ok(comparePlans(plan, planOf(planText(plan))).isSameShape);
    assert.ok(user < 500_000, `${user} µs`);
  });

  it("takes every prefix of a plan without a throw", () => {
    for (const whole of [text, savePlan(planOf(text), "json"), framed[1]?.[1] ?? ""]) for (let end = 0; end < whole.length; end += 3) readPlan(whole.slice(0, end));
  });
});

describe("insights that need more than a plan of this machine", () => {
  const node = { "Node Type": "Seq Scan", Schema: "public", "Relation Name": "t", Alias: "t", "Startup Cost": 0, "Total Cost": 1_000, "Plan Rows": 10, "Plan Width": 8, "Actual Rows": 10, "Actual Loops": 1, "Actual Total Time": 5, "Actual Startup Time": 0 };
  const planned = (plan: object, besides: object = {}): Plan => planOf(JSON.stringify([{ Plan: { ...node, ...plan }, "Planning Time": 1, "Execution Time": 5, ...besides }]));
  const cheap = planned({ "Total Cost": 10 });
  const cases: readonly (readonly [string, Plan, Plan, KnownBesides?, KnownBesides?])[] = [
    ["plan-jit-overhead", planned({}, { JIT: { Functions: 4, Timing: { Total: 3 } } }), planned({}, { JIT: { Functions: 4, Timing: { Total: 0.1 } } })],
    ["plan-parallel-missing", planned({ "Node Type": "Gather", "Workers Planned": 2, "Workers Launched": 1 }), planned({ "Node Type": "Gather", "Workers Planned": 2, "Workers Launched": 2 })],
    ["plan-planning-time", planned({}, { "Planning Time": 40 }), planned({}, { "Planning Time": 4 })],
    ["plan-io-heavy", planned({ "Shared Hit Blocks": 10, "Shared Read Blocks": 5_000 }), planned({ "Shared Hit Blocks": 5_000, "Shared Read Blocks": 10 })],
    ["plan-stale-statistics", planned({}), planned({}), known(2_000), known(1)],
    ["plan-generic-vs-custom", planned({}), planned({}), { custom: [cheap] }, { custom: [planned({})] }],
    ["plan-regressed", planned({}, { "Execution Time": 50 }), planned({}), { baseline: planned({}) }, { baseline: planned({}) }],
    ["plan-over-budget", planned({}, { "Execution Time": 150 }), planned({}, { "Execution Time": 0.5 })],
  ];
  for (const [id, bad, good, with_ = {}, without = {}] of cases) {
    it(`${id} is told, and not of its nearest harmless neighbour`, () => {
      assert.ok(insightsOf(bad, with_).some((found) => found.id === id));
      assert.ok(!insightsOf(good, without).some((found) => found.id === id));
    });
  }

  function known(modifiedSinceAnalyze: number): KnownBesides {
    return { statistics: new Map([["public.t", { rows: 10_000, modifiedSinceAnalyze, isAnalyzed: true }]]) };
  }
});

describe("comparing plans", () => {
  it("says nothing of a plan and itself", () => {
    const { pairs, isSameShape } = comparePlans(planOf(text), planOf(text));
    assert.ok(isSameShape && pairs.every(({ kind }) => kind === "same"));
  });

  it("matches a scan that became another, and marks what came and went", () => {
    const after = planOf(text.replace("Seq Scan on public.deals d", "Index Scan using deals_status on public.deals d").replace(/ {3}Buffers.*\n/, "").replace("CTE Scan on x a", "CTE Scan on x other"));
    const { pairs } = comparePlans(planOf(text), after);
    const changed = pairs.find(({ after: node }) => node?.relation?.name === "deals");
    assert.equal(changed?.kind, "changed");
    assert.deepEqual(changed?.changes, ["Seq Scan on deals d → Index Scan using deals_status on deals d"]);
  });

  it("pairs every node at most once", () => {
    const after = planOf(text.replace("CTE x", "InitPlan 1 (returns $0)"));
    const { pairs } = comparePlans(planOf(text), after);
    const seen = pairs.flatMap(({ before: old }) => (old === undefined ? [] : [old]));
    assert.equal(new Set(seen).size, seen.length);
    assert.equal(pairs.filter(({ after: now }) => now !== undefined).length, after.nodes.length);
  });
});

function planOf(given: string): Plan {
  const read = readPlan(given);
  assert.ok(read.ok, read.ok ? "" : read.reason);
  return read.plan;
}
