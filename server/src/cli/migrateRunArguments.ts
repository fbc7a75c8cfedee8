/** The arguments of `database-architect migrate apply`, `down` and whatever else works on a database, parsed; what is wrong with them is said in a sentence. */
import { parseArgs } from "node:util";

export const runActions = ["apply", "status", "down", "to", "resolve", "reset", "squash", "pull", "seed"] as const;
export type RunAction = (typeof runActions)[number];

export const runFormats = ["pretty", "json", "markdown"] as const;
const environments = ["development", "staging", "production"] as const;

export interface RunArguments {
  readonly command: "migrateRun";
  readonly action: RunAction;
  /** Names of migrations; for `seed`, what its command gets. */
  readonly names: readonly string[];
  /** How many `down` undoes. */
  readonly count: number;
  /** The last one that `apply` runs, or that `squash` joins. */
  readonly to: string | undefined;
  readonly mark: { readonly as: "applied" | "rolledBack"; readonly name: string } | undefined;
  /** `resolve --applied`: with all before it. */
  readonly isAll: boolean;
  readonly paths: readonly string[];
  readonly format: (typeof runFormats)[number];
  /** Undefined: the environment's, or the project's. */
  readonly url: string | undefined;
  readonly environment: (typeof environments)[number] | undefined;
  readonly allowsUnverified: boolean;
  readonly isDryRun: boolean;
  readonly saysYes: boolean;
  readonly acceptsLoss: boolean;
  /** The database's name, as it was typed. */
  readonly confirmed: string | undefined;
  readonly isProven: boolean;
  /** Milliseconds. */
  readonly waitMs: number | undefined;
  readonly lockTimeoutMs: number | undefined;
  /** Where `pull` writes to; undefined for the standard output. */
  readonly output: string | undefined;
}

export const runUsage = `       database-architect migrate apply|status|down|to|resolve|reset|squash|pull|seed [options]`;

export const runHelp = `Migrations on a database:
  migrate status
      where each migration stands, drift, failed ones and what can be done; without a database, what the files say
  migrate apply [--to <name>]
      runs what is pending, after a flight check
  migrate down [<count>]
      undoes the newest, over ways back that are proven first in an embedded PostgreSQL
  migrate to <name>
      up or down, so that this is the last one
  migrate resolve [<name>]
      says what state a failed migration is in, and does with --yes what follows from it;
      --applied <name> and --rolled-back <name> mark one, --all with those before it
  migrate reset
      a development database as after all migrations, from nothing; needs --confirm <database>
  migrate squash [--to <name>]
      one migration in place of the first ones, proven to make the same
  migrate pull [--output <file>]
      the schema of the database, as a Prisma schema (into a folder where it has several files), or as SQL where the output
      ends with .sql
  migrate seed [-- …]
      runs the seed command that the project names

Options of these:
  --url <address>
      the database (default: DATABASE_URL of the environment, then of .env beside the project)
  --environment ${environments.join("|")}
      what hangs on it (default: guessed from the address)
  --allow-unverified
      connect though the address says so without a verified certificate
  --dry-run
      say what would be done, and do nothing
  --yes
      yes to what is asked, but for the two that follow
  --accept-data-loss
      yes, these rows may go
  --confirm <database>
      the name of the database, as a yes to production and to reset
  --wait <seconds>, --lock-timeout <seconds>
      how long to wait for another run (default: 10), and for locks on tables (default: 5)
  --no-prove
      down: do not prove the way back first`;

const options = {
  project: { type: "string" },
  url: { type: "string" },
  environment: { type: "string" },
  "allow-unverified": { type: "boolean" },
  format: { type: "string" },
  to: { type: "string" },
  applied: { type: "string" },
  "rolled-back": { type: "string" },
  all: { type: "boolean" },
  "dry-run": { type: "boolean" },
  yes: { type: "boolean", short: "y" },
  "accept-data-loss": { type: "boolean" },
  confirm: { type: "string" },
  "no-prove": { type: "boolean" },
  wait: { type: "string" },
  "lock-timeout": { type: "string" },
  output: { type: "string" },
} as const;

export function isRunAction(word: string | undefined): word is RunAction {
  return runActions.some((action) => action === word);
}

/** Of what follows the word `migrate`; a sentence when it is wrong. */
export function runArguments(action: RunAction, given: readonly string[]): RunArguments | string {
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: [...given], options, allowPositionals: true });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { values, positionals: names } = parsed;
  const foreign = Object.keys(values).find((name) => !common.has(name) && !takes[action].has(name));
  if (foreign !== undefined) return `migrate ${action} takes no --${foreign}.`;
  const format = runFormats.find((known) => known === (values.format ?? "pretty"));
  if (format === undefined) return `--format must be one of ${runFormats.join(", ")}.`;
  const environment = environments.find((known) => known === values.environment);
  if (environment === undefined && values.environment !== undefined) return `--environment must be one of ${environments.join(", ")}.`;
  const [waitMs, lockTimeoutMs] = [milliseconds(values.wait), milliseconds(values["lock-timeout"])];
  if (waitMs === "wrong" || lockTimeoutMs === "wrong") return "--wait and --lock-timeout take seconds, such as 30.";
  const count = action === "down" && names[0] !== undefined ? Number(names[0]) : 1;
  if (!Number.isInteger(count) || count < 1) return `migrate down takes how many to undo, as in migrate down 2, not ${JSON.stringify(names[0])}. migrate to <name> goes back to one by its name.`;
  if (action === "to" && names.length !== 1) return "migrate to takes the name of the migration that is to be the last, as in migrate to 20240101000000_init.";
  const most = action === "seed" ? Infinity : action === "resolve" || action === "down" || action === "to" ? 1 : 0;
  if (names.length > most) return `migrate ${action} takes no ${JSON.stringify(names[most])}.`;
  const { applied, "rolled-back": rolledBack } = values;
  if (applied !== undefined && rolledBack !== undefined) return "A migration is either applied or rolled back: say one of --applied and --rolled-back.";
  if (values.all === true && applied === undefined) return "--all goes with --applied <name>: all migrations up to that one.";
  return {
    command: "migrateRun",
    action,
    names: action === "down" ? [] : names,
    count,
    to: values.to,
    mark: applied !== undefined ? { as: "applied", name: applied } : rolledBack !== undefined ? { as: "rolledBack", name: rolledBack } : undefined,
    isAll: values.all === true,
    paths: [values.project ?? "."],
    format,
    url: values.url,
    environment,
    allowsUnverified: values["allow-unverified"] === true,
    isDryRun: values["dry-run"] === true,
    saysYes: values.yes === true,
    acceptsLoss: values["accept-data-loss"] === true,
    confirmed: values.confirm,
    isProven: values["no-prove"] !== true,
    waitMs,
    lockTimeoutMs,
    output: values.output,
  };
}

const common = new Set(["project", "url", "environment", "allow-unverified", "format", "dry-run"]);

const consent = ["yes", "confirm", "accept-data-loss", "wait", "lock-timeout"];

const takes: Record<RunAction, ReadonlySet<string>> = {
  apply: new Set([...consent, "to"]),
  status: new Set(),
  down: new Set([...consent, "no-prove"]),
  to: new Set([...consent, "no-prove"]),
  resolve: new Set([...consent, "applied", "rolled-back", "all"]),
  reset: new Set([...consent]),
  squash: new Set(["to", "yes", "wait", "confirm"]),
  pull: new Set(["output", "yes"]),
  seed: new Set(["yes", "confirm"]),
};

function milliseconds(seconds: string | undefined): number | undefined | "wrong" {
  if (seconds === undefined) return undefined;
  const value = Number(seconds) * 1000;
  return Number.isFinite(value) && value >= 0 && seconds.trim() !== "" ? value : "wrong";
}
