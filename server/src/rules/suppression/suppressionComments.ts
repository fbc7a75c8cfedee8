/**
 * Comments that suppress findings, as text: `database-architect-ignore rule-id[, rule-id]: reason` directly above an
 * element or at the end of its line, and `database-architect-ignore-file rule-id[, rule-id]: reason` for a whole file.
 */
import type { LineIndex } from "../../text/lineIndex.ts";
import type { Span } from "../../text/span.ts";
import { languageOf, lineComments } from "./lineComments.ts";

export const suppressionWord = "database-architect-ignore";

/** What stands for a reason until somebody writes one. */
export const reasonPlaceholder = "TODO: say why";

export interface SuppressionComment {
  readonly uri: string;
  /** From the comment's marker to the end of the line. */
  readonly span: Span;
  /** What to delete to be rid of it: the line when it stands alone, else the blanks before it too. */
  readonly removal: Span;
  readonly scope: "file" | "element";
  /** Zero-based line whose elements it suppresses; undefined when it stands above nothing, or for a file. */
  readonly line: number | undefined;
  readonly rules: readonly SuppressedRule[];
  /** Undefined when none is given, or only the placeholder. */
  readonly reason: string | undefined;
}

export interface SuppressedRule {
  readonly id: string;
  readonly span: Span;
  /** What to delete to name this rule no longer, its comma included. */
  readonly removal: Span;
}

/** In the order of the text. Costs next to nothing in a text without any. */
export function suppressionComments(uri: string, text: string, lines: () => LineIndex): readonly SuppressionComment[] {
  if (!text.includes(suppressionWord)) return [];
  const found: SuppressionComment[] = [];
  const comments = lineComments(text, languageOf(uri));
  const commentLines = new Map<number, Span>();
  for (const comment of comments) {
    const { line } = lines().position(comment.start);
    if (isBlank(text.slice(lines().offset({ line, character: 0 }), comment.start))) commentLines.set(line, comment);
  }
  for (const comment of comments) {
    const match = pattern.exec(text.slice(comment.start, comment.end));
    if (match === null) continue;
    const [whole, opening = "", ofFile, list = ""] = match;
    const own = lines().position(comment.start).line;
    const standsAlone = commentLines.get(own) === comment;
    const isOfFile = ofFile !== undefined;
    found.push({
      uri,
      span: comment,
      removal: standsAlone ? wholeLine(lines(), own) : { start: startOfBlanks(text, comment.start), end: comment.end },
      scope: isOfFile ? "file" : "element",
      line: isOfFile ? undefined : standsAlone ? lineBelow(text, lines(), own, commentLines) : own,
      rules: rulesIn(list, comment.start + opening.length),
      reason: reasonIn(text.slice(comment.start + whole.length, comment.end)),
    });
  }
  return found;
}

/** The marker, the word, whether it is for the file, the rules; the reason follows. */
const pattern = /^((?:\/\/+|--+)\s*database-architect-ignore(-file)?(?![\w-])\s*)([^:]*)/;

function rulesIn(list: string, start: number): readonly SuppressedRule[] {
  const names = [...list.matchAll(/[^\s,]+/g)];
  return names.map((name, i) => {
    const at = { start: start + name.index, end: start + name.index + name[0].length };
    const next = names[i + 1];
    const previous = names[i - 1];
    const removal =
      next !== undefined
        ? { start: at.start, end: start + next.index }
        : { start: previous === undefined ? at.start : start + previous.index + previous[0].length, end: at.end };
    return { id: name[0], span: at, removal };
  });
}

function reasonIn(rest: string): string | undefined {
  const reason = rest.replace(/^:/, "").trim();
  return reason === "" || reason.startsWith("TODO") ? undefined : reason;
}

/** The first line below that is no comment; undefined when that line is empty. */
function lineBelow(text: string, lines: LineIndex, own: number, commentLines: ReadonlyMap<number, Span>): number | undefined {
  let line = own + 1;
  while (commentLines.has(line)) line += 1;
  const { start, end } = wholeLine(lines, line);
  return line >= lines.lineCount || isBlank(text.slice(start, end)) ? undefined : line;
}

function wholeLine(lines: LineIndex, line: number): Span {
  return { start: lines.offset({ line, character: 0 }), end: lines.offset({ line: line + 1, character: 0 }) };
}

function startOfBlanks(text: string, end: number): number {
  let at = end;
  while (at > 0 && (text[at - 1] === " " || text[at - 1] === "\t")) at -= 1;
  return at;
}

function isBlank(text: string): boolean {
  return text.trim() === "";
}
