/** The suites of `npm test`, each giving its count. A suite that could not run at all counts as one failure, never as nothing. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { added, endedEarly, type Failure, readTally, testFiles, type Tally } from "../../test/support/runMocha.ts";
import { tryRun } from "../support/command.ts";
import { root } from "../support/paths.ts";
import { fail, note, step } from "../support/terminal.ts";
import { runInWorkers } from "./workers.ts";

export interface Suite {
  readonly name: string;
  readonly title: string;
  run(): Promise<Tally>;
}

export const suites: readonly Suite[] = [
  { name: "check", title: "Types, lint", run: runChecks },
  { name: "unit", title: "Unit tests", run: () => runMochaFolder("test/unit", 60_000, 2) },
  { name: "badInput", title: "Bad input: half-typed, torn, hostile, too large", run: () => runMochaFolder("test/badInput", 60_000, 2) },
  { name: "corpora", title: "Properties that hold for real schemas", run: () => runMochaFolder("test/corpora", 60_000, 2) },
  { name: "protocol", title: "Protocol tests: the server over streams, the command line", run: () => runMochaFolder("test/protocol", 240_000, 2) },
  { name: "database", title: "Database tests: the catalog and the session on a real PostgreSQL", run: () => runMochaFolder("test/database", 240_000, 2) },
  { name: "truth", title: "Truth tests: models against a real PostgreSQL", run: () => runMochaFolder("test/truth", 300_000, 2) },
  { name: "e2e", title: "End-to-end tests: inside a real VS Code", run: () => runProgram("test/e2e/run.ts") },
];

const checks = [
  { name: "types (tsc)", program: "node_modules/typescript/bin/tsc", args: ["-p", "."] },
  { name: "types of browser code (tsc)", program: "node_modules/typescript/bin/tsc", args: ["-p", "media"] },
  { name: "lint (oxlint)", program: "node_modules/oxlint/bin/oxlint", args: ["--deny-warnings"] },
  { name: "lint (biome)", program: "node_modules/@biomejs/biome/bin/biome", args: ["lint", "--error-on-warnings"] },
];

async function runChecks(): Promise<Tally> {
  const failures: Failure[] = [];
  for (const { name, program, args } of checks) {
    const { code, output } = await tryRun(process.execPath, [program, ...args], { cwd: root, output: "quiet" });
    if (code === 0) note(`${name}: clean`);
    else {
      failures.push({ title: name, error: output.trim() });
      fail(`${name}:\n${output.trim()}`);
    }
  }
  return { passed: checks.length - failures.length, failed: failures.length, failures, times: [] };
}

/** The tests of a folder, dealt out to `workers` at a time. */
async function runMochaFolder(folder: string, timeoutMs: number, workers: number): Promise<Tally> {
  const files = await testFiles(join(root, folder), ".test.ts");
  return files.length === 0 ? endedEarly(folder, "There are no tests.") : runInWorkers(files, { timeoutMs, workers, env: { DATABASE_ARCHITECT_BUILD: pathToFileURL(join(root, "dist/")).href } });
}

/** A TypeScript program that takes a result file as its first argument. */
async function runProgram(script: string): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), "tally-"));
  const resultFile = join(folder, "tally.json");
  try {
    const { code } = await tryRun(process.execPath, ["--import", "tsx", join(root, script), resultFile], { cwd: root, output: "show" });
    const tally = await readTally(resultFile);
    return code === 0 || tally.failed > 0 ? tally : added([tally, endedEarly(script, `It ended with ${code ?? "a signal"}.`)]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The bundles, which protocol and end-to-end tests start, and the others the workers of. */
export async function build(): Promise<boolean> {
  step("Building");
  return (await tryRun(process.execPath, ["esbuild.mjs", "--production"], { cwd: root, output: "show" })).code === 0;
}
