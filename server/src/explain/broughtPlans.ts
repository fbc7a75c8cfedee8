/** Plans in the form that people or PostgreSQL have them, as sheets, in pairs and as files. Takes as long as the plan is large; never throws. */
import type { PlanCompared, PlanCompareParams, PlanSaveParams, PlanSheet } from "../../../protocol/src/plan.ts";
import { comparePlans } from "../plan/comparePlans.ts";
import { insightsOf } from "../plan/insights/insights.ts";
import { readPlan } from "../plan/readPlan.ts";
import { savePlan } from "../plan/savePlan.ts";
import { pairingOf } from "./pairing.ts";
import { planSheet, type SheetOptions } from "./planSheet.ts";

export type ReadSheet =
  | {
      readonly ok: true;
      readonly sheet: PlanSheet;
      /** How many more plans the text holds. */
      readonly others: number;
      /** The statement, given or as the plan has it; "" where nobody knows it. */
      readonly query: string;
    }
  | { readonly ok: false; readonly reason: string };

/** `title` is said of a plan that was run, and of one that was not. */
export type ReadOptions = Omit<SheetOptions, "title"> & { readonly title: { readonly run: string; readonly planned: string } };

export function sheetIn(text: string, { title, query: given, ...options }: ReadOptions): ReadSheet {
  const read = readPlan(text);
  if (!read.ok) return read;
  const { plan, others } = read;
  const query = given ?? plan.queryText ?? "";
  return { ok: true, others, query, sheet: planSheet(plan, { ...options, query, title: plan.isAnalyzed ? title.run : title.planned }) };
}

export function compared({ query, before, after }: PlanCompareParams): PlanCompared {
  const [old, now] = [readPlan(before.source), readPlan(after.source)];
  if (!old.ok) return { ok: false, reason: old.reason };
  if (!now.ok) return { ok: false, reason: now.reason };
  const sheets: readonly [PlanSheet, PlanSheet] = [
    planSheet(old.plan, { title: before.title, query }),
    planSheet(now.plan, { title: after.title, query, known: { baseline: old.plan } }),
  ];
  return { ok: true, plans: sheets, pairing: pairingOf(comparePlans(old.plan, now.plan), 0, 1) };
}

export function saved({ source, query, format }: PlanSaveParams): { readonly ok: true; readonly text: string } | { readonly ok: false; readonly reason: string } {
  const read = readPlan(source);
  if (!read.ok) return read;
  const { plan } = read;
  // As auto_explain does: who opens the file sees the query as well.
  if (format === "json" && query !== "") return { ok: true, text: `${JSON.stringify([{ "Query Text": query, ...plan.source }], undefined, 2)}\n` };
  return { ok: true, text: savePlan(plan, format, { query: query === "" ? undefined : query, insights: insightsOf(plan) }) };
}
