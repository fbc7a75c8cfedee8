/** The questions to the catalog that guards of DO blocks ask: does it exist by now? */
import type { ExistenceTest } from "../../sql/blocks/existence.ts";
import type { Context } from "./context.ts";
import type { NamespaceEntry, Relation, TableEntry, TypeEntry, ViewEntry } from "./entries.ts";

/** Whether the condition holds at this point of the history. */
export function holds(test: ExistenceTest, ctx: Context): boolean {
  return exists(test, ctx) === test.exists;
}

/** A test that names no schema looks through all of them, as a query of pg_class does. */
function exists(test: ExistenceTest, ctx: Context): boolean {
  const { kind, name } = test;
  const namespaces = namespacesOf(test.schema, ctx);
  switch (kind) {
    case "schema":
      return ctx.catalog.namespaces.has(name);
    case "extension":
      return ctx.catalog.extensions.has(name) || name === "plpgsql";
    case "relation":
      return namespaces.some((namespace) => namespace.relations.has(name));
    case "table":
    case "view":
    case "sequence":
      return namespaces.some((namespace) => namespace.relations.get(name)?.kind === kind);
    case "index":
      return namespaces.some((namespace) => isIndexOf(namespace.relations.get(name), test.owner));
    case "type":
      return namespaces.some((namespace) => namespace.types.has(name) || isRelationWithRows(namespace.relations.get(name)));
    case "enumValue":
      return namespaces.some((namespace) =>
        enumsOf(namespace, test.owner).some((type) => type.values.some((value) => value.name === name)),
      );
    case "routine":
      return namespaces.some((namespace) => namespace.routines.has(name));
    case "column":
      return relationsOf(namespaces, test.owner).some((relation) => relation.columns.has(name));
    case "trigger":
      return relationsOf(namespaces, test.owner).some((relation) => relation.triggers.has(name));
    case "constraint":
      return relationsOf(namespaces, test.owner).some((relation) => relation.kind === "table" && relation.constraints.has(name));
    case "policy":
      return relationsOf(namespaces, test.owner).some((relation) => relation.kind === "table" && relation.policies.has(name));
  }
}

function namespacesOf(schema: string | undefined, ctx: Context): readonly NamespaceEntry[] {
  if (schema === undefined) return [...ctx.catalog.namespaces.values()];
  const namespace = ctx.catalog.namespaces.get(schema);
  return namespace === undefined ? [] : [namespace];
}

function isIndexOf(relation: Relation | undefined, table: string | undefined): boolean {
  return relation?.kind === "index" && (table === undefined || relation.table.name === table);
}

function isRelationWithRows(relation: Relation | undefined): relation is TableEntry | ViewEntry {
  return relation?.kind === "table" || relation?.kind === "view";
}

function enumsOf(namespace: NamespaceEntry, name: string | undefined): readonly TypeEntry[] {
  return [...namespace.types.values()].filter((type) => type.form === "enum" && (name === undefined || type.name === name));
}

function relationsOf(namespaces: readonly NamespaceEntry[], name: string | undefined): readonly (TableEntry | ViewEntry)[] {
  return namespaces.flatMap((namespace) => {
    const relations = name === undefined ? [...namespace.relations.values()] : [namespace.relations.get(name)];
    return relations.filter((relation) => isRelationWithRows(relation));
  });
}
