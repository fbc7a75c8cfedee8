/** The inner side of a nested loop, run thousands of times. */
import { conditionText, count, indexColumns, percent, shareOf } from "./figures.ts";
import { defineInsight, tableOf, told } from "./insight.ts";

export const planNestedLoopExplosion = defineInsight({
  id: "plan-nested-loop-explosion",
  severity: "warning",
  summary: "The inner side of a nested loop is run for very many rows.",
  why: "A nested loop starts its inner side anew for each outer row: without an index there, that is rows times rows.",
  sources: ["https://www.postgresql.org/docs/current/planner-optimizer.html"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      if (node.type !== "Nested Loop") continue;
      const inner = node.children.find(({ role }) => role.kind === "inner");
      const outer = node.children.find(({ role }) => role.kind === "outer");
      if (inner === undefined || inner.type === "Materialize" || inner.type === "Memoize") continue;
      const loops = inner.actual?.loops ?? outer?.estimated?.rows ?? 0;
      const share = inner.actual === undefined ? estimatedShare(inner.cost?.total ?? 0, loops, plan.root.cost?.total ?? 0) : shareOf(inner, plan);
      if (loops < 1_000 || share < 0.25) continue;
      const columns = indexColumns(conditionText(inner, "Filter") ?? "");
      const table = tableOf(inner);
      const next = inner.type === "Seq Scan" && table !== undefined && columns.length > 0 ? ({ do: "addIndex", table, columns } as const) : ({ do: "text", text: "Its outer side gives very many rows: narrow these first, or join by a condition of equality, which can be hashed." } as const);
      yield told(inner, `${inner.label} is run ${count(loops)} times${inner.actual === undefined ? " by estimate" : ""}: ${percent(share)} of ${plan.isTimed ? "the time" : "the cost"}.`, next);
    }
  },
});

/** Later loops find blocks in memory: what a loop costs is an upper bound. */
function estimatedShare(cost: number, loops: number, whole: number): number {
  return whole === 0 ? 0 : Math.min(1, (cost * loops) / whole);
}
