/**
 * Runs of a migration of thirty statements whose client is killed (-9) at a random moment, what is diagnosed then, and what
 * is true: every statement leaves something in the catalog that is looked for by name, without the product.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { planApply } from "../../server/src/migrations/run/plan.ts";
import { markApplied, resolveFailed } from "../../server/src/migrations/run/resolve.ts";
import { carryOut } from "../../server/src/migrations/run/run.ts";
import type { RunContext } from "../../server/src/migrations/run/runContext.ts";
import { readSituation, type Situation } from "../../server/src/migrations/run/situation.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import type { RunningPostgres, TestDatabase } from "./postgres.ts";
import { contextFor } from "./runHistory.ts";
import { temporaryFolder } from "./temporaryFolder.ts";

/** How the statements are put together: one transaction, one after the other as psql does, or blocks of the file's own. */
export const forms = ["one transaction", "one by one", "own blocks"] as const;
export type Form = (typeof forms)[number];

export interface KilledRun {
  readonly form: Form;
  /** Milliseconds after its beginning. */
  readonly killedAfter: number;
  /** What was there then: `done`, `not done` or `invalid index` of each statement. */
  readonly truth: readonly string[];
  readonly diagnosed: readonly string[];
  readonly step: string;
  /** Undefined when the step that was offered led to the end: everything there, once, and no drift. */
  readonly afterwards: string | undefined;
}

const count = 30;

interface Written {
  readonly text: string;
  /** True where it is done, as an expression of SQL. */
  readonly trace: string;
}

/** Statements of every sort; a third of them takes a while. */
function statements(form: Form): readonly Written[] {
  return Array.from({ length: count }, (_, i): Written => {
    const table = `t${i}`;
    if (form === "one by one" && i % 10 === 4) return { text: `CREATE INDEX CONCURRENTLY i${i} ON big (id, id, n)`, trace: `(SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('i${i}'))` };
    if (i % 3 === 1) return { text: `CREATE TABLE ${table} AS SELECT 1 AS a, pg_sleep(0.02)::text AS b`, trace: `to_regclass('${table}') IS NOT NULL` };
    if (i % 5 === 2) return { text: `ALTER TABLE big ADD COLUMN c${i} int DEFAULT ${i}`, trace: `EXISTS (SELECT FROM pg_attribute WHERE attrelid = 'big'::regclass AND attname = 'c${i}')` };
    return { text: `CREATE TABLE ${table} (id int PRIMARY KEY, big int)`, trace: `to_regclass('${table}') IS NOT NULL` };
  });
}

function fileOf(form: Form): { readonly text: string; readonly written: readonly Written[] } {
  const written = statements(form);
  if (form !== "own blocks") return { text: written.map(({ text }) => `${text};\n`).join(""), written };
  const control = (text: string): Written => ({ text, trace: "NULL" });
  const all = written.flatMap((each, i) => [...(i % 6 === 0 ? [control("BEGIN")] : []), each, ...(i % 6 === 5 ? [control("COMMIT")] : [])]);
  return { text: all.map(({ text }) => `${text};\n`).join(""), written: all };
}

/** `random` gives numbers from 0 up to 1. */
export async function killedRuns(server: RunningPostgres, times: number, random: () => number, onRun: (run: KilledRun, i: number) => void): Promise<void> {
  await loadSqlParser();
  const script = await bundledClient();
  const base = await server.createDatabase();
  const client = await base.client();
  await client.query("CREATE TABLE big (id int, n int); INSERT INTO big SELECT g, g FROM generate_series(1, 20000) g");
  await base.disconnect();
  const durations = new Map<Form, number>();
  for (let i = 0; i < times; i++) {
    const form = forms[i % forms.length] ?? "one transaction";
    const database = await server.createDatabase(base);
    try {
      const expected = durations.get(form) ?? 600;
      const { run, ms } = await killedRun(script, database, form, random() * expected * 1.1);
      if (ms !== undefined) durations.set(form, ms);
      onRun(run, i);
    } finally {
      await database.drop();
    }
  }
  await base.drop();
  rmSync(script, { force: true });
}

async function killedRun(script: string, database: TestDatabase, form: Form, killedAfter: number): Promise<{ readonly run: KilledRun; readonly ms: number | undefined }> {
  const { text, written } = fileOf(form);
  const isNumbered = form === "one by one";
  const bigTable = "CREATE TABLE big (id int, n int);\n";
  const names = isNumbered ? ["001_base.sql", "002_much.sql"] : ["20240101000000_base/migration.sql", "20240102000000_much/migration.sql"];
  const folder = temporaryFolder({ [names[0] ?? ""]: bigTable, [names[1] ?? ""]: text });
  const context = await contextFor(folder, database.url, { kind: isNumbered ? "numbered" : "prisma", waitMs: 30_000, settings: { url: database.url, connectTimeoutMs: 60_000 } });
  await markBase(context);
  const child = start(script, [isNumbered ? "numbered" : "prisma", database.url, ...names.map((name) => join(folder, name))]);
  const lines: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => (line === "ready" ? resolve() : lines.push(line)));
    child.once("exit", () => reject(new Error("The client ended before it began.")));
  });
  await ready;
  const began = performance.now();
  const ended = once(child, "exit");
  child.stdin.write("go\n");
  await Promise.race([delay(killedAfter), ended]);
  child.kill("SIGKILL");
  await ended;
  const isWhole = lines.some((line) => line.startsWith('{"ok"'));
  const ms = isWhole ? performance.now() - began : undefined;
  const situation = await settled(context);
  const truth = await truthOf(database, written);
  const standing = situation.standings.at(-1);
  const diagnosis = situation.diagnoses[0];
  const states: Readonly<Record<string, string>> = { applied: "done", pending: "not done", "rolled back": "not done" };
  const diagnosed = diagnosis === undefined ? written.map(() => states[standing?.state ?? ""] ?? standing?.state ?? "?") : diagnosis.statements.map(({ state }) => state);
  const step = diagnosis?.step.do ?? standing?.state ?? "?";
  const afterwards = await followed(context, database, written, diagnosis !== undefined);
  return { run: { form, killedAfter, truth: withoutControls(truth, diagnosed), diagnosed, step, afterwards }, ms };
}

/** BEGIN and COMMIT leave nothing to look for. */
function withoutControls(truth: readonly (string | undefined)[], diagnosed: readonly string[]): readonly string[] {
  return truth.map((state, i) => state ?? diagnosed[i] ?? "?");
}

async function markBase(context: RunContext): Promise<void> {
  const first = context.history.migrations[0]?.name ?? "";
  const marked = await markApplied(context, first);
  if (!marked.ok) throw new Error(marked.reason);
}

/** Once no session of the killed client is left. */
async function settled(context: RunContext): Promise<Situation> {
  for (;;) {
    const read = await readSituation(context);
    if (!read.ok) throw new Error(read.reason);
    if (read.value.running.length === 0) return read.value;
    await delay(50);
  }
}

async function truthOf(database: TestDatabase, written: readonly Written[]): Promise<readonly (string | undefined)[]> {
  const client = await database.client();
  const { rows } = await client.query<{ traces: (boolean | null)[] }>(`SELECT ARRAY[${written.map(({ trace }) => trace).join(", ")}]::bool[] AS traces`);
  await client.end();
  return (rows[0]?.traces ?? []).map((there, i) => (written[i]?.trace === "NULL" ? undefined : there === true ? "done" : there === false && written[i]?.text.includes("CONCURRENTLY") === true ? "invalid index" : "not done"));
}

/** Does what was offered, and says where it did not end well. */
async function followed(context: RunContext, database: TestDatabase, written: readonly Written[], hasFailed: boolean): Promise<string | undefined> {
  if (hasFailed) {
    const resolved = await resolveFailed(context, undefined);
    if (!resolved.ok) return resolved.reason;
    if (resolved.value.outcome?.ok === false) return resolved.value.outcome.failure.message;
  }
  const plan = await planApply(context);
  if (!plan.ok) return plan.reason;
  const ran = await carryOut(context, plan.value, {});
  if (!ran.ok) return ran.reason;
  if (!ran.value.ok) return ran.value.failure.message;
  const situation = await settled(context);
  if (situation.drift.length > 0 || situation.standings.some(({ state }) => state !== "applied")) return `${situation.standings.map(({ state }) => state).join()} ${situation.drift.map(({ text }) => text).join()}`;
  const missing = (await truthOf(database, written)).findIndex((state) => state !== undefined && state !== "done");
  return missing < 0 ? undefined : `statement ${missing + 1} is missing`;
}

function start(script: string, given: readonly string[]): ChildProcessByStdio<Writable, Readable, null> {
  return spawn(process.execPath, [script, ...given], { stdio: ["pipe", "pipe", "inherit"] });
}

/** Its own bundle, because a start from the sources takes longer than all the rest. */
async function bundledClient(): Promise<string> {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const folder = join(root, "node_modules", ".cache", "database-architect");
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, `migrationClient-${process.pid}.mjs`);
  await esbuild.build({ entryPoints: [fileURLToPath(new URL("migrationClient.ts", import.meta.url))], outfile, bundle: true, platform: "node", format: "esm", target: "node20", packages: "external", logLevel: "error" });
  return outfile;
}
