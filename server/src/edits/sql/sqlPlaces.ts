/**
 * Where SQL that is added goes in a file, and what goes with SQL that is removed: statements behind what they need,
 * constraints at the end of CREATE TABLE, items with their comma.
 */
import type { Table, TextOrigin } from "../../model/schema.ts";
import type { Edit } from "../../text/edit.ts";
import type { Span } from "../../text/span.ts";
import { endOfLine, indentAt, insertAt, isBlank, isBlankLine, removeWithLines, startOfLine, startOfNextLine } from "../lines.ts";
import { refuse, type Refusal } from "../refusal.ts";
import { type Naming, qualifiedTable, sqlTable } from "./sqlStatements.ts";
import { endOfStatement, itemsOf, listBehind, type SqlToken, sqlTokens } from "./sqlText.ts";

/** Names as the file itself names the table: a dump sets an empty search path and qualifies every name. */
export function namingIn(text: string, table: Table, uri: string): Naming {
  const isQualified = table.origins.some(
    (origin) => origin.kind === "sql" && origin.uri === uri && text[origin.nameSpan.start - 1] === ".",
  );
  return isQualified ? qualifiedTable : sqlTable;
}

/**
 * A statement of its own, behind everything of the table that stands in the same file: the table, columns added later,
 * other indexes. An empty line goes before it where the file parts its statements so.
 */
export function addStatement(text: string, table: Table, uri: string, statement: string): readonly Edit[] {
  const end = Math.max(...placesOf(table, uri).map(({ span }) => endOfStatement(text, span.start)), 0);
  const next = startOfNextLine(text, end);
  const isApart = isBlankLine(text, next) && next < text.trimEnd().length && !isIndexAt(text, end);
  const line = endOfLine(text, end);
  return [
    ...(text[end - 1] === ";" ? [] : [insertAt(end, ";")]),
    ...(isApart ? [insertAt(line, "\n")] : []),
    insertAt(line, `\n${statement}`),
  ];
}

/** Statements behind everything else in the file, as far as it is run: what undoes it may follow in a section of its own. */
export function appendStatements(text: string, statements: readonly string[]): readonly Edit[] {
  const down =
    /^[ \t]*--[ \t]*(?:\+(?:goose|migrate)[ \t]+down|migrate:down|down migration|--[ \t]*create above)\b/im.exec(text)?.index ??
    text.length;
  const last = sqlTokens(text, { start: 0, end: down }).at(-1);
  const end = text.slice(0, down).trimEnd().length;
  return [
    ...(last === undefined || last.text === ";" ? [] : [insertAt(last.span.end, ";")]),
    insertAt(end, `${end === 0 ? "" : "\n"}${statements.join("\n")}`),
  ];
}

/** A constraint as the last item of CREATE TABLE. Refused where a column of it is not there yet, or has another name. */
export function addToTable(text: string, table: TextOrigin, columns: readonly string[], constraint: string): readonly Edit[] | Refusal {
  const list = listBehind(text, table.nameSpan.end);
  const items = list === undefined ? [] : itemsOf(sqlTokens(text, { start: list.open + 1, end: list.close }));
  const last = items.at(-1)?.[0];
  if (list === undefined || last === undefined) return refuse("The table's columns are not written as a list here.");
  const missing = columns.find((column) => !items.some(([first]) => first !== undefined && nameIn(text, first) === column));
  if (missing !== undefined) return refuse(`The column ${missing} is not written here.`);
  const closingLine = startOfLine(text, list.close);
  if (closingLine <= list.lastItemEnd || !isBlank(text, { start: closingLine, end: list.close }))
    return [insertAt(list.lastItemEnd, `, ${constraint}`)];
  return [insertAt(list.lastItemEnd, ","), insertAt(closingLine, `${indentAt(text, last.span.start)}${constraint}\n`)];
}

/** An item of a list with the comma that parts it from its neighbour; a column's constraint has none. */
export function removeItem(text: string, item: Span): Edit {
  const before = text.slice(0, item.start).trimEnd();
  const comma = /^\s*,/.exec(text.slice(item.end, item.end + 1000))?.[0];
  const isWholeItem = before.endsWith("(") || before.endsWith(",");
  if (comma !== undefined && isWholeItem) return removeWithLines(text, { start: item.start, end: item.end + comma.length });
  const start = comma === undefined && before.endsWith(",") ? before.length - 1 : before.length;
  return { span: { start, end: item.end }, text: "" };
}

/** The statement with its semicolon, its lines, and the comment that a generator wrote above it. */
export function removeStatement(text: string, at: Span): Edit {
  const line = startOfLine(text, at.start);
  const above = /^-- CreateIndex\r?\n$/.exec(text.slice(startOfLine(text, Math.max(0, line - 1)), line));
  return removeWithLines(text, { start: above === null ? at.start : line - above[0].length, end: endOfStatement(text, at.start) });
}

/** Where the table and what belongs to it are stated in a file. */
function placesOf(table: Table, uri: string): readonly TextOrigin[] {
  const elements = [table, ...table.columns.values(), ...table.indexes];
  return elements.flatMap(({ origins }) => origins.flatMap((origin) => (origin.kind === "sql" && origin.uri === uri ? [origin] : [])));
}

/** Whether the statement that ends at `end` makes an index: those stand together. */
function isIndexAt(text: string, end: number): boolean {
  return /^\s*create\s+(?:unique\s+)?index\b/i.test(text.slice(startOfLine(text, end - 1), end));
}

/** The name that a token is, folded as PostgreSQL folds it. */
function nameIn(text: string, { span }: SqlToken): string {
  const written = text.slice(span.start, span.end);
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
}
