/** Rows computed to be skipped. */
import { count, rows } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

export const planLargeOffset = defineInsight({
  id: "plan-large-offset",
  severity: "warning",
  summary: "OFFSET throws away rows that were computed.",
  why: "OFFSET computes every row it skips: each page takes longer than the one before. A condition on the last row seen (keyset) does not.",
  sources: ["https://www.postgresql.org/docs/current/queries-limit.html"],
  *check({ plan, isGeneric }) {
    for (const node of plan.nodes) {
      const below = node.children.find(({ role }) => role.kind === "outer");
      if (node.type !== "Limit" || below === undefined) continue;
      const next = { do: "text", text: "Page by key: WHERE (sort columns) > (those of the last row seen) ORDER BY … LIMIT …, without OFFSET." } as const;
      if (node.actual === undefined || below.actual === undefined) {
        // Where OFFSET is a parameter without a value, PostgreSQL takes a tenth of all rows for it.
        if (isGeneric === true) continue;
        const skipped = (node.cost?.startup ?? 0) - (below.cost?.startup ?? 0);
        if (skipped > 100 && skipped > (node.cost?.total ?? 0) / 2) yield told(node, `Of a cost of ${count(node.cost?.total ?? 0)}, ${count(skipped)} go into rows that OFFSET skips.`, next);
        continue;
      }
      const skipped = below.actual.rows - node.actual.rows;
      if (skipped < 1_000 || skipped < node.actual.rows * 5) continue;
      yield told(node, `${rows(below.actual.rows)} were computed and ${rows(skipped)} skipped for ${rows(node.actual.rows)}.`, next);
    }
  },
});
