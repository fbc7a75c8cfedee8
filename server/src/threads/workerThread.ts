/** Starts worker threads from bundles and, in development and tests, from TypeScript sources. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/** A thread that runs `script`: JavaScript beside a bundle, or a `.ts` source, which then needs tsx installed. */
export function startWorker(script: URL, options: WorkerOptions = {}): Worker {
  return new Worker(script.pathname.endsWith(".ts") ? throughTsx(script) : script, options);
}

/**
 * A thread inherits `--import tsx` from its process, but tsx then registers itself in the main thread only; a first
 * script that registers it and then imports the source is served.
 */
function throughTsx(script: URL): URL {
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx"));
  const api = new URL("esm/api/index.mjs", loader);
  const code = `import { register } from ${JSON.stringify(api.href)}; register(); await import(${JSON.stringify(script.href)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}
