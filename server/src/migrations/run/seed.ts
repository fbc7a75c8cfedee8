/**
 * The seed of a project: the command that its Prisma configuration or package.json names, or Supabase's seed.sql. Finding it
 * runs nothing; running it is running the workspace's own code, which nobody does but on an explicit command.
 */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import process from "node:process";
import { readPrismaConfig } from "../../prisma/readConfig.ts";
import { uriOfPath } from "../../prisma/fileUris.ts";
import { parseSql } from "../../sql/parse.ts";
import type { FileHost } from "../../text/fileHost.ts";
import { lineOf } from "../history.ts";
import { lockedTarget, type Watching } from "./run.ts";
import type { Answer, RunContext } from "./runContext.ts";

export type Seed =
  | { readonly kind: "command"; /** As it is stated. */ readonly command: string; readonly folder: string; /** The file that states it. */ readonly statedIn: string }
  | { readonly kind: "sql"; readonly path: string };

/** `folders`: where to look, nearest first; `configFile`: of Prisma, where there is one. */
export function findSeed(folders: readonly string[], configFile: string | undefined, historyRoot: string, host: FileHost): Seed | undefined {
  if (configFile !== undefined) {
    const read = host.readText(configFile);
    const command = read.ok ? readPrismaConfig(configFile, read.text).seed : undefined;
    if (command !== undefined && command.trim() !== "") return { kind: "command", command, folder: dirname(configFile), statedIn: configFile };
  }
  for (const folder of folders) {
    const path = join(folder, "package.json");
    const read = host.readText(path);
    const command = read.ok ? seedIn(read.text) : undefined;
    if (command !== undefined) return { kind: "command", command, folder, statedIn: path };
  }
  const sql = join(dirname(historyRoot), "seed.sql");
  return host.stat(sql) === "file" ? { kind: "sql", path: sql } : undefined;
}

/** Undefined where it cannot be taken apart: a command is started without a shell, so that nothing in it has a second meaning. */
export function wordsOf(command: string): readonly string[] | undefined {
  if (/[|&;<>`$\n]/.test(command.replaceAll(/'[^']*'/g, ""))) return undefined;
  const words = [...command.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, "$1$2"));
  return words.length === 0 || /["']/.test(words.join("")) ? undefined : words;
}

/** Starts the command with the database in DATABASE_URL; its exit code. `write` gets what it says. */
export function runSeedCommand(seed: Extract<Seed, { kind: "command" }>, more: readonly string[], url: string, write: (text: string) => void, signal?: AbortSignal): Promise<Answer<number>> {
  const words = wordsOf(seed.command);
  const [program, ...given] = words ?? [];
  if (program === undefined) return Promise.resolve({ ok: false, reason: `The seed command ${JSON.stringify(seed.command)} of ${seed.statedIn} needs a shell: put it into a script, and name that.` });
  const separator = process.platform === "win32" ? ";" : ":";
  const path = [join(seed.folder, "node_modules", ".bin"), process.env["PATH"] ?? ""].join(separator);
  return new Promise((resolve) => {
    const child = spawn(program, [...given, ...more], { cwd: seed.folder, env: { ...process.env, PATH: path, DATABASE_URL: url }, stdio: ["ignore", "pipe", "pipe"], ...(signal === undefined ? {} : { signal }) });
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => write(text));
    child.once("error", (error) => resolve({ ok: false, reason: `The seed command ${JSON.stringify(seed.command)} of ${seed.statedIn} did not start: ${error.message}` }));
    child.once("close", (code, killed) => resolve({ ok: true, value: code ?? (killed === null ? 1 : 130) }));
  });
}

/** All of it or nothing. */
export function runSeedSql(context: RunContext, { path }: Extract<Seed, { kind: "sql" }>, host: FileHost, watching: Watching = {}): Promise<Answer<number>> {
  const read = host.readText(path);
  if (!read.ok) return Promise.resolve({ ok: false, reason: `${path} cannot be read: ${read.reason}.` });
  const file = parseSql(uriOfPath(path), read.text);
  return lockedTarget<number>(context, watching, async ({ session }, send) => {
    await session.send("BEGIN");
    for (const [index, statement] of file.statements.entries()) {
      const line = lineOf(file, statement.span.start);
      watching.onEvent?.({ kind: "statement", migration: path, direction: "up", index, statements: file.statements.length, line, text: statement.text });
      try {
        await send(statement.text, (holders) => watching.onEvent?.({ kind: "blocked", migration: path, line, holders }));
      } catch (error) {
        await session.send("ROLLBACK").catch(() => undefined);
        return { ok: false, reason: `${path}:${line} ${error instanceof Error ? error.message.replace(/^PostgreSQL refuses it: /, "") : String(error)}. Nothing was changed.` };
      }
    }
    await session.send("COMMIT");
    return { ok: true, value: 0 };
  });
}

function seedIn(text: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(text);
    const prisma: unknown = typeof manifest === "object" && manifest !== null ? Reflect.get(manifest, "prisma") : undefined;
    const seed: unknown = typeof prisma === "object" && prisma !== null ? Reflect.get(prisma, "seed") : undefined;
    return typeof seed === "string" && seed.trim() !== "" ? seed : undefined;
  } catch {
    return undefined;
  }
}
