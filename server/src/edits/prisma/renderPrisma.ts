/**
 * Intents as edits of a Prisma schema, by the spans and parts of the elements' origins. Text already there keeps its
 * formatting; new lines are indented like their neighbours. What Prisma cannot say is refused.
 */
import type { PgType, ReferentialAction, Table, TextOrigin } from "../../model/schema.ts";
import type { Edit } from "../../text/edit.ts";
import type { Span } from "../../text/span.ts";
import type { Intent, TypedColumn } from "../intent.ts";
import { endOfLine, indentAt, insertAt, isBlank, isBlankLine, removeWithLines, startOfLine } from "../lines.ts";
import { prismaType } from "./prismaType.ts";
import { refuse, type Refusal } from "../refusal.ts";
import { freeIndexName, hasUniqueKeyOver } from "../sql/sqlStatements.ts";

type IntentTo<Kind extends Intent["do"]> = Extract<Intent, { do: Kind }>;

export function addPrismaIndex(
  text: string,
  model: TextOrigin,
  { table, columns, unique, method }: IntentTo<"addIndex">,
): readonly Edit[] | Refusal {
  const fields = fieldNames(table, columns);
  if (fields === undefined) return refuse(`A column of ${table.name} is no field of its Prisma model.`);
  const [word, suffix] = unique === true ? ["unique", "key"] : ["index", "idx"];
  return addBlockAttribute(text, model, table, `@@${word}([${fields.join(", ")}]${method === "gin" ? ", type: Gin" : ""}${mapWhereTaken(table, columns, suffix)})`);
}

export function dropPrismaIndex(text: string, index: TextOrigin): readonly Edit[] {
  return [removeWithLines(text, index.parts?.["attribute"] ?? index.span)];
}

/** A unique criterion becomes the id; without one the fields become it. */
export function addPrismaKey(
  text: string,
  origin: TextOrigin,
  { table, columns, replaces }: IntentTo<"addPrimaryKey">,
): readonly Edit[] | Refusal {
  if (replaces !== undefined) {
    const attribute = origin.parts?.["attribute"] ?? origin.span;
    const word = text.indexOf("unique", attribute.start);
    if (word < 0 || word > attribute.start + 2) return refuse(`${replaces.name} is not written as @unique or @@unique.`);
    return [{ span: { start: word, end: word + "unique".length }, text: "id" }];
  }
  const fields = fieldNames(table, columns);
  if (fields === undefined) return refuse(`A column of ${table.name} is no field of its Prisma model.`);
  const type = columns.length === 1 ? fieldOrigin(table, columns[0])?.parts?.["type"] : undefined;
  return type === undefined ? addBlockAttribute(text, origin, table, `@@id([${fields.join(", ")}])`) : [insertAt(type.end, " @id")];
}

/** The first field of the model, lined up with the one that was first. */
export function addPrismaKeyField(
  text: string,
  model: TextOrigin,
  { table, column, type }: IntentTo<"addPrimaryKeyColumn">,
): readonly Edit[] | Refusal {
  const written = prismaType(type);
  const first = firstField(table, model.uri);
  if (written === undefined || first === undefined) return refuse(`The model of ${table.name} has no field to write ${column} beside.`);
  const value = type.name === "uuid" ? '@default(dbgenerated("gen_random_uuid()"))' : "@default(autoincrement())";
  const native = written.native === undefined ? "" : ` @${prefix(text)}.${written.native}`;
  const typeStart = first.parts?.["type"]?.start ?? first.span.end;
  const width = Math.max(column.length + 1, typeStart - first.span.start);
  const line = startOfLine(text, first.span.start);
  return [insertAt(line, `${indentAt(text, line)}${column.padEnd(width)}${written.scalar} @id ${value}${native}\n`)];
}

export function setPrismaType(
  text: string,
  field: TextOrigin,
  { column, default: newDefault }: TypedColumn,
  type: PgType,
): readonly Edit[] | Refusal {
  const written = prismaType(type);
  const typePart = field.parts?.["type"];
  if (written === undefined || typePart === undefined) return refuse(`Prisma has no type for ${column.name} to become.`);
  const edits: Edit[] = [];
  const scalar = /^[\w.]+(?:\([^)]*\))?/.exec(text.slice(typePart.start, typePart.end))?.[0] ?? "";
  if (scalar !== written.scalar) edits.push({ span: { start: typePart.start, end: typePart.start + scalar.length }, text: written.scalar });
  edits.push(...setNativeType(text, field, written.native));
  const oldDefault = field.parts?.["default"];
  if (newDefault !== undefined && oldDefault !== undefined) {
    edits.push({ span: oldDefault, text: `@default(dbgenerated(${JSON.stringify(newDefault)}))` });
  }
  return edits;
}

export function setPrismaOnDelete(relation: TextOrigin, { action, setColumns }: IntentTo<"setOnDelete">): readonly Edit[] | Refusal {
  if (setColumns !== undefined) return refuse("Prisma cannot set only some columns of a relation to null.");
  const stated = relation.parts?.["onDelete"];
  if (stated !== undefined) return [{ span: stated, text: prismaActions[action] }];
  const before = relation.parts?.["references"] ?? relation.parts?.["fields"];
  return before === undefined
    ? refuse("The relation does not name its fields yet.")
    : [insertAt(before.end, `, onDelete: ${prismaActions[action]}`)];
}

/** With the preview feature partialIndexes only; https://www.prisma.io/docs/orm/prisma-schema/data-model/indexes */
export function makePrismaUniquePartial(
  text: string,
  origin: TextOrigin,
  { index, predicate }: IntentTo<"makeUniquePartial">,
): readonly Edit[] | Refusal {
  const attribute = origin.parts?.["attribute"] ?? origin.span;
  const written = text.slice(attribute.start, attribute.end);
  const where = `where: raw(${JSON.stringify(predicate)})`;
  if (!written.includes("(")) return [insertAt(attribute.end, `(${where})`)];
  if (!written.endsWith(")")) return refuse(`${index.name} is not written to its end yet.`);
  return [insertAt(attribute.end - 1, `, ${where}`)];
}

export function widenPrismaRelation(
  relation: TextOrigin,
  parent: { readonly text: string; readonly origin: TextOrigin },
  { table, columns, referenced, referencedColumns }: IntentTo<"widenForeignKey">,
): { readonly child: readonly Edit[]; readonly parent: readonly Edit[] } | Refusal {
  const fields = fieldNames(table, columns);
  const references = fieldNames(referenced, referencedColumns);
  const spans = [relation.parts?.["fields"], relation.parts?.["references"]] as const;
  if (fields === undefined || references === undefined || spans[0] === undefined || spans[1] === undefined) {
    return refuse(`The relation of ${table.name} cannot name all its columns.`);
  }
  const child = [
    { span: spans[0], text: `[${fields.join(", ")}]` },
    { span: spans[1], text: `[${references.join(", ")}]` },
  ];
  if (hasUniqueKeyOver(referenced, referencedColumns)) return { child, parent: [] };
  const key = addBlockAttribute(parent.text, parent.origin, referenced, `@@unique([${references.join(", ")}])`);
  return "ok" in key ? key : { child, parent: key };
}

export const prismaActions: Readonly<Record<ReferentialAction, string>> = {
  noAction: "NoAction",
  restrict: "Restrict",
  cascade: "Cascade",
  setNull: "SetNull",
  setDefault: "SetDefault",
};

/** Prisma names an index after its columns and refuses two of one name: where the name is taken, another one is stated. */
function mapWhereTaken(table: Table, columns: readonly string[], suffix: string): string {
  const name = freeIndexName(table, columns, suffix);
  return name.endsWith(`_${suffix}`) ? "" : `, map: ${JSON.stringify(name)}`;
}

/** After the model's last key or index, before its other attributes, or as its last line with an empty one before it. */
export function addBlockAttribute(text: string, model: TextOrigin, table: Table, attribute: string): readonly Edit[] | Refusal {
  const close = model.parts?.["close"];
  if (close === undefined) return refuse(`The model of ${table.name} is not closed yet.`);
  const inBlock = blockAttributes(text, table, model.uri);
  const last = inBlock.at(-1);
  if (last !== undefined) return [insertAt(endOfLine(text, last.end), `\n${indentAt(text, last.start)}${attribute}`)];
  const other = model.parts?.["lastAttribute"];
  if (other !== undefined) return [insertAt(startOfLine(text, other.start), `${indentAt(text, other.start)}${attribute}\n`)];
  const lastField = model.parts?.["lastField"];
  const indent = lastField === undefined ? "  " : indentAt(text, lastField.start);
  const line = startOfLine(text, close.start);
  if (!isBlank(text, { start: line, end: close.start })) return [insertAt(close.start, `\n${indent}${attribute}\n`)];
  const isAfterBlank = line > 0 && isBlankLine(text, startOfLine(text, line - 1));
  return [...(isAfterBlank ? [] : [insertAt(line, "\n")]), insertAt(line, `${indent}${attribute}\n`)];
}

/** The `@@id`, `@@unique` and `@@index` of the table that stand in this file, in order. */
function blockAttributes(text: string, table: Table, uri: string): readonly Span[] {
  const spans: Span[] = [];
  for (const element of [...table.indexes, ...(table.primaryKey === undefined ? [] : [table.primaryKey])]) {
    for (const origin of element.origins) {
      if (origin.kind !== "prisma" || origin.uri !== uri) continue;
      const span = origin.parts?.["attribute"] ?? origin.span;
      if (text.startsWith("@@", span.start)) spans.push(span);
    }
  }
  return spans.sort((a, b) => a.end - b.end);
}

function setNativeType(text: string, field: TextOrigin, native: string | undefined): readonly Edit[] {
  const old = field.parts?.["nativeType"];
  if (native === undefined) return old === undefined ? [] : [removeWithLines(text, old)];
  const written = `@${prefix(text)}.${native}`;
  if (old !== undefined) return [{ span: old, text: written }];
  return [insertAt(field.span.end, ` ${written}`)];
}

/** Native types are named after the datasource, which is nearly always `db`. */
export function prefix(text: string): string {
  return /^[ \t]*datasource[ \t]+(\w+)/m.exec(text)?.[1] ?? /@(\w+)\.[A-Z]\w*/.exec(text)?.[1] ?? "db";
}

export function fieldNames(table: Table, columns: readonly string[]): readonly string[] | undefined {
  const names: string[] = [];
  for (const column of columns) {
    const name = table.columns.get(column)?.prismaName;
    if (name === undefined) return undefined;
    names.push(name);
  }
  return names;
}

function fieldOrigin(table: Table, column: string | undefined): TextOrigin | undefined {
  const origins = column === undefined ? [] : (table.columns.get(column)?.origins ?? []);
  for (const origin of origins) if (origin.kind === "prisma") return origin;
  return undefined;
}

function firstField(table: Table, uri: string): TextOrigin | undefined {
  let first: TextOrigin | undefined;
  for (const column of table.columns.keys()) {
    const origin = fieldOrigin(table, column);
    if (origin?.uri === uri && (first === undefined || origin.span.start < first.span.start)) first = origin;
  }
  return first;
}
