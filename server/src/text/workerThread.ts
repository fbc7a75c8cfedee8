/** Starts worker threads from bundles and, in development and tests, from TypeScript sources. */
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker, type WorkerOptions } from "node:worker_threads";

/** A thread that runs `script`: JavaScript beside a bundle, or a `.ts` source, which then needs tsx installed. */
export function startWorker(script: URL, options: WorkerOptions = {}): Worker {
  return new Worker(script.pathname.endsWith(".ts") ? throughTsx(script) : script, options);
}

/**
 * A thread inherits `--import tsx` from its process, but Node 20 does not ask that loader for the thread's own script.
 * It does for what a first script imports after it loaded tsx.
 */
function throughTsx(script: URL): URL {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const code = `await import(${JSON.stringify(tsx)}); await import(${JSON.stringify(script.href)});`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}
