/** Tables whose statistics are old or missing. */
import { count, percent, relationName } from "./figures.ts";
import { defineInsight, tableKey, tableOf, told } from "./insight.ts";

export const planStaleStatistics = defineInsight({
  id: "plan-stale-statistics",
  severity: "warning",
  summary: "The statistics that the planner goes by are out of date.",
  why: "Without ANALYZE the planner takes guesses for facts: sizes, common values and ranges of before a change.",
  sources: ["https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-STATISTICS"],
  *check({ plan, statistics }) {
    const seen = new Set<string>();
    for (const node of plan.nodes) {
      const table = tableOf(node);
      if (table === undefined || statistics === undefined || seen.has(tableKey(table))) continue;
      seen.add(tableKey(table));
      const known = statistics.get(tableKey(table));
      if (known === undefined) continue;
      const share = known.modifiedSinceAnalyze / Math.max(1, known.rows);
      if (!known.isAnalyzed && known.rows + known.modifiedSinceAnalyze > 0) yield told(node, `${relationName(node)} was never analyzed.`, { do: "analyze", table });
      else if (known.modifiedSinceAnalyze >= 1_000 && share >= 0.1)
        yield told(node, `${count(known.modifiedSinceAnalyze)} rows of ${relationName(node)} (${percent(share)}) have changed since it was analyzed.`, { do: "analyze", table });
    }
  },
});
