/** A query that takes longer than it may, now or soon. */
import type { Plan, PlanNode } from "../plan.ts";
import { count, milliseconds, percent, removedRows } from "./figures.ts";
import { defineInsight, type NextStep, told } from "./insight.ts";

export const planOverBudget = defineInsight({
  id: "plan-over-budget",
  severity: "warning",
  summary: "The query is over its budget.",
  why: "A page waits for all of its queries. What grows with the table is over the budget sooner or later.",
  sources: ["https://www.postgresql.org/docs/current/using-explain.html"],
  *check({ plan, limits }) {
    const { executionMs, root } = plan;
    const ms = executionMs ?? root.actual?.totalMs;
    if (ms === undefined) {
      const cost = root.cost?.total ?? 0;
      if (cost > limits.budgetCost) yield told(undefined, `An estimated cost of ${count(cost)} is over the budget of ${count(limits.budgetCost)}.`, largestPart(plan));
      return;
    }
    if (ms > limits.budgetMs) {
      yield told(undefined, `${milliseconds(ms)} are over the budget of ${milliseconds(limits.budgetMs)}.`, largestPart(plan));
      return;
    }
    for (const factor of [10, 100]) {
      const later = projected(plan, ms, factor);
      if (later <= limits.budgetMs || ms < limits.budgetMs / 100) continue;
      yield told(undefined, `${milliseconds(ms)} now; with ${factor} times the rows about ${milliseconds(later)}, over the budget of ${milliseconds(limits.budgetMs)}.`, largestPart(plan));
      return;
    }
  },
});

/** Where to begin: the node that takes most by itself. */
function largestPart({ nodes, root, isTimed }: Plan): NextStep {
  const own = (node: PlanNode): number => (isTimed ? (node.actual?.selfMs ?? 0) : (node.cost?.self ?? 0));
  const largest = nodes.reduce((most, node) => (own(node) > own(most) ? node : most), root);
  const whole = isTimed ? (root.actual?.totalMs ?? 0) : (root.cost?.total ?? 0);
  const share = whole === 0 ? "" : `: ${percent(Math.min(1, own(largest) / whole))} of ${isTimed ? "the time" : "the cost"}`;
  return { do: "text", text: `Begin with ${largest.label}${share}.` };
}

/** An order of magnitude: what reads whole tables, and what is fed by it, grows with them; index lookups hardly do. */
function projected({ nodes, root }: Plan, ms: number, factor: number): number {
  const grows: boolean[] = Array.from({ length: nodes.length }, () => false);
  let later = ms - (root.actual?.totalMs ?? 0);
  for (const node of nodes.toReversed()) {
    const own = readsWhole(node) || node.children.some((child) => grows[child.id] === true);
    grows[node.id] = own && node.type !== "Limit";
    later += (node.actual?.selfMs ?? 0) * (own ? factor : 1);
  }
  return later;
}

function readsWhole(node: PlanNode): boolean {
  return node.type === "Seq Scan" || (node.type.includes("Scan") && removedRows(node) >= 1_000);
}
