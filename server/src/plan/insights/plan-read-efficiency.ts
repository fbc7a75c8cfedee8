/** Many blocks for few rows. */
import { count, relationName, removedRows, rows } from "./figures.ts";
import { defineInsight, tableOf, told } from "./insight.ts";

export const planReadEfficiency = defineInsight({
  id: "plan-read-efficiency",
  severity: "information",
  summary: "Many blocks are read for each row.",
  why: "Rows that are spread thinly, because of dead rows or of rows in an order unlike the index, make each row cost a block and more.",
  sources: ["https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-SPACE-RECOVERY"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      const table = tableOf(node);
      if (node.actual === undefined || node.selfBuffers === undefined || table === undefined || !node.type.includes("Scan")) continue;
      const blocks = node.selfBuffers.hit + node.selfBuffers.read;
      const found = node.actual.rows + removedRows(node);
      // An index takes a few blocks from its root to the row, in each loop.
      const expected = node.type === "Seq Scan" ? found : found * 2 + node.actual.loops * 5;
      if (blocks < 1_000 || blocks <= expected) continue;
      yield told(node, `${count(blocks)} blocks of ${relationName(node)} were read for ${rows(found)}.`, { do: "vacuum", table });
    }
  },
});
