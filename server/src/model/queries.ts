/**
 * Questions that several rules and views ask of a schema, each answered once per schema or table. Every answer is a
 * pure function of an immutable schema; the memory goes with the schema it belongs to.
 */
import { append } from "./lists.ts";
import { memoised } from "./memoised.ts";
import { baseType } from "./pgTypes.ts";
import type { Column, Element, ForeignKey, PgType, Schema, Table } from "./schema.ts";

/** A foreign key with the table that owns it. */
export interface Reference {
  readonly table: Table;
  readonly foreignKey: ForeignKey;
}

/**
 * Whether it follows from something else and nobody can change it by itself: the join table of an implicit many-to-many
 * relation with its keys, what a partition gets from its parent. A migration that a tool wrote for it changes nothing.
 */
export function isImplied(element: Element): boolean {
  return element.origins[0].kind === "implied";
}

/** A column with the table it stands in. */
export interface PlacedColumn {
  readonly table: Table;
  readonly column: Column;
}

/** The columns of all tables that pass, those of implied tables aside, in the order of their tables. */
export function columnsWhere(schema: Schema, test: (column: Column, table: Table) => boolean): readonly PlacedColumn[] {
  const found: PlacedColumn[] = [];
  for (const table of schema.tables.values()) {
    if (isImplied(table)) continue;
    // forEach makes no object a step, and this is most of what rules look at.
    table.columns.forEach((column) => {
      if (test(column, table)) found.push({ table, column });
    });
  }
  return found;
}

/** Every foreign key that somebody can change: not those of implied tables, nor a partition's copies of its parent's. */
export const foreignKeysOf = memoised((schema: Schema): readonly Reference[] => {
  const references: Reference[] = [];
  for (const table of schema.tables.values()) {
    const parent = parentOf(schema, table);
    for (const foreignKey of table.foreignKeys) {
      if (isImplied(foreignKey) || (parent !== undefined && hasForeignKeyLike(parent, foreignKey))) continue;
      references.push({ table, foreignKey });
    }
  }
  return references;
});

/** The foreign keys that point at a table, in the order of the tables that own them. */
export function referencingKeys(schema: Schema, tableKey: string): readonly Reference[] {
  return referencesByTarget(schema).get(tableKey) ?? [];
}

const referencesByTarget = memoised((schema: Schema): ReadonlyMap<string, readonly Reference[]> => {
  const byTarget = new Map<string, Reference[]>();
  for (const reference of foreignKeysOf(schema)) append(byTarget, reference.foreignKey.references.key, reference);
  return byTarget;
});

/** The partitioned table that this one is a partition of, when the schema has it. */
export function parentOf(schema: Schema, table: Table): Table | undefined {
  return table.partitionOf === undefined ? undefined : schema.tables.get(table.partitionOf.parent);
}

/** The partitions of each partitioned table, by its key. */
export const partitionsByParent = memoised((schema: Schema): ReadonlyMap<string, readonly Table[]> => {
  const byParent = new Map<string, Table[]>();
  for (const table of schema.tables.values()) {
    if (table.partitionOf !== undefined) append(byParent, table.partitionOf.parent, table);
  }
  return byParent;
});

function hasForeignKeyLike(table: Table, key: ForeignKey): boolean {
  return table.foreignKeys.some((other) => other.references.key === key.references.key && isSameList(other.columns, key.columns));
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** Keys of the views that read any of the tables these stand in. */
export function viewsReading(schema: Schema, elements: readonly { readonly table: Table }[]): readonly string[] {
  const byTable = viewsByTable(schema);
  return byTable.size === 0 ? none : [...new Set(elements.flatMap(({ table }) => byTable.get(table.key) ?? []))];
}

const none: readonly string[] = [];

const viewsByTable = memoised((schema: Schema): ReadonlyMap<string, readonly string[]> => {
  const byTable = new Map<string, string[]>();
  for (const view of schema.views.values()) for (const table of view.reads) append(byTable, table, view.key);
  return byTable;
});

/**
 * Why a table may have more than the schema knows: something that may define objects was not read, and does not rule
 * this table out. Undefined when everything was read. A finding about something missing carries it as its doubt.
 */
export function doubtAbout(schema: Schema, table: Table): string | undefined {
  for (const source of schema.sources) {
    if (source.complete) continue;
    const unread = source.unread.find(({ names }) => names === undefined || names.has(table.name));
    if (unread !== undefined) return `${unread.what} was not read: ${unread.reason}`;
    if (source.unread.length === 0) return "Not everything that may define it could be read.";
  }
  return undefined;
}

/** The type of a surrogate key that most tables use; 64-bit numbers where they use neither them nor UUIDs. */
export const usualKeyType = memoised((schema: Schema): PgType => {
  let uuid = 0;
  let others = 0;
  for (const table of schema.tables.values()) {
    const [column, ...rest] = table.primaryKey?.columns ?? [];
    if (column === undefined || rest.length > 0) continue;
    if (table.columns.get(column)?.type.name === "uuid") uuid += 1;
    else others += 1;
  }
  return baseType(uuid > others ? "uuid" : "int8");
});
