/** The suites of `npm test`, each giving its count. A suite that could not run at all counts as one failure, never as nothing. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { readTally, testFiles, type Tally } from "../../test/support/runMocha.ts";
import { tryRun } from "../support/command.ts";
import { root } from "../support/paths.ts";
import { fail, note, step } from "../support/terminal.ts";

export interface Suite {
  readonly name: string;
  readonly title: string;
  run(): Promise<Tally>;
}

export const suites: readonly Suite[] = [
  { name: "check", title: "Types, lint", run: runChecks },
  { name: "unit", title: "Unit tests", run: () => runMochaFolder("test/unit", 20_000, 2) },
  { name: "badInput", title: "Bad input: half-typed, torn, hostile, too large", run: () => runMochaFolder("test/badInput", 60_000, 2) },
  { name: "corpora", title: "Properties that hold for real schemas", run: () => runMochaFolder("test/corpora", 60_000, 2) },
  { name: "protocol", title: "Protocol tests: the server over streams, the command line", run: () => runMochaFolder("test/protocol", 60_000, 1) },
  { name: "database", title: "Database tests: the catalog and the session on a real PostgreSQL", run: () => runMochaFolder("test/database", 60_000, 2) },
  { name: "truth", title: "Truth tests: models against a real PostgreSQL", run: () => runMochaFolder("test/truth", 300_000, 2) },
  { name: "e2e", title: "End-to-end tests: inside a real VS Code", run: () => runProgram("test/e2e/run.ts", [], "show") },
];

const checks = [
  { name: "types (tsc)", program: "node_modules/typescript/bin/tsc", args: ["-p", "."] },
  { name: "types of browser code (tsc)", program: "node_modules/typescript/bin/tsc", args: ["-p", "media"] },
  { name: "lint (oxlint)", program: "node_modules/oxlint/bin/oxlint", args: ["--deny-warnings"] },
  { name: "lint (biome)", program: "node_modules/@biomejs/biome/bin/biome", args: ["lint", "--error-on-warnings"] },
];

async function runChecks(): Promise<Tally> {
  let failed = 0;
  for (const { name, program, args } of checks) {
    const { code, output } = await tryRun(process.execPath, [program, ...args], { cwd: root, output: "quiet" });
    if (code === 0) note(`${name}: clean`);
    else {
      failed += 1;
      fail(`${name}:\n${output.trim()}`);
    }
  }
  return { passed: checks.length - failed, failed };
}

/** The tests of a folder, dealt out to `processes` at a time. */
async function runMochaFolder(folder: string, timeoutMs: number, processes: number): Promise<Tally> {
  const files = await testFiles(join(root, folder), ".test.ts");
  if (files.length === 0) {
    fail(`There are no tests in ${folder}.`);
    return { passed: 0, failed: 1 };
  }
  const hands = await dealt(files, Math.min(processes, files.length));
  const output = hands.length === 1 ? "show" : "quiet"; // two reports at once would be one muddle
  const tallies = await Promise.all(hands.map((hand) => runProgram("scripts/test/mochaProcess.ts", [String(timeoutMs), ...hand], output)));
  return { passed: sum(tallies.map((tally) => tally.passed)), failed: sum(tallies.map((tally) => tally.failed)) };
}

/** Files to hands, the largest first and each to the hand that has least: a long file mostly takes long. */
async function dealt(files: readonly string[], count: number): Promise<readonly (readonly string[])[]> {
  const sized = await Promise.all(files.map(async (file) => ({ file, size: (await stat(file)).size })));
  const hands = Array.from({ length: count }, () => ({ files: new Array<string>(), size: 0 }));
  for (const { file, size } of sized.sort((a, b) => b.size - a.size)) {
    const lightest = hands.reduce((least, hand) => (hand.size < least.size ? hand : least));
    lightest.files.push(file);
    lightest.size += size;
  }
  return hands.map((hand) => hand.files);
}

/** A TypeScript program that takes a result file as its first argument. Quiet output is shown when it has ended. */
async function runProgram(script: string, args: readonly string[], output: "show" | "quiet"): Promise<Tally> {
  const folder = await mkdtemp(join(tmpdir(), "tally-"));
  const resultFile = join(folder, "tally.json");
  try {
    const result = await tryRun(process.execPath, ["--import", "tsx", join(root, script), resultFile, ...args], { cwd: root, output });
    process.stdout.write(result.output);
    const tally = await readTally(resultFile);
    return result.code === 0 || tally.failed > 0 ? tally : { passed: tally.passed, failed: 1 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** The bundles that protocol and end-to-end tests start. */
export async function build(): Promise<boolean> {
  step("Building");
  return (await tryRun(process.execPath, ["esbuild.mjs", "--production"], { cwd: root, output: "show" })).code === 0;
}
