/**
 * Renames a model, a field, an enum or an enum's value in every file of a Prisma schema, and keeps what the database
 * has: by `@map` and `@@map`, and by a name for each many-to-many relation whose table would be called otherwise.
 */
import type { Edit, FileEdit } from "../text/edit.ts";
import type { Span } from "../text/span.ts";
import { attributeNamed, stringArgument } from "./attributes.ts";
import { isSameTarget, type PrismaNames, prismaNames, prismaOccurrences, type PrismaTarget } from "./occurrences.ts";
import type { Attribute, EnumBlock, EnumValue, Field, ModelBlock, PlacedBlock, PrismaFile } from "./syntax.ts";

export type Renaming = { readonly ok: true; readonly edits: readonly FileEdit[] } | { readonly ok: false; readonly reason: string };

/** `files` are all of the schema's. */
export function renamePrisma(files: readonly PrismaFile[], target: PrismaTarget, newName: string): Renaming {
  const reason = whyNot(files, target, newName);
  if (reason !== undefined) return { ok: false, reason };
  if (newName === target.name) return { ok: true, edits: [] };
  const edits = new Map<string, Edit[]>();
  const add = (uri: string, edit: Edit): void => {
    const known = edits.get(uri);
    if (known === undefined) edits.set(uri, [edit]);
    else known.push(edit);
  };
  const names = prismaNames(files);
  for (const { target: other, uri, span } of prismaOccurrences(files)) if (isSameTarget(other, target)) add(uri, { span, text: newName });
  for (const file of files)
    for (const placed of file.blocks) for (const edit of mapping(placed, target, names, file.text)) add(file.uri, edit);
  for (const { uri, edit } of joinTablesKept(files, names, target)) add(uri, edit);
  return { ok: true, edits: [...edits].map(([uri, changes]) => ({ kind: "change", uri, edits: changes })) };
}

/** What stands in the way, as a sentence for the person who renames. */
function whyNot(files: readonly PrismaFile[], target: PrismaTarget, newName: string): string | undefined {
  const broken = files.find(({ problems }) => problems.some(({ code }) => code === "prisma-syntax"));
  if (broken !== undefined) return `${fileName(broken.uri)} has a syntax error, so references could be missed: mend it first.`;
  if (files.some(({ directive }) => directive !== undefined)) return "Schemas of Prisma 8 are not renamed here.";
  if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(newName)) {
    return `“${newName}” is no name in Prisma: it takes a letter, then letters, digits and underscores. The database's name is what @map says.`;
  }
  if (newName === target.name) return undefined;
  const names = prismaNames(files);
  return collision(names, target, newName) ?? swappedJoinTable(names, target, newName);
}

function collision({ models, enums }: PrismaNames, target: PrismaTarget, newName: string): string | undefined {
  switch (target.kind) {
    case "field": {
      const isTaken = models.get(target.block)?.fields.some(({ name }) => name.text === newName) === true;
      return isTaken ? `${target.block} has a field ${newName} already.` : undefined;
    }
    case "value": {
      const isTaken = enums.get(target.block)?.values.some(({ name }) => name.text === newName) === true;
      return isTaken ? `${target.block} has a value ${newName} already.` : undefined;
    }
    case "model":
    case "view":
    case "type":
    case "enum": {
      if (models.has(newName) || enums.has(newName))
        return `The schema has ${models.has(newName) ? "a model" : "an enum"} ${newName} already.`;
      return reserved.has(newName) ? `${newName} is a word that Prisma keeps for itself.` : undefined;
    }
  }
}

/** Prisma's own types, its client, and what its generated code could not be called. */
const reserved: ReadonlySet<string> = new Set(
  (
    "String Boolean Int BigInt Float Decimal DateTime Json Bytes Unsupported PrismaClient async await break case catch class const continue " +
    "debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new " +
    "null package private protected public return super switch this throw true try typeof using var void while with yield"
  ).split(" "),
);

/** The attribute that keeps the database's name, where there is none. Relation fields and composite types have no such name. */
function* mapping({ offset, block }: PlacedBlock, target: PrismaTarget, { models }: PrismaNames, text: string): Generator<Edit> {
  if (block.name === undefined || "properties" in block || block.kind === "type") return;
  const attribute = `map(${JSON.stringify(target.name)})`;
  if (block.kind === target.kind && block.name.text === target.name) {
    if (attributeNamed(block.attributes, "map") === undefined) yield newBlockAttribute(offset, block, `@@${attribute}`, text);
  } else if ("block" in target && target.block === block.name.text) {
    const members: readonly (Field | EnumValue)[] = block.kind === "enum" ? block.values : block.fields;
    for (const member of members) {
      const isRelation = "type" in member && models.has(member.type?.name.text ?? "");
      if (member.name.text !== target.name || isRelation || attributeNamed(member.attributes, "map") !== undefined) continue;
      yield insertion(offset + member.span.end, ` @${attribute}`);
    }
  }
}

/** Below the other attributes of the block, else below a blank line at its end. */
function newBlockAttribute(offset: number, block: ModelBlock | EnumBlock, attribute: string, text: string): Edit {
  const lineEnd = text.includes("\r\n") ? "\r\n" : "\n";
  const members: readonly { readonly span: Span }[] = block.kind === "enum" ? block.values : block.fields;
  const last = block.attributes.at(-1) ?? members.at(-1);
  const close = offset + block.text.length - 1;
  const end = last === undefined ? close : endOfLine(text, offset + last.span.end);
  if (last === undefined || end >= close) return insertion(close, `${lineEnd}  ${attribute}${lineEnd}`);
  const start = offset + last.span.start;
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", start - 1) + 1, start))?.[0] ?? "";
  const isFirst = block.attributes.length === 0;
  return insertion(end, `${isFirst ? lineEnd : ""}${lineEnd}${indent}${attribute}`);
}

/** Before what ends the line; a comment belongs to it. */
function endOfLine(text: string, from: number): number {
  const ends = /[\r\n]|$/g;
  ends.lastIndex = from;
  return ends.exec(text)?.index ?? text.length;
}

/** A field on either side of an implicit many-to-many relation. */
interface JoinedField {
  readonly model: string;
  readonly field: Field;
  readonly other: string;
  readonly otherField: Field;
  /** As the schema states it. */
  readonly relation: string | undefined;
}

/** Lists on both sides, and no foreign key on either: Prisma makes a table for them, with the columns A and B. */
function* joinedFields({ models }: PrismaNames): Generator<JoinedField> {
  for (const [model, { fields }] of models) {
    for (const field of fields) {
      const other = field.type?.isList === true ? models.get(field.type.name.text) : undefined;
      if (other?.name === undefined) continue;
      const relation = nameOf(field);
      const otherField = other.fields.find(
        (one) => one !== field && one.type?.isList === true && one.type.name.text === model && nameOf(one) === relation,
      );
      if (otherField !== undefined) yield { model, field, other: other.name.text, otherField, relation };
    }
  }
}

function nameOf(field: Field): string | undefined {
  return stringArgument(attributeNamed(field.attributes, "relation"), "name", true);
}

/**
 * The columns A and B of such a table are in the order of the models' names, within one model of the fields' names: a
 * name that turns it would exchange them. https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/many-to-many-relations
 */
function swappedJoinTable(names: PrismaNames, target: PrismaTarget, newName: string): string | undefined {
  for (const { model, field, other, otherField } of joinedFields(names)) {
    const isSelf = model === other;
    const [one, two] = isSelf ? [field.name.text, otherField.name.text] : [model, other];
    const isRenamed = isSelf
      ? target.kind === "field" && target.block === model && target.name === one
      : target.kind === "model" && target.name === one;
    if (!isRenamed || one < two === newName < two) continue;
    return `With this name the columns A and B of the table between ${one} and ${two} would change places: Prisma orders them by name. Take a name that sorts ${one < two ? "before" : "after"} ${two}.`;
  }
  return undefined;
}

/** Names for relations whose table is called after the models. */
function* joinTablesKept(
  files: readonly PrismaFile[],
  names: PrismaNames,
  target: PrismaTarget,
): Generator<{ readonly uri: string; readonly edit: Edit }> {
  if (target.kind !== "model") return;
  const unnamed = new Map<Field, string>();
  for (const { model, field, other, relation } of joinedFields(names)) {
    if (relation !== undefined || (model !== target.name && other !== target.name)) continue;
    unnamed.set(field, model < other ? `${model}To${other}` : `${other}To${model}`);
  }
  for (const { uri, blocks } of files) {
    for (const { offset, block } of blocks) {
      if (block.kind !== "model") continue;
      for (const field of block.fields) {
        const name = unnamed.get(field);
        if (name !== undefined) yield { uri, edit: relationNamed(field, offset, name) };
      }
    }
  }
}

function relationNamed(field: Field, offset: number, name: string): Edit {
  const attribute: Attribute | undefined = attributeNamed(field.attributes, "relation");
  if (attribute?.argumentsSpan === undefined)
    return insertion(offset + (attribute ?? field).span.end, `${attribute === undefined ? " @relation" : ""}("${name}")`);
  return insertion(offset + attribute.argumentsSpan.start + 1, `name: "${name}"${attribute.arguments.length > 0 ? ", " : ""}`);
}

function insertion(at: number, text: string): Edit {
  return { span: { start: at, end: at }, text };
}

function fileName(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf("/") + 1));
}
