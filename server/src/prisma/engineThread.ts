/**
 * The worker thread with Prisma's schema engine (WebAssembly), asked one thing after the other. What misses its deadline
 * is killed with its thread, and the next question starts a new one; nothing here ever rejects.
 */
import type { Worker } from "node:worker_threads";
import { AskedThread } from "../threads/askedThread.ts";
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
  readonly #thread: AskedThread;

  constructor({ worker = new URL("engineWorker.ts", import.meta.url), deadline = 5_000 }: EngineOptions = {}) {
    const start = (): Worker => startWorker(worker, { resourceLimits: { maxOldGenerationSizeMb: 512 } });
    this.#thread = new AskedThread({ name: "Prisma's parser", start, deadline, startDeadline: startMilliseconds, idle: idleMilliseconds, fatal: ["panic"] });
  }

  get isDisposed(): boolean {
    return this.#thread.isClosed;
  }

  /** Undefined when there is no answer in time. */
  async ask(request: EngineRequest): Promise<EngineReply | undefined> {
    const reply = await this.#thread.ask<EngineReply>(
      () => request,
      (message) => (isEngineReply(message) ? message : undefined),
    );
    return reply.kind === "lost" ? undefined : reply;
  }

  /** Ends the thread. What is underway or waits gets no answer. */
  dispose(): Promise<void> {
    return this.#thread.close();
  }
}

function isEngineReply(reply: unknown): reply is EngineReply {
  return typeof reply === "object" && reply !== null && "kind" in reply && /^(?:answer|formatted|panic)$/.test(String(reply.kind));
}
