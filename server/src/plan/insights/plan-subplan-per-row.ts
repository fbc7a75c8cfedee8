/** A subquery run once for each row. */
import { count, percent, shareOf } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

export const planSubplanPerRow = defineInsight({
  id: "plan-subplan-per-row",
  severity: "warning",
  summary: "A subquery is run again for every row.",
  why: "A correlated subquery is a nested loop that the planner cannot turn round: it has no other method and no other order.",
  sources: ["https://www.postgresql.org/docs/current/using-explain.html"],
  *check({ plan }) {
    for (const node of plan.nodes) {
      if (node.role.kind !== "subPlan") continue;
      const parent = node.parent === undefined ? undefined : plan.nodes[node.parent];
      const { name } = node.role;
      // A hashed one is run once, and looked up for each row.
      const isHashed = parent?.properties.some(({ value }) => value.includes(`hashed ${name}`)) ?? false;
      const loops = node.actual?.loops ?? (isHashed ? 1 : (parent?.estimated?.rows ?? 1));
      if (isHashed || loops < 1_000) continue;
      const share = node.actual === undefined ? "" : `: ${percent(shareOf(node, plan))} of the time`;
      yield told(node, `${name} is run ${count(loops)} times${node.actual === undefined ? " by estimate" : ""}${share}.`, { do: "text", text: "Join instead, to the subquery grouped by its key, or LEFT JOIN LATERAL." });
    }
  },
});
