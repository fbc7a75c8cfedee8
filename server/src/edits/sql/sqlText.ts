/**
 * Reads as much of an SQL text as an edit needs, inside a span the model knows: tokens, where a statement ends, the list
 * of a CREATE TABLE. Never throws; what it does not find is undefined.
 */
import type { Span } from "../../text/span.ts";

export interface SqlToken {
  readonly span: Span;
  /** As written; words in upper case, so that keywords compare. */
  readonly text: string;
}

/** The tokens that begin inside `within`; blanks and comments are left out. */
export function sqlTokens(text: string, { start, end }: Span): readonly SqlToken[] {
  const tokens: SqlToken[] = [];
  for (let token = nextToken(text, start); token !== undefined && token.span.start < end; token = nextToken(text, token.span.end)) {
    tokens.push(token);
  }
  return tokens;
}

/** The offset behind the statement that holds `from`, its semicolon included; the end of the text when it has none. */
export function endOfStatement(text: string, from: number): number {
  let last = from;
  for (let token = nextToken(text, from); token !== undefined; token = nextToken(text, token.span.end)) {
    last = token.span.end;
    if (token.text === ";") return last;
  }
  return last;
}

/** The parenthesised list behind `from`: its parentheses, and where its last item ends. Undefined when it is not closed. */
export function listBehind(
  text: string,
  from: number,
): { readonly open: number; readonly close: number; readonly lastItemEnd: number } | undefined {
  let depth = 0;
  let open: number | undefined;
  let last = from;
  for (let token = nextToken(text, from); token !== undefined; token = nextToken(text, token.span.end)) {
    if (token.text === ";" && depth === 0) return undefined;
    if (token.text === "(") {
      depth += 1;
      open ??= token.span.start;
    }
    if (token.text === ")") {
      depth -= 1;
      if (depth === 0 && open !== undefined) return { open, close: token.span.start, lastItemEnd: last };
    }
    last = token.span.end;
  }
  return undefined;
}

/** The token of this text, and the one after it where two are given. */
export function findToken(tokens: readonly SqlToken[], first: string, second?: string): number | undefined {
  const at = tokens.findIndex((token, i) => token.text === first && (second === undefined || tokens[i + 1]?.text === second));
  return at < 0 ? undefined : at;
}

/** The index of the token that closes the parenthesis at `opening`. */
export function closingToken(tokens: readonly SqlToken[], opening: number): number | undefined {
  let depth = 0;
  for (let i = opening; i < tokens.length; i++) {
    if (tokens[i]?.text === "(") depth += 1;
    if (tokens[i]?.text === ")") depth -= 1;
    if (depth === 0) return i;
  }
  return undefined;
}

/** The tokens of a list, item by item. */
export function itemsOf(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const items: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === "(" || token.text === "[") depth += 1;
    if (token.text === ")" || token.text === "]") depth -= 1;
    if (token.text === "," && depth === 0) items.push([]);
    else items.at(-1)?.push(token);
  }
  return items;
}

const pattern =
  /(?<blank>\s+|--[^\n]*)|(?<block>\/\*)|(?<escape>[eE]')|(?<quote>'|")|(?<dollar>\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<number>\d[\w.]*)|(?<mark>[^])/uy;

function nextToken(text: string, from: number): SqlToken | undefined {
  let at = from;
  while (at < text.length) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) return undefined;
    const { blank, block, escape, quote, dollar, word } = match.groups ?? {};
    const end = at + match[0].length;
    if (blank !== undefined) at = end;
    else if (block !== undefined) at = endOfComment(text, end);
    else if (escape !== undefined) return tokenTo(text, at, endOfString(text, end, "'", true));
    else if (quote !== undefined) return tokenTo(text, at, endOfString(text, end, quote, false));
    else if (dollar !== undefined) return tokenTo(text, at, endBehind(text, dollar, end));
    else return { span: { start: at, end }, text: word === undefined ? match[0] : word.toUpperCase() };
  }
  return undefined;
}

function tokenTo(text: string, start: number, end: number): SqlToken {
  return { span: { start, end }, text: text.slice(start, end) };
}

function endOfString(text: string, from: number, quote: string, hasEscapes: boolean): number {
  for (let at = from; at < text.length; at++) {
    if (text[at] === "\\" && hasEscapes) at += 1;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at += 1;
    }
  }
  return text.length;
}

/** Block comments nest. */
function endOfComment(text: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  let depth = 1;
  for (let match = marks.exec(text); match !== null; match = marks.exec(text)) {
    depth += match[0] === "/*" ? 1 : -1;
    if (depth === 0) return marks.lastIndex;
  }
  return text.length;
}

function endBehind(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at + what.length;
}
