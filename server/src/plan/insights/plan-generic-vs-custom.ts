/** A plan for no values in particular that is far worse. */
import { count } from "./figures.ts";
import { defineInsight, told } from "./insight.ts";

export const planGenericVsCustom = defineInsight({
  id: "plan-generic-vs-custom",
  severity: "warning",
  summary: "The generic plan is much more expensive than one for given values.",
  why: "A prepared statement may switch to its generic plan after five runs. Prisma prepares all its queries.",
  sources: ["https://www.postgresql.org/docs/current/sql-prepare.html#SQL-PREPARE-NOTES"],
  *check({ plan, custom = [] }) {
    const generic = plan.root.cost?.total ?? 0;
    const best = Math.min(...custom.map(({ root }) => root.cost?.total ?? Number.POSITIVE_INFINITY));
    if (!Number.isFinite(best) || generic < 100 || generic < best * 5) return;
    yield told(undefined, `The generic plan costs ${count(generic)}, one for given values ${count(best)}.`, { do: "set", setting: "plan_cache_mode", value: "force_custom_plan" });
  },
});
