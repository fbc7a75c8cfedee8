/** `mochaProcess.ts RESULT_FILE TIMEOUT_MS FILE…`: one mocha run in a process of its own, its count in the result file. Does not hang on what a test leaves open. */
import process from "node:process";
import { fail, runMain } from "../support/terminal.ts";
import { runMocha, writeTally } from "../../test/support/runMocha.ts";

await runMain(async () => {
  const [resultFile = "", timeout = "", ...files] = process.argv.slice(2);
  const tally = await runMocha(files, Number(timeout));
  await writeTally(resultFile, tally);
  return tally.failed === 0 ? 0 : 1;
});

/** Time for what the tests started to end by itself. */
const graceMs = 15_000;

setTimeout(() => {
  fail("The tests have ended and left something open: a server, a timer or a worker.");
  process.exit(1);
}, graceMs).unref();
