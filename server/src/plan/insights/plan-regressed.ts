/** A plan that is worse than the one kept. */
import { count, milliseconds } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

const next = { do: "text", text: "Compare it with the stored plan: the nodes that changed are marked. Then see whether statistics are fresh (ANALYZE) and whether an index has gone." } as const;

export const planRegressed = defineInsight({
  id: "plan-regressed",
  severity: "warning",
  summary: "The plan has become worse than the stored one.",
  why: "A plan changes with data, settings and versions; what was fast at release need not be fast today.",
  sources: ["https://www.postgresql.org/docs/current/using-explain.html"],
  *check({ plan, baseline }) {
    if (baseline === undefined) return;
    const [before, now] = [baseline.executionMs, plan.executionMs];
    if (before !== undefined && now !== undefined) {
      if (now > before * 1.5 && now - before > 10) yield told(undefined, `${milliseconds(now)}, where the stored plan took ${milliseconds(before)}.`, next);
      return;
    }
    const [cost, cheaper] = [plan.root.cost?.total ?? 0, baseline.root.cost?.total ?? 0];
    if (cost > cheaper * 1.5 && cost - cheaper > 100) yield told(undefined, `A cost of ${count(cost)}, where the stored plan had ${count(cheaper)}.`, next);
  },
});
