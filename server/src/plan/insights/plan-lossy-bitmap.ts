/** A bitmap that had to forget single rows. */
import { count, removedRows, rows } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

export const planLossyBitmap = defineInsight({
  id: "plan-lossy-bitmap",
  severity: "information",
  summary: "A bitmap remembers blocks instead of rows.",
  why: "When a bitmap does not fit into work_mem it keeps whole blocks, and every row of these is checked again.",
  sources: ["https://www.postgresql.org/docs/current/indexes-bitmap-scans.html"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      if (node.heapBlocks === undefined || node.heapBlocks.lossy === 0) continue;
      const { exact, lossy } = node.heapBlocks;
      const again = removedRows(node, ["Recheck Cond"]);
      yield told(node, `${count(lossy)} of ${count(exact + lossy)} blocks are lossy${again === 0 ? "" : `, and ${rows(again)} were checked in vain`}.`, { do: "set", setting: "work_mem", value: "16MB" });
    }
  },
});
