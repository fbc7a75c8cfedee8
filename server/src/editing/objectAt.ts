/** What stands under the cursor, in Prisma schemas and in SQL. */
import type { Attribute, Block, PlacedBlock, PrismaFile } from "../prisma/syntax.ts";
import { prismaReferenceAt } from "../prisma/references.ts";
import type { NameReference } from "../sql/reference.ts";
import { referencesOf } from "../sql/references.ts";
import type { SqlFile, Statement } from "../sql/syntax.ts";
import { shift, type Span } from "../text/span.ts";
import type { PrismaNames } from "./prismaNames.ts";
import { type NameResolver, sourceNamed } from "./resolve.ts";
import type { SchemaObject } from "./schemaObject.ts";

export interface ObjectAt {
  readonly object: SchemaObject;
  /** The name, in the file. */
  readonly span: Span;
}

export function objectInPrisma(file: PrismaFile, offset: number, names: PrismaNames): ObjectAt | undefined {
  const placed = blockAt(file, offset);
  if (placed === undefined) return undefined;
  const within = offset - placed.offset;
  const reference = prismaReferenceAt(placed.block, within);
  const object = reference === undefined ? undefined : names.resolve(reference);
  if (reference !== undefined && object !== undefined) return { object, span: shift(reference.span, placed.offset) };
  const attribute = attributeAt(placed.block, within);
  const stated = attribute === undefined ? undefined : names.attribute(placed.block, attribute);
  return attribute === undefined || stated === undefined ? undefined : { object: stated, span: shift(attribute.name.span, placed.offset) };
}

export function objectInSql(file: SqlFile, offset: number, resolver: NameResolver): ObjectAt | undefined {
  const statement = statementAt(file, offset);
  if (statement === undefined) return undefined;
  const within = offset - statement.span.start;
  for (const reference of referencesOf(statement)) {
    if (reference.span.start > within || within > reference.span.end) continue;
    const found = objectOfPart(reference, within, statement, resolver);
    if (found !== undefined) return { ...found, span: shift(found.span, statement.span.start) };
  }
  return undefined;
}

/** The block that holds an offset, its end included. */
export function blockAt(file: PrismaFile, offset: number): PlacedBlock | undefined {
  return file.blocks.find((placed) => placed.offset <= offset && offset <= placed.offset + placed.block.text.length);
}

/** The statement that holds an offset, its end included. */
export function statementAt(file: SqlFile, offset: number): Statement | undefined {
  return file.statements.find(({ span }) => span.start <= offset && offset <= span.end);
}

/** Of a qualified name, the part that holds the offset stands for something of its own. */
function objectOfPart(reference: NameReference, offset: number, statement: Statement, resolver: NameResolver): ObjectAt | undefined {
  const { path, parts, kind, scope } = reference;
  const at = parts.findIndex((part) => part.start <= offset && offset <= part.end);
  const span = parts[at];
  if (span === undefined) return undefined;
  const isRowPart = kind === "row" && at === parts.length - 1;
  if (at === parts.length - 1 && !isRowPart) {
    const resolution = resolver.resolve(reference, statement.anchor);
    return resolution.kind === "found" ? { object: resolution.object, span } : undefined;
  }
  const qualifier = path.slice(0, at + 1);
  if (kind === "column" || kind === "row") {
    const source = scope === undefined ? undefined : sourceNamed(qualifier, scope);
    const relation = source?.relation === undefined ? undefined : resolver.relation(source.relation, statement.anchor);
    if (relation?.kind === "found") return { object: relation.object, span };
  }
  const namespace = resolver.schema.namespaces.get(qualifier[0] ?? "");
  return namespace === undefined ? undefined : { object: { kind: "namespace", namespace }, span };
}

function attributeAt(block: Block, offset: number): Attribute | undefined {
  if ("properties" in block) return undefined;
  const inFields = "fields" in block ? block.fields.flatMap((field) => field.attributes) : [];
  // The name's span leaves out the @ in front.
  return [...block.attributes, ...inFields].find(({ span, name }) => span.start <= offset && offset <= name.span.end);
}
