/** The arguments of `database-architect advise`, parsed; what is wrong with them is said in a sentence. */
import { parseArgs } from "node:util";

export const adviceFormats = ["text", "json", "markdown"] as const;

export interface AdviseArguments {
  readonly command: "advise";
  /** As it was written: a file, and perhaps `:line`. */
  readonly target: string;
  readonly format: (typeof adviceFormats)[number];
  /** Undefined for the scratch database. */
  readonly url: string | undefined;
  /** Of $1, $2, … in PostgreSQL's text form; undefined when none is given. */
  readonly values: readonly string[] | undefined;
  /** That functions run while planning. */
  readonly allowsCode: boolean;
  /** Whether the indexes are written into the schema and the migrations. */
  readonly writes: boolean;
}

export const adviseHelp = `Options of advise:
  --url <address>|scratch
      the database whose planner or statistics decide; nothing is built there (default: scratch, an embedded PostgreSQL)
  --value <text>
      a value for $1, $2, …, in their order; without any the advice is for no values in particular
  --allow code
      what was agreed to: that functions run while planning
  --write
      write what is advised: @@index into the Prisma schema, and a migration that builds it while others go on writing
  --format ${adviceFormats.join("|")}
      how to write the advice (default: text)`;

const options = {
  url: { type: "string" },
  value: { type: "string", multiple: true },
  allow: { type: "string", multiple: true },
  write: { type: "boolean" },
  format: { type: "string" },
} as const;

/** Of what follows the word `advise`; a sentence when it is wrong. */
export function adviseArguments(given: readonly string[]): AdviseArguments | string {
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: [...given], options, allowPositionals: true });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals } = parsed;
  const [target, ...others] = positionals;
  if (target === undefined) return "advise takes a file and, where it has several statements, a line, as in advise queries.sql:12.";
  if (others.length > 0) return "advise takes one statement: one file, and one line.";
  const format = adviceFormats.find((known) => known === (values.format ?? "text"));
  if (format === undefined) return `--format must be one of ${adviceFormats.join(", ")}.`;
  if ((values.allow ?? []).some((allowed) => allowed !== "code")) return "--allow must be code.";
  const url = values.url === "scratch" ? undefined : values.url;
  return { command: "advise", target, format, url, values: values.value, allowsCode: (values.allow ?? []).length > 0, writes: values.write === true };
}
