/** Reads plans: small ones at once, large ones in a thread of their own, which ends when nobody asks. Nothing here rejects. */
import type { Worker } from "node:worker_threads";
import type { PlanCompared, PlanCompareParams, PlanSaveParams } from "../../../protocol/src/plan.ts";
import { AskedThread, type Lost } from "../threads/askedThread.ts";
import { startWorker } from "../threads/workerThread.ts";
import { compared, type ReadOptions, type ReadSheet, saved, sheetIn } from "./broughtPlans.ts";
import type { PlanWork, PlanWorkReply } from "./planWorker.ts";

/** Characters: read in a tenth of a second. A plan of some hundred nodes has as many. */
const atOnce = 1_000_000;

export class PlanReader {
  readonly #thread: AskedThread;

  /** `worker`: the thread's script, `planWorker.ts` in the sources, `planWorker.js` beside a bundle. */
  constructor(worker: URL) {
    const start = (): Worker => startWorker(worker, { resourceLimits: { maxOldGenerationSizeMb: 2_048 } });
    this.#thread = new AskedThread({ name: "The reader of plans", start, deadline: 120_000, idle: 10_000 });
  }

  async sheet(text: string, options: ReadOptions): Promise<ReadSheet> {
    if (text.length < atOnce) return sheetIn(text, options);
    const reply = await this.#ask({ kind: "sheet", text, options });
    return reply.kind === "sheet" ? reply.answer : { ok: false, reason: lost(reply) };
  }

  async compared(params: PlanCompareParams): Promise<PlanCompared> {
    if (params.before.source.length + params.after.source.length < atOnce) return compared(params);
    const reply = await this.#ask({ kind: "compare", params });
    return reply.kind === "compare" ? reply.answer : { ok: false, reason: lost(reply) };
  }

  async saved(params: PlanSaveParams): Promise<ReturnType<typeof saved>> {
    if (params.source.length < atOnce) return saved(params);
    const reply = await this.#ask({ kind: "save", params });
    return reply.kind === "save" ? reply.answer : { ok: false, reason: lost(reply) };
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  #ask(work: PlanWork): Promise<PlanWorkReply | Lost> {
    return this.#thread.ask(() => work, (message) => (isReply(message) ? message : undefined));
  }
}

function lost(reply: PlanWorkReply | Lost): string {
  return reply.kind === "lost" ? reply.reason : "The plan could not be read.";
}

function isReply(value: unknown): value is PlanWorkReply {
  return typeof value === "object" && value !== null && "kind" in value && /^(?:sheet|compare|save)$/.test(String(value.kind));
}
