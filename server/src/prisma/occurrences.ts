/** Every place of a Prisma schema that names a model, a field, an enum or an enum's value, in all of its files. */
import type { Span } from "../text/span.ts";
import { argumentNamed, asArray } from "./attributes.ts";
import { absoluteSpan, type Attribute, type Block, type EnumBlock, type Field, type ModelBlock, type Name, type PlacedBlock, type PrismaFile, type Value } from "./syntax.ts";

/** What can be named. Blocks share one space of names; a field belongs to its model, a value to its enum. */
export type PrismaTarget =
  | { readonly kind: "model" | "view" | "type" | "enum"; readonly name: string }
  | { readonly kind: "field" | "value"; readonly block: string; readonly name: string };

export interface Occurrence {
  readonly target: PrismaTarget;
  readonly uri: string;
  /** In the file. */
  readonly span: Span;
  /** Where it is declared, rather than used. */
  readonly isDeclaration: boolean;
}

/** The model, view or type and the enum that bear a name; the first of several. */
export interface PrismaNames {
  readonly models: ReadonlyMap<string, ModelBlock>;
  readonly enums: ReadonlyMap<string, EnumBlock>;
}

/** In the order of the files and their texts, but for what a declaration's attributes name. */
export function prismaOccurrences(files: readonly PrismaFile[]): readonly Occurrence[] {
  const names = prismaNames(files);
  return files.flatMap((file) => file.blocks.flatMap((placed) => new BlockOccurrences(file.uri, placed, names).all()));
}

/** What is named at an offset; its end counts. */
export function occurrenceAt(files: readonly PrismaFile[], uri: string, offset: number): Occurrence | undefined {
  const names = prismaNames(files);
  const file = files.find((one) => one.uri === uri);
  for (const placed of file?.blocks ?? []) {
    if (offset < placed.offset || offset > placed.offset + placed.block.text.length) continue;
    const found = new BlockOccurrences(uri, placed, names).all().find(({ span }) => span.start <= offset && offset <= span.end);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function isSameTarget(a: PrismaTarget, b: PrismaTarget): boolean {
  return a.kind === b.kind && a.name === b.name && ("block" in a ? a.block : "") === ("block" in b ? b.block : "");
}

export function prismaNames(files: readonly PrismaFile[]): PrismaNames {
  const models = new Map<string, ModelBlock>();
  const enums = new Map<string, EnumBlock>();
  for (const { blocks } of files) {
    for (const { block } of blocks) {
      if (block.name === undefined) continue;
      if (isModel(block) && !models.has(block.name.text)) models.set(block.name.text, block);
      if (block.kind === "enum" && !enums.has(block.name.text)) enums.set(block.name.text, block);
    }
  }
  return { models, enums };
}

/** The attributes of a block that list its fields. */
export const listingAttributes: ReadonlySet<string> = new Set(["id", "unique", "index", "fulltext", "shardKey"]);

class BlockOccurrences {
  readonly #uri: string;
  readonly #placed: PlacedBlock;
  readonly #names: PrismaNames;
  readonly #found: Occurrence[] = [];

  constructor(uri: string, placed: PlacedBlock, names: PrismaNames) {
    this.#uri = uri;
    this.#placed = placed;
    this.#names = names;
  }

  all(): readonly Occurrence[] {
    const { block } = this.#placed;
    const { name } = block;
    if (name === undefined || (!isModel(block) && block.kind !== "enum")) return [];
    this.#add({ kind: block.kind, name: name.text }, name.span, true);
    if (isModel(block)) this.#model(block, name);
    else for (const value of block.values) this.#add({ kind: "value", block: name.text, name: value.name.text }, value.name.span, true);
    return this.#found;
  }

  #model(block: ModelBlock, name: Name): void {
    for (const field of block.fields) {
      this.#add({ kind: "field", block: name.text, name: field.name.text }, field.name.span, true);
      this.#fieldType(field);
      for (const attribute of field.attributes) this.#fieldAttribute(attribute, field, name.text);
    }
    for (const attribute of block.attributes) {
      if (!listingAttributes.has(attribute.name.text)) continue;
      this.#list(argumentNamed(attribute, "fields", true), name.text);
      this.#predicate(argumentNamed(attribute, "where"), block, name.text);
    }
  }

  #fieldType({ type }: Field): void {
    if (type === undefined) return;
    const target = this.#blockNamed(type.name.text);
    if (target !== undefined) this.#add({ kind: target.kind, name: type.name.text }, type.name.span, false);
  }

  #fieldAttribute(attribute: Attribute, { type }: Field, model: string): void {
    if (attribute.name.text === "relation") {
      this.#list(argumentNamed(attribute, "fields"), model);
      if (type !== undefined) this.#list(argumentNamed(attribute, "references"), type.name.text);
    } else if (attribute.name.text === "default" && type !== undefined) this.#value(argumentNamed(attribute, "value", true), type.name.text);
  }

  /** The fields of a list: as they are, or with arguments behind them. */
  #list(value: Value | undefined, model: string): void {
    if (!this.#names.models.has(model)) return;
    for (const item of asArray(value)?.items ?? (value === undefined ? [] : [value])) {
      if (item.kind === "path") this.#field(model, item.text, item.span.start);
      else if (item.kind === "call") this.#field(model, item.name.text, item.name.span.start);
    }
  }

  /** Of `address.city`, the first part is a field of the model. */
  #field(model: string, path: string, start: number): void {
    const [name = ""] = path.split(".", 1);
    if (name !== "") this.#add({ kind: "field", block: model, name }, { start, end: start + name.length }, false);
  }

  /** `where: { status: OPEN, deletedAt: { not: null } }`. */
  #predicate(value: Value | undefined, block: ModelBlock, model: string): void {
    if (value?.kind !== "object") return;
    for (const { name, value: wanted } of value.properties) {
      if (name === undefined) continue;
      this.#field(model, name.text, name.span.start);
      const type = block.fields.find((field) => field.name.text === name.text)?.type;
      if (type === undefined || wanted === undefined) continue;
      for (const one of wanted.kind === "object" ? wanted.properties : [{ value: wanted }]) this.#value(one.value, type.name.text);
    }
  }

  /** A value of an enum, or a list of them. */
  #value(value: Value | undefined, type: string): void {
    if (value === undefined || !this.#names.enums.has(type)) return;
    for (const item of value.kind === "array" ? value.items : [value]) {
      if (item.kind === "path") this.#add({ kind: "value", block: type, name: item.text }, item.span, false);
    }
  }

  #blockNamed(name: string): ModelBlock | EnumBlock | undefined {
    return this.#names.models.get(name) ?? this.#names.enums.get(name);
  }

  #add(target: PrismaTarget, span: Span, isDeclaration: boolean): void {
    this.#found.push({ target, uri: this.#uri, span: absoluteSpan(this.#placed, span), isDeclaration });
  }
}

function isModel(block: Block): block is ModelBlock {
  return block.kind === "model" || block.kind === "view" || block.kind === "type";
}
