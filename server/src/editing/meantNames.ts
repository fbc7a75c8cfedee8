/** "Did you mean …": which name of the schema somebody probably wanted to write in SQL. */
import { sqlIdentifier } from "../model/names.ts";
import type { Anchor, Schema } from "../model/schema.ts";
import type { NameReference, Scope } from "../sql/reference.ts";
import { nearestName } from "../text/nearestName.ts";
import type { NameResolver } from "./resolve.ts";

export interface MeantName {
  readonly name: string;
  /** As it is written in place of the name, quoted where it must be. */
  readonly text: string;
}

/** `what` is missing, where that is known: of a column it may be its qualifier. */
export function meantBy(
  reference: NameReference,
  what: "relation" | "column" | "qualifier" | "type" | undefined,
  resolver: NameResolver,
  statement: Anchor,
): MeantName | undefined {
  const written = reference.path.at(what === "qualifier" ? -2 : -1) ?? "";
  const candidates = candidatesFor(reference, what, resolver, statement);
  const name = nearestName(
    written,
    [...candidates.keys()].filter((candidate) => candidate !== written),
  );
  const text = name === undefined ? undefined : candidates.get(name);
  return name === undefined || text === undefined ? undefined : { name, text };
}

/** Names, and how each would be written here. */
function candidatesFor(
  reference: NameReference,
  what: "relation" | "column" | "qualifier" | "type" | undefined,
  resolver: NameResolver,
  statement: Anchor,
): ReadonlyMap<string, string> {
  const { schema } = resolver;
  const { kind, path, scope } = reference;
  if (what === "qualifier") return written(sourceNames(scope));
  switch (kind) {
    case "relation":
      return inSchemas(path, [...tablesOf(schema), ...schema.views.values(), ...schema.sequences.values()]);
    case "type":
      return inSchemas(path, [...schema.enums.values(), ...schema.domains.values(), ...schema.compositeTypes.values()]);
    case "index":
      return written([...schema.tables.values()].flatMap(({ indexes }) => indexes.map(({ name }) => name)));
    case "column":
      return written(columnsIn(path, scope, resolver, statement));
    case "constraint":
    case "trigger":
    case "policy":
      return written(namesOfTable(kind, scope, resolver, statement));
    case "schema":
      return written(schema.namespaces.keys());
    case "row":
    case "routine":
    case "extension":
      return new Map();
  }
}

/** Those that a history makes; one that is only referred to may be a slip itself. */
function tablesOf(schema: Schema): readonly { readonly schema: string; readonly name: string }[] {
  return [...schema.tables.values()].filter(({ complete }) => complete);
}

/** In the schema that is written, else everywhere: outside of `public` with the schema in front. */
function inSchemas(
  path: readonly string[],
  all: readonly { readonly schema: string; readonly name: string }[],
): ReadonlyMap<string, string> {
  const wanted = path.at(-2);
  const texts = new Map<string, string>();
  for (const { schema, name } of all) {
    if (wanted !== undefined && schema !== wanted) continue;
    const text = wanted !== undefined || schema === "public" ? identifier(name) : `${identifier(schema)}.${identifier(name)}`;
    if (!texts.has(name) || schema === "public") texts.set(name, text);
  }
  return texts;
}

function sourceNames(scope: Scope | undefined): readonly string[] {
  const names: string[] = [];
  for (let current = scope; current !== undefined; current = current.parent)
    names.push(...current.sources.flatMap(({ name }) => name ?? []));
  return names;
}

function columnsIn(path: readonly string[], scope: Scope | undefined, resolver: NameResolver, statement: Anchor): readonly string[] {
  const qualifier = path.at(-2);
  const names: string[] = [];
  for (let current = scope; current !== undefined; current = current.parent) {
    for (const source of current.sources) {
      if (qualifier !== undefined && source.name !== qualifier) continue;
      names.push(...(resolver.columnsOf(source, statement) ?? []).map(({ name }) => name));
    }
  }
  return names;
}

function namesOfTable(
  kind: "constraint" | "trigger" | "policy",
  scope: Scope | undefined,
  resolver: NameResolver,
  statement: Anchor,
): readonly string[] {
  const relation = scope?.sources[0]?.relation;
  const found = relation === undefined ? undefined : resolver.relation(relation, statement);
  if (found?.kind !== "found" || found.object.kind !== "table") return [];
  const { table } = found.object;
  if (kind === "trigger") return table.triggers.map(({ name }) => name);
  if (kind === "policy") return table.policies.map(({ name }) => name);
  const keys = table.primaryKey === undefined ? table.uniqueConstraints : [table.primaryKey, ...table.uniqueConstraints];
  return [...keys, ...table.foreignKeys, ...table.checks, ...table.exclusions].map(({ name }) => name);
}

function written(names: Iterable<string>): ReadonlyMap<string, string> {
  return new Map([...names].map((name) => [name, identifier(name)]));
}

/** As it must be written; a name that PostgreSQL cannot hold as it is. */
function identifier(name: string): string {
  try {
    return sqlIdentifier(name);
  } catch {
    return name;
  }
}
