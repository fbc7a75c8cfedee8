/**
 * A history folded, file by file and statement by statement, into the catalog it leaves behind. What is noted on the way
 * is kept by statement and counted from its start: the statement may move.
 */
import type { Node } from "@pgsql/types";
import type { StaticStatement } from "../../sql/blocks/staticBlock.ts";
import { staticStatements } from "../../sql/staticBlocks.ts";
import type { SqlFile, Statement } from "../../sql/syntax.ts";
import type { Problem } from "../../text/problem.ts";
import { shift, type Span } from "../../text/span.ts";
import type { FileChanges, StatementChange } from "../changes.ts";
import type { Unread } from "../schema.ts";
import { fileChanges, unaskedChanges } from "./changes/fileChanges.ts";
import { noteChanges } from "./changes/readChanges.ts";
import type { Context, CurrentStatement } from "./context.ts";
import { holds } from "./existence.ts";
import { mentionedNames } from "./mentionedNames.ts";
import { StatementText } from "./read/statementText.ts";
import { StatementSpecs } from "./statementSpecs.ts";
import { foldStatement } from "./statements.ts";
import { committed } from "./transactions.ts";

/** What folding a statement noted; spans count from the statement's start. */
export interface Outcome {
  readonly problems: readonly Problem[];
  readonly unread: readonly Unread[];
  readonly changes: readonly StatementChange[];
}

/** By anchor of the statement; statements of which there is nothing to note are left out. */
export type Outcomes = ReadonlyMap<object, Outcome>;

/** Folds the statements that are `wanted`; without, all of them. */
export function foldHistory(files: readonly SqlFile[], ctx: Context, wanted?: ReadonlySet<Statement>): Outcomes {
  const outcomes = new Map<object, Outcome>();
  for (const file of files) {
    ctx.startSession();
    const statements = committed(file.statements);
    for (const statement of statements) {
      if (wanted !== undefined && !wanted.has(statement)) continue;
      foldOne(file, statement, ctx);
      noteUnreadChanges(file, statement, ctx);
      const outcome = takeOutcome(statement, ctx);
      if (outcome !== undefined) outcomes.set(statement.anchor, outcome);
    }
    // A file that does nothing but SET is there for those that follow.
    if (statements.every(isSetting)) ctx.keepSearchPath();
  }
  return outcomes;
}

function takeOutcome({ span: { start } }: Statement, ctx: Context): Outcome | undefined {
  const { problems, unread, changes } = ctx;
  if (problems.length + unread.length + changes.length === 0) return undefined;
  ctx.problems = [];
  ctx.unread = [];
  ctx.changes = [];
  return { problems: problems.map((problem) => moved(problem, -start)), unread: unread.map((part) => moved(part, -start)), changes };
}

function moved<T extends { readonly span: Span }>(noted: T, by: number): T {
  return { ...noted, span: shift(noted.span, by) };
}

/** What was noted of a history, where its statements stand now. */
export interface Notes {
  /** By file, as the others. */
  readonly problems: Map<string, readonly Problem[]>;
  readonly unread: readonly Unread[];
  /** In the order in which they run. */
  readonly changes: Map<string, FileChanges>;
}

export function notesOf(files: readonly SqlFile[], outcomes: Outcomes, changesIn: ReadonlySet<string> | undefined): Notes {
  const notes = { problems: new Map<string, Problem[]>(), unread: new Array<Unread>(), changes: new Map<string, FileChanges>() };
  for (const file of files) {
    const problems: Problem[] = [];
    const changes: StatementChange[] = [];
    const statements = committed(file.statements);
    for (const { anchor, span } of statements) {
      const outcome = outcomes.get(anchor);
      if (outcome === undefined) continue;
      for (const problem of outcome.problems) problems.push(moved(problem, span.start));
      for (const part of outcome.unread) notes.unread.push(moved(part, span.start));
      changes.push(...outcome.changes);
    }
    notes.problems.set(file.uri, problems);
    const isAsked = changesIn === undefined || changesIn.has(file.uri);
    notes.changes.set(file.uri, isAsked ? fileChanges(file, statements, changes) : unaskedChanges(file, statements.length));
  }
  return notes;
}

/** Folds `ctx.current`; an expression that nests more deeply than the stack leaves its statement unread. */
function foldCurrent(tree: Node, ctx: Context, isInBlock = false): void {
  try {
    noteChanges(tree, isInBlock, ctx);
    foldStatement(tree, ctx);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    ctx.notRead("statement", "It nests too deeply.", ctx.source.span(0, ctx.source.tokens.count), mentionedNames(ctx.source.text));
  }
}

function isSetting({ tree }: Statement): boolean {
  return tree !== undefined && "VariableSetStmt" in tree;
}

function foldOne(file: SqlFile, statement: Statement, ctx: Context): void {
  const { tree } = statement;
  if (tree === undefined) noteUnread(file, statement, ctx);
  else if ("DoStmt" in tree) foldBlock(file.uri, statement, tree, ctx);
  else {
    ctx.current = { where: { uri: file.uri, anchor: statement.anchor, within: 0 }, base: statement.span.start, tree, ...readingOf(statement, tree) };
    foldCurrent(tree, ctx);
  }
}

type Reading = Pick<CurrentStatement, "source" | "specs">;

const readings = new WeakMap<Node, Reading>();

/** Offsets are counted from the statement's start, so that it may move. */
function readingOf(statement: Statement, tree: Node): Reading {
  let reading = readings.get(tree);
  if (reading === undefined) {
    const { start } = statement.span;
    reading = newReading(statement.text, (byte) => statement.offset(byte) - start);
    readings.set(tree, reading);
  }
  return reading;
}

function newReading(text: string, position: (byte: number) => number): Reading {
  const source = new StatementText(text, position);
  return { source, specs: new StatementSpecs(source) };
}

/** First words of statements that define nothing, read or not. */
const neverDefines = new Set(
  "insert update delete merge select values with table copy set reset show explain execute prepare analyze vacuum refresh lock notify listen truncate reindex cluster".split(
    " ",
  ),
);

function noteUnread(file: SqlFile, statement: Statement, ctx: Context): void {
  const { text, span } = statement;
  const { uri } = file;
  if (statement.kind === "meta") {
    if (/^\\(?:i|ir|include|include_relative|gexec)\b/.test(text))
      ctx.unread.push({ uri, span, what: text.split("\n", 1)[0] ?? text, reason: "psql runs something that stands elsewhere." });
    return;
  }
  const [word = ""] = /^\w*/.exec(text) ?? [];
  if (neverDefines.has(word.toLowerCase())) return;
  const isPending = file.pending.includes(statement);
  const reason = isPending ? "It is large and has not been read yet." : "It does not parse.";
  ctx.unread.push({ uri, span, what: "statement", reason, names: mentionedNames(text) });
}

/** Parts that only running them tells of, for rules to say so. */
function noteUnreadChanges({ uri }: SqlFile, { tree, anchor, span: { start }, text }: Statement, ctx: Context): void {
  if (tree === undefined || ctx.unread.length === 0 || (ctx.changesIn !== undefined && !ctx.changesIn.has(uri))) return;
  for (const part of ctx.unread) {
    const at = [{ kind: "sql", uri, anchor, span: { start: 0, end: text.length }, nameSpan: shift(part.span, -start) }] as const;
    ctx.changes.push({ at, changes: [{ do: "unread", at, reason: part.reason }], isInBlock: "DoStmt" in tree });
  }
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

/** A statement of a DO block, if it runs as far as one can tell. */
function foldInner(uri: string, statement: Statement, inner: StaticStatement, ctx: Context): void {
  const { tree, guard, tests } = inner;
  const base = statement.offset(inner.byteOffset);
  const reading = innerReading(statement, inner, base);
  const standsAt = inner.isVerbatim ? {} : { standsAt: statement.span };
  const where = { uri, anchor: statement.anchor, within: base - statement.span.start };
  ctx.current = { where, base, tree, ...reading, ...standsAt };
  if (!tests.every((test) => holds(test, ctx))) return;
  if (guard === "none" || (guard === "conditional" && tests.length > 0)) {
    foldCurrent(tree, ctx, true);
    return;
  }
  if (guard === "conditional" && !isAddition(tree)) {
    ctx.notRead(
      "statement under a condition",
      "Whether the condition holds is known only when it runs.",
      ctx.source.span(0, ctx.source.tokens.count),
      mentionedNames(ctx.source.text),
    );
    return;
  }
  const problems = ctx.attempt(() => foldCurrent(tree, ctx, true));
  if (guard === "ifMissing") ctx.problems.push(...problems.filter((problem) => !problem.code.startsWith("sql-duplicate-")));
}

/** Whether it only adds: then a condition that the text does not decide is taken to ask whether that is there yet. */
function isAddition(tree: Node): boolean {
  if ("AlterTableStmt" in tree) {
    return (tree.AlterTableStmt.cmds ?? []).every(
      (node) =>
        "AlterTableCmd" in node && (node.AlterTableCmd.subtype === "AT_AddColumn" || node.AlterTableCmd.subtype === "AT_AddConstraint"),
    );
  }
  const kind = Object.keys(tree)[0] ?? "";
  return kind.startsWith("Create") || kind === "IndexStmt" || kind === "ViewStmt" || kind === "CompositeTypeStmt";
}

/** Offsets are counted from the inner text's start; the statement around it may move. */
function innerReading(statement: Statement, { text, tree, byteOffset }: StaticStatement, base: number): Reading {
  let reading = readings.get(tree);
  if (reading === undefined) {
    reading = newReading(text, (byte) => statement.offset(byteOffset + byte) - base);
    readings.set(tree, reading);
  }
  return reading;
}
