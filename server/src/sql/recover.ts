/**
 * Finds where a half-typed statement swallowed the next one. An unclosed quote or a missing semicolon makes one piece of
 * several statements; people part statements by a blank line, so a piece that PostgreSQL refuses is cut at a blank line
 * that a statement's first word follows.
 */
import {
  closeParenthesis,
  dollar,
  endOfBlockComment,
  endOfLineComment,
  endOfLiteral,
  endOfWord,
  isSpace,
  newline,
  openParenthesis,
  opensBlockComment,
  opensLineComment,
  startOfNextLine,
  startsWord,
  unclosed,
} from "./lexer.ts";
import type { Piece } from "./split.ts";

const definitionWords: ReadonlySet<string> = new Set(["create", "alter", "drop", "comment", "grant", "revoke", "do"]);
const statementWords: ReadonlySet<string> = new Set([
  ...definitionWords,
  ...["select", "with", "insert", "update", "delete", "merge", "begin", "commit", "rollback", "explain", "truncate", "set", "call"],
  ...["analyze", "vacuum", "refresh", "reindex", "lock", "copy"],
]);

export interface Cut {
  /** After the last token before the cut. */
  readonly end: number;
  /** Where the next statement is looked for. */
  readonly next: number;
  /** As `Piece.tokens`, of what stands before the cut. */
  readonly tokens: number;
}

/**
 * The first place where `piece`, which does not parse, holds the beginning of another statement. `errorAt` is where
 * PostgreSQL gave up: a quote is searched only when it stands before that, and so may have opened too early.
 */
export function recoveryCut(text: string, piece: Piece, errorAt: number): Cut | undefined {
  let at = piece.start;
  let end = piece.start;
  let depth = 0;
  let tokens = 0;
  while (at < piece.end) {
    const code = text.charCodeAt(at);
    if (code === newline) {
      const gap = gapAt(text, at, piece.end);
      if (tokens > 0 && startsStatement(text, gap, statementWords, depth > 0)) return { end, next: at, tokens };
      at = gap.end;
      continue;
    }
    if (isSpace(code)) {
      at++;
      continue;
    }
    if (opensLineComment(text, at)) {
      at = endOfLineComment(text, at);
      continue;
    }
    const quote = quoteAt(text, at);
    if (quote === undefined) {
      if (code === openParenthesis) depth++;
      else if (code === closeParenthesis) depth--;
      at = end = startsWord(code) ? endOfWord(text, at) : at + 1;
      tokens++;
      continue;
    }
    const limit = quote.end === unclosed ? piece.end : quote.end;
    const inside = cutInside(text, at, limit, quote, errorAt);
    if (inside !== undefined) return { ...inside, tokens: tokens + 1 };
    at = limit;
    if (quote.kind === "comment") continue;
    end = limit;
    tokens++;
  }
  return undefined;
}

interface Quote {
  readonly kind: "string" | "dollar" | "comment";
  readonly end: number;
}

/** The quote or block comment that opens at `at`. */
function quoteAt(text: string, at: number): Quote | undefined {
  if (opensBlockComment(text, at)) return { kind: "comment", end: endOfBlockComment(text, at) };
  const end = endOfLiteral(text, at);
  return end === undefined ? undefined : { kind: text.charCodeAt(at) === dollar ? "dollar" : "string", end };
}

/**
 * The first blank line in the quote `[start, limit)` with the beginning of a statement at the beginning of the line that
 * follows. A dollar quote that closes may be a function's body: there only definitions count.
 */
function cutInside(text: string, start: number, limit: number, quote: Quote, errorAt: number): Omit<Cut, "tokens"> | undefined {
  const isOpen = quote.end === unclosed;
  if (!isOpen && quote.kind === "comment") return undefined;
  const words = quote.kind === "dollar" && !isOpen ? definitionWords : statementWords;
  const last = isOpen ? limit : Math.min(limit, errorAt);
  let at = text.indexOf("\n", start);
  while (at >= 0 && at < last) {
    const gap = gapAt(text, at, last);
    if (startsStatement(text, gap, words, true)) return { end: trimEnd(text, start, at), next: at };
    at = text.indexOf("\n", gap.end);
  }
  return undefined;
}

function trimEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

interface Gap {
  /** The first character that is neither white space nor, after a blank line, in a `--` comment. */
  readonly end: number;
  readonly lineStart: number;
  readonly hasBlankLine: boolean;
}

/** The gap that the line break at `at` begins. */
function gapAt(text: string, at: number, limit: number): Gap {
  let hasBlankLine = false;
  let lineStart = at + 1;
  let end = lineStart;
  while (end < limit) {
    const code = text.charCodeAt(end);
    if (code === newline) {
      hasBlankLine = true;
      lineStart = ++end;
    } else if (isSpace(code)) end++;
    else if (hasBlankLine && opensLineComment(text, end)) lineStart = end = Math.min(startOfNextLine(text, end), limit);
    else break;
  }
  return { end, lineStart, hasBlankLine };
}

/** Whether a blank line and then one of `words` follow; `atLineStart` allows no indentation. */
function startsStatement(text: string, gap: Gap, words: ReadonlySet<string>, atLineStart: boolean): boolean {
  if (!gap.hasBlankLine || (atLineStart && gap.end !== gap.lineStart) || !startsWord(text.charCodeAt(gap.end))) return false;
  return words.has(text.slice(gap.end, Math.min(endOfWord(text, gap.end), gap.end + 12)).toLowerCase());
}
