/** `mochaProcess.ts TIMEOUT_MS`, forked: runs each test file it is sent and answers with the tally; ends when told "end". Does not hang on what a test leaves open. */
import process from "node:process";
import { fail } from "../support/terminal.ts";
import { mochaGlobalTeardown } from "../../test/support/atEnd.ts";
import { endedEarly, runMocha, type Tally } from "../../test/support/runMocha.ts";

const timeoutMs = Number(process.argv[2]);

/** Time for what the tests started to end by itself. */
const graceMs = 15_000;

process.on("message", (message: unknown) => {
  if (typeof message === "object" && message !== null && "file" in message && typeof message.file === "string") void answer(message.file);
  else void end();
});

async function answer(file: string): Promise<void> {
  process.send?.(await tallyOf(file));
}

/** A file that cannot be loaded is a failure as well. */
function tallyOf(file: string): Promise<Tally> {
  return runMocha([file], timeoutMs, "quiet").catch((error: unknown) => endedEarly(file, error instanceof Error ? (error.stack ?? error.message) : String(error)));
}

async function end(): Promise<void> {
  await mochaGlobalTeardown();
  process.disconnect();
  setTimeout(() => {
    fail(`The tests have ended and left something open: ${process.getActiveResourcesInfo().join(", ")}.`);
    process.exit(1);
  }, graceMs).unref();
}
