/** An index-only scan that reads the table all the same. */
import { percent, rows } from "./figures.ts";
import { defineInsight, tableOf, told } from "./insight.ts";

export const planHeapFetches = defineInsight({
  id: "plan-heap-fetches",
  severity: "information",
  summary: "An index-only scan has to look into the table.",
  why: "An index-only scan may skip the table only for blocks that VACUUM has marked all-visible; for all others it reads both.",
  sources: ["https://www.postgresql.org/docs/current/indexes-index-only-scans.html"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      const table = tableOf(node);
      const fetches = node.heapFetches ?? 0;
      const found = Math.max(1, node.actual?.rows ?? 1);
      if (table === undefined || fetches < 100 || fetches < found / 10) continue;
      yield told(node, `${rows(fetches)} (${percent(Math.min(1, fetches / found))}) were looked up in the table.`, { do: "vacuum", table });
    }
  },
});
