/** Time that went into compiling the query. */
import { milliseconds, percent } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

export const planJitOverhead = defineInsight({
  id: "plan-jit-overhead",
  severity: "information",
  summary: "Compiling the query took a good part of its time.",
  why: "JIT compiles expressions when a query's cost is over jit_above_cost; for a query that is over quickly, that costs more than it saves.",
  sources: ["https://www.postgresql.org/docs/current/jit-decision.html"],
  *check({ plan: { jit, executionMs } }) {
    if (jit?.totalMs === undefined || executionMs === undefined || executionMs === 0) return;
    const share = jit.totalMs / executionMs;
    if (share > 0.1) yield told(undefined, `JIT took ${milliseconds(jit.totalMs)} of ${milliseconds(executionMs)} (${percent(share)}) for ${jit.functions} functions.`, { do: "set", setting: "jit", value: "off" });
  },
});
