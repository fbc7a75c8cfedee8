/** `mochaProcess.ts RESULT_FILE TIMEOUT_MS FILE…`: one mocha run in a process of its own, its count in the result file. */
import process from "node:process";
import { runMain } from "../support/terminal.ts";
import { runMocha, writeTally } from "../../test/support/runMocha.ts";

await runMain(async () => {
  const [resultFile = "", timeout = "", ...files] = process.argv.slice(2);
  const tally = await runMocha(files, Number(timeout));
  await writeTally(resultFile, tally);
  return tally.failed === 0 ? 0 : 1;
});
