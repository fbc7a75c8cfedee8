/** What the gate asks, as a person is asked it. */
import type { PlanConsent, PlanQuestion } from "../../../protocol/src/plan.ts";

const agreements: Readonly<Record<PlanConsent, string>> = { code: "Plan It Anyway", writes: "Run and Roll Back", production: "Run on Production" };

export function questionOf({ about, why }: { readonly about: PlanConsent; readonly why: string }): PlanQuestion {
  return { about, why, agree: agreements[about] };
}
