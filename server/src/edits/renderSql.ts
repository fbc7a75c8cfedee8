/**
 * Intents as edits of the SQL that created what they change: for a schema file, or a migration that nobody has run yet.
 * Works on the spans and parts of the elements' origins; everything else of the text keeps its formatting.
 */
import type { PgType, Table, TextOrigin } from "../model/schema.ts";
import type { Edit } from "../text/edit.ts";
import { contains, type Span } from "../text/span.ts";
import type { Intent, TypedColumn } from "./intent.ts";
import { endOfLine, indentAt, insertAt, isBlank, isBlankLine, removeWithLines, startOfLine, startOfNextLine } from "./lines.ts";
import { refuse, type Refusal } from "./refusal.ts";
import {
  createIndex,
  createPartialUnique,
  foreignKeyBody,
  hasUniqueKeyOver,
  onDeleteClause,
  primaryKeyColumn,
  sqlList,
  sqlType,
} from "./sqlStatements.ts";
import { closingToken, endOfStatement, findToken, listBehind, type SqlToken, sqlTokens } from "./sqlText.ts";

type IntentTo<Kind extends Intent["do"]> = Extract<Intent, { do: Kind }>;

export function addSqlIndex(text: string, origin: TextOrigin, { table, columns, unique }: IntentTo<"addIndex">): readonly Edit[] {
  return addStatement(text, table, origin, createIndex(table, columns, unique ?? false));
}

export function dropSqlIndex(text: string, origin: TextOrigin): readonly Edit[] | Refusal {
  return startsStatement(text, origin) ? [removeStatement(text, origin.span)] : refuse("The index is part of a constraint.");
}

/** A unique constraint becomes the primary key where it stands; a unique index goes, and the key joins the table. */
export function addSqlKey(text: string, origin: TextOrigin, table: TextOrigin, { columns, replaces }: IntentTo<"addPrimaryKey">): readonly Edit[] | Refusal {
  const body = `PRIMARY KEY ${sqlList(columns)}`;
  if (replaces === undefined) return addToTable(text, table, body);
  const tokens = sqlTokens(text, origin.span);
  const unique = findToken(tokens, "UNIQUE");
  const word = unique === undefined ? undefined : tokens[unique];
  if (word === undefined) return refuse(`${replaces.name} is not written as UNIQUE.`);
  if (!startsStatement(text, origin)) return [{ span: word.span, text: "PRIMARY KEY" }];
  const added = addToTable(text, table, body);
  return "ok" in added ? added : [...added, removeStatement(text, origin.span)];
}

export function addSqlKeyColumn(text: string, table: TextOrigin, { column, type }: IntentTo<"addPrimaryKeyColumn">): readonly Edit[] | Refusal {
  const list = listBehind(text, table.nameSpan.end);
  if (list === undefined) return refuse("The table's columns are not written as a list here.");
  const written = primaryKeyColumn(column, type);
  const [first] = sqlTokens(text, { start: list.open + 1, end: list.close });
  if (first === undefined) return [insertAt(list.close, written)];
  const isOwnLine = isBlank(text, { start: startOfLine(text, first.span.start), end: first.span.start });
  return [insertAt(first.span.start, isOwnLine ? `${written},\n${indentAt(text, first.span.start)}` : `${written}, `)];
}

export function setSqlType(text: string, origin: TextOrigin, { column, default: newDefault }: TypedColumn, type: PgType): readonly Edit[] | Refusal {
  const stated = origin.parts?.["type"];
  if (stated === undefined) return refuse(`The type of ${column.name} is not written here.`);
  const oldDefault = origin.parts?.["default"];
  const edits: Edit[] = [{ span: stated, text: sqlType(type) }];
  if (newDefault !== undefined && oldDefault !== undefined) edits.push({ span: oldDefault, text: `DEFAULT ${newDefault}` });
  if (text.slice(stated.start, stated.end).trim() === "") return refuse(`The type of ${column.name} is not written here.`);
  return edits;
}

export function setSqlOnDelete(text: string, origin: TextOrigin, { action, setColumns }: IntentTo<"setOnDelete">): readonly Edit[] | Refusal {
  const clause = onDeleteClause(action, setColumns);
  const stated = origin.parts?.["onDelete"];
  if (stated !== undefined) return [{ span: stated, text: clause }];
  const end = endOfReference(sqlTokens(text, origin.span));
  return end === undefined ? refuse("The foreign key is not written as REFERENCES here.") : [insertAt(end, ` ${clause}`)];
}

export function makeSqlUniquePartial(text: string, origin: TextOrigin, table: TextOrigin, intent: IntentTo<"makeUniquePartial">): readonly Edit[] | Refusal {
  if (startsStatement(text, origin)) {
    const tokens = sqlTokens(text, { start: origin.span.start, end: endOfStatement(text, origin.span.start) });
    const last = tokens.at(-1)?.text === ";" ? tokens.at(-2) : tokens.at(-1);
    return [insertAt(last?.span.end ?? origin.span.end, ` WHERE ${intent.predicate}`)];
  }
  const created = addStatement(text, intent.table, table, createPartialUnique(intent));
  if (contains(table.span, origin.span)) return [removeItem(text, origin.span), ...created];
  const statement = statementOf(text, origin);
  return statement === undefined ? refuse(`The constraint ${intent.index.name} is added together with other changes.`) : [{ span: statement, text: createPartialUnique(intent) }];
}

/** A column's own REFERENCES cannot name two columns: it moves to the end of the table. */
export function widenSqlForeignKey(
  text: string,
  origin: TextOrigin,
  table: TextOrigin,
  { foreignKey, columns, referencedColumns }: IntentTo<"widenForeignKey">,
): readonly Edit[] | Refusal {
  const tokens = sqlTokens(text, origin.span);
  const references = findToken(tokens, "REFERENCES");
  if (references === undefined) return refuse("The foreign key is not written as REFERENCES here.");
  const foreign = findToken(tokens, "FOREIGN", "KEY");
  if (foreign === undefined) {
    const added = addToTable(text, table, foreignKeyBody(foreignKey, columns, referencedColumns, foreignKey.onDeleteStated !== false));
    return "ok" in added ? added : [removeItem(text, origin.span), ...added];
  }
  const close = closingToken(tokens, foreign + 2);
  const [open, closing] = [tokens[foreign + 2], tokens[close ?? -1]];
  const end = endOfTarget(tokens, references);
  const target = targetName(tokens, references);
  if (open === undefined || closing === undefined || end === undefined || target === undefined) return refuse("The foreign key is not written to its end yet.");
  return [
    { span: { start: open.span.start, end: closing.span.end }, text: sqlList(columns) },
    { span: { start: target, end }, text: ` ${sqlList(referencedColumns)}` },
  ];
}

/** The unique key that a wider foreign key needs, as a constraint of the referenced table. */
export function addSqlUnique(text: string, origin: TextOrigin, table: Table, columns: readonly string[]): readonly Edit[] | Refusal {
  return hasUniqueKeyOver(table, columns) ? [] : addToTable(text, origin, `UNIQUE ${sqlList(columns)}`);
}

/**
 * A statement of its own, behind everything of the table that stands in the same file: the table, columns added later,
 * other indexes. An empty line goes before it where one follows.
 */
function addStatement(text: string, table: Table, origin: TextOrigin, statement: string): readonly Edit[] {
  const ends = placesOf(table, origin.uri).map(({ span }) => endOfStatement(text, span.start));
  const end = Math.max(endOfStatement(text, origin.span.start), ...ends);
  const isClosed = text[end - 1] === ";";
  const next = startOfNextLine(text, end);
  const isApart = isBlankLine(text, next) && next < text.trimEnd().length && !startsWithIndex(text, end);
  return [...(isClosed ? [] : [insertAt(end, ";")]), ...(isApart ? [insertAt(endOfLine(text, end), "\n")] : []), insertAt(endOfLine(text, end), `\n${statement}`)];
}

/** Whether the statement that ends at `end` is itself an index, one of a group of lines. */
function startsWithIndex(text: string, end: number): boolean {
  return /^\s*create\s+(?:unique\s+)?index\b/i.test(text.slice(startOfLine(text, end - 1), end));
}

/** Where the table and what belongs to it are stated in a file. */
function placesOf(table: Table, uri: string): readonly TextOrigin[] {
  return [table, ...table.columns.values(), ...table.indexes].flatMap(({ origins }) => origins.flatMap((origin) => (origin.kind === "sql" && origin.uri === uri ? [origin] : [])));
}

/** A constraint as the last item of CREATE TABLE. */
function addToTable(text: string, table: TextOrigin, constraint: string): readonly Edit[] | Refusal {
  const list = listBehind(text, table.nameSpan.end);
  if (list === undefined) return refuse("The table's columns are not written as a list here.");
  const isEmpty = sqlTokens(text, { start: list.open + 1, end: list.close }).length === 0;
  if (isEmpty) return [insertAt(list.close, constraint)];
  const closingLine = startOfLine(text, list.close);
  if (closingLine <= list.lastItemEnd || !isBlank(text, { start: closingLine, end: list.close })) return [insertAt(list.lastItemEnd, `, ${constraint}`)];
  return [insertAt(list.lastItemEnd, ","), insertAt(closingLine, `${indentAt(text, lastItemStart(text, list))}${constraint}\n`)];
}

/** Where the last item of a list begins: behind its last comma, or its opening parenthesis. */
function lastItemStart(text: string, list: { readonly open: number; readonly close: number }): number {
  const tokens = sqlTokens(text, { start: list.open + 1, end: list.close });
  let depth = 0;
  let start = tokens[0]?.span.start ?? list.open;
  for (const [i, token] of tokens.entries()) {
    if (token.text === "(") depth += 1;
    if (token.text === ")") depth -= 1;
    if (token.text === "," && depth === 0) start = tokens[i + 1]?.span.start ?? start;
  }
  return start;
}

/** An item of a list with the comma that parts it from its neighbour; a column's constraint has none. */
function removeItem(text: string, item: Span): Edit {
  const before = text.slice(0, item.start).trimEnd();
  if (/^\s*,/.test(text.slice(item.end))) {
    if (before.endsWith("(") || before.endsWith(",")) {
      const comma = text.indexOf(",", item.end) + 1;
      return removeWithLines(text, { start: item.start, end: comma });
    }
    return { span: { start: before.length, end: item.end }, text: "" };
  }
  return { span: { start: before.endsWith(",") ? before.length - 1 : before.length, end: item.end }, text: "" };
}

/** Whether the element is a statement of its own, such as CREATE INDEX. */
function startsStatement(text: string, origin: TextOrigin): boolean {
  return /^create\b/i.test(text.slice(origin.span.start, origin.span.start + 10));
}

/** The ALTER TABLE … ADD CONSTRAINT that does nothing but add this constraint, its semicolon included. */
function statementOf(text: string, origin: TextOrigin): Span | undefined {
  const before = /alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?[^\s;]+\s+add\s*$/i.exec(text.slice(0, origin.span.start));
  const end = endOfStatement(text, origin.span.start);
  if (before === null || !/^\s*;?$/.test(text.slice(origin.span.end, end))) return undefined;
  return { start: before.index, end };
}

/** The statement with its semicolon, its lines, and the comment that a generator wrote above it. */
function removeStatement(text: string, span: Span): Edit {
  const end = endOfStatement(text, span.start);
  const above = /^-- CreateIndex\r?\n$/m.exec(text.slice(startOfLine(text, Math.max(0, startOfLine(text, span.start) - 1)), startOfLine(text, span.start)));
  const start = above === null ? span.start : startOfLine(text, span.start) - above[0].length;
  return removeWithLines(text, { start, end });
}

/** Behind `REFERENCES table (columns) MATCH FULL`, where ON DELETE may stand. */
function endOfReference(tokens: readonly SqlToken[]): number | undefined {
  const references = findToken(tokens, "REFERENCES");
  if (references === undefined) return undefined;
  const match = findToken(tokens, "MATCH");
  return match === undefined ? endOfTarget(tokens, references) : tokens[match + 1]?.span.end;
}

/** Behind the referenced columns, or the table where none are named. */
function endOfTarget(tokens: readonly SqlToken[], references: number): number | undefined {
  const last = lastOfName(tokens, references + 1);
  if (tokens[last + 1]?.text !== "(") return tokens[last]?.span.end;
  return tokens[closingToken(tokens, last + 1) ?? -1]?.span.end;
}

/** Behind the referenced table's name. */
function targetName(tokens: readonly SqlToken[], references: number): number | undefined {
  return tokens[lastOfName(tokens, references + 1)]?.span.end;
}

/** The last token of a name that may be qualified. */
function lastOfName(tokens: readonly SqlToken[], first: number): number {
  let last = first;
  while (tokens[last + 1]?.text === ".") last += 2;
  return last;
}
