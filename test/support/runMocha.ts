/** Runs mocha over test files and tells what came of it: in a process of its own, and inside VS Code's extension host. A pending or focused test is a failure. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type Mocha from "mocha";

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly Failure[];
  readonly times: readonly FileTime[];
}

export interface Failure {
  /** With the names of the suites around it. */
  readonly title: string;
  readonly error: string;
}

export interface FileTime {
  readonly file: string;
  /** Of its tests and hooks. */
  readonly seconds: number;
}

/** Every test below `folder` whose name ends in `ending`, in a stable order. None when there is no such folder. */
export async function testFiles(folder: string, ending: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.endsWith(ending)).sort().map((entry) => join(folder, entry));
}

/** The reporter `spec` prints every test, `quiet` nothing. */
export async function runMocha(files: readonly string[], timeoutMs: number, reporter: "spec" | "quiet"): Promise<Tally> {
  const { default: Mocha } = await import("mocha");
  const report = reporter === "spec" ? "spec" : Mocha.reporters.Base; // which prints nothing
  const mocha = new Mocha({ timeout: timeoutMs, forbidOnly: true, forbidPending: true, color: process.stdout.isTTY, reporter: report });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return new Promise((resolve) => {
    const failures: Failure[] = [];
    const runner = mocha.run((failed) => {
      resolve({ passed: runner.stats?.passes ?? 0, failed, failures, times: times() });
      runner.dispose(); // or each run of many leaves its listeners with the process
    });
    runner.on("fail", (test, error) => failures.push({ title: test.titlePath().join(" › "), error: told(error) }));
    const times = timesOfFiles(runner);
  });
}

/** Of a run that ended before it could tell. */
export function endedEarly(title: string, error: string): Tally {
  return { passed: 0, failed: 1, failures: [{ title, error }], times: [] };
}

export function added(tallies: readonly Tally[]): Tally {
  return {
    passed: tallies.reduce((sum, tally) => sum + tally.passed, 0),
    failed: tallies.reduce((sum, tally) => sum + tally.failed, 0),
    failures: tallies.flatMap((tally) => tally.failures),
    times: tallies.flatMap((tally) => tally.times),
  };
}

/** How a run in another process tells. */
export async function writeTally(path: string, tally: Tally): Promise<void> {
  await writeFile(path, JSON.stringify(tally));
}

/** A run that left nothing ended before its end, which is one failure. */
export async function readTally(path: string): Promise<Tally> {
  const text = await readFile(path, "utf8").catch(() => "{}");
  return parsedTally(JSON.parse(text)) ?? endedEarly(basename(path), "The run ended before its end.");
}

export function parsedTally(value: unknown): Tally | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { passed, failed, failures, times }: { passed?: unknown; failed?: unknown; failures?: unknown; times?: unknown } = value;
  if (typeof passed !== "number" || typeof failed !== "number" || !Array.isArray(failures) || !Array.isArray(times)) return undefined;
  return { passed, failed, failures: failures.filter(isFailure), times: times.filter(isFileTime) };
}

function isFailure(value: unknown): value is Failure {
  return typeof value === "object" && value !== null && "title" in value && typeof value.title === "string" && "error" in value && typeof value.error === "string";
}

function isFileTime(value: unknown): value is FileTime {
  return typeof value === "object" && value !== null && "file" in value && typeof value.file === "string" && "seconds" in value && typeof value.seconds === "number";
}

/** Seconds by file, counted over the suites at the top of each. */
function timesOfFiles(runner: Mocha.Runner): () => readonly FileTime[] {
  const seconds = new Map<string, number>();
  const started = new Map<Mocha.Suite, number>();
  runner.on("suite", (suite) => started.set(suite, performance.now()));
  runner.on("suite end", (suite) => {
    const { file, parent } = suite;
    if (file === undefined || parent?.root !== true) return;
    const took = (performance.now() - (started.get(suite) ?? performance.now())) / 1000;
    seconds.set(file, (seconds.get(file) ?? 0) + took);
  });
  return () => [...seconds].map(([file, took]) => ({ file, seconds: took }));
}

/** The message with its stack, and what was expected where assert has not said it. */
function told(error: unknown): string {
  return stripVTControlCharacters(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
