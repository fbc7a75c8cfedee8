/** Paths of this system as `file:` URIs and back. */
import { fileURLToPath, pathToFileURL } from "node:url";

/** The `file:` URI of an absolute path. */
export function uriOfPath(path: string): string {
  return pathToFileURL(path).href;
}

/** The absolute path of a `file:` URI; undefined for any other URI, another host's file included. */
export function pathOfUri(uri: string): string | undefined {
  try {
    return fileURLToPath(uri);
  } catch {
    // Not a file URI of this machine: an answer, not a fault.
    return undefined;
  }
}
