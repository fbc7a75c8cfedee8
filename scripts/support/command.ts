/** Child processes of the scripts: run to the end with the output kept or passed on, found on PATH without a shell. */
import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";
import { ScriptError } from "./terminal.ts";

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** `show` passes output through; `quiet` keeps it and shows it only in the error. */
  readonly output: "show" | "quiet";
}

/** Runs a program to its end and returns what it printed (nothing with `show`). Throws ScriptError when it fails. */
export async function run(program: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const result = await tryRun(program, args, options);
  if (result.code === 0) return result.output;
  const detail = result.output.trim().split("\n").slice(-15).join("\n");
  throw new ScriptError(`\`${program} ${args.join(" ")}\` ended with ${result.code ?? "a signal"}${detail === "" ? "" : `:\n${detail}`}`);
}

export interface CommandResult {
  /** `undefined` when a signal ended it. */
  readonly code: number | undefined;
  /** stdout and stderr as they came; empty with `show`. */
  readonly output: string;
}

/** Like `run`, but a failure is a result. Throws only when the program cannot be started. */
export function tryRun(program: string, args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: options.output === "show" ? "inherit" : ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32" && !program.includes("\\"),
    });
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", (cause) => reject(new ScriptError(`\`${program}\` could not be started: ${cause.message}`, { cause })));
    child.on("close", (code) => resolve({ code: code ?? undefined, output }));
  });
}

/** The full path of a program on PATH, or `undefined`. */
export function findOnPath(program: string): string | undefined {
  const endings = process.platform === "win32" ? [".cmd", ".exe", ""] : [""];
  for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
    if (folder === "") continue;
    for (const ending of endings) {
      const candidate = join(folder, program + ending);
      try {
        accessSync(candidate, constants.X_OK);
        return candidate;
      } catch {
        continue;
      }
    }
  }
  return undefined;
}
