/**
 * A worker thread that is asked one thing after the other. What misses its deadline is killed with its thread, and the
 * next question starts a new one; a thread with nothing to do ends. Nothing here rejects.
 */
import type { Worker } from "node:worker_threads";

export interface AskedThreadOptions {
  /** Begins a sentence, as "The schema engine". */
  readonly name: string;
  start(): Worker;
  /** Milliseconds for one question. */
  readonly deadline: number;
  /** Milliseconds for a new thread until it says "ready"; without it the start counts as part of the first question. */
  readonly startDeadline?: number;
  /** Milliseconds without a question after which the thread ends. */
  readonly idle: number;
  /** Kinds of replies after which its memory cannot be trusted, so that it ends as well. */
  readonly fatal?: readonly string[];
}

/** No answer, and the thread is gone. */
export interface Lost {
  readonly kind: "lost";
  /** A sentence. */
  readonly reason: string;
}

/** What a message of the thread is: its reply, "more" when others follow, undefined when it makes no sense. */
export type ReadMessage<Reply> = (message: unknown, send: (message: unknown) => void) => Reply | "more" | undefined;

export class AskedThread {
  readonly #options: AskedThreadOptions;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: AskedThreadOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Sends what `question` makes when its turn has come; it is told whether the thread is new and so knows nothing yet. */
  ask<Reply extends { readonly kind: string }>(question: (isNew: boolean) => unknown, read: ReadMessage<Reply>): Promise<Reply | Lost> {
    const reply = this.#last.then(() => this.#ask(question, read));
    this.#last = reply;
    return reply;
  }

  /** Ends the thread. What is underway or waits is lost. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end();
    await this.#last;
  }

  async #ask<Reply extends { readonly kind: string }>(question: (isNew: boolean) => unknown, read: ReadMessage<Reply>): Promise<Reply | Lost> {
    clearTimeout(this.#idle);
    if (this.#isClosed) return { kind: "lost", reason: `${this.#options.name} was closed.` };
    const isNew = this.#worker === undefined;
    // What a dying thread still says must not become an uncaught error.
    this.#worker ??= this.#options.start().on("error", () => undefined);
    const reply = await this.#exchange(this.#worker, isNew, question(isNew), read);
    if (reply.kind === "lost" || this.#options.fatal?.includes(reply.kind) === true) await this.#end();
    else this.#idle = setTimeout(() => void this.#end(), this.#options.idle).unref();
    return reply;
  }

  #exchange<Reply>(worker: Worker, isNew: boolean, question: unknown, read: ReadMessage<Reply>): Promise<Reply | Lost> {
    const { name, deadline, startDeadline } = this.#options;
    let isStarting = isNew && startDeadline !== undefined;
    return new Promise((resolve) => {
      const settle = (reply: Reply | Lost): void => {
        clearTimeout(timer);
        worker.off("message", received).off("error", failed).off("exit", ended);
        worker.unref();
        resolve(reply);
      };
      const lost = (reason: string): void => settle({ kind: "lost", reason: isStarting ? `${name} could not start: it ${reason}` : `${name} ${reason}` });
      const after = (milliseconds: number): NodeJS.Timeout => setTimeout(() => lost(`took longer than ${milliseconds / 1000} s.`), milliseconds);
      const send = (message: unknown): void => worker.postMessage(message);
      const received = (message: unknown): void => {
        if (message === "ready") {
          isStarting = false;
          clearTimeout(timer);
          timer = after(deadline);
          return;
        }
        const reply = read(message, send);
        if (reply === undefined) lost("gave an answer that makes no sense.");
        else if (reply !== "more") settle(reply);
      };
      const failed = (error: Error): void => lost(`failed: ${error.message}`);
      const ended = (): void => lost("ended.");
      let timer = after(isStarting ? (startDeadline ?? deadline) : deadline);
      worker.on("message", received).on("error", failed).on("exit", ended);
      // Only a thread that works keeps the process alive.
      worker.ref();
      send(question);
    });
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
