/**
 * The script of the worker thread that holds Prisma's schema engine: files come in, the engine's JSON goes out. The
 * engine's WebAssembly is read from beside this script when bundled, else from its package.
 */
import { parentPort } from "node:worker_threads";
import { get_datamodel, lint } from "@prisma/prisma-schema-wasm";

/** What the worker is asked. */
export interface ValidationRequest {
  /** Name and text. */
  readonly files: readonly (readonly [string, string])[];
  readonly wantsDatamodel: boolean;
}

/** What it answers. After a panic the engine's memory cannot be trusted: the thread must end. */
export type ValidationReply =
  | { readonly kind: "answer"; readonly diagnostics: string; readonly datamodel: string | undefined }
  | { readonly kind: "panic"; readonly message: string };

if (parentPort === null) throw new Error("validateWorker runs in a worker thread only.");
const port = parentPort;

let panic: string | undefined;
// The engine reports a panic here before it stops.
Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => (panic = message) } });

port.on("message", (request: ValidationRequest) => port.postMessage(answer(request)));
port.postMessage("ready");

function answer({ files, wantsDatamodel }: ValidationRequest): ValidationReply {
  try {
    const diagnostics = lint(JSON.stringify(files));
    return { kind: "answer", diagnostics, datamodel: wantsDatamodel ? datamodelOf(files) : undefined };
  } catch (error) {
    return { kind: "panic", message: panic ?? String(error) };
  }
}

/** Undefined for a schema that is not valid, which the diagnostics explain. */
function datamodelOf(files: ValidationRequest["files"]): string | undefined {
  try {
    return get_datamodel(JSON.stringify({ prismaSchema: files }));
  } catch (error) {
    if (panic !== undefined) throw error;
    return undefined;
  }
}
