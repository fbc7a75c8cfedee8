/** Where the planner's idea of the rows first goes wrong. */
import type { PlanNode } from "../plan.ts";
import { ancestors, count, indexColumns, isJoin, relationName, rows } from "./figures.ts";
import { defineInsight, tableOf, told, type NextStep } from "./insight.ts";

export const planRowMisestimate = defineInsight({
  id: "plan-row-misestimate",
  severity: "warning",
  summary: "The planner expected a very different number of rows.",
  why: "Join order, join method and memory are chosen by the estimate: a wrong one below a join multiplies upwards.",
  sources: ["https://www.postgresql.org/docs/current/planner-stats.html", "https://www.postgresql.org/docs/current/row-estimation-examples.html"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      const factor = factorOf(node);
      if (factor === undefined || node.children.some((child) => factorOf(child) !== undefined)) continue;
      const above = [...ancestors(node, plan)];
      // A node that is stopped early gives fewer rows than it could.
      const isStopped = above.some(({ type, joinType }) => type === "Limit" || joinType === "Semi" || joinType === "Anti" || type === "Merge Join");
      const { actual, estimated } = node;
      if (actual === undefined || estimated === undefined || (isStopped && actual.rowsPerLoop < estimated.rows)) continue;
      if (!above.some(isJoin) && !isJoin(node)) continue;
      const expected = node.type.includes("Scan") ? relationName(node) : node.label;
      yield told(node, `${expected}: ${rows(actual.rowsPerLoop)}, ${count(factor)} times ${actual.rowsPerLoop > estimated.rows ? "more" : "fewer"} than the estimate of ${count(estimated.rows)}.`, nextStep(node));
    }
  },
});

/** Undefined where the estimate is good enough, or the rows too few to matter. */
function factorOf({ actual, estimated }: PlanNode): number | undefined {
  if (actual === undefined || estimated === undefined || actual.loops === 0) return undefined;
  const [more, fewer] = actual.rowsPerLoop > estimated.rows ? [actual.rowsPerLoop, estimated.rows] : [estimated.rows, actual.rowsPerLoop];
  const factor = more / Math.max(1, fewer);
  return factor >= 10 && more * actual.loops >= 100 ? factor : undefined;
}

function nextStep(node: PlanNode): NextStep {
  const table = tableOf(node);
  if (table === undefined) return { do: "text", text: "Its inputs are estimated well, and what they have in common is not: keep the tables analyzed, and test one column where the query tests several that belong together." };
  const columns = [...new Set(node.conditions.flatMap(({ text }) => indexColumns(text)))];
  return columns.length > 1 ? { do: "createStatistics", table, columns } : { do: "analyze", table };
}
