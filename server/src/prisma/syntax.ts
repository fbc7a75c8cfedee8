/**
 * The tree of a Prisma schema file (Prisma 5 to 7), as `parse.ts` builds it: tolerant, immutable, with exact ranges.
 *
 * Invariant: every span inside a block counts from the block's first character, so that a block whose text did not
 * change is the same object in the next version of the file, wherever it moved. `absoluteSpan` gives the position in the file.
 */
import type { Problem } from "../text/problem.ts";
import type { Span } from "../text/span.ts";
import { shift } from "../text/span.ts";

export interface PrismaFile {
  readonly uri: string;
  readonly text: string;
  /** In file order. Empty when `directive` is set: such a file is left alone. */
  readonly blocks: readonly PlacedBlock[];
  /** `//` and `///` lines between blocks; the ones inside blocks stand in `Block.comments`. Absolute spans. */
  readonly comments: readonly Comment[];
  /** Everything that could not be understood, in file order, with absolute spans. */
  readonly problems: readonly Problem[];
  /** Set when the file is in the language of Prisma 8, by its first line or by what it says. */
  readonly directive: "prisma-8" | undefined;
}

/** A block and where it stands in this version of the file. */
export interface PlacedBlock {
  /** Offset of the block's first character (its keyword) in the file. */
  readonly offset: number;
  readonly block: Block;
  /** The `///` lines directly above, without their markers. */
  readonly doc: string | undefined;
}

export type Block = ModelBlock | EnumBlock | ConfigBlock;

interface BlockBase {
  /** From the keyword to the closing brace, or as far as an unclosed block reaches. */
  readonly text: string;
  readonly keyword: Name;
  /** Undefined while it is being typed. */
  readonly name: Name | undefined;
  /** Whether the closing brace is there. */
  readonly closed: boolean;
  readonly comments: readonly Comment[];
  /** Spans are relative to the block, as everywhere in it. */
  readonly problems: readonly Problem[];
}

/** `type` is a composite type (MongoDB) in Prisma 5 to 7; it has no table. */
export interface ModelBlock extends BlockBase {
  readonly kind: "model" | "view" | "type";
  readonly fields: readonly Field[];
  /** `@@…` in source order. */
  readonly attributes: readonly Attribute[];
}

export interface EnumBlock extends BlockBase {
  readonly kind: "enum";
  readonly values: readonly EnumValue[];
  readonly attributes: readonly Attribute[];
}

export interface ConfigBlock extends BlockBase {
  readonly kind: "datasource" | "generator";
  readonly properties: readonly Property[];
}

export interface Name {
  readonly text: string;
  readonly span: Span;
}

export interface Comment {
  /** Without the slashes and surrounding blanks. */
  readonly text: string;
  readonly isDoc: boolean;
  readonly span: Span;
}

export interface Field {
  /** From the name to the last attribute. */
  readonly span: Span;
  readonly name: Name;
  /** Undefined while it is being typed. */
  readonly type: FieldType | undefined;
  /** `@…` in source order. */
  readonly attributes: readonly Attribute[];
  readonly doc: string | undefined;
}

export interface FieldType {
  /** With `[]` or `?`. */
  readonly span: Span;
  /** `String`, `Post`, `Unsupported`. */
  readonly name: Name;
  /** The text inside `Unsupported("…")`, unescaped. */
  readonly unsupported: string | undefined;
  readonly isList: boolean;
  readonly isOptional: boolean;
}

export interface EnumValue {
  readonly span: Span;
  readonly name: Name;
  readonly attributes: readonly Attribute[];
  readonly doc: string | undefined;
}

export interface Property {
  readonly span: Span;
  readonly name: Name;
  /** Undefined while it is being typed. */
  readonly value: Value | undefined;
}

export interface Attribute {
  /** From the first `@` to the closing parenthesis. */
  readonly span: Span;
  /** Without the `@`: `id`, `relation`, `db.VarChar`, `index`. Empty while it is being typed. */
  readonly name: Name;
  readonly arguments: readonly Argument[];
  /** The parentheses with what they hold; undefined without any. */
  readonly argumentsSpan: Span | undefined;
}

export interface Argument {
  readonly span: Span;
  /** `fields` in `fields: [a]`. */
  readonly name: Name | undefined;
  /** Undefined while it is being typed. */
  readonly value: Value | undefined;
}

export type Value = StringValue | NumberValue | PathValue | CallValue | ArrayValue | ObjectValue;

export interface StringValue {
  readonly kind: "string";
  readonly span: Span;
  /** Unescaped. */
  readonly value: string;
}

export interface NumberValue {
  readonly kind: "number";
  readonly span: Span;
  /** As written. */
  readonly text: string;
}

/** A constant, a field or a dotted path: `true`, `Cascade`, `authorId`, `address.city`. */
export interface PathValue {
  readonly kind: "path";
  readonly span: Span;
  readonly text: string;
}

/** `autoincrement()`, `dbgenerated("…")`, and a field with arguments: `title(sort: Desc)`. */
export interface CallValue {
  readonly kind: "call";
  readonly span: Span;
  readonly name: Name;
  readonly arguments: readonly Argument[];
}

export interface ArrayValue {
  readonly kind: "array";
  readonly span: Span;
  readonly items: readonly Value[];
}

/** `{ deletedAt: null }`, the object form of a partial index. */
export interface ObjectValue {
  readonly kind: "object";
  readonly span: Span;
  readonly properties: readonly Argument[];
}

/** The position in the file of a span inside a block. */
export function absoluteSpan(placed: PlacedBlock, at: Span): Span {
  return shift(at, placed.offset);
}

/** The whole block's position in the file. */
export function blockSpan(placed: PlacedBlock): Span {
  return { start: placed.offset, end: placed.offset + placed.block.text.length };
}
