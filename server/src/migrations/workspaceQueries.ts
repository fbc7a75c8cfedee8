/** The queries that people have written beside a history: in SQL files, TypedSQL, templates and strings of programs. */
import { basename, join, relative } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { uriOfPath } from "../prisma/fileUris.ts";
import { isProgram, queriesIn } from "../sql/queries/query.ts";
import type { FileHost } from "../text/fileHost.ts";
import { LineIndex } from "../text/lineIndex.ts";
import type { KnownQuery } from "./clients.ts";

/** Folders in which nobody writes queries by hand. */
const skipped: ReadonlySet<string> = new Set(["node_modules", "dist", "build", "out", "coverage", "generated", "migrations"]);
const mostFiles = 3000;
const mostQueries = 2000;

/** `root`: absolute; what lies in `except` is left out. What rows are made of is asked, so statements that define something are not among them. */
export async function workspaceQueries(root: string, except: string, host: FileHost, signal?: AbortSignal): Promise<readonly KnownQuery[]> {
  const found: KnownQuery[] = [];
  for (const path of queryFiles(root, except, host)) {
    await turn(); // for the editor's other questions
    if (signal?.aborted === true) return found;
    const read = host.readText(path);
    if (!read.ok) continue;
    const lines = new LineIndex(read.text);
    for (const { text, span, gap } of queriesIn({ uri: uriOfPath(path), text: read.text })) {
      if (gap !== undefined || !/^\s*(?:--[^\n]*\n\s*)*(?:select|insert|update|delete|with|merge|values)\b/i.test(text)) continue;
      found.push({ name: `${relative(root, path)}:${lines.position(span.start).line + 1}`, text });
      if (found.length >= mostQueries) return found;
    }
  }
  return found;
}

/** Where people write queries: SQL files and programs, absolute, in the order of their names. */
export function queryFiles(root: string, except: string, host: FileHost): readonly string[] {
  const paths: string[] = [];
  const waiting = [root];
  for (let folder = waiting.pop(); folder !== undefined && paths.length < mostFiles; folder = waiting.pop()) {
    for (const { name, kind } of host.list(folder) ?? []) {
      const path = join(folder, name);
      if (kind === "folder" && path !== except && !skipped.has(name) && !name.startsWith(".")) waiting.push(path);
      if (kind === "file" && (/\.sql$/i.test(name) || isProgram(basename(path)))) paths.push(path);
    }
  }
  return paths.sort();
}
