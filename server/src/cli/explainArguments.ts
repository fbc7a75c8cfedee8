/** The arguments of `database-architect explain`, parsed; what is wrong with them is said in a sentence. */
import { parseArgs } from "node:util";
import { type PlanFormat, planFormats } from "../plan/savePlan.ts";

export const consents = ["code", "writes", "production"] as const;

export interface ExplainArguments {
  readonly command: "explain";
  /** As it was written: a file, and perhaps `:line`. */
  readonly target: string;
  readonly format: PlanFormat;
  readonly analyze: boolean;
  /** Undefined for the scratch database. */
  readonly url: string | undefined;
  /** Of $1, $2, … in PostgreSQL's text form; undefined when none is given. */
  readonly values: readonly string[] | undefined;
  readonly allowed: readonly (typeof consents)[number][];
}

export const explainHelp = `Options of explain:
  --analyze
      run the statement too, in a transaction that is rolled back
  --url <address>|scratch
      the database to ask (default: scratch, an embedded PostgreSQL built from the migrations in the current folder)
  --value <text>
      a value for $1, $2, …, in their order; without any the plan is for no values in particular
  --allow ${consents.join("|")}
      what was agreed to: that functions run while planning, that rows are changed and changed back, that it runs on production
  --format ${planFormats.join("|")}
      how to write the plan (default: text)`;

const options = {
  analyze: { type: "boolean" },
  url: { type: "string" },
  value: { type: "string", multiple: true },
  allow: { type: "string", multiple: true },
  format: { type: "string" },
} as const;

/** Of what follows the word `explain`; a sentence when it is wrong. */
export function explainArguments(given: readonly string[]): ExplainArguments | string {
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: [...given], options, allowPositionals: true });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals } = parsed;
  const [target, place, ...others] = positionals;
  if (target === undefined) return "explain takes a file and, where it has several statements, a line, as in explain queries.sql:12.";
  if (others.length > 0 || (place !== undefined && place !== "scratch")) return "explain takes one statement: one file, and one line.";
  const format = planFormats.find((known) => known === (values.format ?? "text"));
  if (format === undefined) return `--format must be one of ${planFormats.join(", ")}.`;
  const allowed: (typeof consents)[number][] = [];
  for (const name of values.allow ?? []) {
    const known = consents.find((consent) => consent === name);
    if (known === undefined) return `--allow must be one of ${consents.join(", ")}.`;
    allowed.push(known);
  }
  const url = values.url === "scratch" ? undefined : values.url;
  if (url !== undefined && place === "scratch") return "There is one database to ask: --url or scratch.";
  return { command: "explain", target, format, analyze: values.analyze === true, url, values: values.value, allowed };
}
