/**
 * One schema out of several layers, the leading one first: a Prisma schema over its migration history, for example.
 * Elements are paired by database name. The first layer to state a fact wins, every layer keeps its origin, and
 * what differs becomes a `Disagreement`. Joining never fails.
 */
import { compareFact, type Joining, mergeElement, mergeMaps, presence } from "./joining.ts";
import { joinTable } from "./joinTable.ts";
import type { Domain, Element, EnumType, Grant, Schema, Table, View } from "./schema.ts";

const empty: Schema = {
  sources: [],
  namespaces: new Map(),
  tables: new Map(),
  views: new Map(),
  enums: new Map(),
  domains: new Map(),
  compositeTypes: new Map(),
  sequences: new Map(),
  routines: new Map(),
  extensions: new Map(),
  grants: [],
  disagreements: [],
};

/** The joined schema; the schema of no layers is empty. */
export function join(layers: readonly Schema[]): Schema {
  const [first, ...others] = layers;
  return others.reduce(joinTwo, first ?? empty);
}

function joinTwo(a: Schema, b: Schema): Schema {
  const disagreements = [...a.disagreements, ...b.disagreements];
  const joining: Joining = {
    leading: a.sources[0]?.layer ?? "sql",
    following: b.sources[0]?.layer ?? "sql",
    isComplete: [...a.sources, ...b.sources].every((source) => source.complete),
    note: (disagreement) => disagreements.push(disagreement),
  };
  const first = <T extends Element>(x: T, y: T): T => mergeElement(x, y);
  return {
    sources: [...a.sources, ...b.sources],
    namespaces: mergeMaps(a.namespaces, b.namespaces, first),
    tables: joinTables(a, b, joining),
    views: mergeMaps(a.views, b.views, (x, y) => joinView(x, y, joining)),
    enums: mergeMaps(a.enums, b.enums, (x, y) => joinEnum(x, y, joining)),
    domains: mergeMaps(a.domains, b.domains, joinDomain),
    compositeTypes: mergeMaps(a.compositeTypes, b.compositeTypes, first),
    sequences: mergeMaps(a.sequences, b.sequences, first),
    routines: mergeMaps(a.routines, b.routines, first),
    extensions: mergeMaps(a.extensions, b.extensions, first),
    grants: mergeGrants(a.grants, b.grants),
    disagreements,
  };
}

function joinTables(a: Schema, b: Schema, joining: Joining): Map<string, Table> {
  const tables = mergeMaps(a.tables, b.tables, (x, y) => joinTable(x, y, joining));
  if (!joining.isComplete) return tables;
  for (const [key, table] of tables) {
    const inLeading = a.tables.has(key);
    if (inLeading === b.tables.has(key)) continue;
    joining.note(presence(key, inLeading, joining, table.origins));
  }
  return tables;
}

function joinView(a: View, b: View, joining: Joining): View {
  // A Prisma view states columns only; its query, options, indexes and triggers are in the database's own language.
  const definition = joining.leading === "prisma" ? b : a;
  return {
    ...mergeElement(a, b),
    prismaName: a.prismaName ?? b.prismaName,
    materialized: definition.materialized,
    columns: definition.columns.length > 0 ? definition.columns : a.columns,
    query: definition.query,
    reads: definition.reads,
    options: definition.options,
    indexes: definition.indexes,
    triggers: definition.triggers,
  };
}

function joinEnum(a: EnumType, b: EnumType, joining: Joining): EnumType {
  compareFact(joining, a.key, "values", a.values.join(", "), b.values.join(", "), a.origins);
  return { ...mergeElement(a, b), prismaName: a.prismaName ?? b.prismaName };
}

function joinDomain(a: Domain, b: Domain): Domain {
  return mergeElement(a, b);
}

function mergeGrants(a: readonly Grant[], b: readonly Grant[]): readonly Grant[] {
  const identity = (grant: Grant): string =>
    JSON.stringify([grant.objectKind, grant.object, grant.grantee, grant.privileges, grant.withGrantOption]);
  const known = new Set(a.map(identity));
  return [...a, ...b.filter((grant) => !known.has(identity(grant)))];
}
