/** A history folded, file by file and statement by statement, into the catalog it leaves behind. */
import type { Node } from "@pgsql/types";
import { parseSql } from "../../sql/parse.ts";
import { type StaticStatement, staticStatements } from "../../sql/staticBlocks.ts";
import type { SqlFile, Statement } from "../../sql/syntax.ts";
import type { Problem } from "../../text/problem.ts";
import type { Context } from "./context.ts";
import { StatementText } from "./read/statementText.ts";
import { foldStatement } from "./statements.ts";
import { committed } from "./transactions.ts";

/** Problems by file. */
export function foldHistory(files: readonly SqlFile[], ctx: Context): Map<string, readonly Problem[]> {
  const problems = new Map<string, readonly Problem[]>();
  for (const file of files) {
    ctx.startSession();
    ctx.problems = [];
    for (const statement of committed(file.statements)) foldOne(file, statement, ctx);
    problems.set(file.uri, ctx.problems);
  }
  return problems;
}

function foldOne(file: SqlFile, statement: Statement, ctx: Context): void {
  const { tree } = statement;
  if (tree === undefined) noteUnread(file, statement, ctx);
  else if ("DoStmt" in tree) foldBlock(file.uri, statement, tree, ctx);
  else {
    ctx.current = { uri: file.uri, base: statement.span.start, tree, source: sourceOf(statement, tree) };
    foldStatement(tree, ctx);
  }
}

const sources = new WeakMap<Node, StatementText>();

/** Offsets are counted from the statement's start, so that it may move. */
function sourceOf(statement: Statement, tree: Node): StatementText {
  let source = sources.get(tree);
  if (source === undefined) {
    const start = statement.span.start;
    source = new StatementText(statement.text, (byte) => statement.offset(byte) - start);
    sources.set(tree, source);
  }
  return source;
}

/** First words of statements that define nothing, read or not. */
const neverDefines = new Set("insert update delete merge select values with table copy set reset show explain execute prepare analyze vacuum refresh lock notify listen truncate reindex cluster".split(" "));

function noteUnread(file: SqlFile, statement: Statement, ctx: Context): void {
  const { text, span } = statement;
  const { uri } = file;
  if (statement.kind === "meta") {
    if (/^\\(?:i|ir|include|include_relative|gexec)\b/.test(text)) ctx.unread.push({ uri, span, what: text.split("\n", 1)[0] ?? text, reason: "psql runs something that stands elsewhere." });
    return;
  }
  const [word = ""] = /^\w*/.exec(text) ?? [];
  if (neverDefines.has(word.toLowerCase())) return;
  const isPending = file.pending.includes(statement);
  ctx.unread.push({ uri, span, what: "statement", reason: isPending ? "It is large and has not been read yet." : "It does not parse." });
}

/** A DO block: what is static in it is folded, the rest is noted as not read. */
function foldBlock(uri: string, statement: Statement, tree: Node, ctx: Context): void {
  const { start } = statement.span;
  const block = staticStatements(tree, statement.text);
  for (const { what, reason, span } of block.unread) {
    ctx.unread.push({ uri, what, reason, span: { start: span.start + start, end: span.end + start } });
  }
  for (const inner of block.statements) foldInner(uri, statement, inner, ctx);
}

function foldInner(uri: string, statement: Statement, inner: StaticStatement, ctx: Context): void {
  const tree = parseSql(uri, inner.text).statements[0]?.tree;
  if (tree === undefined) return;
  const base = statement.offset(inner.byteOffset);
  const source = innerSource(statement, inner, tree, base);
  ctx.current = { uri, base, tree, source };
  if (inner.guard === "none") {
    foldStatement(tree, ctx);
    return;
  }
  const problems = ctx.attempt(() => foldStatement(tree, ctx));
  // Under a condition, what PostgreSQL would refuse is taken not to run.
  if (inner.guard === "ifMissing") ctx.problems.push(...problems.filter((problem) => !problem.code.startsWith("sql-duplicate-")));
}

const innerSources = new WeakMap<Node, { readonly inner: string; readonly offset: number; readonly source: StatementText }>();

function innerSource(statement: Statement, { text, byteOffset }: StaticStatement, tree: Node, base: number): StatementText {
  const known = innerSources.get(tree);
  if (known !== undefined && known.inner === text && known.offset === byteOffset) return known.source;
  const source = new StatementText(text, (byte) => statement.offset(byteOffset + byte) - base);
  innerSources.set(tree, { inner: text, offset: byteOffset, source });
  return source;
}
