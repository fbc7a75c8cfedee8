/** All insights, and asking them of a plan. */
import type { Plan } from "../plan.ts";
import { defaultLimits, type Examined, type Insight, type Told } from "./insight.ts";
import { planCteBarrier } from "./plan-cte-barrier.ts";
import { planGenericVsCustom } from "./plan-generic-vs-custom.ts";
import { planHashSpill } from "./plan-hash-spill.ts";
import { planHeapFetches } from "./plan-heap-fetches.ts";
import { planIndexInefficient } from "./plan-index-inefficient.ts";
import { planIoHeavy } from "./plan-io-heavy.ts";
import { planJitOverhead } from "./plan-jit-overhead.ts";
import { planLargeOffset } from "./plan-large-offset.ts";
import { planLossyBitmap } from "./plan-lossy-bitmap.ts";
import { planNestedLoopExplosion } from "./plan-nested-loop-explosion.ts";
import { planNonSargable } from "./plan-non-sargable.ts";
import { planOrNoBitmap } from "./plan-or-no-bitmap.ts";
import { planOverBudget } from "./plan-over-budget.ts";
import { planParallelMissing } from "./plan-parallel-missing.ts";
import { planPartitionNotPruned } from "./plan-partition-not-pruned.ts";
import { planPlanningTime } from "./plan-planning-time.ts";
import { planReadEfficiency } from "./plan-read-efficiency.ts";
import { planRegressed } from "./plan-regressed.ts";
import { planRlsCost } from "./plan-rls-cost.ts";
import { planRowMisestimate } from "./plan-row-misestimate.ts";
import { planSelectStarWide } from "./plan-select-star-wide.ts";
import { planSeqScanSelective } from "./plan-seq-scan-selective.ts";
import { planSortSpill } from "./plan-sort-spill.ts";
import { planStaleStatistics } from "./plan-stale-statistics.ts";
import { planSubplanPerRow } from "./plan-subplan-per-row.ts";
import { planTriggerTime } from "./plan-trigger-time.ts";
import { planWrongIndexOrderByLimit } from "./plan-wrong-index-order-by-limit.ts";

export const insights: readonly Insight[] = [
  planCteBarrier,
  planGenericVsCustom,
  planHashSpill,
  planHeapFetches,
  planIndexInefficient,
  planIoHeavy,
  planJitOverhead,
  planLargeOffset,
  planLossyBitmap,
  planNestedLoopExplosion,
  planNonSargable,
  planOrNoBitmap,
  planOverBudget,
  planParallelMissing,
  planPartitionNotPruned,
  planPlanningTime,
  planReadEfficiency,
  planRegressed,
  planRlsCost,
  planRowMisestimate,
  planSelectStarWide,
  planSeqScanSelective,
  planSortSpill,
  planStaleStatistics,
  planSubplanPerRow,
  planTriggerTime,
  planWrongIndexOrderByLimit,
];

/** What was found, with where it comes from. */
export interface Found extends Told {
  readonly id: string;
  readonly severity: Insight["severity"];
}

export type KnownBesides = Partial<Omit<Examined, "plan">>;

/** Warnings first; those of one severity by what they weigh, the nodes that take longest first. */
export function insightsOf(plan: Plan, known: KnownBesides = {}): readonly Found[] {
  const examined: Examined = { limits: defaultLimits, ...known, plan };
  const found = insights.flatMap(({ id, severity, check }) => [...check(examined)].map((told): Found => ({ id, severity, ...told })));
  const weight = ({ node }: Found): number => {
    const { actual, cost } = plan.nodes[node ?? 0] ?? {};
    return actual?.totalMs ?? cost?.total ?? 0;
  };
  return found.sort((a, b) => (a.severity === b.severity ? weight(b) - weight(a) : a.severity === "warning" ? -1 : 1));
}
