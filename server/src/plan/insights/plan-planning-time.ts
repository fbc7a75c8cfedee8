/** Planning that takes longer than running. */
import { milliseconds } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

export const planPlanningTime = defineInsight({
  id: "plan-planning-time",
  severity: "information",
  summary: "Planning takes longer than running.",
  why: "Many joins, partitions or indexes make planning slow; a prepared statement that keeps its plan pays for it once.",
  sources: ["https://www.postgresql.org/docs/current/sql-prepare.html"],
  *check({ plan: { planningMs, executionMs } }) {
    if (planningMs === undefined || executionMs === undefined || planningMs < 10 || planningMs <= executionMs) return;
    yield told(undefined, `Planning took ${milliseconds(planningMs)}, running ${milliseconds(executionMs)}.`, { do: "text", text: "Prepare the statement when it is run often; fewer partitions and indexes are planned faster." });
  },
});
