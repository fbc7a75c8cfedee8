/** Arranges diagrams in a thread of its own, which ends when nobody has asked for a while. */
import type { Worker } from "node:worker_threads";
import * as v from "valibot";
import type { ErdDiagram, ErdPositions } from "../../../../protocol/src/erd.ts";
import { positionsShape } from "../../../../protocol/src/erdShapes.ts";
import { startWorker } from "../../threads/workerThread.ts";

/** Milliseconds without a question after which the thread ends. */
const idleMilliseconds = 60_000;

export class LayoutThread {
  readonly #script: URL;
  readonly #waiting = new Map<number, { resolve(positions: ErdPositions): void; reject(error: Error): void }>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last = 0;

  constructor(script: URL) {
    this.#script = script;
  }

  /** Rejects when the thread has a fault or is disposed of. */
  arrange(diagram: ErdDiagram, kept: ErdPositions): Promise<ErdPositions> {
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, diagram, kept }, []);
    });
  }

  async dispose(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
    this.#end(new Error("The thread that arranges diagrams was ended."));
  }

  #start(): Worker {
    const worker = startWorker(this.#script);
    worker.unref();
    worker.on("message", (answer: unknown) => this.#answered(answer));
    worker.on("error", (error: unknown) => this.#end(error instanceof Error ? error : new Error(String(error))));
    return worker;
  }

  #answered(answer: unknown): void {
    const { id, positions, fault } = v.parse(answerShape, answer);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (positions === undefined) waiting?.reject(new Error(fault));
    else waiting?.resolve(positions);
    if (this.#waiting.size === 0) this.#idle = setTimeout(() => void this.dispose(), idleMilliseconds).unref();
  }

  #end(error: Error): void {
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

const answerShape = v.object({ id: v.number(), positions: v.optional(positionsShape), fault: v.optional(v.string()) });
