/** Measures in words and figures. Pure. */
import type { PlanMeasure, PlanTotals } from "../../protocol/src/plan.ts";
import { blockSize, count, milliseconds } from "./figures.ts";

export const measureNames: Readonly<Record<PlanMeasure, string>> = { time: "Time", cost: "Cost", rows: "Rows", buffers: "Blocks" };

export function measureValue(measure: PlanMeasure, value: number): string {
  return measure === "time" ? milliseconds(value) : count(value);
}

/** A total in the line above a plan. */
export interface TotalText {
  readonly name: string;
  readonly value: string;
  /** More about it. */
  readonly more?: string;
}

export function totalsText(totals: PlanTotals, isAnalyzed: boolean): readonly TotalText[] {
  const { executionMs, planningMs, cost, rows, buffers, workers, jit, triggers } = totals;
  const texts: TotalText[] = [];
  if (executionMs !== undefined) texts.push({ name: "Execution", value: milliseconds(executionMs) });
  if (planningMs !== undefined) texts.push({ name: "Planning", value: milliseconds(planningMs) });
  if (cost !== undefined) texts.push({ name: "Cost", value: count(cost) });
  if (rows !== undefined) texts.push({ name: isAnalyzed ? "Rows" : "Rows expected", value: count(rows) });
  if (buffers !== undefined) {
    const all = buffers.hit + buffers.read;
    const found = all === 0 ? "" : `, ${Math.floor((buffers.hit / all) * 100)}% in memory`;
    texts.push({ name: "Blocks", value: `${count(all)}`, more: `${blockSize(all)}${found}` });
    if (buffers.temporary > 0) texts.push({ name: "Temporary", value: blockSize(buffers.temporary), more: "on disk" });
    if (buffers.ms !== undefined) texts.push({ name: "Waiting for the disk", value: milliseconds(buffers.ms) });
  }
  if (workers !== undefined) texts.push({ name: "Workers", value: workers.launched === undefined ? `${workers.planned} planned` : `${workers.launched} of ${workers.planned}` });
  if (jit !== undefined) texts.push({ name: "JIT", value: jit.ms === undefined ? `${jit.functions} functions` : milliseconds(jit.ms), ...(jit.ms === undefined ? {} : { more: `${jit.functions} functions` }) });
  const ms = triggers.reduce((all, trigger) => all + trigger.ms, 0);
  if (triggers.length > 0) texts.push({ name: triggers.length === 1 ? "Trigger" : "Triggers", value: milliseconds(ms), more: triggers.map(({ name, calls }) => `${name} ×${count(calls)}`).join(", ") });
  return texts;
}
