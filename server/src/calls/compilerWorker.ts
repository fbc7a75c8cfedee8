/**
 * The script of the thread that holds Prisma's query compiler: a call in Prisma's JSON protocol comes in, the plan of its
 * statements goes out. The schema's text is all it needs; no database is there and nothing of the workspace runs.
 */
import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { brotliDecompressSync } from "node:zlib";
import * as glue from "@prisma/client/runtime/query_compiler_small_bg.postgresql.mjs";

export interface CompilerRequest {
  /** Of the schema. */
  readonly key: string;
  /** The schema's text; undefined when the thread was given it before. */
  readonly schema: string | undefined;
  /** In the JSON protocol. */
  readonly request: string;
}

export type CompilerReply =
  | { readonly kind: "plan"; readonly plan: unknown }
  /** The call is not one for this schema, or the schema is not valid. */
  | { readonly kind: "refused"; readonly about: "call" | "schema"; readonly reason: string }
  /** There is no answer, and the thread must end. */
  | { readonly kind: "lost"; readonly reason: string };

/** The part of the global that is used here; its types come with the DOM library, which this code does without. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<{ readonly exports: Readonly<Record<string, unknown>> }>;
};

if (parentPort === null) throw new Error("compilerWorker runs in a worker thread only.");
const port = parentPort;

let panic: string | undefined;
// The compiler reports a panic here before it stops.
Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => (panic = message) } });

const loaded = load(new URL("queryCompiler.wasm.br", String(workerData)));
/** Of the schema that was asked about last. */
let current: { readonly key: string; readonly compiler: glue.QueryCompiler } | undefined;

port.on("message", (request: CompilerRequest) => void answer(request).then((reply) => port.postMessage(reply)));

async function answer({ key, schema, request }: CompilerRequest): Promise<CompilerReply> {
  let about: "schema" | "call" = "schema";
  try {
    await loaded;
    const compiler = current?.key === key ? current.compiler : open(key, schema ?? "");
    about = "call";
    return { kind: "plan", plan: compiler.compile(request) };
  } catch (error) {
    const reason = typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);
    return panic === undefined ? { kind: "refused", about, reason } : { kind: "lost", reason: `Prisma's query compiler gave up: ${panic}` };
  }
}

function open(key: string, schema: string): glue.QueryCompiler {
  current?.compiler.free();
  current = undefined;
  // What Prisma's adapter for `pg` tells of its connection.
  const connectionInfo = { schemaName: "public", maxBindValues: 32_766, supportsRelationJoins: true };
  const compiler = new glue.QueryCompiler({ datamodel: schema, provider: "postgres", connectionInfo });
  current = { key, compiler };
  return compiler;
}

async function load(file: URL): Promise<void> {
  const module = await WebAssembly.compile(brotliDecompressSync(await readFile(file)));
  const instance = await WebAssembly.instantiate(module, { "./query_compiler_small_bg.js": { ...glue } });
  glue.__wbg_set_wasm(instance.exports);
  const start = instance.exports["__wbindgen_start"];
  if (typeof start === "function") start();
}
