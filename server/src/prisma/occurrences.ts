/** Every place of a Prisma schema that names one of its models, fields, enums or values, in all of its files. */
import type { Span } from "../text/span.ts";
import { type PrismaReference, prismaReferenceAt, prismaReferencesOf } from "./references.ts";
import { absoluteSpan, type Block, type EnumBlock, type ModelBlock, type PlacedBlock, type PrismaFile } from "./syntax.ts";

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

export function prismaOccurrences(files: readonly PrismaFile[]): readonly Occurrence[] {
  const names = prismaNames(files);
  return files.flatMap(({ uri, blocks }) =>
    blocks.flatMap((placed) => prismaReferencesOf(placed.block).flatMap((reference) => occurrenceOf(reference, placed, uri, names) ?? [])),
  );
}

/** What is named at an offset; its end counts. */
export function occurrenceAt(files: readonly PrismaFile[], uri: string, offset: number): Occurrence | undefined {
  for (const placed of files.find((one) => one.uri === uri)?.blocks ?? []) {
    const reference = prismaReferenceAt(placed.block, offset - placed.offset);
    if (reference !== undefined) return occurrenceOf(reference, placed, uri, prismaNames(files));
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

/** Undefined for what is none of the schema's own: a scalar, a name of the database. */
function occurrenceOf(reference: PrismaReference, placed: PlacedBlock, uri: string, names: PrismaNames): Occurrence | undefined {
  const target = targetOf(reference, names);
  if (target === undefined) return undefined;
  return { target, uri, span: absoluteSpan(placed, reference.span), isDeclaration: reference.role === "defines" };
}

function targetOf(reference: PrismaReference, { models, enums }: PrismaNames): PrismaTarget | undefined {
  const { name } = reference;
  switch (reference.kind) {
    case "type": {
      const block = models.get(name) ?? enums.get(name);
      return block === undefined ? undefined : { kind: block.kind, name };
    }
    case "field":
      return models.has(reference.model) ? { kind: "field", block: reference.model, name } : undefined;
    case "enumValue":
      return enums.has(reference.enum) ? { kind: "value", block: reference.enum, name } : undefined;
    case "mappedName":
      return undefined;
  }
}

function isModel(block: Block): block is ModelBlock {
  return block.kind === "model" || block.kind === "view" || block.kind === "type";
}
