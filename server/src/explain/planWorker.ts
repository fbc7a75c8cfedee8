/** The script of the thread that reads large plans, so that the editor's other questions need not wait. */
import { parentPort } from "node:worker_threads";
import type { PlanCompared, PlanCompareParams, PlanSaveParams } from "../../../protocol/src/plan.ts";
import { compared, type ReadOptions, type ReadSheet, saved, sheetIn } from "./broughtPlans.ts";

export type PlanWork =
  | { readonly kind: "sheet"; readonly text: string; readonly options: ReadOptions }
  | { readonly kind: "compare"; readonly params: PlanCompareParams }
  | { readonly kind: "save"; readonly params: PlanSaveParams };

export type PlanWorkReply =
  | { readonly kind: "sheet"; readonly answer: ReadSheet }
  | { readonly kind: "compare"; readonly answer: PlanCompared }
  | { readonly kind: "save"; readonly answer: ReturnType<typeof saved> };

if (parentPort === null) throw new Error("planWorker runs in a worker thread only.");
const port = parentPort;

port.on("message", (work: PlanWork) => port.postMessage(done(work)));

function done(work: PlanWork): PlanWorkReply {
  switch (work.kind) {
    case "sheet":
      return { kind: "sheet", answer: sheetIn(work.text, work.options) };
    case "compare":
      return { kind: "compare", answer: compared(work.params) };
    case "save":
      return { kind: "save", answer: saved(work.params) };
  }
}
