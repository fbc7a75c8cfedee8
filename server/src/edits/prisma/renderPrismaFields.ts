/** Fields of a Prisma model as house style wants them: one that other models have, and all of them in an order. */
import type { Table, TextOrigin } from "../../model/schema.ts";
import type { Edit } from "../../text/edit.ts";
import type { Span } from "../../text/span.ts";
import { endOfLine, indentAt, insertAt, isBlank, startOfLine, startOfNextLine } from "../lines.ts";
import { refuse, type Refusal } from "../refusal.ts";
import type { DesignIntent } from "../intents/designIntent.ts";
import { prismaType } from "./prismaType.ts";
import { prefix } from "./renderPrisma.ts";

/** The attributes that say what a field is by itself; the others make keys of it. */
const copied = ["default", "updatedAt", "nativeType", "map"];

/** Behind the model's last column, written as it is in the other model. */
export function addPrismaField(
  text: string,
  model: TextOrigin,
  table: Table,
  like: { readonly text: string; readonly origin: TextOrigin; readonly name: string },
): readonly Edit[] | Refusal {
  const type = like.origin.parts?.["type"];
  const last = fieldsIn(table, model.uri).at(-1);
  if (type === undefined || last === undefined) return refuse(`The model of ${table.name} has no field to write ${like.name} behind.`);
  const attributes = copied
    .flatMap((name) => like.origin.parts?.[name] ?? [])
    .sort((a, b) => a.start - b.start)
    .map(({ start, end }) => like.text.slice(start, end));
  const typeStart = last.origin.parts?.["type"]?.start ?? last.origin.span.end;
  const width = Math.max(like.name.length + 1, typeStart - last.origin.span.start);
  const field = [like.name.padEnd(width) + like.text.slice(type.start, type.end), ...attributes].join(" ");
  const end = endOfLine(text, last.origin.span.end);
  return [insertAt(end, `\n${indentAt(text, last.origin.span.start)}${field}`)];
}

/** Behind the model's last column; named as the others are, where their names are not the database's. */
export function addNewPrismaField(
  text: string,
  model: TextOrigin,
  { table, column, type, nullable }: Extract<DesignIntent, { do: "addNewColumn" }>,
): readonly Edit[] | Refusal {
  const written = prismaType(type);
  const last = fieldsIn(table, model.uri).at(-1);
  if (written === undefined) return refuse(`Prisma has no type for ${column}.`);
  if (last === undefined) return refuse(`The model of ${table.name} has no field to write ${column} behind.`);
  if (type.isArray && nullable) return refuse("A list in Prisma is never null: make it not null.");
  const isMapped = [...table.columns.values()].some(({ name, prismaName }) => prismaName !== undefined && prismaName !== name);
  const wanted = isMapped ? column.replaceAll(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()) : column;
  const field = fieldName(wanted, text.slice(model.span.start, model.span.end));
  const typeStart = last.origin.parts?.["type"]?.start ?? last.origin.span.end;
  const width = Math.max(field.length + 1, typeStart - last.origin.span.start);
  const parts = [
    field.padEnd(width) + written.scalar + (type.isArray ? "[]" : nullable ? "?" : ""),
    ...(field === column ? [] : [`@map(${JSON.stringify(column)})`]),
    ...(written.native === undefined ? [] : [`@${prefix(text)}.${written.native}`]),
  ];
  return [insertAt(endOfLine(text, last.origin.span.end), `\n${indentAt(text, last.origin.span.start)}${parts.join(" ")}`)];
}

/** What Prisma takes for a name, and no field of the model has: the name itself where that is so. */
function fieldName(wanted: string, model: string): string {
  const plain = wanted.normalize("NFKD").replaceAll(/\p{M}/gu, "").replaceAll(/\W+/g, "_").replaceAll(/^[^A-Za-z]+|_+$/g, "");
  const base = /^[A-Za-z]\w*$/.test(wanted) ? wanted : plain === "" ? "column" : plain;
  const isTaken = (name: string): boolean => new RegExp(`^\\s*${name}\\s`, "m").test(model);
  let name = base;
  for (let n = 2; isTaken(name); n++) name = `${base}${n}`;
  return name;
}

/** Each field goes, with the comments above it, where another one was; what is no column stays where it is. */
export function orderPrismaFields(text: string, model: TextOrigin, table: Table, columns: readonly string[]): readonly Edit[] | Refusal {
  const fields = fieldsIn(table, model.uri);
  const places = new Map(fields.map(({ name, origin }) => [name, linesOf(text, origin)]));
  const [before, wanted] = [fields.map(({ name }) => name), columns.filter((name) => places.has(name))];
  if (before.length !== wanted.length || [...places.values()].some((lines) => lines === undefined))
    return refuse(`The fields of ${table.name} are not written line by line.`);
  return before.flatMap((name, i) => {
    const [old, now] = [places.get(name), places.get(wanted[i] ?? name)];
    return old === undefined || now === undefined || old === now ? [] : [{ span: old, text: text.slice(now.start, now.end) }];
  });
}

/** The columns that are fields written in this file, in the order of the text. */
function fieldsIn(table: Table, uri: string): readonly { readonly name: string; readonly origin: TextOrigin }[] {
  return [...table.columns.values()]
    .flatMap(({ name, origins }) => {
      const origin = origins.find((other) => other.kind === "prisma" && other.uri === uri);
      return origin?.kind === "prisma" ? [{ name, origin }] : [];
    })
    .sort((a, b) => a.origin.span.start - b.origin.span.start);
}

/** The field's line and the comments right above it, without the last line break; undefined when it shares its line. */
function linesOf(text: string, { span }: TextOrigin): Span | undefined {
  let start = startOfLine(text, span.start);
  if (!isBlank(text, { start, end: span.start })) return undefined;
  const end = endOfLine(text, span.end);
  if (!/^\s*(?:\/\/|$)/.test(text.slice(span.end, end)) || startOfNextLine(text, span.start) < span.end) return undefined;
  for (let above = startOfLine(text, start - 1); above < start && text.slice(above, start).trim().startsWith("//"); ) {
    start = above;
    above = startOfLine(text, start - 1);
  }
  return { start, end };
}
