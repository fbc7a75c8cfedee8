/**
 * Formats SQL statement by statement, with the words of sql-formatter and without its risks: a statement whose tokens,
 * comments or parse tree would not be the same stays as it is, and so does what that formatter knows no good form for
 * (functions, grants, policies …). What stands between statements, COPY data and psql commands are left alone.
 */
import { formatDialect, postgresql } from "sql-formatter";
import type { Edit } from "../text/edit.ts";
import type { Span } from "../text/span.ts";
import { endOfBlockComment, endOfLineComment, isSpace, newline, opensBlockComment, opensLineComment, unclosed } from "./lexer.ts";
import { askParser } from "./outcomes.ts";
import type { SqlFile, Statement } from "./syntax.ts";
import { tokensFrom } from "./tokens.ts";
import { haveSameMeaning } from "./treeEquality.ts";

export interface Indentation {
  readonly tabSize: number;
  readonly insertSpaces: boolean;
}

/** Formatting a longer statement (UTF-16 code units), or one nested more deeply, would take over half a second. */
const longest = 30_000;
const deepest = 100;

/** The changes that format every statement, or those that touch `range`. Pauses after each. */
export function* formatSql(file: SqlFile, indentation: Indentation, range?: Span): Generator<undefined, Edit[]> {
  const edits: Edit[] = [];
  for (const statement of file.statements) {
    if (range !== undefined && (statement.span.end < range.start || range.end < statement.span.start)) continue;
    const text = formattedStatement(statement, indentation);
    yield;
    if (text === undefined) continue;
    const span = withBlanks(file.text, statement.span);
    // The second one on a line would hang in the air.
    if (startsLine(file.text, span.start) && file.text.slice(span.start, span.end) !== text) edits.push({ span, text });
  }
  return edits;
}

/** Undefined for a statement that is better left as it is. Lines end as they do in it. */
export function formattedStatement(statement: Statement, { tabSize, insertSpaces }: Indentation): string | undefined {
  const { text, tree } = statement;
  const dialect = tree === undefined ? undefined : dialectFor(Object.keys(tree)[0] ?? "");
  if (tree === undefined || dialect === undefined || text.length > longest || depthOf(text) > deepest) return undefined;
  const formatted = formattedBy(dialect, text, tabSize, !insertSpaces);
  if (formatted === undefined) return undefined;
  const before = wordsOf(text);
  const after = wordsOf(formatted);
  if (!isSame(before, after, text, formatted)) return undefined;
  const result = withSpacesAsWritten(formatted, text, before, after);
  const outcome = askParser(result);
  if (outcome.kind !== "tree" || !haveSameMeaning(tree, outcome.tree)) return undefined;
  return text.includes("\r\n") ? result.replaceAll(/\r?\n/g, "\r\n") : result;
}

function formattedBy(dialect: typeof postgresql, text: string, tabWidth: number, useTabs: boolean): string | undefined {
  try {
    return formatDialect(text, { dialect, tabWidth, useTabs, keywordCase: "preserve", linesBetweenQueries: 1 }).trim();
  } catch {
    // It does not know all of PostgreSQL's grammar.
    return undefined;
  }
}

/** In ALTER TABLE each action begins a line, and nothing inside an action does. */
const ofAlterTable: typeof postgresql = {
  ...postgresql,
  tokenizerOptions: {
    ...postgresql.tokenizerOptions,
    reservedClauses: postgresql.tokenizerOptions.reservedClauses.filter((words) =>
      /^(?:ADD|ALTER(?: COLUMN)?|ALTER TABLE.*|DROP(?: COLUMN.*)?)\b/.test(words),
    ),
  },
};

/** Undefined for statements that come out worse than they went in. */
function dialectFor(kind: string): typeof postgresql | undefined {
  switch (kind) {
    case "SelectStmt":
    case "InsertStmt":
    case "UpdateStmt":
    case "DeleteStmt":
    case "CreateStmt":
    case "ViewStmt":
    case "CreateTableAsStmt":
    case "IndexStmt":
    case "ExplainStmt":
      return postgresql;
    case "AlterTableStmt":
      return ofAlterTable;
    default:
      return undefined;
  }
}

function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const { start } of tokensFrom(text, 0)) {
    const character = text.charAt(start);
    if (character === "(") most = Math.max(most, ++depth);
    else if (character === ")") depth--;
  }
  return most;
}

/** Tokens and comments, in order. */
function wordsOf(text: string): readonly Span[] {
  const words: Span[] = [];
  let end = 0;
  for (const token of tokensFrom(text, 0)) {
    words.push(...commentsIn(text, end, token.start), token);
    end = token.end;
  }
  return [...words, ...commentsIn(text, end, text.length)];
}

function* commentsIn(text: string, from: number, to: number): Generator<Span> {
  for (let at = from; at < to; ) {
    if (!opensLineComment(text, at) && !opensBlockComment(text, at)) {
      at++;
      continue;
    }
    const end = opensLineComment(text, at) ? endOfLineComment(text, at) : endOfBlockComment(text, at);
    yield { start: at, end: end === unclosed ? to : end };
    at = end === unclosed ? to : end;
  }
}

/** Whether both have the same tokens, and comments that differ in white space only. */
function isSame(before: readonly Span[], after: readonly Span[], text: string, formatted: string): boolean {
  if (before.length !== after.length) return false;
  return before.every((word, at) => {
    const other = after[at] ?? word;
    const one = text.slice(word.start, word.end);
    const two = formatted.slice(other.start, other.end);
    if (one === two) return true;
    const isComment = opensLineComment(one, 0) || opensBlockComment(one, 0);
    return isComment && one.replaceAll(/\s+/g, " ").trim() === two.replaceAll(/\s+/g, " ").trim();
  });
}

/** The formatter parts every name from a parenthesis unless it knows the function: `f(x)` stays as it was written. */
function withSpacesAsWritten(formatted: string, text: string, before: readonly Span[], after: readonly Span[]): string {
  let result = "";
  let copied = 0;
  for (let at = 1; at < after.length; at++) {
    const [word, next, left, right] = [after[at - 1], after[at], before[at - 1], before[at]];
    if (word === undefined || next === undefined || left === undefined || right === undefined) continue;
    const wasJoined = left.end === right.start && text.charAt(right.start) === "(";
    if (!wasJoined || formatted.slice(word.end, next.start) !== " ") continue;
    result += formatted.slice(copied, word.end);
    copied = next.start;
  }
  return result + formatted.slice(copied);
}

/** With the blanks that indent it, and those between it and its semicolon. */
function withBlanks(text: string, { start, end }: Span): Span {
  let from = start;
  while (from > 0 && isBlank(text.charCodeAt(from - 1))) from--;
  let to = end;
  while (isSpace(text.charCodeAt(to))) to++;
  return { start: startsLine(text, from) ? from : start, end: text.charAt(to) === ";" ? to : end };
}

function isBlank(code: number): boolean {
  return isSpace(code) && code !== newline && code !== 13;
}

function startsLine(text: string, at: number): boolean {
  return at === 0 || text.charCodeAt(at - 1) === newline || text.charCodeAt(at - 1) === 13;
}
