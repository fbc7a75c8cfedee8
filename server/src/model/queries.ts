/**
 * Questions that several rules and views ask of a schema, each answered once per schema or table. Every answer is a
 * pure function of an immutable schema; the memory goes with the schema it belongs to.
 */
import { anyOfNames } from "./names.ts";
import { baseType } from "./pgTypes.ts";
import type { Column, Element, Expression, ForeignKey, Index, PgType, Schema, Table } from "./schema.ts";

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

/**
 * Whether an index finds the rows whose `columns` all equal given values, as the check of a foreign key does: a valid
 * B-tree index that leads with exactly these columns, in any order, or a hash index on the only one. INCLUDE columns
 * are no keys. A partial index serves only if its predicate is that one of the columns is not null, which every such
 * row fulfils. https://www.postgresql.org/docs/current/indexes-multicolumn.html
 */
export function isIndexedBy(table: Table, columns: readonly string[]): boolean {
  return table.indexes.some((index) => servesEquality(table, index, columns));
}

function servesEquality(table: Table, index: Index, columns: readonly string[]): boolean {
  if (!index.valid || columns.length === 0 || index.keys.length < columns.length) return false;
  if (index.method !== "btree" && !(index.method === "hash" && columns.length === 1)) return false;
  for (let i = 0; i < columns.length; i++) {
    const key = index.keys[i];
    if (key?.column === undefined || !columns.includes(key.column)) return false;
    if (key.collation !== undefined && key.collation !== table.columns.get(key.column)?.collation) return false;
  }
  if (index.predicate === undefined) return true;
  const notNull = notNullColumn(index.predicate);
  return notNull !== undefined && columns.includes(notNull);
}

/** The column of a predicate that says `column IS NOT NULL` and nothing else. */
function notNullColumn(predicate: Expression): string | undefined {
  const [column, ...others] = predicate.columns;
  if (column === undefined || others.length > 0) return undefined;
  return /^[\s(]*(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)[\s)]+is\s+not\s+null[\s)]*$/iu.test(predicate.text) ? column : undefined;
}

/** Whether both indexes find the same rows in the same order: method, keys, INCLUDE and predicate; names and uniqueness aside. */
export function hasSameDefinition(a: Index, b: Index): boolean {
  return (
    a.keys.length === b.keys.length &&
    startsWithKeysOf(a, b) &&
    a.include.length === b.include.length &&
    a.include.every((column) => b.include.includes(column))
  );
}

/** Whether the keys of `prefix` lead `index`: same method and predicate, and key by key the same column, class and direction. */
export function startsWithKeysOf(index: Index, prefix: Index): boolean {
  return (
    index.method === prefix.method &&
    index.predicate?.canonical === prefix.predicate?.canonical &&
    index.keys.length >= prefix.keys.length &&
    prefix.keys.every((key, i) => {
      const other = index.keys[i];
      return (
        other !== undefined &&
        key.column === other.column &&
        key.expression?.canonical === other.expression?.canonical &&
        key.operatorClass === other.operatorClass &&
        key.collation === other.collation &&
        key.direction === other.direction &&
        key.nulls === other.nulls
      );
    })
  );
}

/** Whether a partition's index is its parent's, which PostgreSQL copied to every partition. */
export function isIndexOfParent(schema: Schema, table: Table, index: Index): boolean {
  const parent = parentOf(schema, table);
  return parent !== undefined && parent.indexes.some((other) => other.unique === index.unique && hasSameDefinition(other, index));
}

/** The columns of an index whose keys are all plain columns; undefined when one is an expression. */
export function plainColumns(index: Index): readonly string[] | undefined {
  const columns: string[] = [];
  for (const key of index.keys) {
    if (key.column === undefined) return undefined;
    columns.push(key.column);
  }
  return columns;
}

/** Whether the table refuses two rows with equal `columns`, whatever else they hold. */
export function isUniqueBy(table: Table, columns: readonly string[]): boolean {
  return table.indexes.some(
    (index) => index.unique && index.predicate === undefined && plainColumns(index)?.every((column) => columns.includes(column)) === true,
  );
}

/**
 * What a row of each table belongs to: the column that names the tenant, by the table's key. Either its name is one of
 * `names` (case and underscores aside), or most tables have this column as a foreign key to one table. It is never null.
 */
export function tenantColumns(schema: Schema, names: readonly string[]): ReadonlyMap<string, Column> {
  const known = tenantColumnsByNames(schema);
  const key = names.join();
  let columns = known.get(key);
  if (columns === undefined) {
    columns = findTenantColumns(schema, names);
    known.set(key, columns);
  }
  return columns;
}

const tenantColumnsByNames = memoised((_schema: Schema) => new Map<string, ReadonlyMap<string, Column>>());

function findTenantColumns(schema: Schema, names: readonly string[]): ReadonlyMap<string, Column> {
  const found = new Map<string, Column>();
  const shared = sharedTenant(schema);
  const isNamed = anyOfNames(names);
  for (const table of schema.tables.values()) {
    if (table.key === shared?.table) continue;
    const column = columnNamed(table, isNamed) ?? (shared === undefined ? undefined : columnTo(table, shared.table, shared.column));
    if (column !== undefined) found.set(table.key, column);
  }
  return found;
}

function columnNamed(table: Table, isNamed: (name: string) => boolean): Column | undefined {
  for (const column of table.columns.values()) if (column.notNull && isNamed(column.name)) return column;
  return undefined;
}

/** People are what most tables point at without being what they belong to. */
const people =
  /^(app|auth)?_?(users?|accounts?|profiles?|persons?|people|members?|employees?|staff|customers?|clients?|contacts?|authors?|admins?|patients?|students?)$/i;

/** The table that more than half of the others name as their owner, by a column of one name. At least four must. */
const sharedTenant = memoised((schema: Schema): { readonly table: string; readonly column: string } | undefined => {
  const owners = new Map<string, OwnerCount[]>();
  let tables = 0;
  for (const table of schema.tables.values()) {
    if (isImplied(table) || table.partitionOf !== undefined) continue;
    tables += 1;
    for (const { columns, references } of table.foreignKeys) {
      const [column, ...others] = columns;
      if (column === undefined || others.length > 0 || references.key === table.key) continue;
      if (table.columns.get(column)?.notNull === true) countOwner(owners, references.key, column, table);
    }
  }
  let most: OwnerCount | undefined;
  for (const counts of owners.values()) {
    for (const owner of counts)
      if (owner.count > (most?.count ?? 0) && !people.test(owner.table.slice(owner.table.indexOf(".") + 1))) most = owner;
  }
  return most !== undefined && most.count >= 4 && most.count * 2 > tables - 1 ? most : undefined;
});

/** How many tables name this one as their owner, by a column of this name. */
interface OwnerCount {
  readonly table: string;
  readonly column: string;
  count: number;
  /** The last table that was counted, so that none counts twice. */
  last: Table;
}

function countOwner(owners: Map<string, OwnerCount[]>, target: string, column: string, table: Table): void {
  const known = owners.get(target)?.find((owner) => owner.column === column);
  if (known === undefined) append(owners, target, { table: target, column, count: 1, last: table });
  else if (known.last !== table) {
    known.count += 1;
    known.last = table;
  }
}

function columnTo(table: Table, target: string, name: string): Column | undefined {
  const column = table.columns.get(name);
  const isKey = table.foreignKeys.some((key) => key.references.key === target && key.columns.length === 1 && key.columns[0] === name);
  return isKey && column?.notNull === true ? column : undefined;
}

function hasForeignKeyLike(table: Table, key: ForeignKey): boolean {
  return table.foreignKeys.some((other) => other.references.key === key.references.key && isSameList(other.columns, key.columns));
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}

/** Keys of the views that read any of the tables. */
export function viewsReading(schema: Schema, tables: readonly Table[]): readonly string[] {
  const byTable = viewsByTable(schema);
  return byTable.size === 0 ? [] : [...new Set(tables.flatMap(({ key }) => byTable.get(key) ?? []))];
}

const viewsByTable = memoised((schema: Schema): ReadonlyMap<string, readonly string[]> => {
  const byTable = new Map<string, string[]>();
  for (const view of schema.views.values()) for (const table of view.reads) append(byTable, table, view.key);
  return byTable;
});

/** A column with the table it stands in. */
export interface PlacedColumn {
  readonly table: Table;
  readonly column: Column;
}

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
  const references = allReferencesByTarget(schema).get(table.key);
  if (references === undefined) return;
  for (const { table: owner, foreignKey } of references) {
    const at = foreignKey.references.columns.indexOf(column.name);
    const pointing = at < 0 ? undefined : owner.columns.get(foreignKey.columns[at] ?? "");
    if (pointing !== undefined) group.add(owner, pointing);
  }
}

const allReferencesByTarget = memoised((schema: Schema): ReadonlyMap<string, readonly Reference[]> => {
  const byTarget = new Map<string, Reference[]>();
  for (const table of schema.tables.values()) {
    for (const foreignKey of table.foreignKeys) append(byTarget, foreignKey.references.key, { table, foreignKey });
  }
  return byTarget;
});

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

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

function memoised<K extends object, V>(answer: (key: K) => V): (key: K) => V {
  const answers = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    let known = answers.get(key);
    if (known === undefined) {
      known = { value: answer(key) };
      answers.set(key, known);
    }
    return known.value;
  };
}
