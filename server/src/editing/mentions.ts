/** Every place at which an object of a schema is defined, changed or used, in Prisma schemas and in SQL. */
import { prismaReferencesOf } from "../prisma/references.ts";
import type { PrismaFile } from "../prisma/syntax.ts";
import type { NameReference } from "../sql/reference.ts";
import { referencesOf } from "../sql/references.ts";
import type { SqlFile, Statement } from "../sql/syntax.ts";
import { shift, type Span } from "../text/span.ts";
import type { PrismaNames } from "./prismaNames.ts";
import { type NameResolver, sourceNamed } from "./resolve.ts";
import { objectId, type SchemaObject } from "./schemaObject.ts";

export interface Mention {
  readonly uri: string;
  /** The name alone, in the file. */
  readonly span: Span;
  readonly isDefinition: boolean;
}

export function mentionsInPrisma(object: SchemaObject, file: PrismaFile, names: PrismaNames): readonly Mention[] {
  const id = objectId(object);
  const found: Mention[] = [];
  for (const { block, offset } of file.blocks) {
    for (const reference of prismaReferencesOf(block)) {
      // A mapped name is a part of the definition beside it.
      if (reference.kind === "mappedName" || !mayBe(object, reference.name)) continue;
      const meant = names.resolve(reference);
      if (meant !== undefined && objectId(meant) === id)
        found.push({ uri: file.uri, span: shift(reference.span, offset), isDefinition: reference.role === "defines" });
    }
  }
  return found;
}

/** The names that an object has and had. */
export interface Spellings {
  readonly names: ReadonlySet<string>;
  /** Finds where one of them may stand in a text. Global: to be used with `matchAll` and `search` alone. */
  readonly pattern: RegExp;
  /** Of what belongs to a relation: finds whether the relation may be named in a text, as it must be. */
  readonly owner: RegExp | undefined;
}

/** `undefined` after every statement that was looked into, for whoever wants to pause. */
export function* mentionsInSql(
  object: SchemaObject,
  file: SqlFile,
  { names, pattern, owner }: Spellings,
  resolver: NameResolver,
): Generator<Mention | undefined> {
  const id = objectId(object);
  for (const statement of statementsWith(pattern, file)) {
    if (owner !== undefined && !owner.test(statement.text)) continue;
    // USING (id) mentions a column of either side at one place.
    let last = -1;
    for (const reference of referencesOf(statement)) {
      if (!reference.path.some((name) => names.has(name))) continue;
      const span = spanOf(id, reference, names, statement, resolver);
      if (span === undefined || span.start === last) continue;
      last = span.start;
      yield {
        uri: file.uri,
        span: shift(span, statement.span.start),
        isDefinition: reference.role === "defines" && span === reference.nameSpan,
      };
    }
    yield undefined;
  }
}

/** The part of a name that is the object's: the last one, or the qualifier of a column. */
function spanOf(
  id: string,
  reference: NameReference,
  names: ReadonlySet<string>,
  statement: Statement,
  resolver: NameResolver,
): Span | undefined {
  if (names.has(reference.path.at(-1) ?? "") && isOf(id, reference, statement, resolver)) return reference.nameSpan;
  return isQualifierOf(id, reference, statement, resolver) ? reference.parts.at(reference.kind === "row" ? -1 : -2) : undefined;
}

/** `former` gives the names that something of a name may have had before. */
export function spellingsOf(object: SchemaObject, former: (name: string) => readonly string[]): Spellings {
  const name = databaseName(object);
  const names = new Set([name, ...former(name)]);
  const relation = "table" in object && object.kind !== "table" ? object.table.name : undefined;
  const owner = relation === undefined ? undefined : anyOf([relation, ...former(relation)], "i");
  return { names, pattern: anyOf([...names], "gi"), owner };
}

function anyOf(names: readonly string[], flags: string): RegExp {
  return new RegExp(names.map((name) => name.replaceAll('"', '""').replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&")).join("|"), flags);
}

/** Those that hold a match: one search through the file is faster than one through each of thousands. */
function* statementsWith(pattern: RegExp, file: SqlFile): Generator<Statement> {
  let at = 0;
  let last: Statement | undefined;
  for (const { index } of file.text.matchAll(pattern)) {
    while ((file.statements[at]?.span.end ?? Number.POSITIVE_INFINITY) <= index) at++;
    const statement = file.statements[at];
    if (statement === undefined) return;
    if (statement === last || index < statement.span.start) continue;
    last = statement;
    yield statement;
  }
}

function isOf(id: string, reference: NameReference, statement: Statement, resolver: NameResolver): boolean {
  if (reference.kind === "row") return false;
  const resolution = resolver.resolve(reference, statement.anchor);
  return resolution.kind === "found" && objectId(resolution.object) === id;
}

/** Whether the qualifier of a column is the object's own name, and no alias. */
function isQualifierOf(id: string, { kind, path, scope }: NameReference, statement: Statement, resolver: NameResolver): boolean {
  if ((kind !== "column" || path.length < 2) && kind !== "row") return false;
  const source = scope === undefined ? undefined : sourceNamed(kind === "row" ? path : path.slice(0, -1), scope);
  if (source?.relation === undefined || source.isAlias) return false;
  const resolution = resolver.relation(source.relation, statement.anchor);
  return resolution.kind === "found" && objectId(resolution.object) === id;
}

/** Whether Prisma may call the object so: saves resolving what is something else. */
function mayBe(object: SchemaObject, name: string): boolean {
  switch (object.kind) {
    case "table":
      return object.table.prismaName === name || object.table.origins[0].kind === "implied";
    case "view":
      return object.view.prismaName === name;
    case "column":
      return object.column.prismaName === name;
    case "enum":
      return object.type.prismaName === name;
    default:
      return true;
  }
}

/** The name that SQL uses. */
export function databaseName(object: SchemaObject): string {
  switch (object.kind) {
    case "table":
      return object.table.name;
    case "column":
      return object.column.name;
    case "view":
      return object.view.name;
    case "viewColumn":
      return object.name;
    case "constraint":
      return object.constraint.name;
    case "index":
      return object.index.name;
    case "trigger":
      return object.trigger.name;
    case "policy":
      return object.policy.name;
    case "enumValue":
      return object.value;
    case "enum":
    case "domain":
    case "compositeType":
      return object.type.name;
    case "sequence":
      return object.sequence.name;
    case "routine":
      return object.routines[0].name;
    case "namespace":
      return object.namespace.name;
    case "extension":
      return object.extension.name;
  }
}
