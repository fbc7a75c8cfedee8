/**
 * Statements that are too large for the calling thread, parsed in a worker thread, one after the other, each with a
 * deadline. A worker that misses it, or whose stack ran over, is killed; the statement is set aside.
 */
import type { Worker } from "node:worker_threads";
import { startWorker } from "../threads/workerThread.ts";
import { knownOutcome, type Outcome, rememberOutcome } from "./outcomes.ts";
import { parseSql } from "./parse.ts";
import type { SqlFile } from "./syntax.ts";

export type { Outcome } from "./outcomes.ts";

export interface LargeStatementOptions {
  /** The worker's script: `parseWorker.ts` in the sources (the default), `sqlWorker.js` beside a bundle. */
  readonly worker?: URL;
  /** Milliseconds for one statement. */
  readonly deadline?: number;
}

/** Loading the script and the parser in a new thread, on a busy machine. */
const startMilliseconds = 15_000;
/** A thread that waits longer than this for the next statement ends: it holds tens of megabytes. */
const idleMilliseconds = 20_000;

const mostRounds = 20;

export class LargeStatementParser {
  readonly #script: URL;
  readonly #deadline: number;
  readonly #underway = new Map<string, Promise<Outcome>>();
  #last: Promise<unknown> = Promise.resolve();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #isDisposed = false;

  constructor(options: LargeStatementOptions = {}) {
    this.#script = options.worker ?? new URL("parseWorker.ts", import.meta.url);
    this.#deadline = options.deadline ?? 2_000;
  }

  /** The parser's answer to one statement. `parseSql` finds it from then on. Never rejects. */
  parse(text: string): Promise<Outcome> {
    const known = knownOutcome(text)?.outcome;
    if (known !== undefined) return Promise.resolve(known);
    let answer = this.#underway.get(text);
    if (answer === undefined) {
      answer = this.#last.then(() => this.#ask(text)).finally(() => this.#underway.delete(text));
      this.#underway.set(text, answer);
      this.#last = answer;
    }
    return answer;
  }

  /** The file again, with everything that was pending. */
  async complete(file: SqlFile): Promise<SqlFile> {
    let result = file;
    // What a broken statement had swallowed may be large in its turn.
    for (let round = 0; round < mostRounds && result.pending.length > 0 && !this.#isDisposed; round++) {
      for (const statement of result.pending) await this.parse(statement.text);
      result = parseSql(result.uri, result.text, result);
    }
    return result;
  }

  /** Ends the thread. Statements underway are set aside. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await this.#kill();
  }

  async #ask(text: string): Promise<Outcome> {
    if (this.#isDisposed) return { kind: "setAside", reason: "the parser was closed" };
    clearTimeout(this.#idle);
    const outcome = await this.#answerOf(text);
    // After an overrun of the stack the parser's memory cannot be trusted.
    if (outcome.kind === "setAside") await this.#kill();
    else this.#idle = setTimeout(() => void this.#kill(), idleMilliseconds).unref();
    if (!this.#isDisposed) rememberOutcome(text, outcome);
    return outcome;
  }

  async #answerOf(text: string): Promise<Outcome> {
    if (this.#worker === undefined) {
      const worker = startWorker(this.#script, { resourceLimits: { maxOldGenerationSizeMb: 512 } });
      this.#worker = worker;
      // What a dying thread still says must not become an uncaught error.
      worker.on("error", () => undefined);
      const started = await nextMessage(worker, startMilliseconds);
      if (!started.ok) return { kind: "setAside", reason: `its parser could not start (${started.reason})` };
    }
    this.#worker.ref();
    this.#worker.postMessage(text);
    const reply = await nextMessage(this.#worker, this.#deadline);
    this.#worker?.unref();
    return reply.ok ? outcomeFrom(reply.message) : { kind: "setAside", reason: reply.reason };
  }

  async #kill(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

type Reply = { readonly ok: true; readonly message: unknown } | { readonly ok: false; readonly reason: string };

/** The next message of the worker; not ok when it fails or ends, or takes longer than `milliseconds`. */
function nextMessage(worker: Worker, milliseconds: number): Promise<Reply> {
  return new Promise((resolve) => {
    const settle = (reply: Reply): void => {
      clearTimeout(timer);
      worker.off("message", received).off("error", failed).off("exit", ended);
      resolve(reply);
    };
    const received = (message: unknown): void => settle({ ok: true, message });
    const failed = (error: Error): void => settle({ ok: false, reason: error.message });
    const ended = (): void => settle({ ok: false, reason: "its parser ended" });
    const timer = setTimeout(() => settle({ ok: false, reason: `it took longer than ${milliseconds / 1000} s to parse` }), milliseconds);
    worker.on("message", received).on("error", failed).on("exit", ended);
  });
}

/** The worker's answers are its own JSON; anything else is a fault in it. */
function outcomeFrom(message: unknown): Outcome {
  try {
    const outcome: unknown = JSON.parse(String(message));
    if (isOutcome(outcome)) return outcome;
  } catch {
    // Nested more deeply than the stack of this thread.
  }
  return { kind: "setAside", reason: "its parse tree cannot be read" };
}

function isOutcome(value: unknown): value is Outcome {
  return (
    typeof value === "object" &&
    value !== null &&
    "kind" in value &&
    (value.kind === "tree" || value.kind === "error" || value.kind === "setAside")
  );
}
