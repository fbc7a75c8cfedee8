/**
 * The script of the thread that holds Prisma's schema engine: two schemas come in, the SQL between them goes out. The
 * engine asks its connection for the server's version and nothing else; no database is there.
 */
import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { brotliDecompressSync } from "node:zlib";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import * as glue from "@prisma/schema-engine-wasm/schema_engine_bg";
import { blankForPrisma7 } from "./blankUrls.ts";

/** Name and text of each file of a schema. */
export type PrismaSchemaFiles = readonly (readonly [string, string])[];

export interface SchemaEngineRequest {
  readonly from: PrismaSchemaFiles | undefined;
  readonly to: PrismaSchemaFiles | undefined;
}

export type SchemaEngineReply =
  | { readonly kind: "script"; readonly sql: string }
  /** A schema is not valid. */
  | { readonly kind: "refused"; readonly reason: string }
  /** There is no answer, and the thread must end. */
  | { readonly kind: "lost"; readonly reason: string };

/** The part of the global that is used here; its types come with the DOM library, which this code does without. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ readonly exports: Readonly<Record<string, unknown>> }>;
};

if (parentPort === null) throw new Error("schemaEngineWorker runs in a worker thread only.");
const port = parentPort;

let panic: string | undefined;
// The engine reports a panic here before it stops.
Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => (panic = message) } });

const engine = open(new URL("schemaEngine.wasm.br", String(workerData)));
port.on("message", (request: SchemaEngineRequest) => void answer(request).then((reply) => port.postMessage(reply)));

async function answer({ from, to }: SchemaEngineRequest): Promise<SchemaEngineReply> {
  try {
    const { stdout } = await (await engine).diff({
      from: target(from),
      to: target(to),
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    const sql = stdout ?? "";
    return { kind: "script", sql: sql.trim() === "-- This is an empty migration." ? "" : sql };
  } catch (error) {
    const reason = (error instanceof Error ? error.message : String(error)).replace(engineStack, "");
    return panic === undefined ? { kind: "refused", reason } : { kind: "lost", reason: `The schema engine gave up: ${panic}` };
  }
}

/** The engine adds where in its own source it stood. */
const engineStack = /\s+0: schema_engine_wasm::[^]*$/;

function target(files: PrismaSchemaFiles | undefined): glue.DiffTarget {
  if (files === undefined) return { tag: "empty" };
  // Before Prisma 7 the address stands in the schema; this engine takes it for a mistake.
  return { tag: "schemaDatamodel", files: files.map(([path, text]) => ({ path, content: blankForPrisma7(text) })) };
}

async function open(file: URL): Promise<glue.SchemaEngine> {
  const module = await WebAssembly.compile(brotliDecompressSync(await readFile(file)));
  const instance = await WebAssembly.instantiate(module, { "./schema_engine_bg.js": { ...glue } });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports["__wbindgen_start"];
  if (typeof start === "function") start();
  const connection = {
    provider: "postgres" as const,
    adapterName: "no-database",
    queryRaw: async ({ sql }: { sql: string }) => (sql.includes("numeric_version") ? version : refuse()),
    executeRaw: async () => refuse(),
    executeScript: async () => refuse(),
    startTransaction: async () => refuse(),
    getConnectionInfo: () => ({ schemaName: "public", supportsRelationJoins: true }),
    dispose: async () => undefined,
  };
  const connect = async (): Promise<typeof connection> => connection;
  const factory = bindMigrationAwareSqlAdapterFactory({ provider: "postgres", adapterName: "no-database", connect, connectToShadowDb: connect });
  return glue.SchemaEngine.new({ datamodels: undefined }, () => undefined, factory);
}

const version = {
  columnNames: ["exists", "version", "numeric_version"],
  columnTypes: [ColumnTypeEnum.Boolean, ColumnTypeEnum.Text, ColumnTypeEnum.Int32],
  rows: [[true, "PostgreSQL 15.0", 150000]],
};

function refuse(): never {
  throw new Error("This comparison must not need a database.");
}
