/** Starts processes of this Node, or of an editor's Electron as Node, from bundles and, in development and tests, from TypeScript sources. */
import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";

/**
 * A process that runs `script`: JavaScript beside a bundle, or a `.ts` source, which then needs tsx installed. What it
 * prints is dropped; messages are cloned as between threads. `flags` are V8's.
 */
export function startProcess(script: URL, flags: readonly string[] = []): ChildProcess {
  const loader = script.pathname.endsWith(".ts") ? ["--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href] : [];
  return fork(fileURLToPath(script), [], {
    execArgv: [...flags, ...loader],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    // Inside of an editor, execPath is the editor.
    env: { ...withoutInspector(process.env), ELECTRON_RUN_AS_NODE: "1" },
  });
}

/** Two processes cannot have the same debugger. */
function withoutInspector({ NODE_OPTIONS: options, ...rest }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = options?.split(/\s+/).filter((option) => !option.startsWith("--inspect")).join(" ") ?? "";
  return kept === "" ? rest : { ...rest, NODE_OPTIONS: kept };
}
