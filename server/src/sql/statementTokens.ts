/**
 * Tokens of one statement. PostgreSQL's parse tree tells where a thing starts, never where it ends: the end of a name,
 * a clause or a list item is found here. Linear in the text; never throws, broken text only gives odd tokens.
 */
import { doubleQuote, endOfBlockComment, endOfLineComment, endOfLiteral, endOfQuotedName, endOfString, endOfWord, isDigit, isSpace, singleQuote, startsWord, unclosed } from "./lexer.ts";

export class Tokens {
  readonly text: string;
  readonly count: number;
  readonly #starts: readonly number[];
  readonly #ends: readonly number[];
  /** For an opening parenthesis or bracket the token that closes it; otherwise -1. */
  readonly #closing: ReadonlyMap<number, number>;

  constructor(text: string) {
    const starts: number[] = [];
    const ends: number[] = [];
    const closing = new Map<number, number>();
    const open: number[] = [];
    let at = skipBlank(text, 0);
    while (at < text.length) {
      const end = tokenEnd(text, at);
      const first = text[at];
      if (first === "(" || first === "[") open.push(starts.length);
      else if (first === ")" || first === "]") {
        const opener = open.pop();
        if (opener !== undefined) closing.set(opener, starts.length);
      }
      starts.push(at);
      ends.push(end);
      at = skipBlank(text, end);
    }
    this.text = text;
    this.count = starts.length;
    this.#starts = starts;
    this.#ends = ends;
    this.#closing = closing;
  }

  /** UTF-16 offset where the token starts; the text's end when there is no such token. */
  start(token: number): number {
    return this.#starts[token] ?? this.text.length;
  }

  /** UTF-16 offset behind the token. */
  end(token: number): number {
    return this.#ends[token] ?? this.text.length;
  }

  /** The token as written; empty when there is none. */
  textOf(token: number): string {
    return this.text.slice(this.start(token), this.end(token));
  }

  /** The first token that ends behind `offset`: the one that holds it, or the next. */
  at(offset: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ends[middle] ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Whether the tokens from `token` on are these keywords or symbols, given in upper case. */
  is(token: number, ...words: readonly string[]): boolean {
    return words.every((word, i) => this.#isWord(token + i, word));
  }

  #isWord(token: number, word: string): boolean {
    const start = this.start(token);
    return this.end(token) - start === word.length && (this.text.startsWith(word, start) || this.textOf(token).toUpperCase() === word);
  }

  /** The token that closes the parenthesis at `token`; the last token when nothing does. */
  closing(token: number): number {
    return this.#closing.get(token) ?? this.count - 1;
  }

  /** The token behind `token`, stepping over everything inside a parenthesis that opens there. */
  next(token: number): number {
    return (this.#closing.get(token) ?? token) + 1;
  }

  /** The first token from `from` on, outside further parentheses, that starts these words; undefined when `until` (exclusive) comes first. */
  find(from: number, until: number, ...words: readonly string[]): number | undefined {
    for (let token = from; token < until; token = this.next(token)) {
      if (this.is(token, ...words)) return token;
    }
    return undefined;
  }

  /** The token behind the list item that starts at `token`: a comma, a closing parenthesis, or the end of the text. */
  itemEnd(token: number): number {
    let current = token;
    while (current < this.count && !this.is(current, ",") && !this.is(current, ")") && !this.is(current, "]")) current = this.next(current);
    return current;
  }

  /** The token behind a possibly qualified name that starts at `token`: `a`, `a.b`, `"a"."b".*`. */
  nameEnd(token: number): number {
    let current = token + 1;
    while (this.is(current, ".")) current += 2;
    return current;
  }
}

/** Behind white space and comments. */
function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    if (text.startsWith("--", at)) at = endOfLineComment(text, at);
    else if (text.startsWith("/*", at)) at = orEnd(endOfBlockComment(text, at), text);
    else return at;
  }
}

const number = /(?:\d[\w.]*|\.\d[\w.]*)(?:(?<=[eE])[+-]\d+)?/y;

function tokenEnd(text: string, at: number): number {
  const code = text.charCodeAt(at);
  const literal = endOfLiteral(text, at);
  if (literal !== undefined) return orEnd(literal, text);
  if (startsWord(code)) return wordEnd(text, at);
  number.lastIndex = at;
  return isDigit(code) || code === dot ? at + (number.exec(text)?.[0].length ?? 1) : at + 1;
}

const dot = 46;

/** A keyword or a name, or a string or quoted name with a prefix that changes nothing about where it ends: B, X, N and U&. */
function wordEnd(text: string, at: number): number {
  const end = endOfWord(text, at);
  const next = text.charCodeAt(end);
  if (end - at > 1) return end;
  const prefix = text.slice(at, end).toLowerCase();
  if (next === singleQuote) return "bxn".includes(prefix) ? orEnd(endOfString(text, end), text) : end;
  if (prefix !== "u" || text[end] !== "&") return end;
  const quote = text.charCodeAt(end + 1);
  if (quote === singleQuote) return orEnd(endOfString(text, end + 1), text);
  return quote === doubleQuote ? orEnd(endOfQuotedName(text, end + 1), text) : end;
}

function orEnd(end: number, text: string): number {
  return end === unclosed ? text.length : end;
}
