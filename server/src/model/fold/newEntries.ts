/** Entries as they begin, and the columns that tables are supposed to have. */
import type { Origins } from "../schema.ts";
import type { ColumnEntry, Entry, NamespaceEntry, Owned, SequenceEntry, TableEntry, TypeEntry, TypeUse, ViewEntry } from "./entries.ts";
import { RareMap, RareSet } from "./rare.ts";

/** Privileges and owner of a new object. */
export function owned(): Owned {
  return { ownerRole: defaultOwner, acl: new RareMap() };
}

export const defaultOwner = "postgres";

/** What every entry starts with. */
export function entry(name: string, origins: Origins): Entry {
  return { name, origins, comment: undefined, isDropped: false };
}

/** The column the table has, or is supposed to have when only changes to it were seen. */
export function columnOf(table: TableEntry | ViewEntry, name: string): ColumnEntry | undefined {
  const column = table.columns.get(name);
  if (column !== undefined || table.kind === "view" || table.isComplete) return column;
  let supposed = table.supposed.get(name);
  if (supposed === undefined) {
    supposed = newColumn(name, table.origins, unknownUse);
    table.supposed.set(name, supposed);
  }
  return supposed;
}

/** Whether the table has columns of the same names. A partition whose parent is not fully known may lack some. */
export function hasColumnsLike(table: TableEntry, columns: readonly ColumnEntry[]): boolean {
  return columns.every((column) => columnOf(table, column.name) !== undefined);
}

/** The type of what could not be resolved or derived. */
export const unknownUse: TypeUse = {
  entry: undefined,
  type: { schema: undefined, name: "unknown", modifiers: [], isArray: false, kind: "unknown" },
};

export function newColumn(name: string, origins: Origins, type: TypeUse): ColumnEntry {
  return {
    kind: "column",
    name,
    origins,
    comment: undefined,
    isDropped: false,
    type,
    isNotNull: false,
    notNullName: undefined,
    default: undefined,
    identity: undefined,
    generated: undefined,
    collation: undefined,
    isLocal: true,
    inherited: 0,
    sequences: noSequences,
    acl: undefined,
  };
}

const noSequences: readonly SequenceEntry[] = [];

export function newTable(namespace: NamespaceEntry, name: string, origins: Origins): TableEntry {
  return {
    kind: "table",
    name,
    origins,
    comment: undefined,
    isDropped: false,
    ownerRole: defaultOwner,
    acl: new RareMap(),
    namespace,
    form: "table",
    persistence: "permanent",
    isComplete: true,
    isPhantom: false,
    columns: new Map(),
    supposed: new RareMap(),
    rowType: undefined,
    hasColumnGrants: false,
    constraints: new Map(),
    indexes: new Set(),
    triggers: new RareMap(),
    policies: new RareMap(),
    isRowSecurityEnabled: false,
    isRowSecurityForced: false,
    partitionKey: undefined,
    partitionOf: undefined,
    inherits: [],
    children: new RareSet(),
    referencedBy: new RareSet(),
    readers: new RareSet(),
  };
}

export function newType(
  namespace: NamespaceEntry,
  name: string,
  form: TypeEntry["form"],
  origins: Origins,
  of: Partial<Pick<TypeEntry, "relation" | "extension">> = {},
): TypeEntry {
  return {
    kind: "type",
    ...entry(name, origins),
    ...owned(),
    usedBy: new RareSet(),
    namespace,
    form,
    values: [],
    base: undefined,
    isNotNull: false,
    default: undefined,
    checks: [],
    attributes: [],
    relation: of.relation,
    extension: of.extension,
  };
}

/** Replaces a key of a map and keeps its place in the order. */
export function renameKey<T>(map: Map<string, T> | RareMap<string, T>, from: string, to: string): void {
  const entries = [...map];
  map.clear();
  for (const [key, value] of entries) map.set(key === from ? to : key, value);
}
