import assert from "node:assert/strict";
import { insightsOf } from "../../../server/src/plan/insights/insights.ts";
import type { Plan } from "../../../server/src/plan/plan.ts";
import { readPlan } from "../../../server/src/plan/readPlan.ts";
import { planText } from "../../../server/src/plan/savePlan.ts";

const plain = `Sort  (cost=10.00..11.00 rows=3 width=4) (actual time=1.500..2.000 rows=3 loops=1)
  Sort Key: t.a
  Sort Method: quicksort  Memory: 25kB
  ->  Seq Scan on t  (cost=0.00..9.00 rows=3 width=4) (actual time=0.100..1.000 rows=3 loops=1)
        Filter: ((a > 1) AND ("B" <> 'x'::text))
        Rows Removed by Filter: 7
Planning Time: 0.345 ms
Execution Time: 2.345 ms`;

const lines = plain.split("\n");
const json = JSON.stringify([planOf(plain).source], undefined, 2);

/** Where people copy plans from. */
const pastes: readonly (readonly [string, string])[] = [
  ["pgAdmin, each row in quotes", lines.map((line) => `"${line.replaceAll('"', '""')}"`).join("\n")],
  ["pgAdmin, with its heading", ['"QUERY PLAN"', ...lines.map((line) => `"${line.replaceAll('"', '""')}"`)].join("\r\n")],
  ["a mail that quotes it", lines.map((line) => `> ${line}`).join("\n")],
  ["an SQL comment", lines.map((line) => `-- ${line}`).join("\n")],
  ["Markdown", `The plan:\n\n\`\`\`text\n${plain}\n\`\`\`\nWhy is it slow?`],
  ["a terminal with prompts", `shop=# EXPLAIN ANALYZE SELECT 1;\n   QUERY PLAN\n------------------\n ${lines.join("\n ")}\n(8 rows)\n\nTime: 3.001 ms\nshop=# `],
  ["a terminal's box", ["┌──────┐", "│ QUERY PLAN │", "├──────┤", ...lines.map((line) => `│ ${line.padEnd(100)} │`), "└──────┘"].join("\n")],
  ["a box without its heading", lines.map((line) => `| ${line.padEnd(100)} |`).join("\n")],
  ["psql's expanded form", lines.map((line, i) => `-[ RECORD ${i + 1} ]------\nQUERY PLAN | ${line}`).join("\n")],
  ["psql's wrapped form", ["   QUERY PLAN", "------------", ...lines.flatMap((line) => wrapped(` ${line}`, 40, ".", ""))].join("\n")],
  ["psql's wrapped form in a box", ["┌────┐", "│ QUERY PLAN │", "├────┤", ...lines.flatMap((line) => wrapped(` ${line}`, 40, "…", "│")), "└────┘"].join("\n")],
  ["psql's HTML", `<table border="1">\n  <tr>\n    <th align="center">QUERY PLAN</th>\n  </tr>\n${lines.map((line) => `  <tr valign="top">\n    <td align="left">${line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replace(/^ +/, (blanks) => "&nbsp;".repeat(blanks.length))}</td>\n  </tr>`).join("\n")}\n</table>\n<p>(8 rows)<br />\n</p>`],
  ["psql's CSV", ["QUERY PLAN", ...lines.map((line) => (/[",]/.test(line) ? `"${line.replaceAll('"', '""')}"` : line))].join("\n")],
  ["psql's CSV of JSON", `QUERY PLAN\n"${json.replaceAll('"', '""')}"\n`],
  ["a page with blanks that do not break", plain.replaceAll("  ", "\u00a0\u00a0")],
  ["a page's source", plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")],
  ["tabs", plain.replaceAll("  ->", "\t->").replaceAll("        F", "\t\tF").replaceAll("        R", "\t\tR")],
  ["a form that breaks lines", plain.replace("rows=3 width=4) (actual", "rows=3\nwidth=4)\n(actual").replace("time=0.100..1.000 rows", "time=0.100..1.000\nrows").replace("AND (", "AND\n(")],
  ["PostgreSQL 9.6", plain.replace("Planning Time", "Planning time").replace("Execution Time", "Execution time")],
  ["auto_explain with parameters", `2026-05-01 10:00:00.123 UTC [12] LOG:  duration: 2.345 ms  plan:\n\tQuery Text: SELECT $1\n\tQuery Parameters: $1 = '5'\n\t${lines.join("\n\t")}`],
  ["auto_explain through syslog", [`Nov  1 10:00:00 db postgres[12]: [5-1] LOG:  duration: 2.345 ms  plan:`, ...lines.map((line, i) => `Nov  1 10:00:00 db postgres[12]: [5-${i + 2}] #011${line}`)].join("\n")],
  ["auto_explain's CSV", `2026-05-01 10:00:00.123 UTC,"me","shop",12,"[local]",,1,"SELECT",,,0,LOG,00000,"duration: 2.345 ms  plan:\nQuery Text: SELECT ""A""\n${plain.replaceAll('"', '""')}",,,,,,,,,"psql","client backend",,0`],
  ["auto_explain's JSON log", `${JSON.stringify({ timestamp: "2026-05-01", error_severity: "LOG", message: `duration: 2.345 ms  plan:\nQuery Text: SELECT "A"\n${plain}`, backend_type: "client" })}\n{"message":"other"}`],
  ["JSON with psql's marks and no heading", ` ${json.split("\n").map((line) => line.padEnd(80)).join("+\n ")}`],
  ["JSON with a row count and timing", `${json}\n(1 row)\n\nTime: 3 ms`],
  ["JSON behind the statement", `EXPLAIN (ANALYZE, FORMAT JSON) SELECT 1;\n${json}`],
  ["JSON in a cell's quotes", `"${json.replaceAll('"', '""')}"`],
  ["YAML", yaml(planOf(plain).source)],
  ["YAML with psql's marks", `   QUERY PLAN\n-------\n ${yaml(planOf(plain).source).split("\n").map((line) => line.padEnd(60)).join("+\n ")}\n(1 row)`],
  ["XML", xml(planOf(plain).source)],
];

describe("plans as people paste them", () => {
  for (const [from, text] of pastes) it(`are read from ${from}`, () => assert.equal(planText(planOf(text)), `${plain}\n`));

  it("lose nothing of their query to what a log says beside it", () => {
    const log = pastes.find(([from]) => from === "auto_explain with parameters")?.[1] ?? "";
    assert.equal(planOf(log).queryText, "SELECT $1");
  });

  it("may have no figures: COSTS OFF", () => {
    const bare = plain.replaceAll(/ {2}\(cost.*$/gm, "").replaceAll(/^(?:Planning|Execution).*\n?/gm, "");
    const { nodes } = planOf(bare);
    assert.deepEqual(nodes.map(({ label, depth }) => [label, depth]), [["Sort", 0], ["Seq Scan on t", 1]]);
    assert.equal(nodes[1]?.conditions[0]?.removed, 7);
    assert.ok(!readPlan("Sort out the slow query, please.\nLimit its rows.").ok);
  });

  it("are cut short anywhere without a fault", () => {
    for (const [, text] of pastes) for (let end = 0; end < text.length; end += 17) readPlan(text.slice(0, end));
  });

  it("have nodes of extensions, by the extension's name", () => {
    const timescale = planOf(`Limit  (cost=0.29..0.52 rows=1 width=20) (actual time=0.032..0.034 rows=1 loops=1)
  ->  Custom Scan (ChunkAppend) on metrics  (cost=0.29..100.00 rows=5 width=20) (actual time=0.030..0.031 rows=1 loops=1)
        Order: metrics.at DESC
        Chunks excluded during startup: 3
        ->  Index Scan Backward using _hyper_1_5_idx on _hyper_1_5_chunk  (cost=0.15..50.00 rows=1 width=20) (actual time=0.028..0.028 rows=1 loops=1)
        ->  Custom Scan (DecompressChunk) on _hyper_1_4_chunk  (cost=0.15..50.00 rows=1 width=20) (never executed)
              ->  Seq Scan on compress_hyper_2_4_chunk  (cost=0.00..1.00 rows=1 width=20) (never executed)`);
    assert.deepEqual(
      timescale.nodes.map(({ label, depth }) => [depth, label]),
      [
        [0, "Limit"],
        [1, "Custom Scan (ChunkAppend) on metrics"],
        [2, "Index Scan Backward using _hyper_1_5_idx on _hyper_1_5_chunk"],
        [2, "Custom Scan (DecompressChunk) on _hyper_1_4_chunk"],
        [3, "Seq Scan on compress_hyper_2_4_chunk"],
      ],
    );
    assert.ok(timescale.nodes[1]?.properties.some(({ name, value }) => name === "Chunks excluded during startup" && value === "3"));
  });

  it("have what Citus runs on other servers, in text and in JSON", () => {
    const text = planOf(`Custom Scan (Citus Adaptive)  (cost=0.00..0.00 rows=1 width=0) (actual time=20.000..25.000 rows=6 loops=1)
  Task Count: 2
  Tasks Shown: One of 2
  ->  Task
        Node: host=a port=1 dbname=x
        ->  Seq Scan on t_102 t  (cost=0.00..1.00 rows=1 width=4) (actual time=0.010..5.000 rows=1 loops=1)
              Filter: (a = 1)
            Planning Time: 0.010 ms
            Execution Time: 6.000 ms
Planning Time: 1.500 ms
Execution Time: 26.000 ms`);
    const remote = { "Node Type": "Seq Scan", "Relation Name": "t_102", Alias: "t", "Startup Cost": 0, "Total Cost": 1, "Plan Rows": 1, "Plan Width": 4 };
    const source = { "Node Type": "Custom Scan", "Custom Plan Provider": "Citus Adaptive", "Startup Cost": 0, "Total Cost": 0, "Plan Rows": 1, "Plan Width": 0, "Distributed Query": { Job: { "Task Count": 2, Tasks: [{ Node: "host=a port=1 dbname=x", "Remote Plan": [[{ Plan: remote }]] }] } } };
    for (const plan of [text, planOf(JSON.stringify([{ Plan: source }]))]) assert.deepEqual(plan.nodes.map(({ label, depth }) => [depth, label]), [[0, "Custom Scan (Citus Adaptive)"], [1, "Task"], [2, "Seq Scan on t_102 t"]]);
    assert.deepEqual([text.executionMs, text.planningMs, text.nodes[0]?.actual?.selfMs], [26, 1.5, 20]);
  });

  it("tell of what spilled, wherever the text says it", () => {
    const spilled: readonly (readonly [string, string, string])[] = [
      ["HashAggregate", "Planned Partitions: 4  Batches: 5  Memory Usage: 4145kB  Disk Usage: 12345kB", "plan-hash-spill"],
      ["HashAggregate", "Worker 0:  Batches: 5  Memory Usage: 4145kB  Disk Usage: 12345kB", "plan-hash-spill"],
      ["Sort", "Sort Method: quicksort  Memory: 25kB\n  Worker 0:  Sort Method: external merge  Disk: 33280kB", "plan-sort-spill"],
      ["Sort", "Sort Method: quicksort  Memory: 25kB\n  Worker 0:  actual time=1.000..150.000 rows=3 loops=1\n    Sort Method: external merge  Disk: 33280kB", "plan-sort-spill"],
      ["Incremental Sort", "Full-sort Groups: 1  Sort Method: quicksort  Average Memory: 25kB  Peak Memory: 25kB\n  Pre-sorted Groups: 2  Sort Methods: top-N heapsort, external merge  Average Disk: 25kB  Peak Disk: 9000kB", "plan-sort-spill"],
    ];
    for (const [type, line, id] of spilled) {
      const plan = planOf(`${type}  (cost=1.00..2.00 rows=1 width=4) (actual time=1.000..2.000 rows=3 loops=1)\n  ${line}\n  ->  Seq Scan on t  (cost=0.00..1.00 rows=1 width=4) (actual time=0.100..1.000 rows=3 loops=1)`);
      assert.ok(insightsOf(plan).some((found) => found.id === id), line);
    }
  });

  it("give the time of an InitPlan to the InitPlan, and not to the node that asks for it", () => {
    for (const [heading, reference] of [
      ["InitPlan 1 (returns $0)", "$0"],
      ["InitPlan 1", "(InitPlan 1).col1"],
      ["InitPlan expr_1", "(expr_1).col1"],
    ]) {
      const { nodes } = planOf(`Limit  (cost=1.00..9.00 rows=1 width=4) (actual time=110.000..120.000 rows=3 loops=1)
  Buffers: shared hit=60
  ${heading}
    ->  Aggregate  (cost=1.00..2.00 rows=1 width=4) (actual time=90.000..100.000 rows=1 loops=1)
          Buffers: shared hit=50
  ->  Sort  (cost=1.00..8.00 rows=1 width=4) (actual time=110.000..118.000 rows=3 loops=1)
        Buffers: shared hit=60
        ->  Seq Scan on t  (cost=0.10..7.00 rows=1 width=1) (actual time=100.100..115.500 rows=100 loops=1)
              Filter: (x > ${reference})
              Buffers: shared hit=60`);
      assert.deepEqual(nodes.map(({ actual }) => actual?.selfMs), [2, 100, 2.5, 15.5], heading);
      assert.deepEqual(nodes.map(({ selfBuffers }) => selfBuffers?.hit), [0, 50, 0, 10], heading);
    }
  });

  it("leave the rest of a WITH query's time with what it hangs on, and a worker's InitPlan with the Gather", () => {
    const waited = planOf(`Hash Join  (cost=1.00..9.00 rows=1 width=4) (actual time=30.000..40.000 rows=3 loops=1)
  CTE x
    ->  Gather  (cost=1.00..2.00 rows=1 width=4) (actual time=1.000..30.000 rows=1 loops=1)
          Workers Planned: 1
          Workers Launched: 1
  ->  CTE Scan on x  (cost=1.00..2.00 rows=1 width=4) (actual time=1.000..20.000 rows=1 loops=1)
  ->  CTE Scan on x y  (cost=1.00..2.00 rows=1 width=4) (actual time=1.000..2.000 rows=1 loops=1)`);
    assert.deepEqual(waited.nodes.map(({ actual }) => actual?.selfMs), [10, 30, 0, 0]);
    assert.deepEqual(waited.nodes.map(({ role }) => role.kind), ["root", "cte", "outer", "inner"]);
    const gathered = planOf(`Limit  (cost=1.00..9.00 rows=1 width=4) (actual time=30.000..64.000 rows=3 loops=1)
  InitPlan 1
    ->  Aggregate  (cost=1.00..2.00 rows=1 width=4) (actual time=1.000..30.000 rows=1 loops=1)
  ->  Gather  (cost=1.00..2.00 rows=1 width=4) (actual time=31.000..63.000 rows=1 loops=1)
        Workers Planned: 1
        Workers Launched: 1
        ->  Parallel Seq Scan on t  (cost=1.00..2.00 rows=1 width=4) (actual time=1.000..20.000 rows=1 loops=2)
              Filter: (x > (InitPlan 1).col1)`);
    assert.deepEqual(gathered.nodes.map(({ actual }) => actual?.selfMs), [1, 30, 13, 20]);
  });

  it("have what stands below a heading beside the other children of a node, not in them", () => {
    const { nodes } = planOf(`Bitmap Heap Scan on a  (cost=1.00..9.00 rows=1 width=4) (actual time=0.100..9.000 rows=300 loops=1)
  Output: id, (SubPlan 1)
  ->  Bitmap Index Scan on a_b  (cost=0.00..1.00 rows=1 width=0) (actual time=0.100..0.100 rows=300 loops=1)
        Index Cond: (b = 3)
  SubPlan 1
    ->  Aggregate  (cost=1.00..2.00 rows=1 width=8) (actual time=0.020..0.020 rows=1 loops=300)
          ->  Seq Scan on r  (cost=0.00..1.00 rows=1 width=0) (actual time=0.010..0.010 rows=1 loops=300)`);
    assert.deepEqual(nodes.map(({ depth, role }) => `${depth} ${role.kind}`), ["0 root", "1 outer", "1 subPlan", "2 outer"]);
  });

  it("name triggers as people know them", () => {
    const { triggers } = planOf(`Delete on a  (cost=0.00..1.00 rows=0 width=0) (actual time=1.000..2.000 rows=0 loops=1)
Trigger RI_ConstraintTrigger_a_16420 for constraint b_a_fkey on a: time=500.123 calls=1
Trigger for constraint my key on my table: time=5.000 calls=2
Trigger audit: calls=3
Execution Time: 520.000 ms`);
    assert.deepEqual(
      triggers.map(({ name, constraint, relation, ms, calls }) => [name, constraint, relation, ms, calls]),
      [
        ["b_a_fkey", "b_a_fkey", "a", 500.123, 1],
        ["my key", "my key", "my table", 5, 2],
        ["audit", undefined, undefined, 0, 3],
      ],
    );
  });

  it("say nothing that is not so", () => {
    const pattern = planOf("Seq Scan on t  (cost=0.00..2500.00 rows=10 width=4) (actual time=0.1..30.0 rows=10 loops=1)\n  Filter: (name ~~ '%smith%'::text)\n  Rows Removed by Filter: 100000");
    assert.equal(insightsOf(pattern).find(({ id }) => id === "plan-seq-scan-selective")?.next.do, "text", "a B-tree serves no pattern");
    const never = planOf("Append  (cost=1.00..2.00 rows=1 width=4) (actual time=1..2 rows=1 loops=1)\n  ->  Gather  (cost=1.00..2.00 rows=1 width=4) (never executed)\n        Workers Planned: 2\n        Workers Launched: 0");
    assert.deepEqual(insightsOf(never).map(({ id }) => id).filter((id) => id === "plan-parallel-missing"), []);
  });
});

function planOf(given: string): Plan {
  const read = readPlan(given);
  assert.ok(read.ok, read.ok ? "" : `${read.reason}\n${given}`);
  return read.plan;
}

/** Cut after so many characters, with a mark at both ends of the cut, in the margins. */
function wrapped(line: string, width: number, mark: string, border: string): readonly string[] {
  const parts = line.slice(1).match(new RegExp(`.{1,${width}}`, "gu")) ?? [""];
  return parts.map((part, i) => `${border}${i === 0 ? " " : mark}${i < parts.length - 1 ? `${part}${mark}` : border === "" ? part : part.padEnd(width + 1)}${border}`);
}

/** As PostgreSQL writes it. */
function yaml(source: object): string {
  const block = (value: unknown, indent: string): string => {
    if (Array.isArray(value)) return value.map((each) => (typeof each === "object" ? `\n${indent}- ${block(each, `${indent}  `).trimStart()}` : `\n${indent}- ${JSON.stringify(each)}`)).join("");
    if (typeof value === "object" && value !== null) return Object.entries(value).map(([name, each]) => `\n${indent}${name}: ${block(each, `${indent}  `)}`).join("");
    return JSON.stringify(value);
  };
  return block([source], "").trimStart();
}

function xml(source: object): string {
  const text = (value: unknown): string => String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
  const element = (name: string, value: unknown): string => {
    const tag = name.replaceAll(/[^\w.-]/g, "-");
    if (Array.isArray(value)) return `<${tag}>\n${value.map((each) => (typeof each === "object" ? element("Plan", each) : `<Item>${text(each)}</Item>`)).join("\n")}\n</${tag}>`;
    if (typeof value === "object" && value !== null) return `<${tag}>\n${Object.entries(value).map(([each, inner]) => element(each, inner)).join("\n")}\n</${tag}>`;
    return `<${tag}>${text(value)}</${tag}>`;
  };
  return `<explain xmlns="http://www.postgresql.org/2009/explain">\n${element("Query", source)}\n</explain>`;
}
