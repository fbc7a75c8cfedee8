/**
 * One thread with an embedded PostgreSQL, asked one thing after the other. What misses its deadline, or is called off, is
 * killed with its thread: nothing else stops WebAssembly.
 */
import type { Worker } from "node:worker_threads";
import { startWorker } from "../threads/workerThread.ts";
import type { ScratchReply, ScratchRequest, ScratchThreadData } from "./messages.ts";

/** Why there is no answer. The thread is gone in each case. */
export type NoReply =
  | { readonly kind: "deadline"; readonly milliseconds: number }
  | { readonly kind: "canceled" }
  | { readonly kind: "crashed"; readonly message: string };

/** Loading PostgreSQL in a new thread takes less than a second; on a machine with other things to do, more. */
const startMilliseconds = 30_000;

export class ScratchThread {
  readonly #worker: Worker;
  #isGone = false;

  private constructor(worker: Worker) {
    this.#worker = worker;
    // What a dying thread still says must not become an uncaught error.
    worker.on("error", () => undefined);
    worker.once("exit", () => (this.#isGone = true));
  }

  static async start(script: URL, data: ScratchThreadData, signal?: AbortSignal): Promise<ScratchThread | NoReply> {
    const thread = new ScratchThread(startWorker(script, { workerData: data, stdout: true, stderr: true }));
    const first = await thread.#next(startMilliseconds, signal);
    return typeof first === "object" && first !== null && "noReply" in first ? first.noReply : thread;
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  async ask(request: ScratchRequest, milliseconds: number, signal?: AbortSignal): Promise<ScratchReply | NoReply> {
    if (signal?.aborted === true) return { kind: "canceled" };
    // Only a thread that works keeps the process alive.
    this.#worker.ref();
    this.#worker.postMessage(request);
    const reply = await this.#next(milliseconds, signal);
    this.#worker.unref();
    if ("noReply" in reply) return reply.noReply;
    return isScratchReply(reply.message) ? reply.message : { kind: "crashed", message: "It gave an answer that makes no sense." };
  }

  async kill(): Promise<void> {
    this.#isGone = true;
    await this.#worker.terminate();
  }

  async #next(milliseconds: number, signal: AbortSignal | undefined): Promise<{ readonly message: unknown } | { readonly noReply: NoReply }> {
    const worker = this.#worker;
    const answer = await new Promise<{ readonly message: unknown } | { readonly noReply: NoReply }>((resolve) => {
      const settle = (reply: { readonly message: unknown } | { readonly noReply: NoReply }): void => {
        clearTimeout(timer);
        worker.off("message", received).off("error", failed).off("exit", ended);
        signal?.removeEventListener("abort", canceled);
        resolve(reply);
      };
      const received = (message: unknown): void => settle({ message });
      const failed = (error: Error): void => settle({ noReply: { kind: "crashed", message: error.message } });
      const ended = (): void => settle({ noReply: { kind: "crashed", message: "It ended." } });
      const canceled = (): void => settle({ noReply: { kind: "canceled" } });
      const timer = setTimeout(() => settle({ noReply: { kind: "deadline", milliseconds } }), milliseconds);
      worker.on("message", received).on("error", failed).on("exit", ended);
      signal?.addEventListener("abort", canceled);
    });
    if ("noReply" in answer) await this.kill();
    return answer;
  }
}

const replyKinds: ReadonlySet<unknown> = new Set<ScratchReply["kind"]>(["replayed", "described", "explained", "kept", "rows", "failed"]);

function isScratchReply(value: unknown): value is ScratchReply {
  return typeof value === "object" && value !== null && "kind" in value && replyKinds.has(value.kind);
}
