/**
 * Statements that are too large for the calling thread, parsed in a worker thread, one after the other, each with a
 * deadline. A worker that misses it, or whose stack ran over, is killed; the statement is set aside.
 */
import type { Worker } from "node:worker_threads";
import { AskedThread } from "../threads/askedThread.ts";
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
  readonly #thread: AskedThread;
  readonly #underway = new Map<string, Promise<Outcome>>();

  constructor({ worker = new URL("parseWorker.ts", import.meta.url), deadline = 2_000 }: LargeStatementOptions = {}) {
    const start = (): Worker => startWorker(worker, { resourceLimits: { maxOldGenerationSizeMb: 512 } });
    // After an overrun of the stack the parser's memory cannot be trusted.
    this.#thread = new AskedThread({ name: "its parser", start, deadline, startDeadline: startMilliseconds, idle: idleMilliseconds, fatal: ["setAside"] });
  }

  /** The parser's answer to one statement. `parseSql` finds it from then on. Never rejects. */
  parse(text: string): Promise<Outcome> {
    const known = knownOutcome(text)?.outcome;
    if (known !== undefined) return Promise.resolve(known);
    let answer = this.#underway.get(text);
    if (answer === undefined) {
      answer = this.#ask(text).finally(() => this.#underway.delete(text));
      this.#underway.set(text, answer);
    }
    return answer;
  }

  /** The file again, with everything that was pending. */
  async complete(file: SqlFile): Promise<SqlFile> {
    let result = file;
    // What a broken statement had swallowed may be large in its turn.
    for (let round = 0; round < mostRounds && result.pending.length > 0 && !this.#thread.isClosed; round++) {
      for (const statement of result.pending) await this.parse(statement.text);
      result = parseSql(result.uri, result.text, result);
    }
    return result;
  }

  /** Ends the thread. Statements underway are set aside. */
  dispose(): Promise<void> {
    return this.#thread.close();
  }

  async #ask(text: string): Promise<Outcome> {
    const reply = await this.#thread.ask(() => text, outcomeFrom);
    const outcome: Outcome = reply.kind === "lost" ? { kind: "setAside", reason: reply.reason.replace(/\.$/, "") } : reply;
    if (!this.#thread.isClosed) rememberOutcome(text, outcome);
    return outcome;
  }
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
