/**
 * The names that a block of a Prisma schema mentions, with their places: its own, its fields', the types of fields, the
 * fields in lists of attributes, the values of defaults. What they stand for is for others to say.
 */
import type { Span } from "../text/span.ts";
import { argumentNamed, asArray } from "./attributes.ts";
import type { Attribute, Block, Field, ModelBlock, Value } from "./syntax.ts";

export type PrismaReference = {
  readonly role: "defines" | "uses";
  readonly name: string;
  /** Counts from the block's first character. */
  readonly span: Span;
} & /** A model, view, enum or composite type, or as the type of a field also a scalar. */
(
  | { readonly kind: "type" }
  /** `model` is Prisma's name of the model that has the field. */
  | { readonly kind: "field"; readonly model: string }
  | { readonly kind: "enumValue"; readonly enum: string }
  /** The database's name of what has the attribute: the string of `@map`, `@@map` and `map:` without its quotes. */
  | { readonly kind: "mappedName"; readonly of: Mapped }
);

export type Mapped =
  | { readonly kind: "type"; readonly name: string }
  | { readonly kind: "field"; readonly model: string; readonly name: string }
  | { readonly kind: "enumValue"; readonly enum: string; readonly name: string }
  /** A key, an index or a foreign key of the model. */
  | { readonly kind: "constraint"; readonly model: string; readonly name: string };

const known = new WeakMap<Block, readonly PrismaReference[]>();

/** In no particular order; none for a block that has no name yet. */
export function prismaReferencesOf(block: Block): readonly PrismaReference[] {
  let references = known.get(block);
  if (references === undefined) {
    references = read(block);
    known.set(block, references);
  }
  return references;
}

/** The reference that holds an offset in the block, its end included. */
export function prismaReferenceAt(block: Block, offset: number): PrismaReference | undefined {
  return prismaReferencesOf(block).find(({ span }) => span.start <= offset && offset <= span.end);
}

function read(block: Block): readonly PrismaReference[] {
  if (block.name === undefined || "properties" in block) return [];
  const own = block.name.text;
  const found: PrismaReference[] = [{ kind: "type", role: "defines", name: own, span: block.name.span }];
  for (const attribute of block.attributes) {
    if (attribute.name.text === "map") found.push(...mapped(attribute, "name", true, { kind: "type", name: own }));
  }
  if ("values" in block) {
    for (const { name, attributes } of block.values) {
      found.push({ kind: "enumValue", role: "defines", enum: own, name: name.text, span: name.span });
      found.push(...mapOf(attributes, { kind: "enumValue", enum: own, name: name.text }));
    }
    return found;
  }
  for (const field of block.fields) found.push(...inField(field, own));
  for (const attribute of block.attributes) found.push(...inKey(attribute, own, block));
  return found;
}

function inField(field: Field, model: string): readonly PrismaReference[] {
  const { name, type, attributes } = field;
  const found: PrismaReference[] = [{ kind: "field", role: "defines", model, name: name.text, span: name.span }];
  if (type !== undefined) found.push({ kind: "type", role: "uses", name: type.name.text, span: type.name.span });
  found.push(...mapOf(attributes, { kind: "field", model, name: name.text }));
  for (const attribute of attributes) {
    if (attribute.name.text === "relation") {
      found.push(...fieldsIn(argumentNamed(attribute, "fields"), model));
      if (type !== undefined) found.push(...fieldsIn(argumentNamed(attribute, "references"), type.name.text));
      found.push(...constraintName(attribute, model));
    } else if (attribute.name.text === "default" && type !== undefined) {
      found.push(...valuesIn(argumentNamed(attribute, "value", true), type.name.text));
    } else if (attribute.name.text === "unique" || attribute.name.text === "id") found.push(...constraintName(attribute, model));
  }
  return found;
}

/** `@@id`, `@@unique`, `@@index`. */
function inKey(attribute: Attribute, model: string, block: ModelBlock): readonly PrismaReference[] {
  if (!["id", "unique", "index", "fulltext"].includes(attribute.name.text)) return [];
  return [
    ...fieldsIn(argumentNamed(attribute, "fields", true), model),
    ...inPredicate(argumentNamed(attribute, "where"), model, block),
    ...constraintName(attribute, model),
  ];
}

/** `where: { status: OPEN, deletedAt: { not: null } }`. */
function inPredicate(value: Value | undefined, model: string, block: ModelBlock): readonly PrismaReference[] {
  if (value?.kind !== "object") return [];
  return value.properties.flatMap(({ name, value: wanted }): readonly PrismaReference[] => {
    if (name === undefined) return [];
    const type = block.fields.find((field) => field.name.text === name.text)?.type?.name.text ?? "";
    const values = wanted?.kind === "object" ? wanted.properties.map((property) => property.value) : [wanted];
    return [{ kind: "field", role: "uses", model, name: name.text, span: name.span }, ...values.flatMap((one) => valuesIn(one, type))];
  });
}

function fieldsIn(list: Value | undefined, model: string): readonly PrismaReference[] {
  return (asArray(list)?.items ?? []).flatMap((item): readonly PrismaReference[] => {
    if (item.kind === "call") return [{ kind: "field", role: "uses", model, name: item.name.text, span: item.name.span }];
    if (item.kind !== "path") return [];
    // `address.city` reaches into a composite type.
    const name = item.text.split(".", 1)[0] ?? item.text;
    return [{ kind: "field", role: "uses", model, name, span: { start: item.span.start, end: item.span.start + name.length } }];
  });
}

function valuesIn(value: Value | undefined, type: string): readonly PrismaReference[] {
  const values = value?.kind === "array" ? value.items : value === undefined ? [] : [value];
  return values.flatMap((one): readonly PrismaReference[] =>
    one.kind === "path" && !/^(?:true|false|null)$/.test(one.text)
      ? [{ kind: "enumValue", role: "uses", enum: type, name: one.text, span: one.span }]
      : [],
  );
}

function mapOf(attributes: readonly Attribute[], of: Mapped): readonly PrismaReference[] {
  return attributes.flatMap((attribute) => (attribute.name.text === "map" ? mapped(attribute, "name", true, of) : []));
}

function constraintName(attribute: Attribute, model: string): readonly PrismaReference[] {
  const value = argumentNamed(attribute, "map");
  return value?.kind === "string" ? mapped(attribute, "map", false, { kind: "constraint", model, name: value.value }) : [];
}

function mapped(attribute: Attribute, name: string, isDefault: boolean, of: Mapped): readonly PrismaReference[] {
  const value = argumentNamed(attribute, name, isDefault);
  if (value?.kind !== "string" || value.value === "" || value.span.end - value.span.start < 3) return [];
  const span = { start: value.span.start + 1, end: value.span.end - 1 };
  return [{ kind: "mappedName", role: "uses", name: value.value, span, of }];
}

/** The model's fields whose type is `model`. */
export function fieldsOfType(block: ModelBlock, model: string): readonly Field[] {
  return block.fields.filter((field) => field.type?.name.text === model);
}
