/** What the last plan of each query came to, for the lens above it: a query is known by its fingerprint, wherever it stands. */
import type { PlanAnswer } from "../../../protocol/src/plan.ts";

export interface LastPlan {
  /** The planner's total, where nothing was run. */
  readonly cost: number | undefined;
  /** Of the run. */
  readonly milliseconds: number | undefined;
  /** "scratch", or a connection's name. */
  readonly target: string;
}

/** The oldest go. */
const most = 2_000;

export class LastPlans {
  readonly #plans = new Map<string, LastPlan>();
  readonly #changed: () => void;

  /** `changed`: lenses say something else now. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** By `queryFingerprint`. */
  of(fingerprint: string): LastPlan | undefined {
    return this.#plans.get(fingerprint);
  }

  /** Takes in what was answered to somebody. */
  note(answer: PlanAnswer): void {
    if (answer.kind !== "plans") return;
    let isNews = false;
    for (const { fingerprint, plans } of answer.statements) {
      const totals = plans[0]?.totals;
      if (fingerprint === undefined || totals === undefined) continue;
      this.#plans.delete(fingerprint);
      this.#plans.set(fingerprint, { cost: totals.cost, milliseconds: totals.executionMs, target: answer.target.label });
      isNews = true;
    }
    for (const oldest of [...this.#plans.keys()].slice(0, -most)) this.#plans.delete(oldest);
    if (isNews) this.#changed();
  }
}

/** "cost 1,234", "12.3 ms". */
export function lastPlanText({ cost, milliseconds }: LastPlan): string {
  if (milliseconds !== undefined) return milliseconds >= 1_000 ? `${rounded(milliseconds / 1_000)} s` : `${rounded(milliseconds)} ms`;
  return cost === undefined ? "explained" : `cost ${rounded(cost)}`;
}

/** Three digits are as much as anybody compares. */
function rounded(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
