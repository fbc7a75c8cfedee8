/** Workers that were planned and did not come. */
import { count } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

export const planParallelMissing = defineInsight({
  id: "plan-parallel-missing",
  severity: "information",
  summary: "Fewer parallel workers ran than were planned.",
  why: "A plan with workers is chosen because they share the work; when none is free, the leader does it all, and another plan might have been faster.",
  sources: ["https://www.postgresql.org/docs/current/when-can-parallel-query-be-used.html"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      const { workers } = node;
      // One that was never run started nobody.
      if (workers?.launched === undefined || workers.launched >= workers.planned || node.actual?.loops === 0) continue;
      yield told(node, `${count(workers.launched)} of ${count(workers.planned)} workers ran.`, { do: "text", text: "See max_parallel_workers and max_worker_processes, and what else runs at that time." });
    }
  },
});
