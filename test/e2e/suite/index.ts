/** What VS Code's extension host is told to run: every bundled suite beside this file, with mocha. */
import { dirname } from "node:path";
import { runMocha, testFiles, writeTally } from "../../support/runMocha.ts";

const timeoutMs = 240_000;

export async function run(): Promise<void> {
  const files = await testFiles(dirname(__filename), ".test.cjs");
  const tally = await runMocha(files, timeoutMs, "spec");
  const tallyFile = process.env["TALLY_FILE"];
  if (tallyFile !== undefined) await writeTally(tallyFile, tally);
  if (tally.failed > 0) throw new Error(`${tally.failed} failed`);
}
