/** A statement that waits for its triggers. */
import { count, milliseconds, percent } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

export const planTriggerTime = defineInsight({
  id: "plan-trigger-time",
  severity: "warning",
  summary: "Triggers take a good part of the time.",
  why: "Foreign keys are checked by triggers, once for each row: without an index on the referencing columns, each check scans the referencing table.",
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  *check({ plan: { triggers, executionMs } }) {
    for (const { name, constraint, relation, ms, calls } of triggers) {
      if (executionMs === undefined || ms < 10 || ms < executionMs * 0.3) continue;
      const text = constraint === undefined ? `See what trigger ${name} does for each row, and whether once a statement would do.` : `Index the referencing columns of ${constraint}.`;
      yield told(undefined, `${constraint === undefined ? "Trigger" : "The checks of"} ${name}${relation === undefined ? "" : ` on ${relation}`} took ${milliseconds(ms)} (${percent(ms / executionMs)}) in ${count(calls)} calls.`, { do: "text", text });
    }
  },
});
