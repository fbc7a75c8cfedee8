/** Columns that foreign keys tie together: they hold the same values, so they must have one type. */
import { append } from "./lists.ts";
import { derived, lookup } from "./lookup.ts";
import { keyFacet, type KeyPlace, type PlacedColumn, type Reference, referenceAt } from "./queries.ts";
import type { Column, Schema, Table } from "./schema.ts";

/** The columns that foreign keys tie to this one, directly or through others, itself first: they must have one type. */
export function tiedColumns(schema: Schema, start: PlacedColumn): readonly PlacedColumn[] {
  const group = new ColumnGroup(start);
  for (const at of group.columns) {
    addPointedAt(schema, at, group);
    addPointingAt(schema, at, group);
  }
  return group.columns;
}

/** This column and those that foreign keys point at it with, directly or through others. */
export function followingColumns(schema: Schema, start: PlacedColumn): readonly PlacedColumn[] {
  const group = new ColumnGroup(start);
  for (const at of group.columns) addPointingAt(schema, at, group);
  return group.columns;
}

/** The columns that foreign keys of this column point at. */
export function pointedAt(schema: Schema, at: PlacedColumn): readonly PlacedColumn[] {
  const group = new ColumnGroup(at);
  addPointedAt(schema, at, group);
  return group.columns.slice(1);
}

/** Columns in the order they were added, each once. */
class ColumnGroup {
  readonly columns: PlacedColumn[];
  // Groups are small: a set pays only for the few large ones.
  #seen: Set<Column> | undefined;

  constructor(start: PlacedColumn) {
    this.columns = [start];
  }

  add(table: Table, column: Column): void {
    if (this.#seen === undefined ? this.columns.some((at) => at.column === column) : this.#seen.has(column)) return;
    this.columns.push({ table, column });
    if (this.columns.length > 20) this.#seen ??= new Set(this.columns.map((at) => at.column));
    this.#seen?.add(column);
  }
}

function addPointedAt(schema: Schema, { table, column }: PlacedColumn, group: ColumnGroup): void {
  for (const { columns, references } of table.foreignKeys) {
    const at = columns.indexOf(column.name);
    if (at < 0) continue;
    const target = schema.tables.get(references.key);
    const referenced = target?.columns.get(references.columns[at] ?? "");
    if (target !== undefined && referenced !== undefined) group.add(target, referenced);
  }
}

/** Columns of implied tables and partitions too: their types change with the others. */
function addPointingAt(schema: Schema, { table, column }: PlacedColumn, group: ColumnGroup): void {
  if (!isPartOfKey(table, column.name)) return;
  for (const { table: owner, foreignKey } of allReferencingKeys(schema, table.key)) {
    const at = foreignKey.references.columns.indexOf(column.name);
    const other = at < 0 ? undefined : owner.columns.get(foreignKey.columns[at] ?? "");
    if (other !== undefined) group.add(owner, other);
  }
}

/** Only what is unique can be pointed at, as far as the table is known. */
function isPartOfKey(table: Table, name: string): boolean {
  return !table.complete || table.indexes.some((index) => index.unique && index.keys.some((key) => key.column === name));
}

const allReferencingKeys = lookup((schema) => {
  const byTarget = allKeysByTarget(schema);
  return (tableKey): readonly Reference[] => (byTarget.get(tableKey) ?? []).flatMap((place) => referenceAt(schema, place) ?? []);
});

const allKeysByTarget = derived((schema): ReadonlyMap<string, readonly KeyPlace[]> => {
  const byTarget = new Map<string, KeyPlace[]>();
  for (const table of schema.tables.values())
    for (const [at, { references }] of table.foreignKeys.entries()) append(byTarget, references.key, { table: table.key, at });
  return byTarget;
}, keyFacet);
