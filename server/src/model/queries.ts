/**
 * Questions that several rules and views ask of a schema. Every answer is a pure function of an immutable schema; what
 * takes going through all of it is prepared once per schema and asked by key.
 */
import { append } from "./lists.ts";
import { derived, lookup } from "./lookup.ts";
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

/** The columns of a table that pass, in their order. */
export function columnsWhere(table: Table, test: (column: Column, table: Table) => boolean): readonly Column[] {
  let found: Column[] | undefined;
  // forEach makes no object a step, and this is most of what rules look at.
  table.columns.forEach((column) => {
    if (!test(column, table)) return;
    if (found === undefined) found = [column];
    else found.push(column);
  });
  return found ?? [];
}

/** The foreign keys of a table that somebody can change: not implied ones, nor a partition's copies of its parent's. */
export function foreignKeysOf(schema: Schema, table: Table): readonly ForeignKey[] {
  const own = ownForeignKeys(table);
  const parent = own.length === 0 ? undefined : parentOf(schema, table);
  return parent === undefined ? own : own.filter((key) => !hasForeignKeyLike(parent, key));
}

const ownForeignKeys = memoised(({ foreignKeys }: Table) =>
  foreignKeys.some(isImplied) ? foreignKeys.filter((key) => !isImplied(key)) : foreignKeys,
);

/** The foreign keys that point at a table and that somebody can change, in the order of the tables that own them. */
export const referencingKeys = lookup((schema) => {
  const byTarget = keysByTarget(schema);
  const found = new Map<string, readonly Reference[]>();
  return (tableKey): readonly Reference[] => {
    let references = found.get(tableKey);
    if (references === undefined) {
      references = (byTarget.get(tableKey) ?? []).flatMap((place) => referenceAt(schema, place) ?? []);
      found.set(tableKey, references);
    }
    return references;
  };
});

/** A foreign key by the key of its table and its position there: it holds for the next version of the schema too. */
export interface KeyPlace {
  readonly table: string;
  readonly at: number;
}

export function referenceAt(schema: Schema, { table: key, at }: KeyPlace): Reference | undefined {
  const table = schema.tables.get(key);
  const foreignKey = table?.foreignKeys[at];
  return table === undefined || foreignKey === undefined ? undefined : { table, foreignKey };
}

/** The foreign keys that somebody can change, by the key of the table they point at. */
export const keysByTarget = derived((schema): ReadonlyMap<string, readonly KeyPlace[]> => {
  const byTarget = new Map<string, KeyPlace[]>();
  for (const table of schema.tables.values()) {
    for (const foreignKey of foreignKeysOf(schema, table))
      append(byTarget, foreignKey.references.key, { table: table.key, at: table.foreignKeys.indexOf(foreignKey) });
  }
  return byTarget;
}, keyFacet);

/** What `derived` answers about foreign keys rest on: which columns lead where, and what happens to rows without a parent. */
export function keyFacet({ foreignKeys, partitionOf }: Table): string {
  const keys = foreignKeys.map((key) => [isImplied(key), key.columns, key.references.key, key.onDelete].join("\0"));
  return [partitionOf?.parent ?? "", ...keys].join("\n");
}

/** The partitioned table that this one is a partition of, when the schema has it. */
export function parentOf(schema: Schema, table: Table): Table | undefined {
  return table.partitionOf === undefined ? undefined : schema.tables.get(table.partitionOf.parent);
}

/** The partitions of a partitioned table, by its key. */
export const partitionsOf = lookup((schema) => {
  const byParent = new Map<string, Table[]>();
  for (const table of schema.tables.values()) {
    if (table.partitionOf !== undefined) append(byParent, table.partitionOf.parent, table);
  }
  return (tableKey): readonly Table[] => byParent.get(tableKey) ?? [];
});

function hasForeignKeyLike(table: Table, key: ForeignKey): boolean {
  return table.foreignKeys.some((other) => other.references.key === key.references.key && isSameList(other.columns, key.columns));
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** Keys of the views that read any of the tables these stand in. */
export function viewsReading(schema: Schema, elements: readonly { readonly table: Table }[]): readonly string[] {
  return schema.views.size === 0 ? [] : [...new Set(elements.flatMap(({ table }) => viewsOf(schema, table.key)))];
}

/** Keys of the views that read a table. */
export const viewsOf = lookup((schema) => {
  const byTable = new Map<string, string[]>();
  for (const view of schema.views.values()) for (const table of view.reads) append(byTable, table, view.key);
  return (tableKey): readonly string[] => byTable.get(tableKey) ?? [];
});

/**
 * Why a table may have more than the schema knows: something that may define objects was not read, and does not rule
 * this table out. Undefined when everything was read. A finding about something missing carries it as its doubt.
 */
export function doubtAbout(schema: Schema, table: Table): string | undefined {
  return doubtAboutName(schema, table.name);
}

/** As `doubtAbout`, for a name that the schema may not have at all. */
export const doubtAboutName = lookup((schema) => (name): string | undefined => {
  for (const source of schema.sources) {
    if (source.complete) continue;
    const unread = source.unread.find(({ names }) => names === undefined || names.has(name));
    if (unread !== undefined) return `${unread.what} was not read: ${unread.reason}`;
    if (source.unread.length === 0) return "Not everything that may define it could be read.";
  }
  return undefined;
});

/** Why an index may be there that Prisma hardly has words for: nothing was read but Prisma schemas. */
export function doubtWithoutSql(schema: Schema): string | undefined {
  return schema.sources.every(({ layer }) => layer === "prisma") ? "No migrations were read, and such indexes are made there." : undefined;
}

/** The type of a surrogate key that most tables use; 64-bit numbers where they use neither them nor UUIDs. */
export function usualKeyType(schema: Schema): PgType {
  return usualKeyTypes(schema, "");
}

const usualKeyTypes = lookup((schema) => {
  let uuid = 0;
  let others = 0;
  for (const table of schema.tables.values()) {
    const [column, ...rest] = table.primaryKey?.columns ?? [];
    if (column === undefined || rest.length > 0) continue;
    if (table.columns.get(column)?.type.name === "uuid") uuid += 1;
    else others += 1;
  }
  const type = baseType(uuid > others ? "uuid" : "int8");
  return () => type;
});
