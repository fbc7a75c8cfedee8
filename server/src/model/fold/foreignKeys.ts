/** Foreign keys: what they point to and rest on, and their shares in partitions on both sides. */
import { type Context, displayName } from "./context.ts";
import type { ColumnEntry, ForeignKeyEntry, IndexEntry, TableEntry } from "./entries.ts";
import { chooseConstraintName, joinedColumnNames } from "./generatedNames.ts";
import { columnsOf } from "./indexes.ts";
import { partitionsOf } from "./inheritance.ts";
import { columnOf, entry, hasColumnsLike } from "./newEntries.ts";
import type { ForeignKeySpec } from "./read/constraintSpec.ts";
import { addConstraint } from "./registry.ts";

export function addForeignKey(table: TableEntry, spec: ForeignKeySpec, ctx: Context): void {
  const { place } = spec;
  const columns = columnsOf(spec.columns, table, place.nameSpan, ctx);
  const setColumns = spec.onDeleteSetColumns === undefined ? undefined : columnsOf(spec.onDeleteSetColumns, table, place.nameSpan, ctx);
  const target = ctx.tableToReference(spec.target);
  if (columns === undefined || target === undefined) return;
  const referenced = referencedColumns(spec, columns.length, target, ctx);
  if (referenced === undefined || (ctx.isTrial && (isMissing(target) || isUnmatched(referenced, target)))) return;
  if (isUnmatched(referenced, target)) {
    ctx.problem(
      "sql-invalid-definition",
      `No unique constraint of ${displayName(target.namespace, target.name)} covers (${referenced.columns.map((column) => column.name).join(", ")}).`,
      place.nameSpan,
    );
  }
  const key: ForeignKeyEntry = {
    kind: "foreign",
    name: spec.name ?? foreignKeyName(table, columns),
    origins: ctx.origins(place),
    comment: undefined,
    isDropped: false,
    table,
    columns,
    target,
    targetColumns: referenced.columns,
    targetIndex: referenced.index,
    onDelete: spec.onDelete,
    onUpdate: spec.onUpdate,
    onDeleteStated: spec.onDeleteStated,
    onDeleteSetColumns: setColumns,
    match: spec.match,
    deferrable: spec.deferrable,
    initiallyDeferred: spec.initiallyDeferred,
    isValidated: spec.isValidated,
    parent: undefined,
    isInternal: false,
  };
  addConstraint(table, key);
  shareWithTargetPartitions(key, target);
  for (const partition of partitionsOf(table)) shareForeignKey(key, partition);
}

interface Referenced {
  readonly columns: readonly ColumnEntry[];
  readonly index: IndexEntry | undefined;
}

function isUnmatched(referenced: Referenced, target: TableEntry): boolean {
  return target.isComplete && referenced.index === undefined;
}

/** What another history makes is not missing. */
function isMissing(target: TableEntry): boolean {
  return target.isPhantom && !target.namespace.isExternal;
}

/** The columns the key points to: those named, or the primary key's. Undefined after a problem. */
function referencedColumns(spec: ForeignKeySpec, count: number, target: TableEntry, ctx: Context): Referenced | undefined {
  if (spec.targetColumns.length === 0) {
    for (const index of target.indexes) {
      if (index.isPrimary) return { columns: index.keys.flatMap((key) => key.column ?? []), index };
    }
    if (target.isComplete) {
      ctx.problem(
        "sql-undefined-object",
        `${displayName(target.namespace, target.name)} has no primary key to refer to.`,
        spec.place.nameSpan,
      );
      return undefined;
    }
    return { columns: [], index: undefined };
  }
  const columns = columnsOf(spec.targetColumns, target, spec.place.nameSpan, ctx);
  if (columns === undefined) return undefined;
  if (columns.length !== count) {
    ctx.problem("sql-invalid-definition", "A foreign key has as many columns as it refers to.", spec.place.nameSpan);
    return undefined;
  }
  return { columns, index: uniqueIndexOn(target, columns) };
}

/** A unique index, whole and over exactly these columns in any order. */
function uniqueIndexOn(table: TableEntry, columns: readonly ColumnEntry[]): IndexEntry | undefined {
  for (const index of table.indexes) {
    if (!index.isUnique || !index.isValid || index.predicate !== undefined || index.keys.length !== columns.length) continue;
    if (index.constraint?.deferrable) continue;
    if (columns.every((column) => index.keys.some((key) => key.column === column))) return index;
  }
  return undefined;
}

function foreignKeyName(table: TableEntry, columns: readonly ColumnEntry[]): string {
  return chooseConstraintName(table.name, joinedColumnNames(columns.map((column) => column.name)), "fkey", table.namespace);
}

/** The partition's share of a foreign key of its parent: one it has that says the same, or a copy. */
export function shareForeignKey(key: ForeignKeyEntry, partition: TableEntry): void {
  if (!hasColumnsLike(partition, key.columns)) return;
  const columns = key.columns.map((column) => columnOf(partition, column.name) ?? column);
  for (const own of partition.constraints.values()) {
    if (own.kind === "foreign" && own.parent === undefined && isSameKey(own, key, columns)) {
      own.parent = key;
      return;
    }
  }
  const name = partition.constraints.has(key.name) ? foreignKeyName(partition, columns) : key.name;
  const share: ForeignKeyEntry = {
    ...key,
    ...entry(name, [{ kind: "implied", by: `${key.table.namespace.name}.${key.table.name}.${key.name}` }]),
    table: partition,
    columns,
    onDeleteSetColumns: key.onDeleteSetColumns?.map((column) => columnOf(partition, column.name) ?? column),
    parent: key,
  };
  addConstraint(partition, share);
  for (const below of partitionsOf(partition)) shareForeignKey(share, below);
}

function isSameKey(own: ForeignKeyEntry, key: ForeignKeyEntry, columns: readonly ColumnEntry[]): boolean {
  return (
    own.target === key.target &&
    own.columns.length === columns.length &&
    own.columns.every((column, i) => column === columns[i] && own.targetColumns[i] === key.targetColumns[i]) &&
    own.onDelete === key.onDelete &&
    own.onUpdate === key.onUpdate &&
    own.match === key.match &&
    own.deferrable === key.deferrable &&
    own.initiallyDeferred === key.initiallyDeferred
  );
}

/**
 * PostgreSQL keeps one more constraint for each partition of the target; all it means here is a name taken.
 * For all partitions, or for a new one.
 */
export function shareWithTargetPartitions(key: ForeignKeyEntry, target: TableEntry, only?: TableEntry): void {
  for (const partition of only === undefined ? partitionsOf(target) : [only]) {
    const bookkeeping: ForeignKeyEntry = {
      ...key,
      ...entry(foreignKeyName(key.table, key.columns), key.origins),
      target: partition,
      targetColumns: key.targetColumns.map((column) => columnOf(partition, column.name) ?? column),
      targetIndex: undefined,
      parent: key,
      isInternal: true,
    };
    addConstraint(key.table, bookkeeping);
    shareWithTargetPartitions(bookkeeping, partition);
  }
}
