/**
 * Prisma's query compiler (WebAssembly) in a thread of its own, asked one thing after the other. The thread ends when idle
 * and at a deadline, and the next question starts a new one; nothing here rejects.
 */
import { createHash } from "node:crypto";
import type { Worker } from "node:worker_threads";
import { blankForPrisma7 } from "../prisma/blankUrls.ts";
import { startWorker } from "../threads/workerThread.ts";
import type { CompilerReply, CompilerRequest } from "./compilerWorker.ts";
import { type Json, isObject } from "./json.ts";

export interface QueryCompilerOptions {
  /** The thread's script: `compilerWorker.ts` in the sources, `queryCompilerWorker.js` beside a bundle. */
  readonly worker: URL;
  /** Folder with `queryCompiler.wasm.br`; its address ends with `/`. */
  readonly assets: URL;
  /** Milliseconds for one question, start of the thread included; 10,000 by default. */
  readonly deadline?: number;
  /** Milliseconds without a question after which the thread ends; 60,000 by default. */
  readonly idle?: number;
}

/** A schema as the compiler takes it, with a name that is the same for the same text. */
export interface CompilerSchema {
  readonly key: string;
  readonly text: string;
}

/** Texts of the files of one schema. */
export function compilerSchema(texts: readonly string[]): CompilerSchema {
  // Before Prisma 7 the address stands in the schema; this compiler takes it for a mistake.
  const text = texts.map(blankForPrisma7).join("\n");
  return { key: createHash("sha256").update(text).digest("base64url"), text };
}

export class QueryCompiler {
  readonly #options: QueryCompilerOptions;
  #worker: Worker | undefined;
  /** Key of the schema that the thread was given last. */
  #given: string | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: QueryCompilerOptions) {
    this.#options = options;
  }

  /** The plan for a request in the JSON protocol, or why there is none. */
  compile(schema: CompilerSchema, request: Json): Promise<CompilerReply> {
    const result = this.#last.then(() => this.#ask(schema, JSON.stringify(request)));
    this.#last = result;
    return result;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end();
  }

  async #ask({ key, text }: CompilerSchema, request: string): Promise<CompilerReply> {
    clearTimeout(this.#idle);
    if (this.#isClosed) return { kind: "lost", reason: "The query compiler was closed." };
    this.#worker ??= this.#start();
    const schema = this.#given === key ? undefined : text;
    this.#given = key;
    const reply = await this.#exchange(this.#worker, { key, schema, request });
    if (reply.kind === "refused" && reply.about === "schema") this.#given = undefined;
    // After a panic its memory cannot be trusted.
    if (reply.kind === "lost") await this.#end();
    else this.#idle = setTimeout(() => void this.#end(), this.#options.idle ?? 60_000).unref();
    return reply;
  }

  #start(): Worker {
    const worker = startWorker(this.#options.worker, { workerData: this.#options.assets.href, resourceLimits: { maxOldGenerationSizeMb: 256 } });
    // What a dying thread still says must not become an uncaught error.
    return worker.on("error", () => undefined);
  }

  #exchange(worker: Worker, request: CompilerRequest): Promise<CompilerReply> {
    return new Promise((resolve) => {
      const settle = (reply: CompilerReply): void => {
        clearTimeout(timer);
        worker.off("message", received).off("error", failed).off("exit", ended);
        worker.unref();
        resolve(reply);
      };
      const lost = (reason: string): void => settle({ kind: "lost", reason });
      const received = (reply: unknown): void => (isReply(reply) ? settle(reply) : lost("The query compiler gave an answer that makes no sense."));
      const failed = (error: Error): void => lost(`The query compiler failed: ${error.message}`);
      const ended = (): void => lost("The query compiler ended.");
      const deadline = this.#options.deadline ?? 10_000;
      const timer = setTimeout(() => lost(`The query compiler took longer than ${deadline / 1000} s.`), deadline);
      worker.on("message", received).on("error", failed).on("exit", ended);
      worker.ref();
      worker.postMessage(request);
    });
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    this.#given = undefined;
    await worker?.terminate();
  }
}

function isReply(value: unknown): value is CompilerReply {
  return isObject(value) && /^(?:plan|refused|lost)$/.test(String(value["kind"]));
}
