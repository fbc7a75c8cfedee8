/**
 * The worker thread with Prisma's schema engine (WebAssembly), asked one thing after the other. What misses its deadline
 * is killed with its thread, and the next question starts a new one; nothing here ever rejects.
 */
import type { Worker } from "node:worker_threads";
import { startWorker } from "../threads/workerThread.ts";
import type { EngineReply, EngineRequest } from "./engineWorker.ts";

export interface EngineOptions {
  /** The worker's script: `engineWorker.ts` in the sources (the default), `prismaWorker.js` beside a bundle. */
  readonly worker?: URL;
  /** Milliseconds for one question, once the thread runs; 5,000 by default. */
  readonly deadline?: number;
}

/** Loading the script and the engine in a new thread, on a busy machine. */
const startMilliseconds = 15_000;
/** A thread that waits longer than this for the next question ends: it holds a hundred megabytes. */
const idleMilliseconds = 60_000;

export class EngineThread {
  readonly #script: URL;
  readonly #deadline: number;
  #last: Promise<unknown> = Promise.resolve();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isDisposed = false;

  constructor(options: EngineOptions = {}) {
    this.#script = options.worker ?? new URL("engineWorker.ts", import.meta.url);
    this.#deadline = options.deadline ?? 5_000;
  }

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Undefined when there is no answer in time. */
  ask(request: EngineRequest): Promise<EngineReply | undefined> {
    const answer = this.#last.then(() => this.#ask(request));
    this.#last = answer;
    return answer;
  }

  /** Ends the thread. What is underway or waits gets no answer. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await this.#kill();
    await this.#last;
  }

  async #ask(request: EngineRequest): Promise<EngineReply | undefined> {
    clearTimeout(this.#idle);
    const worker = this.#isDisposed ? undefined : (this.#worker ?? (await this.#start()));
    if (worker === undefined) return undefined;
    // Only a thread that works keeps the process alive.
    worker.ref();
    worker.postMessage(request, []);
    const reply = await nextMessage(worker, this.#deadline);
    worker.unref();
    const isReply = isEngineReply(reply);
    if (isReply && reply.kind !== "panic") this.#idle = setTimeout(() => void this.#kill(), idleMilliseconds).unref();
    else await this.#kill();
    return isReply ? reply : undefined;
  }

  async #start(): Promise<Worker | undefined> {
    const worker = startWorker(this.#script, { resourceLimits: { maxOldGenerationSizeMb: 512 } });
    this.#worker = worker;
    if ((await nextMessage(worker, startMilliseconds)) === "ready") return worker;
    await this.#kill();
    return undefined;
  }

  async #kill(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

/** The next message of the worker; undefined when it fails or ends, or takes longer than `milliseconds`. */
function nextMessage(worker: Worker, milliseconds: number): Promise<unknown> {
  return new Promise((resolve) => {
    const settle = (message: unknown): void => {
      clearTimeout(timer);
      worker.off("message", settle).off("error", failed).off("exit", failed);
      // What a dying worker still says must not become an uncaught error.
      worker.on("error", () => undefined);
      resolve(message);
    };
    const failed = (): void => settle(undefined);
    const timer = setTimeout(failed, milliseconds);
    worker.on("message", settle).on("error", failed).on("exit", failed);
  });
}

function isEngineReply(reply: unknown): reply is EngineReply {
  return typeof reply === "object" && reply !== null && "kind" in reply && /^(?:answer|formatted|panic)$/.test(String(reply.kind));
}
