/**
 * Intents as edits of the SQL that created what they change: for a schema file, or a migration that nobody has run yet.
 * Works on the spans and parts of the elements' origins; everything else of the text keeps its formatting.
 */
import type { PgType, Table, TextOrigin } from "../../model/schema.ts";
import type { Edit } from "../../text/edit.ts";
import { contains, type Span } from "../../text/span.ts";
import type { Intent, TypedColumn } from "../intent.ts";
import { indentAt, insertAt, isBlank, startOfLine } from "../lines.ts";
import { refuse, type Refusal } from "../refusal.ts";
import { addStatement, addToTable, namingIn, removeItem, removeStatement } from "./sqlPlaces.ts";
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

export function addSqlIndex(text: string, { uri }: TextOrigin, intent: IntentTo<"addIndex">): readonly Edit[] {
  return addStatement(text, intent.table, uri, createIndex(intent, namingIn(text, intent.table, uri)));
}

export function dropSqlIndex(text: string, origin: TextOrigin): readonly Edit[] | Refusal {
  return startsStatement(text, origin) ? [removeStatement(text, origin.span)] : refuse("The index is part of a constraint.");
}

/** A unique constraint becomes the primary key where it stands; a unique index goes, and the key joins the table. */
export function addSqlKey(
  text: string,
  origin: TextOrigin,
  table: TextOrigin,
  { columns, replaces }: IntentTo<"addPrimaryKey">,
): readonly Edit[] | Refusal {
  const body = `PRIMARY KEY ${sqlList(columns)}`;
  if (replaces === undefined) return addToTable(text, table, columns, body);
  const tokens = sqlTokens(text, origin.span);
  const word = tokens[findToken(tokens, "UNIQUE") ?? -1];
  if (word === undefined) return refuse(`${replaces.name} is not written as UNIQUE.`);
  if (!startsStatement(text, origin)) return [{ span: word.span, text: "PRIMARY KEY" }];
  const added = addToTable(text, table, columns, body);
  return "ok" in added ? added : [...added, removeStatement(text, origin.span)];
}

export function addSqlKeyColumn(
  text: string,
  table: TextOrigin,
  { column, type }: IntentTo<"addPrimaryKeyColumn">,
): readonly Edit[] | Refusal {
  const list = listBehind(text, table.nameSpan.end);
  if (list === undefined) return refuse("The table's columns are not written as a list here.");
  const written = primaryKeyColumn(column, type);
  const [first] = sqlTokens(text, { start: list.open + 1, end: list.close });
  if (first === undefined) return [insertAt(list.close, written)];
  const isOwnLine = isBlank(text, { start: startOfLine(text, first.span.start), end: first.span.start });
  return [insertAt(first.span.start, isOwnLine ? `${written},\n${indentAt(text, first.span.start)}` : `${written}, `)];
}

/** The type where it was stated last; a default that changes with it must be stated in the same file. */
export function setSqlType(text: string, origin: TextOrigin, typed: TypedColumn, type: PgType): readonly Edit[] | Refusal {
  const { column, default: newDefault, sequence } = typed;
  const stated = origin.parts?.["type"];
  if (stated === undefined) return refuse(`The type of ${column.name} is not written here.`);
  const serial = serialTypes.get(type.name);
  if (sequence !== undefined && (serial === undefined || !/serial/i.test(text.slice(stated.start, stated.end))))
    return refuse(`The sequence of ${column.name} is made by itself.`);
  const edits: Edit[] = [{ span: stated, text: sequence === undefined || serial === undefined ? sqlType(type) : serial }];
  if (newDefault === undefined || column.default === undefined) return edits;
  const defaultOrigin = column.origins.findLast((other) => other.kind === "sql" && other.parts?.["default"] !== undefined);
  const oldDefault = defaultOrigin?.kind === "sql" && defaultOrigin.uri === origin.uri ? defaultOrigin.parts?.["default"] : undefined;
  if (oldDefault === undefined) return refuse(`The default of ${column.name} is not written here.`);
  return [...edits, { span: oldDefault, text: `DEFAULT ${newDefault}` }];
}

const serialTypes: ReadonlyMap<string, string> = new Map([
  ["int2", "smallserial"],
  ["int4", "serial"],
  ["int8", "bigserial"],
]);

export function setSqlOnDelete(
  text: string,
  origin: TextOrigin,
  { action, setColumns }: IntentTo<"setOnDelete">,
): readonly Edit[] | Refusal {
  const clause = onDeleteClause(action, setColumns);
  const stated = origin.parts?.["onDelete"];
  if (stated !== undefined) return [{ span: stated, text: clause }];
  const end = endOfReference(sqlTokens(text, origin.span));
  return end === undefined ? refuse("The foreign key is not written as REFERENCES here.") : [insertAt(end, ` ${clause}`)];
}

export function makeSqlUniquePartial(
  text: string,
  origin: TextOrigin,
  table: TextOrigin | undefined,
  intent: IntentTo<"makeUniquePartial">,
): readonly Edit[] | Refusal {
  if (startsStatement(text, origin)) {
    const tokens = sqlTokens(text, { start: origin.span.start, end: endOfStatement(text, origin.span.start) });
    const last = tokens.at(-1)?.text === ";" ? tokens.at(-2) : tokens.at(-1);
    return [insertAt(last?.span.end ?? origin.span.end, ` WHERE ${intent.predicate}`)];
  }
  const created = createPartialUnique(intent, namingIn(text, intent.table, origin.uri));
  return replaceConstraintBy(text, origin, table, intent.table, intent.index.name, created);
}

/** What no constraint can say is a statement of its own: behind the table, or in place of the one that adds the constraint. */
export function replaceConstraintBy(
  text: string,
  origin: TextOrigin,
  created: TextOrigin | undefined,
  table: Table,
  constraint: string,
  statement: string,
): readonly Edit[] | Refusal {
  if (created !== undefined && contains(created.span, origin.span))
    return [removeItem(text, origin.span), ...addStatement(text, table, created.uri, statement)];
  const old = constraintStatement(text, origin);
  return old === undefined
    ? refuse(`The constraint ${constraint} is added together with other changes.`)
    : [{ span: old, text: statement }];
}

/** A column's own REFERENCES cannot name two columns: it moves to the end of the table. */
export function widenSqlForeignKey(
  text: string,
  origin: TextOrigin,
  table: TextOrigin | undefined,
  { table: owner, foreignKey, columns, referencedColumns }: IntentTo<"widenForeignKey">,
): readonly Edit[] | Refusal {
  const tokens = sqlTokens(text, origin.span);
  const references = findToken(tokens, "REFERENCES");
  if (references === undefined) return refuse("The foreign key is not written as REFERENCES here.");
  const foreign = findToken(tokens, "FOREIGN", "KEY");
  if (foreign === undefined) {
    if (table === undefined || !contains(table.span, origin.span))
      return refuse("The foreign key is written with a column that is added later.");
    const added = addToTable(
      text,
      table,
      columns,
      foreignKeyBody(foreignKey, columns, referencedColumns, namingIn(text, owner, table.uri)),
    );
    return "ok" in added ? added : [removeItem(text, origin.span), ...added];
  }
  const close = closingToken(tokens, foreign + 2);
  const [open, closing] = [tokens[foreign + 2], tokens[close ?? -1]];
  const end = endOfTarget(tokens, references);
  const target = tokens[lastOfName(tokens, references + 1)];
  if (open === undefined || closing === undefined || end === undefined || target === undefined)
    return refuse("The foreign key is not written to its end yet.");
  return [
    { span: { start: open.span.start, end: closing.span.end }, text: sqlList(columns) },
    { span: { start: target.span.end, end }, text: ` ${sqlList(referencedColumns)}` },
  ];
}

/** The unique key that a wider foreign key needs, as a constraint of the referenced table. */
export function addSqlUnique(text: string, origin: TextOrigin, table: Table, columns: readonly string[]): readonly Edit[] | Refusal {
  return hasUniqueKeyOver(table, columns) ? [] : addToTable(text, origin, columns, `UNIQUE ${sqlList(columns)}`);
}

/** Whether the element is a statement of its own, such as CREATE INDEX. */
export function startsStatement(text: string, origin: TextOrigin): boolean {
  return /^create\b/i.test(text.slice(origin.span.start, origin.span.start + 10));
}

/** The ALTER TABLE … ADD CONSTRAINT that does nothing but add this constraint, its semicolon included. */
export function constraintStatement(text: string, origin: TextOrigin): Span | undefined {
  const head = text.slice(Math.max(0, origin.span.start - 300), origin.span.start);
  const before = /alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?[^\s;]+\s+add\s*$/i.exec(head)?.[0];
  const end = endOfStatement(text, origin.span.start);
  if (before === undefined || !/^\s*;?$/.test(text.slice(origin.span.end, end))) return undefined;
  return { start: origin.span.start - before.length, end };
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

/** The last token of a name that may be qualified. */
function lastOfName(tokens: readonly SqlToken[], first: number): number {
  let last = first;
  while (tokens[last + 1]?.text === ".") last += 2;
  return last;
}
