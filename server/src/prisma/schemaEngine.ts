/**
 * Prisma's schema engine (WebAssembly) in a thread of its own: the SQL that leads from one Prisma schema to another, as
 * `prisma migrate` would write it, and a database as a Prisma schema. It has no connection of its own. The thread ends when idle and at a deadline; nothing rejects.
 */
import type { Worker } from "node:worker_threads";
import { startWorker } from "../threads/workerThread.ts";
import type { PrismaSchemaFiles, SchemaEngineReply, SchemaEngineRequest, TableReply } from "./schemaEngineWorker.ts";

export interface SchemaEngineOptions {
  /** The thread's script: `schemaEngineWorker.ts` in the sources, `schemaEngineWorker.js` beside a bundle. */
  readonly worker: URL;
  /** Folder with `schemaEngine.wasm.br`; its address ends with `/`. */
  readonly assets: URL;
  /** Milliseconds for one question, start of the thread included; 15,000 by default. */
  readonly deadline?: number;
  /** Milliseconds without a question after which the thread ends; 20,000 by default. */
  readonly idle?: number;
}

/** `sql` is empty when nothing is to be done. */
export type SchemaScript = { readonly ok: true; readonly sql: string } | { readonly ok: false; readonly reason: string };

export type IntrospectedSchema = { readonly ok: true; readonly files: PrismaSchemaFiles; /** In Prisma's words. */ readonly warnings: string | undefined } | { readonly ok: false; readonly reason: string };

/** Sends one query to the database; never rejects. */
export type AnswerQuery = (sql: string, values: readonly unknown[]) => Promise<TableReply>;

export interface IntrospectFrom {
  /** Where names without a schema lead. */
  readonly schema: string;
  /** For a schema that names several; undefined for the one. */
  readonly namespaces?: readonly string[] | undefined;
  readonly query: AnswerQuery;
}

export class SchemaEngine {
  readonly #options: SchemaEngineOptions;
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: SchemaEngineOptions) {
    this.#options = options;
  }

  /** The SQL from one schema to the other; undefined stands for an empty database. Renames are drops and creations: the engine knows no others. */
  script(from: PrismaSchemaFiles | undefined, to: PrismaSchemaFiles | undefined): Promise<SchemaScript> {
    const result = this.#last.then(async (): Promise<SchemaScript> => {
      const reply = await this.#ask({ kind: "script", from, to }, refuseQuery);
      return reply.kind === "script" ? { ok: true, sql: reply.sql } : { ok: false, reason: reasonOf(reply) };
    });
    this.#last = result;
    return result;
  }

  /**
   * The schema files as a database has it, as `prisma db pull` writes them: names, comments and what only the schema says
   * are kept where it can. `query` answers the engine's own questions to the catalog.
   */
  introspect(files: PrismaSchemaFiles, from: IntrospectFrom): Promise<IntrospectedSchema> {
    const result = this.#last.then(async (): Promise<IntrospectedSchema> => {
      const reply = await this.#ask({ kind: "introspect", files, schemaName: from.schema, namespaces: from.namespaces }, from.query);
      return reply.kind === "introspected" ? { ok: true, files: reply.files, warnings: reply.warnings } : { ok: false, reason: reasonOf(reply) };
    });
    this.#last = result;
    return result;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#end();
  }

  async #ask(request: SchemaEngineRequest, query: AnswerQuery): Promise<SchemaEngineReply> {
    clearTimeout(this.#idle);
    if (this.#isClosed) return { kind: "lost", reason: "The schema engine was closed." };
    this.#worker ??= startWorker(this.#options.worker, { workerData: this.#options.assets.href, resourceLimits: { maxOldGenerationSizeMb: 512 } });
    const reply = await this.#exchange(this.#worker, request, query);
    // After a panic its memory cannot be trusted.
    if (reply.kind !== "lost") this.#idle = setTimeout(() => void this.#end(), this.#options.idle ?? 20_000).unref();
    else await this.#end();
    return reply;
  }

  #exchange(worker: Worker, request: SchemaEngineRequest, query: AnswerQuery): Promise<SchemaEngineReply> {
    return new Promise((resolve) => {
      const settle = (reply: SchemaEngineReply): void => {
        clearTimeout(timer);
        worker.off("message", received).off("error", failed).off("exit", ended);
        // What a dying thread still says must not become an uncaught error.
        worker.on("error", () => undefined);
        worker.unref();
        resolve(reply);
      };
      const lost = (reason: string): void => settle({ kind: "lost", reason });
      const received = (reply: unknown): void => {
        if (!isReply(reply)) lost("The schema engine gave an answer that makes no sense.");
        else if (reply.kind !== "query") settle(reply);
        else void query(reply.sql, reply.values).then((table) => worker.postMessage({ ...table, kind: "table", id: reply.id } satisfies SchemaEngineRequest));
      };
      const failed = (error: Error): void => lost(`The schema engine failed: ${error.message}`);
      const ended = (): void => lost("The schema engine ended.");
      const deadline = this.#options.deadline ?? 15_000;
      const timer = setTimeout(() => lost(`The schema engine took longer than ${deadline / 1000} s.`), deadline);
      worker.on("message", received).on("error", failed).on("exit", ended);
      worker.ref();
      worker.postMessage(request);
    });
  }

  async #end(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}

function isReply(value: unknown): value is SchemaEngineReply {
  return typeof value === "object" && value !== null && "kind" in value && /^(?:script|introspected|query|refused|lost)$/.test(String(value.kind));
}

const refuseQuery: AnswerQuery = async () => ({ ok: false, reason: "This comparison needs no database." });

function reasonOf(reply: SchemaEngineReply): string {
  return reply.kind === "refused" || reply.kind === "lost" ? reply.reason : "The schema engine answered something else.";
}
