/**
 * Prisma's schema engine (WebAssembly) in a thread of its own: the SQL that leads from one Prisma schema to another, as
 * `prisma migrate` would write it, and a database as a Prisma schema. It has no connection of its own. The thread ends when idle and at a deadline; nothing rejects.
 */
import type { Worker } from "node:worker_threads";
import { AskedThread } from "../threads/askedThread.ts";
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
  readonly #thread: AskedThread;

  constructor({ worker, assets, deadline = 15_000, idle = 20_000 }: SchemaEngineOptions) {
    const start = (): Worker => startWorker(worker, { workerData: assets.href, resourceLimits: { maxOldGenerationSizeMb: 512 } });
    this.#thread = new AskedThread({ name: "The schema engine", start, deadline, idle });
  }

  /** The SQL from one schema to the other; undefined stands for an empty database. Renames are drops and creations: the engine knows no others. */
  async script(from: PrismaSchemaFiles | undefined, to: PrismaSchemaFiles | undefined): Promise<SchemaScript> {
    const reply = await this.#ask({ kind: "script", from, to }, refuseQuery);
    return reply.kind === "script" ? { ok: true, sql: reply.sql } : { ok: false, reason: reasonOf(reply) };
  }

  /**
   * The schema files as a database has it, as `prisma db pull` writes them: names, comments and what only the schema says
   * are kept where it can. `query` answers the engine's own questions to the catalog.
   */
  async introspect(files: PrismaSchemaFiles, from: IntrospectFrom): Promise<IntrospectedSchema> {
    const reply = await this.#ask({ kind: "introspect", files, schemaName: from.schema, namespaces: from.namespaces }, from.query);
    return reply.kind === "introspected" ? { ok: true, files: reply.files, warnings: reply.warnings } : { ok: false, reason: reasonOf(reply) };
  }

  close(): Promise<void> {
    return this.#thread.close();
  }

  #ask(request: SchemaEngineRequest, query: AnswerQuery): Promise<SchemaEngineReply> {
    return this.#thread.ask<SchemaEngineReply>(
      () => request,
      (message, send) => {
        if (!isReply(message)) return undefined;
        if (message.kind !== "query") return message;
        void query(message.sql, message.values).then((table) => send({ ...table, kind: "table", id: message.id } satisfies SchemaEngineRequest));
        return "more";
      },
    );
  }
}

function isReply(value: unknown): value is SchemaEngineReply {
  return typeof value === "object" && value !== null && "kind" in value && /^(?:script|introspected|query|refused|lost)$/.test(String(value.kind));
}

const refuseQuery: AnswerQuery = async () => ({ ok: false, reason: "This comparison needs no database." });

function reasonOf(reply: SchemaEngineReply): string {
  return reply.kind === "refused" || reply.kind === "lost" ? reply.reason : "The schema engine answered something else.";
}
