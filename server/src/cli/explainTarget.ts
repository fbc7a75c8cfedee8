/** The query that `file.sql:12` or `contacts.ts:40` names, with numbered parameters, and the way back to the file for what is said about it. */
import { resolve } from "node:path";
import { uriOfPath } from "../prisma/fileUris.ts";
import { isProgram, queriesIn, type Query, queryAt, type QueryDocument } from "../sql/queries/query.ts";
import type { FileHost } from "../text/fileHost.ts";
import { LineIndex } from "../text/lineIndex.ts";

export interface ExplainTarget {
  /** Absolute. */
  readonly path: string;
  /** Line of the query's beginning, from 1. */
  readonly line: number;
  /** As it stands in the file. */
  readonly text: string;
  readonly query: Query;
  /** `12:5`, from 1, of an offset in `query.text`. */
  placeOf(offset: number): string;
}

export type FoundTarget = { readonly ok: true; readonly target: ExplainTarget } | { readonly ok: false; readonly reason: string };

export function explainTarget(given: string, folder: string, host: FileHost): FoundTarget {
  const named = namedPlace(given, folder, host);
  const path = resolve(folder, named.file);
  const read = host.readText(path);
  if (!read.ok) return no(`${path} cannot be read: ${read.reason}.`);
  if (read.text.includes("\0")) return no(`${named.file} holds NUL characters, as UTF-16 without its mark does: save it as UTF-8.`);
  // Editors do not count the mark that some write first.
  const text = read.text.replace(/^\ufeff/, "");
  const lines = new LineIndex(text);
  // A file of another name is taken for SQL.
  const document = { uri: uriOfPath(path), text, language: isProgram(path) ? undefined : ("sql" as const) };
  const queries = queriesIn(document);
  const what = isProgram(path) ? "query" : "statement";
  const chosen = named.line === undefined ? onlyOne(queries, what, named.file) : (onLine(queries, named.line - 1, lines) ?? underComment(document, named.line - 1, lines) ?? `there is no ${what} on line ${named.line}.`);
  if (typeof chosen === "string") return no(`${named.file}: ${chosen}`);
  const { start, end } = chosen.span;
  const placeOf = (offset: number): string => {
    const { line, character } = lines.position(chosen.placeOf(offset));
    return `${line + 1}:${character + 1}`;
  };
  return { ok: true, target: { path, line: lines.position(start).line + 1, text: text.slice(start, end), query: chosen, placeOf } };
}

/** A file of that very name wins over a line. */
export function namedPlace(given: string, folder: string, host: FileHost): { readonly file: string; readonly line: number | undefined } {
  const found = /^(.+?):(\d+)(?::\d+)?$/.exec(given);
  if (found?.[1] === undefined || host.stat(resolve(folder, given)) === "file") return { file: given, line: undefined };
  return { file: found[1], line: Number(found[2]) };
}

function onlyOne(queries: readonly Query[], what: string, file: string): Query | string {
  const [first, another] = queries;
  if (first === undefined) return `there is no ${what} in it.`;
  if (another === undefined) return first;
  return `there are ${queries.length} ${what === "query" ? "queries" : "statements"} in it: say which by a line, as in ${file}:12.`;
}

/** The first that has a part on the line. */
function onLine(queries: readonly Query[], line: number, lines: LineIndex): Query | undefined {
  const lineOf = (offset: number): number => lines.position(offset).line;
  return queries.find(({ span }) => lineOf(span.start) <= line && line <= lineOf(span.end));
}

/** The statement below the comment on a line. */
function underComment(document: QueryDocument, line: number, lines: LineIndex): Query | undefined {
  const { text } = document;
  if (line < 0 || line > lines.position(text.length).line) return undefined;
  const start = lines.offset({ line, character: 0 });
  const end = text.indexOf("\n", start);
  const comment = /^\s*(?:--|\/\*|\*)/.exec(text.slice(start, end < 0 ? text.length : end));
  return comment === null ? undefined : queryAt(document, start + comment[0].length);
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
