/**
 * The script of the process that holds an embedded PostgreSQL: the first message says what to start, `ready` answers it,
 * then one message is answered after the other. It ends with the process that started it.
 */
import process from "node:process";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import { answer, startPostgres } from "./embeddedPostgres.ts";
import type { ScratchRequest, ScratchStart } from "./messages.ts";

if (process.send === undefined) throw new Error("scratchWorker runs as a child process only.");
const send = process.send.bind(process);

// V8's second compiler would take a hundred megabytes, and more time for its work than it saves in a small database.
setFlagsFromString("--liftoff-only");

process.once("disconnect", () => process.exit(0));
watchParent();
process.once("message", (start: ScratchStart) => {
  startPostgres(start).then(
    (database) => {
      process.on("message", (request: ScratchRequest) => void answer(database, request).then((reply) => send(reply)));
      send("ready");
    },
    (error: unknown) => send(error instanceof Error ? error.message : String(error)),
  );
});

/** A thread in WebAssembly hears nothing: another one sees to it that a query without end does not outlive its parent. */
function watchParent(): void {
  const code = `setInterval(() => { try { process.kill(${process.ppid}, 0); } catch { process.kill(${process.pid}, "SIGKILL"); } }, 2000);`;
  new Worker(code, { eval: true, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 } }).unref();
}
