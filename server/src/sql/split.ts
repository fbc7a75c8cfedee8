/**
 * Cuts a text into statements as psql does, in one pass, and never fails: quotes, dollar quotes, nested comments,
 * BEGIN ATOMIC bodies, backslash commands and COPY data. What a half-typed statement swallowed is found by `recover.ts`.
 */
import type { Span } from "../text/span.ts";
import {
  backslash,
  byteOrderMark,
  closeParenthesis,
  endOfBlockComment,
  endOfLineComment,
  endOfLiteral,
  endOfWord,
  isDigit,
  isSpace,
  isWord,
  newline,
  openParenthesis,
  opensBlockComment,
  opensLineComment,
  semicolon,
  startOfNextLine,
  startsWord,
  unclosed,
} from "./lexer.ts";
import { isMigrationMarker } from "./sections.ts";

export interface Piece {
  readonly kind: "sql" | "meta";
  /** The first token. */
  readonly start: number;
  /** After the last token, without the semicolon. */
  readonly end: number;
  /** Where the next piece is looked for. */
  readonly next: number;
  /** Words, literals and punctuation, roughly: a measure of how long parsing takes. */
  readonly tokens: number;
  /** In lower case; empty when the piece starts with something else. */
  readonly firstWord: string;
  /** Where a quote or comment opens that runs to the end of the text. */
  readonly unclosedAt: number | undefined;
  /** The comments directly above, with their markers. */
  readonly comment: Span | undefined;
}

/** The first piece at or after `from`, which stands outside of quotes and comments; undefined when there is none. */
export function nextPiece(text: string, from: number): Piece | undefined {
  const { start, comment, unclosedAt } = skipToFirstToken(text, from);
  if (unclosedAt !== undefined) return piece(text, start, { unclosedAt });
  if (start >= text.length) return undefined;
  if (text.charCodeAt(start) === backslash) return metaCommand(text, start);
  return statement(text, start, comment);
}

function piece(text: string, start: number, more: Partial<Piece>): Piece {
  const end = more.end ?? text.length;
  return { kind: "sql", start, end, next: end, tokens: 1, firstWord: "", unclosedAt: undefined, comment: undefined, ...more };
}

/** A psql command takes the rest of its line. */
function metaCommand(text: string, start: number): Piece {
  const next = startOfNextLine(text, start);
  let end = next;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return piece(text, start, { kind: "meta", end, next });
}

interface Gap {
  readonly start: number;
  readonly comment: Span | undefined;
  readonly unclosedAt: number | undefined;
}

/** Skips white space, comments and empty statements, and keeps the comments that stand directly above what follows. */
function skipToFirstToken(text: string, from: number): Gap {
  let at = from;
  let breaks = from === 0 ? 1 : 0;
  let comment: Span | undefined;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === newline) {
      if (++breaks > 1) comment = undefined;
      at++;
    } else if (isSpace(code) || code === byteOrderMark) at++;
    else if (code === semicolon) {
      comment = undefined;
      breaks = 0;
      at++;
    } else if (opensLineComment(text, at) || opensBlockComment(text, at)) {
      const end = opensLineComment(text, at) ? endOfLineComment(text, at) : endOfBlockComment(text, at);
      if (end === unclosed) return { start: at, comment: undefined, unclosedAt: at };
      // A comment on the line where the statement before ends speaks of that one.
      if (comment !== undefined || breaks > 0) comment = { start: comment?.start ?? at, end };
      breaks = 0;
      at = end;
    } else break;
  }
  return { start: at, comment, unclosedAt: undefined };
}

/** The statement that starts at `start`: up to a semicolon, a backslash command, a migration tool's marker, or the end. */
function statement(text: string, start: number, comment: Span | undefined): Piece {
  const words = new StatementWords();
  let at = start;
  let end = start;
  let tokens = 0;
  let depth = 0;
  let unclosedAt: number | undefined;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (isSpace(code)) {
      at++;
      continue;
    }
    if (code === semicolon && !words.isInsideBody(depth)) break;
    if (code === backslash) return piece(text, start, { end, next: at, tokens, firstWord: words.first, comment });
    let after = endOfLiteral(text, at);
    if (after !== undefined) {
      // Nothing in it counts.
    } else if (startsWord(code)) {
      after = endOfWord(text, at);
      words.see(text, at, after);
    } else if (isDigit(code)) after = endOfWord(text, at);
    else if (opensLineComment(text, at)) {
      const lineEnd = endOfLineComment(text, at);
      if (isMigrationMarker(text, at, lineEnd)) return piece(text, start, { end, next: at, tokens, firstWord: words.first, comment });
      at = lineEnd;
      continue;
    } else if (opensBlockComment(text, at)) {
      after = endOfBlockComment(text, at);
      if (after !== unclosed) {
        at = after;
        continue;
      }
    } else {
      if (code === openParenthesis) depth++;
      else if (code === closeParenthesis) depth--;
      after = at + 1;
    }
    tokens++;
    if (after === unclosed) {
      unclosedAt = at;
      after = text.length;
    }
    at = after;
    end = after;
  }
  const next = words.isCopyFromStdin ? endOfCopyData(text, at) : Math.min(at + 1, text.length);
  return piece(text, start, { end, next, tokens, firstWord: words.first, unclosedAt, comment });
}

/** What single words of a statement mean for where it ends. */
class StatementWords {
  first = "";
  #count = 0;
  #isCreate = false;
  #isCopy = false;
  #isRule = false;
  #previous: "begin" | "from" | undefined;
  #isAtomic = false;
  #openCases = 0;
  #readsStdin = false;

  see(text: string, start: number, end: number): void {
    if (this.#count++ === 0) {
      this.first = text.slice(start, end).toLowerCase();
      this.#isCreate = this.first === "create";
      this.#isCopy = this.first === "copy";
    } else if (this.#isCreate) this.#seeInCreate(text, start, end);
    else if (this.#isCopy) {
      if (this.#previous === "from" && isWord(text, start, end, "stdin")) this.#readsStdin = true;
      this.#previous = isWord(text, start, end, "from") ? "from" : undefined;
    }
  }

  #seeInCreate(text: string, start: number, end: number): void {
    if (this.#isAtomic) {
      if (isWord(text, start, end, "case")) this.#openCases++;
      else if (isWord(text, start, end, "end") && --this.#openCases < 0) this.#isAtomic = false;
    } else if (this.#previous === "begin" && isWord(text, start, end, "atomic")) {
      this.#isAtomic = true;
      this.#openCases = 0;
    } else if (this.#count <= 4 && isWord(text, start, end, "rule")) this.#isRule = true;
    this.#previous = isWord(text, start, end, "begin") ? "begin" : undefined;
  }

  /**
   * Whether a semicolon is part of the statement: in a BEGIN ATOMIC body and between the parentheses of CREATE RULE.
   * Nowhere else: PostgreSQL would refuse it, so an unclosed parenthesis ends there and spares what follows.
   */
  isInsideBody(depth: number): boolean {
    return this.#isAtomic || (this.#isRule && depth > 0);
  }

  get isCopyFromStdin(): boolean {
    return this.#readsStdin;
  }
}

/** COPY … FROM stdin is followed by data, from the next line to a line `\.`; without that line there are none. */
function endOfCopyData(text: string, semicolonAt: number): number {
  const start = startOfNextLine(text, semicolonAt);
  for (let at = start; at < text.length; ) {
    const next = startOfNextLine(text, at);
    if (text.startsWith("\\.", at) && text.slice(at, next).trimEnd() === "\\.") return next;
    at = next;
  }
  return Math.min(semicolonAt + 1, text.length);
}
