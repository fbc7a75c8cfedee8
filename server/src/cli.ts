#!/usr/bin/env node
/** The command line: the editor's engine for terminals and build servers. */
import process from "node:process";
import { type Format, help, parseArguments } from "./cli/arguments.ts";
import { check } from "./cli/check.ts";
import { github } from "./cli/github.ts";
import { pretty } from "./cli/pretty.ts";
import { atLeast, exitCode, type Report } from "./cli/report.ts";
import { sarif } from "./cli/sarif.ts";
import { productVersion } from "./workspace/assets.ts";
import { nodeFiles } from "./workspace/nodeFiles.ts";

const couldNotRun = 2;

// A reader that has seen enough, such as `head`, closes the pipe.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : couldNotRun));
run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    fault("the command line", error);
    process.exitCode = couldNotRun;
  },
);

async function run(given: readonly string[]): Promise<number> {
  const parsed = parseArguments(given);
  switch (parsed.command) {
    case "help":
      process.stdout.write(help);
      return 0;
    case "version":
      process.stdout.write(`${productVersion()}\n`);
      return 0;
    case "wrong":
      return failed(parsed.message);
    case "check": {
      const result = await check({ paths: parsed.paths, folder: process.cwd(), host: nodeFiles(), version: productVersion(), log: fault });
      if (!result.ok) return failed(result.reason);
      const report = atLeast(result.report, parsed.severity);
      process.stdout.write(written(report, parsed.format));
      return exitCode(report);
    }
  }
}

function written(report: Report, format: Format): string {
  const folder = process.cwd();
  switch (format) {
    case "pretty":
      return pretty(report, folder, hasColours());
    case "json":
      return `${JSON.stringify(report, undefined, 2)}\n`;
    case "sarif":
      return sarif(report, folder);
    case "github":
      return github(report, folder);
  }
}

/** https://no-color.org: set to anything but an empty text, it turns colours off. */
function hasColours(): boolean {
  return process.stdout.isTTY === true && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";
}

function failed(reason: string): number {
  process.stderr.write(`database-architect: ${reason}\n`);
  return couldNotRun;
}

function fault(what: string, error: unknown): void {
  process.stderr.write(`database-architect: There was a fault in ${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
