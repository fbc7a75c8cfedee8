/**
 * A half-typed statement as nested groups of tokens: what a parser that refuses it cannot say. Tells where the cursor
 * stands and what stands in FROM around it. Linear in the statement's length.
 */
import {
  dollar,
  dollarDelimiter,
  doubleQuote,
  endOfDollarQuote,
  endOfEscapeString,
  endOfString,
  opensBlockComment,
  opensLineComment,
  singleQuote,
  startsWord,
  unclosed,
} from "../sql/lexer.ts";
import { tokensFrom } from "../sql/tokens.ts";

export interface SqlToken {
  readonly kind: "token";
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Of an unquoted word, in upper case; empty for everything else. */
  readonly word: string;
  /** The identifier it stands for, folded; undefined when it is none. */
  readonly name: string | undefined;
}

/** What stands in parentheses, or the whole statement. */
export interface TokenGroup {
  readonly kind: "group";
  readonly items: (SqlToken | TokenGroup)[];
}

export type SqlItem = SqlToken | TokenGroup;

export interface SqlContext {
  /** The whole statement first, then each parenthesis around the cursor. `before`: how many of its items stand before the cursor's word. */
  readonly levels: readonly { readonly group: TokenGroup; readonly before: number }[];
  /** What is typed of the word at the cursor. */
  readonly prefix: string;
  /** What it is qualified with, as written: `["app", "orders"]` before `orders.`. */
  readonly qualifier: readonly string[];
  /** In the text: from the beginning of the word to the cursor; of a quoted name, with what an editor closed it by. */
  readonly span: { readonly start: number; readonly end: number };
}

/** `start` and `end` delimit the statement in `text`; the cursor stands in it or behind it. Undefined inside of a comment or a string. */
export function sqlContextAt(text: string, start: number, end: number, cursor: number): SqlContext | undefined {
  const statement = text.slice(start, Math.max(end, cursor));
  const at = cursor - start;
  const root: TokenGroup = { kind: "group", items: [] };
  const open: TokenGroup[] = [root];
  let levels: { readonly group: TokenGroup; readonly before: number }[] | undefined;
  let typed: SqlToken | undefined;
  let last = 0;
  const here = (): void => {
    levels ??= open.map((group, depth) => ({ group, before: group.items.length - (depth < open.length - 1 ? 1 : 0) }));
  };
  for (const span of tokensFrom(statement, 0)) {
    if (levels === undefined && span.start >= at) {
      if (isInComment(statement, last, at)) return undefined;
      here();
    }
    last = span.end;
    const token = tokenOf(statement, span.start, span.end);
    if (levels === undefined && span.end >= at) {
      if (/^(?:\$\w*\$|[eE]?')/.test(token.text) && (span.end > at || !isClosed(statement, span.start))) return undefined;
      if (token.name !== undefined) {
        here();
        typed = token;
      }
    }
    const inner = open.at(-1) ?? root;
    if (token.text === "(") {
      const group: TokenGroup = { kind: "group", items: [] };
      inner.items.push(group);
      open.push(group);
    } else if (token.text === ")") {
      if (open.length > 1) open.pop();
    } else inner.items.push(token);
  }
  if (levels === undefined && isInComment(statement, last, at)) return undefined;
  here();
  const qualifier = qualifierBefore(levels ?? []);
  const wordStart = typed === undefined ? cursor : start + typed.start;
  return {
    levels: (levels ?? []).map((level, i, all) =>
      i === all.length - 1 ? { ...level, before: level.before - 2 * qualifier.length } : level,
    ),
    prefix: text.slice(wordStart, cursor),
    qualifier,
    span: { start: wordStart, end: cursor + (typed?.text.startsWith('"') === true ? closingQuote(typed.text, at - typed.start) : 0) },
  };
}

function tokenOf(text: string, start: number, end: number): SqlToken {
  const word = text.slice(start, end);
  const code = text.charCodeAt(start);
  const isString = word.endsWith("'");
  if (code === doubleQuote) {
    const closed = word.length > 1 && word.endsWith('"') ? word.slice(1, -1) : word.slice(1);
    return { kind: "token", text: word, start, end, word: "", name: closed.replaceAll('""', '"') };
  }
  const isWord = startsWord(code) && !isString;
  return { kind: "token", text: word, start, end, word: isWord ? word.toUpperCase() : "", name: isWord ? word.toLowerCase() : undefined };
}

/** Whether the string that opens at `at` has an end. */
function isClosed(text: string, at: number): boolean {
  const delimiter = text.charCodeAt(at) === dollar ? dollarDelimiter(text, at) : undefined;
  if (delimiter !== undefined) return endOfDollarQuote(text, at, delimiter) !== unclosed;
  return (text.charCodeAt(at) === singleQuote ? endOfString(text, at) : endOfEscapeString(text, at + 1)) !== unclosed;
}

/** Whether a comment that is open at `at` begins at or behind `from`; between tokens there are only blanks and comments. */
function isInComment(text: string, from: number, at: number): boolean {
  for (let i = from; i < at; i++) {
    if (opensLineComment(text, i)) {
      const end = text.indexOf("\n", i);
      if (end < 0 || end >= at) return true;
      i = end;
    } else if (opensBlockComment(text, i)) {
      const end = text.indexOf("*/", i);
      if (end < 0 || end + 2 > at) return true;
      i = end + 1;
    }
  }
  return false;
}

/** How far behind the cursor a quoted name ends, when nothing but the rest of a word stands between. */
function closingQuote(quoted: string, from: number): number {
  return from === 0 ? 0 : (/^\w*"/.exec(quoted.slice(from))?.[0].length ?? 0);
}

/** The names and dots directly before the cursor's word. */
function qualifierBefore(levels: SqlContext["levels"]): readonly string[] {
  const level = levels.at(-1);
  const names: string[] = [];
  if (level === undefined) return names;
  for (let i = level.before - 1; i > 0; i -= 2) {
    const dot = level.group.items[i];
    const name = level.group.items[i - 1];
    if (dot?.kind !== "token" || dot.text !== "." || name?.kind !== "token" || name.name === undefined) break;
    names.unshift(name.name);
  }
  return names;
}
