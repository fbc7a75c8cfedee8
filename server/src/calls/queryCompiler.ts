/**
 * Prisma's query compiler (WebAssembly) in a thread of its own, asked one thing after the other. The thread ends when idle
 * and at a deadline, and the next question starts a new one; nothing here rejects.
 */
import { createHash } from "node:crypto";
import type { Worker } from "node:worker_threads";
import { blankForPrisma7 } from "../prisma/blankUrls.ts";
import { AskedThread } from "../threads/askedThread.ts";
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
  readonly #thread: AskedThread;
  /** Key of the schema that the thread was given last. */
  #given: string | undefined;

  constructor({ worker, assets, deadline = 10_000, idle = 60_000 }: QueryCompilerOptions) {
    const start = (): Worker => startWorker(worker, { workerData: assets.href, resourceLimits: { maxOldGenerationSizeMb: 256 } });
    this.#thread = new AskedThread({ name: "The query compiler", start, deadline, idle });
  }

  /** The plan for a request in the JSON protocol, or why there is none. */
  async compile(schema: CompilerSchema, request: Json): Promise<CompilerReply> {
    const question = (isNew: boolean): CompilerRequest => {
      const isGiven = !isNew && this.#given === schema.key;
      this.#given = schema.key;
      return { key: schema.key, schema: isGiven ? undefined : schema.text, request: JSON.stringify(request) };
    };
    return await this.#thread.ask(question, (message) => {
      if (!isReply(message)) return undefined;
      if (message.kind === "refused" && message.about === "schema") this.#given = undefined;
      return message;
    });
  }

  close(): Promise<void> {
    return this.#thread.close();
  }
}

function isReply(value: unknown): value is CompilerReply {
  return isObject(value) && /^(?:plan|refused|lost)$/.test(String(value["kind"]));
}
