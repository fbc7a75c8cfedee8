/**
 * `check` over the SQL of real projects, next to squawk and postgres-language-server on the same files: statements a
 * second, start-up included and excluded. Ours folds each history into a schema and runs every rule over it; the peers
 * look at one statement after the other. Exit codes differ by findings; only a run that breaks off counts as failed.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { loadSqlParser, parseSql } from "../server/src/sql/parse.ts";
import { type Corpus, corpora } from "../test/support/corpora.ts";
import { type Row, round, summarize } from "./statistics.ts";

const runs = 3;
/** Histories of at least so many statements have a line of their own. */
const largeHistory = 2_000;

interface Tool {
  readonly name: string;
  readonly command: string;
  arguments(folder: string, files: readonly string[]): readonly string[];
}

export async function checkBenchmark(repository: string, folder: string): Promise<Row[]> {
  await loadSqlParser();
  const bin = join(repository, "bench/peers/node_modules/.bin");
  const tools: readonly Tool[] = [
    {
      name: "ours",
      command: process.execPath,
      arguments: (root, files) => [
        join(repository, "dist/cli.js"),
        "check",
        files.length === 1 ? (files[0] ?? root) : root,
        "--format",
        "json",
      ],
    },
    { name: "squawk", command: join(bin, "squawk"), arguments: (_root, files) => ["--reporter", "Gcc", ...files] },
    {
      name: "postgres-language-server",
      command: join(bin, "postgres-language-server"),
      arguments: (_root, files) => ["check", "--max-diagnostics", "100", ...files],
    },
  ];
  const projects = corpora().flatMap((corpus) => (corpus.sqlFiles.length === 0 ? [] : [copied(corpus, join(folder, "check"))]));
  const small = smallest(join(folder, "check"));
  const startUps = tools.map((tool) => timed(tool, small.folder, small.files));
  const totals = tools.map(() => 0);
  const rows: Row[] = [];
  let statements = 0;
  for (const project of projects) {
    const times = tools.map((tool) => timed(tool, project.folder, project.files));
    statements += project.statements;
    for (const [i, time] of times.entries()) totals[i] = (totals[i] ?? 0) + time;
    if (project.statements >= largeHistory) rows.push(...rowsOf(`check ${project.id}`, project.statements, tools, times, startUps, 1));
  }
  rows.push(...rowsOf(`check all ${projects.length} SQL corpora`, statements, tools, totals, startUps, projects.length));
  return rows;
}

interface Project {
  readonly id: string;
  readonly folder: string;
  readonly files: readonly string[];
  readonly statements: number;
}

function copied(corpus: Corpus, root: string): Project {
  const folder = join(root, corpus.id);
  let statements = 0;
  const files = corpus.sqlFiles.map((file, i) => {
    // Numbered files are a history to all three.
    const name =
      corpus.sqlFiles.length === 1 ? "schema.sql" : `${String(i + 1).padStart(5, "0")}_${basename(dirname(file))}_${basename(file)}`;
    const target = join(folder, corpus.sqlFiles.length === 1 ? "" : "migrations", name);
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(corpus.folder, file), target);
    statements += parseSql("file:///a.sql", readFileSync(target, "utf8")).statements.length;
    return target;
  });
  return { id: corpus.id, folder, files, statements };
}

function smallest(root: string): { readonly folder: string; readonly files: readonly string[] } {
  const folder = join(root, "one-statement");
  const file = join(folder, "schema.sql");
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, "CREATE TABLE account (id bigint PRIMARY KEY);\n");
  return { folder, files: [file] };
}

/** Milliseconds, median. */
function timed(tool: Tool, folder: string, files: readonly string[]): number {
  const times = Array.from({ length: runs }, () => {
    const start = performance.now();
    const { status, signal, error } = spawnSync(tool.command, tool.arguments(folder, files), { cwd: folder, maxBuffer: 2 ** 28 });
    if (error !== undefined || signal !== null || (status ?? 2) > 1)
      throw new Error(`${tool.name} broke off on ${folder}: ${error?.message ?? signal ?? `exit code ${status}`}.`);
    return performance.now() - start;
  });
  return summarize(times).median;
}

function rowsOf(
  what: string,
  statements: number,
  tools: readonly Tool[],
  times: readonly number[],
  startUps: readonly number[],
  starts: number,
): readonly Row[] {
  const rate = (i: number, isStartUpCounted: boolean): number =>
    statements / (Math.max(1, (times[i] ?? 0) - (isStartUpCounted ? 0 : (startUps[i] ?? 0) * starts)) / 1000);
  return [true, false].flatMap((isStartUpCounted) =>
    tools.slice(1).map((tool, i) => ({
      what: `${what}, ${statements.toLocaleString("en")} statements, start-up ${isStartUpCounted ? "included" : "excluded"}: statements a second (peer: ${tool.name})`,
      ours: round(rate(0, isStartUpCounted)),
      peer: round(rate(i + 1, isStartUpCounted)),
      ratio: (rate(0, isStartUpCounted) / rate(i + 1, isStartUpCounted)).toFixed(2),
    })),
  );
}
