/** What the scripts print: one line a step, so that a person sees what is happening and what failed. Promises plain text when it is not a terminal. */
import process from "node:process";

const isTerminal = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;

/** Announces a step that may take a while. */
export function step(message: string): void {
  process.stdout.write(`${paint("36", "==>")} ${message}\n`);
}

/** A fact worth knowing below the last step. */
export function note(message: string): void {
  process.stdout.write(`    ${message}\n`);
}

/** Something went on in a lesser way than hoped for. */
export function warn(message: string): void {
  process.stderr.write(`${paint("33", "warning:")} ${message}\n`);
}

export function fail(message: string): void {
  process.stderr.write(`${paint("31", "error:")} ${message}\n`);
}

/** What went wrong that a person can mend: shown as its message alone, without a stack. */
export class ScriptError extends Error {}

/** Runs a script's main function; an error becomes one message and exit code 1 (a stack only where it is a bug). */
export async function runMain(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    fail(error instanceof ScriptError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
    process.exitCode = 1;
  }
}

function paint(colour: string, text: string): string {
  return isTerminal ? `\u001b[${colour}m${text}\u001b[0m` : text;
}
