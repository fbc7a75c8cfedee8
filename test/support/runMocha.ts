/** Runs mocha over test files and counts: in a process of its own, and inside VS Code's extension host. A pending or focused test is a failure. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** Every test below `folder` whose name ends in `ending`, in a stable order. None when there is no such folder. */
export async function testFiles(folder: string, ending: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  return entries.filter((entry) => entry.endsWith(ending)).sort().map((entry) => join(folder, entry));
}

export async function runMocha(files: readonly string[], timeoutMs: number): Promise<Tally> {
  const { default: Mocha } = await import("mocha");
  const mocha = new Mocha({ timeout: timeoutMs, forbidOnly: true, forbidPending: true, color: process.stdout.isTTY });
  for (const file of files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  return new Promise((resolve) => {
    const runner = mocha.run((failures) => resolve({ passed: runner.stats?.passes ?? 0, failed: failures }));
  });
}

/** How a run in another process tells its count. */
export async function writeTally(path: string, tally: Tally): Promise<void> {
  await writeFile(path, JSON.stringify(tally));
}

/** A run that left nothing ended before its end, which is one failure. */
export async function readTally(path: string): Promise<Tally> {
  const text = await readFile(path, "utf8").catch(() => "{}");
  const value: unknown = JSON.parse(text);
  if (typeof value === "object" && value !== null && "passed" in value && "failed" in value) {
    if (typeof value.passed === "number" && typeof value.failed === "number") return { passed: value.passed, failed: value.failed };
  }
  return { passed: 0, failed: 1 };
}
