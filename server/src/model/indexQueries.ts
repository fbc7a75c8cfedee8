/** What indexes do for a table: which columns they find, which of them are alike, what they keep unique. */
import { parentOf } from "./queries.ts";
import type { Expression, Index, IndexKey, Schema, Table } from "./schema.ts";

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
  const test = nullTest(predicate);
  return test?.isNull === false ? test.column : undefined;
}

/** What a predicate says that is `column IS NULL` or `column IS NOT NULL` and nothing else. */
export function nullTest(predicate: Expression): { readonly column: string; readonly isNull: boolean } | undefined {
  const [column, ...others] = predicate.columns;
  if (column === undefined || others.length > 0) return undefined;
  const match = /^[\s(]*(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)[\s)]+is\s+(not\s+)?null[\s)]*$/iu.exec(predicate.text);
  return match === null ? undefined : { column, isNull: match[1] === undefined };
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
  if (index.method !== prefix.method || index.keys.length < prefix.keys.length) return false;
  for (let i = 0; i < prefix.keys.length; i++) if (!isSameKey(index.keys[i], prefix.keys[i])) return false;
  return index.predicate?.canonical === prefix.predicate?.canonical;
}

function isSameKey(a: IndexKey | undefined, b: IndexKey | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.column === b.column &&
    a.expression?.canonical === b.expression?.canonical &&
    a.operatorClass === b.operatorClass &&
    a.collation === b.collation &&
    a.direction === b.direction &&
    a.nulls === b.nulls
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
