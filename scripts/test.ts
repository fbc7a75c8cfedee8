/**
 * `npm test`: builds, then runs every suite, or those named (`npm test -- unit protocol`). The last line says how many
 * tests passed and failed over all of them; any failure, and a run without tests, ends with exit code 1.
 */
import process from "node:process";
import { runMain, ScriptError, step } from "./support/terminal.ts";
import { build, suites } from "./test/suites.ts";

await runMain(async () => {
  const names = process.argv.slice(2);
  const chosen = names.length === 0 ? suites : suites.filter((suite) => names.includes(suite.name));
  if (chosen.length < names.length) throw new ScriptError(`The suites are ${suites.map((suite) => suite.name).join(", ")}.`);
  let passed = 0;
  let failed = 0;
  const needsBuild = chosen.some((suite) => suite.name === "protocol" || suite.name === "e2e");
  if (needsBuild && !(await build())) failed += 1;
  for (const suite of chosen) {
    step(suite.title);
    const started = performance.now();
    const tally = await suite.run();
    passed += tally.passed;
    failed += tally.failed;
    step(`${suite.title}: ${tally.failed === 0 ? `all ${tally.passed} passed` : `${tally.failed} of ${tally.passed + tally.failed} failed`} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  }
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
});
