/** A table read whole for few of its rows. */
import { conditionText, count, indexColumns, relationName, removedRows, rows, shortened } from "./figures.ts";
import { defineInsight, tableOf, told } from "./insight.ts";

export const planSeqScanSelective = defineInsight({
  id: "plan-seq-scan-selective",
  severity: "warning",
  summary: "An index would find the few rows that this scan keeps.",
  why: "A sequential scan reads every block of the table, so it takes longer as the table grows, whatever the query wants of it.",
  sources: ["https://www.postgresql.org/docs/current/indexes-intro.html"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      const table = tableOf(node);
      const filter = conditionText(node, "Filter");
      if (node.type !== "Seq Scan" || table === undefined || filter === undefined) continue;
      const columns = indexColumns(filter);
      const next = columns.length > 0 ? ({ do: "addIndex", table, columns } as const) : ({ do: "text", text: "Have indexes tried: one for each side of OR, or of another kind than a B-tree, may serve this condition." } as const);
      if (node.actual === undefined) {
        // What a scan costs grows with what it reads; a row and its filter cost 0.0125 and more.
        if (node.cost === undefined || node.estimated === undefined || node.cost.total < 500 || node.estimated.rows * 2 > node.cost.total) continue;
        yield told(node, `${relationName(node)} is read whole, at a cost of ${count(node.cost.total)}, for an estimated ${rows(node.estimated.rows)}: ${shortened(filter)}.`, next);
        continue;
      }
      const removed = removedRows(node);
      if (removed < 1_000 || removed < node.actual.rows * 9) continue;
      yield told(node, `${relationName(node)} is read whole for ${rows(node.actual.rows)}; ${rows(removed)} are thrown away by ${shortened(filter)}.`, next);
    }
  },
});
