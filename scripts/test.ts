/**
 * `npm test`: builds, then runs every suite, or those named (`npm test -- unit protocol`). The last line says how many
 * tests passed and failed over all of them; any failure, and a run without tests, ends with exit code 1.
 */
import { relative } from "node:path";
import process from "node:process";
import { added, endedEarly, type Failure, type FileTime, type Tally } from "../test/support/runMocha.ts";
import { root } from "./support/paths.ts";
import { note, runMain, ScriptError, step } from "./support/terminal.ts";
import { build, suites } from "./test/suites.ts";

await runMain(async () => {
  const names = process.argv.slice(2);
  const chosen = names.length === 0 ? suites : suites.filter((suite) => names.includes(suite.name));
  if (chosen.length < names.length) throw new ScriptError(`The suites are ${suites.map((suite) => suite.name).join(", ")}.`);
  const tallies: Tally[] = [];
  const needsBuild = chosen.some((suite) => suite.name !== "check");
  if (needsBuild && !(await build())) tallies.push(endedEarly("Building", "It failed."));
  for (const suite of chosen) {
    step(suite.title);
    const started = performance.now();
    const tally = await suite.run();
    tallies.push(tally);
    step(`${suite.title}: ${tally.failed === 0 ? `all ${tally.passed} passed` : `${tally.failed} of ${tally.passed + tally.failed} failed`} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  }
  const { passed, failed, failures, times } = added(tallies);
  printSlowest(times);
  printFailures(failures);
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
});

function printSlowest(times: readonly FileTime[]): void {
  const slowest = [...times].sort((a, b) => b.seconds - a.seconds).slice(0, 15);
  if (slowest.length > 1) step("The files that took longest");
  for (const { file, seconds } of slowest) note(`${seconds.toFixed(1).padStart(6)} s  ${relative(root, file)}`);
}

/** Once more and together: what was printed when they failed may be far away. */
function printFailures(failures: readonly Failure[]): void {
  if (failures.length > 0) step("What failed");
  for (const { title, error } of failures) note(`${title}\n${error.split("\n").slice(0, 15).join("\n").replaceAll(/^/gm, "        ")}`);
}
