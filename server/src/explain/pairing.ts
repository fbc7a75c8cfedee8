/** Two plans side by side, as a panel shows them. */
import type { PlanChange, PlanPairing } from "../../../protocol/src/plan.ts";
import type { Change, PlanComparison } from "../plan/comparePlans.ts";

/** `before` and `after` are places in the statement's list of plans. */
export function pairingOf(comparison: PlanComparison, before: number, after: number): PlanPairing {
  const { cost, executionMs, planningMs, blocks, isSameShape, pairs } = comparison;
  const change = (name: string, unit: PlanChange["unit"], of: Change | undefined): readonly PlanChange[] => (of === undefined ? [] : [{ name, unit, before: of.before, after: of.after }]);
  return {
    before,
    after,
    isSameShape,
    pairs: pairs.map((pair) => ({
      kind: pair.kind,
      changes: pair.changes,
      ...(pair.before === undefined ? {} : { before: pair.before.id }),
      ...(pair.after === undefined ? {} : { after: pair.after.id }),
    })),
    changes: [...change("Execution time", "ms", executionMs), ...change("Planning time", "ms", planningMs), ...change("Cost", "cost", cost), ...change("Blocks", "blocks", blocks)],
  };
}
