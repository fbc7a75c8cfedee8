/**
 * The script of the worker thread that holds Prisma's schema engine: files come in, the engine's JSON goes out. The
 * engine's WebAssembly is read from beside this script when bundled, else from its package.
 */
import { parentPort } from "node:worker_threads";
import { format, get_datamodel, lint } from "@prisma/prisma-schema-wasm";

/** Name and text of each file. */
type Files = readonly (readonly [string, string])[];

/** What the worker is asked. */
export type EngineRequest =
  | { readonly kind: "validate"; readonly files: Files; readonly wantsDatamodel: boolean }
  /** The engine knows no other indentation than two blanks; of the files only the one named `file` is looked at again. */
  | { readonly kind: "format"; readonly files: Files; readonly file: string };

/** What it answers. After a panic the engine's memory cannot be trusted: the thread must end. */
export type EngineReply =
  | { readonly kind: "answer"; readonly diagnostics: string; readonly datamodel: string | undefined }
  /** Names and texts of all files, as JSON. */
  | { readonly kind: "formatted"; readonly files: string }
  | { readonly kind: "panic"; readonly message: string };

if (parentPort === null) throw new Error("engineWorker runs in a worker thread only.");
const port = parentPort;

let panic: string | undefined;
// The engine reports a panic here before it stops.
Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => (panic = message) } });

port.on("message", (request: EngineRequest) => port.postMessage(answer(request)));
port.postMessage("ready");

function answer(request: EngineRequest): EngineReply {
  try {
    const files = JSON.stringify(request.files);
    if (request.kind === "format") {
      const parameters = { textDocument: { uri: request.file }, options: { tabSize: 2, insertSpaces: true } };
      return { kind: "formatted", files: format(files, JSON.stringify(parameters)) };
    }
    return { kind: "answer", diagnostics: lint(files), datamodel: request.wantsDatamodel ? datamodelOf(request.files) : undefined };
  } catch (error) {
    return { kind: "panic", message: panic ?? String(error) };
  }
}

/** Undefined for a schema that is not valid, which the diagnostics explain. */
function datamodelOf(files: Files): string | undefined {
  try {
    return get_datamodel(JSON.stringify({ prismaSchema: files }));
  } catch (error) {
    if (panic !== undefined) throw error;
    return undefined;
  }
}
