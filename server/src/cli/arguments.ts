/** The command line's arguments, parsed; what is wrong with them is said in a sentence. */
import { parseArgs } from "node:util";
import type { Severity } from "../rules/rule.ts";
import { severities } from "../rules/settings.ts";

export const formats = ["pretty", "json", "sarif", "github"] as const;
export type Format = (typeof formats)[number];

export type Arguments =
  | { readonly command: "help" | "version" }
  | { readonly command: "check"; readonly paths: readonly string[]; readonly format: Format; readonly severity: Severity }
  | { readonly command: "wrong"; readonly message: string };

export const help = `Usage: database-architect check [paths] [options]

Checks Prisma schemas and SQL migrations for PostgreSQL, as the editor does. Paths are files and folders; without any,
the current folder. Only what lies below them is read; of the settings in .vscode/settings.json, databaseArchitect.* holds.

Options:
  --format ${formats.join("|")}   how to report (default: pretty)
  --severity ${severities.join("|")}   the least severity to report (default: hint)
  --help, --version

Ends with 0 when there is nothing to report, 1 with findings or errors in a file, 2 when it could not run.
`;

export function parseArguments(given: readonly string[]): Arguments {
  const parsed = parse(given);
  if (typeof parsed === "string") return wrong(parsed);
  const { values, positionals } = parsed;
  if (values.help === true) return { command: "help" };
  if (values.version === true) return { command: "version" };
  const [command, ...paths] = positionals;
  if (command === undefined) return wrong("A command is missing.");
  if (command !== "check") return wrong(`There is no command ${JSON.stringify(command)}.`);
  const format = formats.find((known) => known === (values.format ?? "pretty"));
  if (format === undefined) return wrong(`--format must be one of ${formats.join(", ")}.`);
  const severity = severities.find((known) => known === (values.severity ?? "hint"));
  if (severity === undefined) return wrong(`--severity must be one of ${severities.join(", ")}.`);
  return { command: "check", paths: paths.length === 0 ? ["."] : paths, format, severity };
}

const options = {
  format: { type: "string" },
  severity: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

function parse(given: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>> | string {
  try {
    return parseArgs({ args: [...given], options, allowPositionals: true });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function wrong(message: string): Arguments {
  return { command: "wrong", message: `${message} See database-architect --help.` };
}
