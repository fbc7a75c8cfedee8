/** One `migrate` command on its way: what it was given, and how it speaks. */
import type { RunContext } from "../migrations/run/runContext.ts";
import type { RunEvent } from "../migrations/run/runFile.ts";
import type { Ended, MigrateContext, MigrateSurroundings } from "./migrateContext.ts";
import type { RunArguments } from "./migrateRunArguments.ts";
import { eventLine } from "./migrateRunText.ts";
import type { SquashSurroundings } from "./migrateSquash.ts";

export interface RunSurroundings extends MigrateSurroundings, SquashSurroundings {
  /** A variable of the environment. */
  variable?(name: string): string | undefined;
  /** Throws what the system says. */
  write(path: string, text: string): void;
  /** While it runs, apart from what is printed in the end. */
  complain(text: string): void;
  onInterrupt?(stop: () => void): () => void;
}

export class RunCommand {
  readonly given: RunArguments;
  readonly context: RunContext;
  readonly project: MigrateContext;
  readonly surroundings: RunSurroundings;
  readonly signal: AbortSignal;
  readonly events: RunEvent[] = [];

  constructor(given: RunArguments, context: RunContext, project: MigrateContext, surroundings: RunSurroundings, signal: AbortSignal) {
    this.given = given;
    this.context = context;
    this.project = project;
    this.surroundings = surroundings;
    this.signal = signal;
  }

  hear(event: RunEvent): void {
    this.events.push(event);
    if (this.given.format !== "json") this.say([eventLine(event)]);
  }

  say(lines: readonly string[]): void {
    for (const line of lines) this.surroundings.complain(`${line}\n`);
  }

  ended(status: number, lines: readonly string[], value: object): Ended {
    if (this.given.format === "json") return { status, output: `${JSON.stringify(value, undefined, 2)}\n`, complaints: [] };
    const text = this.given.format === "markdown" ? lines.map((line) => (line === "" ? "" : `- ${line.trim()}`)) : lines;
    return { status, output: text.length === 0 ? "" : `${text.join("\n")}\n`, complaints: [] };
  }
}
