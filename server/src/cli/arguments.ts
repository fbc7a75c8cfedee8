/** The command line's arguments, parsed; what is wrong with them is said in a sentence. */
import { parseArgs } from "node:util";
import type { ErdFileFormat } from "../../../protocol/src/erd.ts";
import { configurationFile } from "../../../protocol/src/settings.ts";
import { inPlace } from "../rules/complaint.ts";
import { presets, type Severity } from "../rules/rule.ts";
import { parseRuleChanges, type RuleChange, type RuleChanges, severities } from "../rules/settings.ts";
import type { RuleLayer } from "../workspace/rulesInForce.ts";
import { type AdviseArguments, adviseArguments, adviseHelp } from "./adviseArguments.ts";
import { type ExplainArguments, explainArguments, explainHelp } from "./explainArguments.ts";
import { isRunAction, type RunArguments, runActions, runArguments, runHelp, runUsage } from "./migrateRunArguments.ts";

export const formats = ["pretty", "json", "sarif", "github"] as const;
export type Format = (typeof formats)[number];

export interface CheckArguments {
  readonly command: "check";
  readonly paths: readonly string[];
  readonly format: Format;
  readonly severity: Severity;
  /** `--preset` and every `--rule`. */
  readonly rules: RuleLayer;
  /** As it was written. */
  readonly baseline: string | undefined;
  readonly updatesBaseline: boolean;
  /** A git revision. */
  readonly changed: string | undefined;
  /** Whether queries are type-checked. */
  readonly types: boolean;
}

export interface McpArguments {
  readonly command: "mcp";
  readonly folders: readonly string[];
  readonly rules: RuleLayer;
}

export const erdFormats = ["svg", "pdf", "mermaid", "dbml", "plantuml", "html"] as const satisfies readonly ErdFileFormat[];
export const themes = ["light", "dark"] as const;

export interface ErdArguments {
  readonly command: "erd";
  readonly paths: readonly string[];
  readonly format: ErdFileFormat;
  /** As it was written; undefined for the standard output. */
  readonly output: string | undefined;
  readonly theme: (typeof themes)[number];
  /** Git revisions or names of migrations; `to` only with `from`. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

export const migrateActions = ["create", "prove", "check"] as const;
export const reportFormats = ["pretty", "json", "markdown"] as const;

export interface MigrateArguments {
  readonly command: "migrate";
  readonly action: (typeof migrateActions)[number];
  /** Of migrations; the new one's for `create`. */
  readonly names: readonly string[];
  readonly isAll: boolean;
  /** Where the project is. */
  readonly paths: readonly string[];
  readonly format: (typeof reportFormats)[number];
  readonly renamed: readonly { readonly from: string; readonly to: string }[];
  readonly dropped: readonly string[];
  /** Renames that keep both names for a while, and such that end; by the old name. */
  readonly inSteps: readonly string[];
  readonly ended: readonly string[];
  /** Enums made anew for the order of their values. */
  readonly reordered: readonly string[];
  readonly filled: readonly { readonly subject: string; readonly sql: string }[];
  /** One file that does it all, for nobody else to wait. */
  readonly isAlone: boolean;
  /** Of a server on which a database may be made for the proof, or whose rows are counted. */
  readonly url: string | undefined;
  readonly allowsUnverified: boolean;
  readonly acceptsLoss: boolean;
  readonly isDryRun: boolean;
}

export type Arguments = { readonly command: "help" | "version" } | AdviseArguments | CheckArguments | ErdArguments | ExplainArguments | McpArguments | MigrateArguments | RunArguments | { readonly command: "wrong"; readonly message: string };

export const help = `Usage: database-architect check [paths] [options]
       database-architect erd [paths] [options]
       database-architect explain <file.sql[:line]> [options]
       database-architect advise <file.sql[:line]> [options]
       database-architect migrate create <name> [options]
       database-architect migrate prove|check [names] [options]
${runUsage}
       database-architect mcp [folders] [--preset …] [--rule …]

Checks Prisma schemas and SQL migrations for PostgreSQL, as the editor does. Paths are files and folders; without any,
the current folder. Only what lies below them is read. The nearest ${configurationFile} above a file holds for it, and
what it does not say, databaseArchitect.* in .vscode/settings.json.

erd draws the entity relationship diagram of the one project in the paths: the same text for the same schema.

explain shows how PostgreSQL would run one statement of a file, and what is slow about it and what to do. Placeholders such
as :name and ? become $1, $2, ….

advise tries indexes for one statement of a file, and says which of them PostgreSQL would use, what they save and what they
cost. Nothing is built on a server.

mcp serves the same to assistants that write code, over the standard streams, in the Model Context Protocol: tools that
check the schema, list findings and describe tables. They read files and change nothing.

migrate create writes a migration and its way back, from what differs between the Prisma schema and the migrations there
are. migrate prove runs migrations up, down and up again in an embedded PostgreSQL, over rows it makes up, and says what
came of rows and locks. migrate check reports findings in migrations. These need no database and touch none; what works on
one stands below.

Options of check:
  --format ${formats.join("|")}
      how to report (default: pretty)
  --severity ${severities.join("|")}
      the least severity to report (default: hint)
  --preset ${presets.join("|")}
      how much is on before single rules are set
  --rule <id>=off|${severities.join("|")}
      sets one rule, over everything else; may be given more than once
  --baseline <file>
      leave out the findings that the file lists, and say which are found no longer
  --update-baseline
      write all findings into that file
  --changed <revision>
      only findings that belong to what has changed since a git branch, tag or commit
  --types
      have an embedded PostgreSQL check the queries of SQL files too, as it does in the editor; it takes seconds to start

Options of erd:
  --format ${erdFormats.join("|")}
      what to write (default: svg)
  --output <file>
      where to write it (default: to the standard output; a PDF needs a file)
  --theme ${themes.join("|")}
      the colours of svg, pdf and html (default: light)
  --from <revision>, --to <revision>
      draw what differs between two git revisions or two migrations; without --to, between one and the files as they are

Options of migrate:
  --project <path>
      where the project is (default: the current folder)
  --rename <from>=<to>
      create: these are one table, column or enum value under a new name, as in users.phone=mobile
  --rename-in-steps <from>=<to>
      create: the same, with both names for a while: clients of the old and of the new version work until --end-rename
  --end-rename <from>
      create: nobody uses this old name any more
  --reorder <enum>
      create: make the type anew, so that its values have the order of the schema, by which PostgreSQL sorts
  --drop <name>
      create: this one goes, and is not what another one was called
  --fill <column>=<sql>
      create: what rows that are there get in a required column, as in users.city="'Berlin'"; nothing behind = for nothing
  --url <address>
      prove: in a database of its own on this server, dropped afterwards, instead of the embedded PostgreSQL;
      create: the database in which rows are counted that would be lost
  --at-once
      create: one migration in plain forms, where nobody else uses the database or it has no rows
  --accept-data-loss
      create: write the migration though it loses data
  --dry-run
      create: print what would be written
  --all
      prove, check: every migration, not only the last
  --format pretty|json|markdown
      prove, check: how to report (default: pretty)

${runHelp}

${explainHelp}

${adviseHelp}

  --help, --version

Ends with 0 when there is nothing to report, 1 with findings or errors in a file, 2 when it could not run.
`;

export function parseArguments(given: readonly string[]): Arguments {
  if (given[0] === "explain" && !given.some((each) => each === "--help" || each === "-h")) {
    const explained = explainArguments(given.slice(1));
    return typeof explained === "string" ? wrong(explained) : explained;
  }
  if (given[0] === "advise" && !given.some((each) => each === "--help" || each === "-h")) {
    const advised = adviseArguments(given.slice(1));
    return typeof advised === "string" ? wrong(advised) : advised;
  }
  const [, action, ...rest] = given;
  if (given[0] === "migrate" && isRunAction(action)) {
    if (rest.some((each) => each === "--help" || each === "-h")) return { command: "help" };
    const ran = runArguments(action, rest);
    return typeof ran === "string" ? wrong(ran) : ran;
  }
  const parsed = parse(given);
  if (typeof parsed === "string") return wrong(parsed);
  const { values, positionals } = parsed;
  if (values.help === true) return { command: "help" };
  if (values.version === true) return { command: "version" };
  const [command, ...paths] = positionals;
  if (command === undefined) return wrong("A command is missing.");
  if (!isCommand(command)) return wrong(`There is no command ${JSON.stringify(command)}.`);
  const foreign = Object.keys(values).find((name) => !takes[command].has(name));
  if (foreign !== undefined) return wrong(`${command} takes no --${foreign}.`);
  if (command === "erd") return erdArguments(values, paths);
  if (command === "migrate") return migrateArguments(values, paths);
  const format = formats.find((known) => known === (values.format ?? "pretty"));
  if (format === undefined) return wrong(`--format must be one of ${formats.join(", ")}.`);
  const severity = severities.find((known) => known === (values.severity ?? "hint"));
  if (severity === undefined) return wrong(`--severity must be one of ${severities.join(", ")}.`);
  const preset = presets.find((known) => known === values.preset);
  if (preset === undefined && values.preset !== undefined) return wrong(`--preset must be one of ${presets.join(", ")}.`);
  const rules = rulesIn(values.rule ?? []);
  if (typeof rules === "string") return wrong(rules);
  if (command === "mcp") return { command, folders: paths.length === 0 ? ["."] : paths, rules: { preset, rules } };
  const { baseline, changed, "update-baseline": updatesBaseline = false } = values;
  if (updatesBaseline && baseline === undefined) return wrong("--update-baseline needs --baseline <file>.");
  if (updatesBaseline && changed !== undefined) return wrong("A baseline is of everything: --update-baseline does not go with --changed.");
  return {
    command: "check",
    paths: paths.length === 0 ? ["."] : paths,
    format,
    severity,
    rules: { preset, rules },
    baseline,
    updatesBaseline,
    changed,
    types: values.types === true,
  };
}

function erdArguments({ format: given = "svg", output, theme: coloured = "light", from, to }: Values, paths: readonly string[]): Arguments {
  const format = erdFormats.find((known) => known === given);
  if (format === undefined) return wrong(`--format must be one of ${erdFormats.join(", ")}.`);
  const theme = themes.find((known) => known === coloured);
  if (theme === undefined) return wrong(`--theme must be one of ${themes.join(", ")}.`);
  if (to !== undefined && from === undefined) return wrong("--to needs --from <revision>.");
  if (format === "pdf" && output === undefined) return wrong("A PDF is written to a file: name it with --output <file>.");
  return { command: "erd", paths: paths.length === 0 ? ["."] : paths, format, output, theme, from, to };
}

function migrateArguments(values: Values, [action, ...names]: readonly string[]): Arguments {
  const known = migrateActions.find((each) => each === action);
  if (known === undefined) return wrong(`migrate takes one of ${[...migrateActions, ...runActions].join(", ")}${action === undefined ? "" : `, not ${JSON.stringify(action)}`}.`);
  const format = reportFormats.find((each) => each === (values.format ?? "pretty"));
  if (format === undefined) return wrong(`--format must be one of ${reportFormats.join(", ")}.`);
  if (known === "create" && names.length !== 1) return wrong("migrate create takes the name of the new migration, as in migrate create add_phone.");
  const renamed: { from: string; to: string }[] = [];
  const inSteps: string[] = [];
  for (const [option, texts] of [["rename", values.rename], ["rename-in-steps", values["rename-in-steps"]]] as const) {
    for (const text of texts ?? []) {
      const at = text.indexOf("=");
      if (at <= 0 || at === text.length - 1) return wrong(`--${option} takes an old and a new name, as in --${option} users.phone=mobile, not ${JSON.stringify(text)}.`);
      renamed.push({ from: text.slice(0, at), to: text.slice(at + 1) });
      if (option === "rename-in-steps") inSteps.push(text.slice(0, at));
    }
  }
  const filled: { subject: string; sql: string }[] = [];
  for (const text of values.fill ?? []) {
    const at = text.indexOf("=");
    if (at <= 0) return wrong(`--fill takes a column and an expression of SQL, as in --fill "users.city='Berlin'", not ${JSON.stringify(text)}.`);
    filled.push({ subject: text.slice(0, at), sql: text.slice(at + 1).trim() });
  }
  return {
    command: "migrate",
    action: known,
    names,
    isAll: values.all === true,
    paths: [values.project ?? "."],
    format,
    renamed,
    dropped: values.drop ?? [],
    inSteps,
    ended: values["end-rename"] ?? [],
    reordered: values.reorder ?? [],
    filled,
    isAlone: values["at-once"] === true,
    url: values.url,
    allowsUnverified: values["allow-unverified"] === true,
    acceptsLoss: values["accept-data-loss"] === true,
    isDryRun: values["dry-run"] === true,
  };
}

/** What each command takes beside `--help` and `--version`. */
const takes: Record<"check" | "erd" | "mcp" | "migrate", ReadonlySet<string>> = {
  check: new Set(["format", "severity", "preset", "rule", "baseline", "update-baseline", "changed", "types"]),
  erd: new Set(["format", "output", "theme", "from", "to"]),
  mcp: new Set(["preset", "rule"]),
  migrate: new Set(["format", "project", "rename", "rename-in-steps", "end-rename", "reorder", "drop", "fill", "at-once", "url", "allow-unverified", "accept-data-loss", "dry-run", "all"]),
};

function isCommand(command: string): command is keyof typeof takes {
  return Object.hasOwn(takes, command);
}

/** Of `id=severity`, a later one over an earlier one; a sentence about the first that is wrong. */
function rulesIn(given: readonly string[]): RuleChanges | string {
  const all = new Map<string, RuleChange>();
  for (const text of given) {
    const at = text.indexOf("=");
    if (at < 0) return `--rule takes a rule and what it is to be, as in --rule no-float-money=error, not ${JSON.stringify(text)}.`;
    const { changes, complaints } = parseRuleChanges({ [text.slice(0, at)]: text.slice(at + 1) });
    const [complaint] = complaints;
    if (complaint !== undefined) return `--rule: ${inPlace(complaint)}`;
    for (const [id, change] of changes) all.set(id, change);
  }
  return all;
}

const options = {
  format: { type: "string" },
  severity: { type: "string" },
  preset: { type: "string" },
  rule: { type: "string", multiple: true },
  baseline: { type: "string" },
  "update-baseline": { type: "boolean" },
  changed: { type: "string" },
  types: { type: "boolean" },
  output: { type: "string" },
  theme: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
  project: { type: "string" },
  rename: { type: "string", multiple: true },
  "rename-in-steps": { type: "string", multiple: true },
  "end-rename": { type: "string", multiple: true },
  reorder: { type: "string", multiple: true },
  drop: { type: "string", multiple: true },
  fill: { type: "string", multiple: true },
  "at-once": { type: "boolean" },
  url: { type: "string" },
  "allow-unverified": { type: "boolean" },
  "accept-data-loss": { type: "boolean" },
  "dry-run": { type: "boolean" },
  all: { type: "boolean" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const;

type Parsed = ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
type Values = Parsed["values"];

function parse(given: readonly string[]): Parsed | string {
  try {
    return parseArgs({ args: [...given], options, allowPositionals: true });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function wrong(message: string): Arguments {
  return { command: "wrong", message: `${message} See database-architect --help.` };
}
