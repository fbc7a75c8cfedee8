/**
 * What one block of a Prisma schema says about the database, without looking at any other block. Read once per block:
 * a block that did not change keeps its facts for as long as it lives.
 */
import { argumentNamed, asArray, attributeNamed, mappedName, nativeTypeAttribute, pathText, stringArgument } from "../../prisma/attributes.ts";
import type { Attribute, EnumBlock, Field, FieldType, ModelBlock, Value } from "../../prisma/syntax.ts";
import type { Span } from "../../text/span.ts";
import { span } from "../../text/span.ts";
import type { Spot } from "./place.ts";
import { noParts } from "./place.ts";
import { truncateName } from "../names.ts";
import type { ReferentialAction } from "../schema.ts";

export interface ModelFacts {
  readonly block: ModelBlock;
  readonly prismaName: string;
  /** The database's name: `@@map`, or the model's own. */
  readonly name: string;
  /** `@@schema`. */
  readonly schema: string | undefined;
  readonly fields: readonly FieldFacts[];
  readonly fieldsByName: ReadonlyMap<string, FieldFacts>;
  /** Fields whose type is no scalar, by the type's name. */
  readonly fieldsByType: ReadonlyMap<string, readonly FieldFacts[]>;
  readonly primaryKey: KeyFacts | undefined;
  /** `@unique`, `@@unique`, `@@index`, in source order, those on fields first. */
  readonly indexes: readonly KeyFacts[];
  readonly spot: Spot;
  /** What other blocks may depend on: equal for facts that mean the same to them. */
  readonly signature: string;
}

export interface FieldFacts {
  readonly field: Field;
  readonly type: FieldType;
  readonly prismaName: string;
  readonly name: string;
  readonly native: NativeType | undefined;
  readonly default: Value | undefined;
  readonly isUpdatedAt: boolean;
  readonly relation: RelationFacts | undefined;
  readonly spot: Spot;
}

/** `@db.VarChar(20)`: `VarChar` and `[20]`. */
export interface NativeType {
  readonly name: string;
  readonly arguments: readonly number[];
}

export interface RelationFacts {
  /** Undefined when the relation is not named. */
  readonly name: string | undefined;
  /** Prisma field names; undefined on the side that holds no key. */
  readonly fields: readonly string[] | undefined;
  readonly references: readonly string[] | undefined;
  readonly map: string | undefined;
  readonly onDelete: ReferentialAction | undefined;
  readonly onUpdate: ReferentialAction | undefined;
  readonly spot: Spot;
}

export interface KeyFacts {
  readonly kind: "id" | "unique" | "index";
  /** The name `map:` gives; undefined for Prisma's default. */
  readonly name: string | undefined;
  /** The `name:` that Prisma Client knows it by. */
  readonly prismaName: string | undefined;
  readonly keys: readonly KeyFieldFacts[];
  /** `BTree` when not stated. */
  readonly method: string;
  readonly where: Value | undefined;
  readonly spot: Spot;
}

export interface KeyFieldFacts {
  /** Prisma field name. */
  readonly field: string;
  readonly isDescending: boolean;
  /** PostgreSQL's name, as from `raw("…")`, or Prisma's such as `JsonbPathOps`. */
  readonly operatorClass: { readonly text: string; readonly isRaw: boolean } | undefined;
}

export interface EnumFacts {
  readonly block: EnumBlock;
  readonly prismaName: string;
  readonly name: string;
  readonly schema: string | undefined;
  /** Prisma's name of a value to the database's, in order. */
  readonly values: ReadonlyMap<string, string>;
  readonly spot: Spot;
  /** What other blocks may depend on: equal for facts that mean the same to them. */
  readonly signature: string;
}

/** Types that Prisma calls scalar. */
const scalarTypes: ReadonlySet<string> = new Set(["String", "Boolean", "Int", "BigInt", "Float", "Decimal", "DateTime", "Json", "Bytes", "Unsupported"]);

export function isScalarType(name: string): boolean {
  return scalarTypes.has(name);
}

/** The database schema of a model or an enum. Without `@@schema`, the one of the connection, which is not read here. */
export function schemaOf(facts: ModelFacts | EnumFacts): string {
  return facts.schema ?? "public";
}

const modelFactsOf = new WeakMap<ModelBlock, ModelFacts>();
const enumFactsOf = new WeakMap<EnumBlock, EnumFacts>();

/** Undefined for a model that has no name yet. */
export function modelFacts(block: ModelBlock): ModelFacts | undefined {
  if (block.name === undefined) return undefined;
  let facts = modelFactsOf.get(block);
  if (facts === undefined) {
    facts = readModel(block, block.name.text, block.name.span);
    modelFactsOf.set(block, facts);
  }
  return facts;
}

/** Undefined for an enum that has no name yet. */
export function enumFacts(block: EnumBlock): EnumFacts | undefined {
  if (block.name === undefined) return undefined;
  let facts = enumFactsOf.get(block);
  if (facts === undefined) {
    facts = readEnum(block, block.name.text);
    enumFactsOf.set(block, facts);
  }
  return facts;
}

function readEnum(block: EnumBlock, prismaName: string): EnumFacts {
  const values = new Map<string, string>();
  for (const value of block.values) {
    if (!values.has(value.name.text)) values.set(value.name.text, mappedName(value.attributes) ?? value.name.text);
  }
  const name = truncateName(mappedName(block.attributes) ?? prismaName);
  const schema = statedSchema(block.attributes);
  return {
    block,
    prismaName,
    name,
    schema,
    values,
    signature: JSON.stringify([schema, name, ...values]),
    spot: { span: span(0, block.text.length), nameSpan: block.name?.span ?? block.keyword.span, parts: noParts },
  };
}

function readModel(block: ModelBlock, prismaName: string, nameSpan: Span): ModelFacts {
  const fields: FieldFacts[] = [];
  const fieldsByName = new Map<string, FieldFacts>();
  const fieldsByType = new Map<string, FieldFacts[]>();
  let primaryKey: KeyFacts | undefined;
  const indexes: KeyFacts[] = [];
  for (const field of block.fields) {
    if (field.type === undefined || fieldsByName.has(field.name.text)) continue;
    const facts = readField(field, field.type);
    fields.push(facts);
    fieldsByName.set(facts.prismaName, facts);
    const type = facts.type.name.text;
    if (!isScalarType(type)) {
      const sameType = fieldsByType.get(type);
      if (sameType === undefined) fieldsByType.set(type, [facts]);
      else sameType.push(facts);
    }
    for (const attribute of field.attributes) {
      if (attribute.name.text === "id") primaryKey ??= readFieldKey("id", attribute, facts);
      else if (attribute.name.text === "unique") indexes.push(readFieldKey("unique", attribute, facts));
    }
  }
  for (const attribute of block.attributes) {
    if (attribute.name.text === "id") primaryKey ??= readBlockKey("id", attribute);
    else if (attribute.name.text === "unique") indexes.push(readBlockKey("unique", attribute));
    else if (attribute.name.text === "index") indexes.push(readBlockKey("index", attribute));
  }
  const name = truncateName(mappedName(block.attributes) ?? prismaName);
  const schema = statedSchema(block.attributes);
  return {
    block,
    prismaName,
    name,
    schema,
    fields,
    fieldsByName,
    fieldsByType,
    primaryKey,
    indexes: indexes.filter((index) => index.keys.length > 0),
    spot: { span: span(0, block.text.length), nameSpan, parts: blockParts(block, nameSpan) },
    signature: JSON.stringify([schema, name, primaryKey?.keys.map((key) => key.field), ...fields.map((field) => [field.prismaName, field.name])]),
  };
}

function statedSchema(attributes: readonly Attribute[]): string | undefined {
  return truncated(stringArgument(attributeNamed(attributes, "schema"), "map", true));
}

function blockParts(block: ModelBlock, nameSpan: Span): Readonly<Record<string, Span>> {
  const parts: Record<string, Span> = {};
  addTruncated(parts, block.name?.text ?? "", nameSpan, attributeNamed(block.attributes, "map"));
  if (block.closed) parts["close"] = { start: block.text.length - 1, end: block.text.length };
  const lastField = block.fields.at(-1);
  const lastAttribute = block.attributes.at(-1);
  if (lastField !== undefined) parts["lastField"] = lastField.span;
  if (lastAttribute !== undefined) parts["lastAttribute"] = lastAttribute.span;
  return parts;
}

function readField(field: Field, type: FieldType): FieldFacts {
  const parts: Record<string, Span> = { type: type.span };
  const native = nativeTypeAttribute(field.attributes);
  if (native !== undefined) parts["nativeType"] = native.span;
  for (const attribute of field.attributes) {
    if (attribute !== native && !(attribute.name.text in parts)) parts[attribute.name.text] = attribute.span;
  }
  addTruncated(parts, field.name.text, field.name.span, attributeNamed(field.attributes, "map"));
  const relation = attributeNamed(field.attributes, "relation");
  const value = attributeNamed(field.attributes, "default");
  return {
    field,
    type,
    prismaName: field.name.text,
    name: truncateName(mappedName(field.attributes) ?? field.name.text),
    native: native === undefined ? undefined : readNativeType(native),
    default: value === undefined ? undefined : argumentNamed(value, "value", true),
    isUpdatedAt: attributeNamed(field.attributes, "updatedAt") !== undefined,
    relation: relation === undefined ? undefined : readRelation(relation, field, type),
    spot: { span: field.span, nameSpan: field.name.span, parts },
  };
}

/** A name that is longer than PostgreSQL keeps, as the part `truncated`: the attribute that states it, or the name itself. */
function addTruncated(parts: Record<string, Span>, own: string, ownSpan: Span, map: Attribute | undefined): void {
  const mapped = map === undefined ? undefined : mappedName([map]);
  const name = mapped ?? own;
  if (truncateName(name) === name) return;
  parts["truncated"] = mapped === undefined || map === undefined ? ownSpan : map.span;
}

function readNativeType(attribute: Attribute): NativeType {
  const numbers = attribute.arguments.flatMap(({ value }) => (value?.kind === "number" ? [Number(value.text)] : []));
  return { name: attribute.name.text.slice(attribute.name.text.indexOf(".") + 1), arguments: numbers };
}

function readRelation(attribute: Attribute, field: Field, type: FieldType): RelationFacts {
  const parts: Record<string, Span> = { attribute: attribute.span, type: type.span };
  for (const { name, value } of attribute.arguments) {
    if (name !== undefined && value !== undefined && !(name.text in parts)) parts[name.text] = value.span;
  }
  return {
    name: stringArgument(attribute, "name", true),
    fields: paths(argumentNamed(attribute, "fields")),
    references: paths(argumentNamed(attribute, "references")),
    map: stringArgument(attribute, "map"),
    onDelete: referentialActions.get(pathText(argumentNamed(attribute, "onDelete")) ?? ""),
    onUpdate: referentialActions.get(pathText(argumentNamed(attribute, "onUpdate")) ?? ""),
    spot: { span: field.span, nameSpan: field.name.span, parts },
  };
}

const referentialActions: ReadonlyMap<string, ReferentialAction> = new Map([
  ["Cascade", "cascade"],
  ["Restrict", "restrict"],
  ["NoAction", "noAction"],
  ["SetNull", "setNull"],
  ["SetDefault", "setDefault"],
]);

/** The names in `[a, b]`; a single name may stand without brackets. */
function paths(value: Value | undefined): readonly string[] | undefined {
  if (value?.kind === "path") return [value.text];
  return asArray(value)?.items.flatMap((item) => (item.kind === "path" ? [item.text] : []));
}

/** `@id` or `@unique` on a field. */
function readFieldKey(kind: "id" | "unique", attribute: Attribute, facts: FieldFacts): KeyFacts {
  const key: KeyFieldFacts = {
    field: facts.prismaName,
    isDescending: pathText(argumentNamed(attribute, "sort")) === "Desc",
    operatorClass: operatorClass(argumentNamed(attribute, "ops")),
  };
  return {
    kind,
    name: truncated(stringArgument(attribute, "map")),
    prismaName: undefined,
    keys: [key],
    method: "BTree",
    where: argumentNamed(attribute, "where"),
    spot: { span: attribute.span, nameSpan: attribute.span, parts: { attribute: attribute.span } },
  };
}

/** `@@id`, `@@unique` or `@@index`. */
function readBlockKey(kind: KeyFacts["kind"], attribute: Attribute): KeyFacts {
  const fields = argumentNamed(attribute, "fields", true);
  const name = stringArgument(attribute, "name");
  const map = stringArgument(attribute, "map");
  const parts: Record<string, Span> = { attribute: attribute.span };
  if (fields !== undefined) parts["fields"] = fields.span;
  return {
    kind,
    // Prisma keeps the old meaning of `name:` for plain indexes, which the client has no name for.
    name: truncated(map ?? (kind === "index" ? name : undefined)),
    prismaName: kind === "index" ? undefined : name,
    keys: (asArray(fields)?.items ?? (fields === undefined ? [] : [fields])).flatMap(keyField),
    method: pathText(argumentNamed(attribute, "type")) ?? "BTree",
    where: argumentNamed(attribute, "where"),
    spot: { span: attribute.span, nameSpan: attribute.span, parts },
  };
}

function keyField(item: Value): KeyFieldFacts[] {
  if (item.kind === "path") return [{ field: item.text, isDescending: false, operatorClass: undefined }];
  if (item.kind !== "call") return [];
  return [
    {
      field: item.name.text,
      isDescending: pathText(argumentNamed(item, "sort")) === "Desc",
      operatorClass: operatorClass(argumentNamed(item, "ops")),
    },
  ];
}

function operatorClass(value: Value | undefined): KeyFieldFacts["operatorClass"] {
  if (value?.kind === "path") return { text: value.text, isRaw: false };
  const raw = value?.kind === "call" && value.name.text === "raw" ? value.arguments[0]?.value : undefined;
  return raw?.kind === "string" ? { text: raw.value, isRaw: true } : undefined;
}

function truncated(name: string | undefined): string | undefined {
  return name === undefined || name === "" ? undefined : truncateName(name);
}
