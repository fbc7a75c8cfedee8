/** Wide rows that are sorted or hashed. */
import { count, kilobytes, rows } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

export const planSelectStarWide = defineInsight({
  id: "plan-select-star-wide",
  severity: "information",
  summary: "Rows with many columns go through a sort or a hash.",
  why: "Sorts and hashes hold whole rows: columns that nobody reads take memory, and make them spill to disk earlier.",
  sources: ["https://www.postgresql.org/docs/current/queries-select-lists.html"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      if ((node.type !== "Sort" && node.type !== "Hash") || node.estimated === undefined) continue;
      const held = node.actual?.rows ?? node.estimated.rows;
      const size = (held * node.estimated.width) / 1_024;
      if (node.estimated.width < 400 || held < 1_000) continue;
      const columns = node.output.length === 0 ? "" : ` in ${count(node.output.length)} columns`;
      yield told(node, `${node.type} holds ${rows(held)} of ${count(node.estimated.width)} bytes${columns}: ${kilobytes(size)}.`, { do: "text", text: "Select only the columns that are read, or join the wide ones after LIMIT." });
    }
  },
});
