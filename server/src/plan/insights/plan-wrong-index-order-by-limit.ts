/** An index read in order until LIMIT is full, past rows that do not match. */
import { ancestors, conditionText, indexColumns, removedRows, rows, shortened } from "./figures.ts";
import { defineInsight, tableOf, told } from "./insight.ts";

export const planWrongIndexOrderByLimit = defineInsight({
  id: "plan-wrong-index-order-by-limit",
  severity: "warning",
  summary: "The planner walks an index for its order and throws away what does not match until it has enough.",
  why: "When matching rows are rare, or all at the other end, the whole index is walked: the same query is fast for one value and takes minutes for another.",
  sources: ["https://www.postgresql.org/docs/current/indexes-ordering.html"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      const filter = conditionText(node, "Filter");
      const table = tableOf(node);
      if (node.type !== "Index Scan" || filter === undefined || table === undefined || conditionText(node, "Index Cond") !== undefined) continue;
      if (![...ancestors(node, plan)].some(({ type }) => type === "Limit")) continue;
      const removed = removedRows(node);
      if (node.actual !== undefined && removed < 1_000) continue;
      const columns = indexColumns(filter);
      const first = columns.length === 0 ? "what the condition tests" : columns.join(", ");
      const next = { do: "text", text: `An index that begins with ${first} and goes on with the columns of ORDER BY finds the rows in order.` } as const;
      const cost = node.actual === undefined ? "" : ` ${rows(removed)} were passed over.`;
      yield told(node, `Index ${node.index ?? "?"} is walked only for its order, and each row is checked: ${shortened(filter)}.${cost}`, next);
    }
  },
});
