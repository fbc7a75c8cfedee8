/** The statement that `file.sql:12` names, with numbered parameters, and the way back to the file for what is said about it. */
import { resolve } from "node:path";
import { type NumberedQuery, numberedParameters } from "../sql/placeholders.ts";
import { nextPiece, type Piece } from "../sql/split.ts";
import type { FileHost } from "../text/fileHost.ts";
import { LineIndex } from "../text/lineIndex.ts";

export interface ExplainTarget {
  /** Absolute. */
  readonly path: string;
  /** Line of the statement's beginning, from 1. */
  readonly line: number;
  /** As it stands in the file. */
  readonly text: string;
  readonly query: NumberedQuery;
  /** `12:5`, from 1, of an offset in `query.text`. */
  placeOf(offset: number): string;
}

export type FoundTarget = { readonly ok: true; readonly target: ExplainTarget } | { readonly ok: false; readonly reason: string };

export function explainTarget(given: string, folder: string, host: FileHost): FoundTarget {
  const named = namedPlace(given, folder, host);
  const path = resolve(folder, named.file);
  const read = host.readText(path);
  if (!read.ok) return no(`${path} cannot be read: ${read.reason}.`);
  const lines = new LineIndex(read.text);
  const pieces = [...statements(read.text)];
  const chosen = named.line === undefined ? onlyOne(pieces) : under(pieces, named.line - 1, lines);
  if (typeof chosen === "string") return no(`${named.file}: ${chosen}`);
  const text = read.text.slice(chosen.start, chosen.end);
  const query = numberedParameters(text);
  const placeOf = (offset: number): string => {
    const { line, character } = lines.position(chosen.start + query.sourceOffset(offset));
    return `${line + 1}:${character + 1}`;
  };
  return { ok: true, target: { path, line: lines.position(chosen.start).line + 1, text, query, placeOf } };
}

/** A file of that very name wins over a line. */
function namedPlace(given: string, folder: string, host: FileHost): { readonly file: string; readonly line: number | undefined } {
  const found = /^(.+?):(\d+)(?::\d+)?$/.exec(given);
  if (found?.[1] === undefined || host.stat(resolve(folder, given)) === "file") return { file: given, line: undefined };
  return { file: found[1], line: Number(found[2]) };
}

function* statements(text: string): Generator<Piece> {
  for (let piece = nextPiece(text, 0); piece !== undefined; piece = nextPiece(text, piece.next)) if (piece.kind === "sql") yield piece;
}

function onlyOne(pieces: readonly Piece[]): Piece | string {
  const [first, another] = pieces;
  if (first === undefined) return "there is no statement in it.";
  return another === undefined ? first : `there are ${pieces.length} statements in it: say which by a line, as in file.sql:12.`;
}

/** The statement on the line, or under the comment there. */
function under(pieces: readonly Piece[], line: number, lines: LineIndex): Piece | string {
  const lineOf = (offset: number): number => lines.position(offset).line;
  const found = pieces.find(({ start, end, comment }) => lineOf(comment?.start ?? start) <= line && line <= lineOf(end));
  return found ?? `there is no statement on line ${line + 1}.`;
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
