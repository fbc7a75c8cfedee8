/** The outline of a Prisma schema file: blocks with their fields, values, properties and keys. */
import type { Span } from "../text/span.ts";
import { shift } from "../text/span.ts";
import { argumentNamed, asArray, attributeNamed } from "./attributes.ts";
import type { Attribute, Block, EnumValue, Field, PlacedBlock, PrismaFile, Property } from "./syntax.ts";
import { blockSpan } from "./syntax.ts";

export interface PrismaSymbol {
  readonly name: string;
  /** The type of a field, the value of a property, what a key is over; empty otherwise. */
  readonly detail: string;
  readonly kind: "model" | "view" | "type" | "enum" | "datasource" | "generator" | "field" | "relation" | "value" | "property" | "index";
  readonly span: Span;
  /** Lies within `span`. */
  readonly nameSpan: Span;
  readonly children: readonly PrismaSymbol[];
}

/** Blocks that have a name, in file order; what is half typed comes as far as it can be named. */
export function prismaSymbols(file: PrismaFile): readonly PrismaSymbol[] {
  const models = new Set(file.blocks.flatMap(({ block }) => (block.kind === "model" || block.kind === "view" ? [block.name?.text] : [])));
  // The other model may stand in another file of the schema.
  const isRelation = ({ type, attributes }: Field): boolean => models.has(type?.name.text) || attributeNamed(attributes, "relation") !== undefined;
  return file.blocks.flatMap((placed) => {
    const { block, offset } = placed;
    if (block.name === undefined) return [];
    return [
      {
        name: block.name.text,
        detail: "",
        kind: block.kind,
        span: blockSpan(placed),
        nameSpan: shift(block.name.span, offset),
        children: members(block, isRelation).map((member) => place(member, placed)),
      },
    ];
  });
}

function members(block: Block, isRelation: (field: Field) => boolean): PrismaSymbol[] {
  if ("properties" in block) return block.properties.map((property) => propertySymbol(property, block.text));
  const keys = block.attributes.flatMap((attribute) => indexSymbol(attribute, block.text));
  const others = "values" in block ? block.values.map(valueSymbol) : block.fields.map((field) => fieldSymbol(field, block.text, isRelation(field)));
  return [...others, ...keys].sort((a, b) => a.span.start - b.span.start);
}

function propertySymbol({ name, value, span }: Property, text: string): PrismaSymbol {
  const isSecret = /url$/i.test(name.text) && value?.kind === "string";
  const detail = value === undefined || isSecret ? "" : text.slice(value.span.start, value.span.end);
  return { name: name.text, detail, kind: "property", span, nameSpan: name.span, children: [] };
}

function valueSymbol({ name, span }: EnumValue): PrismaSymbol {
  return { name: name.text, detail: "", kind: "value", span, nameSpan: name.span, children: [] };
}

function fieldSymbol({ name, type, span }: Field, text: string, isRelation: boolean): PrismaSymbol {
  const detail = type === undefined ? "" : text.slice(type.span.start, type.span.end);
  return { name: name.text, detail, kind: isRelation ? "relation" : "field", span, nameSpan: name.span, children: [] };
}

/** `@@id`, `@@unique`, `@@index`, `@@fulltext`. */
function indexSymbol(attribute: Attribute, text: string): PrismaSymbol[] {
  if (!["id", "unique", "index", "fulltext"].includes(attribute.name.text)) return [];
  const fields = asArray(argumentNamed(attribute, "fields", true));
  const detail = fields === undefined ? "" : text.slice(fields.span.start, fields.span.end);
  return [{ name: `@@${attribute.name.text}`, detail, kind: "index", span: attribute.span, nameSpan: attribute.name.span, children: [] }];
}

function place(symbol: PrismaSymbol, { offset }: PlacedBlock): PrismaSymbol {
  return { ...symbol, span: shift(symbol.span, offset), nameSpan: shift(symbol.nameSpan, offset) };
}
