/** Test files dealt to processes: each takes the next file when it is through with one, the slowest first, and prints what came of it. */
import { type ChildProcess, fork } from "node:child_process";
import { stat } from "node:fs/promises";
import { join, relative } from "node:path";
import process from "node:process";
import { added, endedEarly, parsedTally, type Tally } from "../../test/support/runMocha.ts";
import { root } from "../support/paths.ts";
import { slowFiles } from "./slowFiles.ts";

export interface WorkerOptions {
  /** How many processes at a time. */
  readonly workers: number;
  /** For each test and hook that does not ask for another. */
  readonly timeoutMs: number;
  readonly env?: Readonly<Record<string, string>>;
}

export async function runInWorkers(files: readonly string[], options: WorkerOptions): Promise<Tally> {
  const queue = await slowestFirst(files);
  const workers = Array.from({ length: Math.min(options.workers, files.length) }, () => work(queue, options));
  return added((await Promise.all(workers)).flat());
}

/** Takes files until there are none, with a new process where one ended over a file. */
async function work(queue: string[], options: WorkerOptions): Promise<readonly Tally[]> {
  const tallies: Tally[] = [];
  while (queue.length > 0) {
    const worker = start(options);
    for (let file = queue.shift(); file !== undefined; file = worker.isRunning() ? queue.shift() : undefined) {
      const started = performance.now();
      const tally = (await worker.run(file)) ?? endedEarly(name(file), "The process ended before its tests did.");
      print(file, tally, (performance.now() - started) / 1000, worker.takeOutput());
      tallies.push(tally);
    }
    if (!(await worker.end())) tallies.push(endedEarly("after the last test", worker.takeOutput()));
  }
  return tallies;
}

interface Worker {
  isRunning(): boolean;
  /** `undefined` where the process ended. */
  run(file: string): Promise<Tally | undefined>;
  /** What was printed since the last time. */
  takeOutput(): string;
  /** False where something was left open, or the process failed in another way after its tests. */
  end(): Promise<boolean>;
}

function start({ timeoutMs, env }: WorkerOptions): Worker {
  const child: ChildProcess = fork(join(root, "scripts/test/mochaProcess.ts"), [String(timeoutMs)], {
    cwd: root,
    env: { ...process.env, ...env },
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    isRunning,
    async run(file) {
      const answer = new Promise<unknown>((resolve) => child.once("message", resolve));
      child.send({ file });
      return parsedTally(await Promise.race([answer, ended]));
    },
    takeOutput() {
      const taken = output;
      output = "";
      return taken;
    },
    async end() {
      if (!isRunning()) return true; // that it ended over a file was told
      child.send({ end: true });
      await ended;
      return child.exitCode === 0;
    },
  };
}

/** Those known to be slow in their order, then by size: a long file mostly takes long. */
async function slowestFirst(files: readonly string[]): Promise<string[]> {
  const ranked = await Promise.all(
    files.map(async (file) => {
      const rank = slowFiles.indexOf(name(file));
      return { file, rank: rank < 0 ? slowFiles.length : rank, size: (await stat(file)).size };
    }),
  );
  return ranked.sort((a, b) => a.rank - b.rank || b.size - a.size).map(({ file }) => file);
}

function print(file: string, { passed, failed, failures }: Tally, seconds: number, output: string): void {
  process.stdout.write(`    ${failed === 0 ? "✔" : "✘"} ${name(file)}: ${passed} passed${failed === 0 ? "" : `, ${failed} failed`} (${seconds.toFixed(1)} s)\n`);
  for (const { title, error } of failures) process.stdout.write(`${indented(`${title}\n${error}`)}\n`);
  if (output.trim() !== "") process.stdout.write(`${indented(output.trim())}\n`);
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "        ");
}

/** As in `slowFiles`: below `test`, with slashes. */
function name(file: string): string {
  return relative(join(root, "test"), file).replaceAll("\\", "/");
}
