/** An index that finds far more rows than are kept. */
import { conditionText, indexColumns, removedRows, rows, shortened } from "./figures.ts";
import { defineInsight, tableOf, told } from "./insight.ts";

export const planIndexInefficient = defineInsight({
  id: "plan-index-inefficient",
  severity: "warning",
  summary: "The index used finds many rows that a filter then throws away.",
  why: "Each row an index finds is fetched from the table before a filter sees it, mostly one block a row, so thrown-away rows are most of the work.",
  sources: ["https://www.postgresql.org/docs/current/indexes-multicolumn.html"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      const isIndex = node.type === "Index Scan" || node.type === "Index Only Scan" || node.type === "Bitmap Heap Scan";
      const found = conditionText(node, "Index Cond") ?? conditionText(node, "Recheck Cond");
      if (!isIndex || found === undefined || node.actual === undefined) continue;
      const removed = removedRows(node);
      if (removed < 1_000 || removed < node.actual.rows * 9) continue;
      const filter = conditionText(node, "Filter");
      const table = tableOf(node);
      const columns = [...new Set([...indexColumns(found), ...indexColumns(filter ?? "")])];
      const next = table !== undefined && filter !== undefined && columns.length > 1 ? ({ do: "addIndex", table, columns } as const) : ({ do: "text", text: "Have indexes tried: one that has the condition too, or that matches exactly, finds fewer rows." } as const);
      yield told(node, `The index finds ${rows(node.actual.rows + removed)} and ${rows(removed)} of them are thrown away${filter === undefined ? " when checked again" : ` by ${shortened(filter)}`}.`, next);
    }
  },
});
