/** What the command line does, apart from the process it runs in. */
import type { FileHost } from "../text/fileHost.ts";
import { type Format, help, parseArguments } from "./arguments.ts";
import { check } from "./check.ts";
import { github } from "./github.ts";
import { pretty } from "./pretty.ts";
import { atLeast, exitCode, type Report } from "./report.ts";
import { sarif } from "./sarif.ts";

/** The process around a command line. */
export interface Surroundings {
  /** The current folder, absolute. */
  readonly folder: string;
  readonly host: FileHost;
  /** Of the product. */
  readonly version: string;
  readonly hasColours: boolean;
  print(text: string): void;
  complain(text: string): void;
}

/** What the process is to end with: 0, 1, or `couldNotRun`. */
export async function runCommandLine(given: readonly string[], surroundings: Surroundings): Promise<number> {
  const { folder, host, version, print, complain } = surroundings;
  const failed = (reason: string): number => {
    complain(`database-architect: ${reason}\n`);
    return couldNotRun;
  };
  const parsed = parseArguments(given);
  switch (parsed.command) {
    case "help":
      print(help);
      return 0;
    case "version":
      print(`${version}\n`);
      return 0;
    case "wrong":
      return failed(parsed.message);
    case "check": {
      const log = (what: string, error: unknown): void => complain(faultSentence(what, error));
      const result = await check({ paths: parsed.paths, folder, host, version, log });
      if (!result.ok) return failed(result.reason);
      const report = atLeast(result.report, parsed.severity);
      print(written(report, parsed.format, surroundings));
      return exitCode(report);
    }
  }
}

export const couldNotRun = 2;

export function faultSentence(what: string, error: unknown): string {
  return `database-architect: There was a fault in ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`;
}

function written(report: Report, format: Format, { folder, hasColours }: Surroundings): string {
  switch (format) {
    case "pretty":
      return pretty(report, folder, hasColours);
    case "json":
      return `${JSON.stringify(report, undefined, 2)}\n`;
    case "sarif":
      return sarif(report, folder);
    case "github":
      return github(report, folder);
  }
}
