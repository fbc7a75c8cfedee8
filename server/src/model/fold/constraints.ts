/** Constraints of tables: keys and exclusions with their indexes, checks with their inheritance. */
import type { Origins } from "../schema.ts";
import { addCheck } from "./checks.ts";
import { changed, type Context, displayName } from "./context.ts";
import type { ColumnEntry, ExclusionEntry, IndexEntry, KeyEntry, TableEntry } from "./entries.ts";
import { bindExpression } from "./expressions.ts";
import { addForeignKey } from "./foreignKeys.ts";
import { makeObjectName } from "./generatedNames.ts";
import {
  bindKeys,
  columnsOf,
  columnsOfIndex,
  defineIndex,
  impliedBy,
  indexPartition,
  lacksShares,
  likeIndex,
  matchingIndex,
} from "./indexes.ts";
import { columnsNamed, partitionsOf } from "./inheritance.ts";
import { entry, hasColumnsLike } from "./newEntries.ts";
import type { ConstraintSpec, ExclusionSpec, KeySpec, NotNullSpec } from "./read/constraintSpec.ts";
import type { Place } from "./read/place.ts";
import { addConstraint, renameRelation } from "./registry.ts";

/** ADD CONSTRAINT, or a constraint of CREATE TABLE. `isOnly` leaves partitions and children alone. */
export function addTableConstraint(table: TableEntry, spec: ConstraintSpec, isOnly: boolean, ctx: Context): void {
  if (spec.name !== undefined && table.constraints.has(spec.name) && !mergesWithInherited(table, spec)) {
    ctx.problem(
      "sql-duplicate-object",
      `Constraint "${spec.name}" of ${displayName(table.namespace, table.name)} exists already.`,
      spec.place.nameSpan,
    );
    return;
  }
  switch (spec.kind) {
    case "primary":
    case "unique":
      addKey(table, spec, isOnly, ctx);
      break;
    case "exclusion":
      addExclusion(table, spec, isOnly, ctx);
      break;
    case "check":
      addCheck(table, spec, isOnly, ctx);
      break;
    case "foreign":
      addForeignKey(table, spec, ctx);
      break;
    case "notNull":
      addNotNull(table, spec, isOnly, ctx);
  }
}

/** A check that repeats an inherited one of the same name makes it local too. */
function mergesWithInherited(table: TableEntry, spec: ConstraintSpec): boolean {
  const known = spec.name === undefined ? undefined : table.constraints.get(spec.name);
  return spec.kind === "check" && known?.kind === "check" && known.inherited > 0 && !known.isLocal;
}

function addKey(table: TableEntry, spec: KeySpec, isOnly: boolean, ctx: Context): void {
  const { kind, place } = spec;
  if (kind === "primary" && primaryKeyOf(table) !== undefined) {
    ctx.problem("sql-invalid-definition", `${displayName(table.namespace, table.name)} has a primary key already.`, place.nameSpan);
    return;
  }
  if (spec.usingIndex !== undefined) {
    promoteIndex(table, spec, spec.usingIndex, ctx);
    return;
  }
  const columns = columnsOf(spec.columns, table, place.nameSpan, ctx);
  const include = columnsOf(spec.include, table, place.nameSpan, ctx);
  if (columns === undefined || include === undefined || isNameTaken(table, spec.name, place, ctx)) return;
  const index = defineIndex(
    table,
    {
      name: spec.name,
      method: "btree",
      keys: columns.map(plainKey),
      include,
      nameParts: [...spec.columns, ...spec.include],
      isUnique: true,
      nullsNotDistinct: spec.nullsNotDistinct,
      predicate: undefined,
      purpose: kind,
      isValid: !isOnly || !lacksShares(table),
    },
    ctx.origins(place),
  );
  const key = keyOn(table, index, kind, spec);
  addConstraint(table, key);
  if (kind === "primary") requireValues(table, columns, isOnly);
  if (!isOnly) sharePartitions(key);
}

function addNotNull(table: TableEntry, spec: NotNullSpec, isOnly: boolean, ctx: Context): void {
  for (const column of columnsOf(spec.columns, table, spec.place.nameSpan, ctx) ?? []) {
    for (const each of columnsNamed(table, column.name, isOnly)) each.column.isNotNull = true;
    column.notNullName = spec.name;
    column.origins = changed(column.origins, ctx.origin(spec.place));
  }
}

/** The column whose NOT NULL constraint has the name, stated or as PostgreSQL 18 generates it. */
export function notNullColumn(table: TableEntry, name: string): ColumnEntry | undefined {
  for (const column of table.columns.values()) {
    if (column.isNotNull && (column.notNullName ?? makeObjectName(table.name, column.name, "not_null")) === name) return column;
  }
  return undefined;
}

export function plainKey(column: ColumnEntry): IndexEntry["keys"][number] {
  return { column, expression: undefined, operatorClass: undefined, collation: undefined, isDescending: false, nulls: "last" };
}

function keyOn(
  table: TableEntry,
  index: IndexEntry,
  kind: KeyEntry["kind"],
  deferral: { deferrable: boolean; initiallyDeferred: boolean },
): KeyEntry {
  const { deferrable, initiallyDeferred } = deferral;
  const key: KeyEntry = {
    kind,
    name: index.name,
    origins: index.origins,
    comment: undefined,
    isDropped: false,
    table,
    index,
    deferrable,
    initiallyDeferred,
  };
  index.constraint = key;
  return key;
}

export function primaryKeyOf(table: TableEntry): KeyEntry | undefined {
  for (const constraint of table.constraints.values()) if (constraint.kind === "primary") return constraint;
  return undefined;
}

/** A primary key makes its columns NOT NULL, in everything below the table too. */
function requireValues(table: TableEntry, columns: readonly ColumnEntry[], isOnly: boolean): void {
  for (const column of columns) {
    column.isNotNull = true;
    if (table.children.size === 0) continue;
    for (const below of columnsNamed(table, column.name, isOnly)) below.column.isNotNull = true;
  }
}

/** The index of a key or exclusion shares its name with relations. */
function isNameTaken(table: TableEntry, name: string | undefined, place: Place, ctx: Context): boolean {
  if (name === undefined || !table.namespace.relations.has(name)) return false;
  ctx.problem("sql-duplicate-table", `Relation ${displayName(table.namespace, name)} exists already.`, place.nameSpan);
  return true;
}

/** ADD CONSTRAINT … USING INDEX: the index becomes the constraint's and takes its name. */
function promoteIndex(table: TableEntry, spec: KeySpec, indexName: string, ctx: Context): void {
  const index = table.namespace.relations.get(indexName);
  if (index?.kind !== "index" || index.table !== table) {
    if (table.isComplete)
      ctx.problem(
        "sql-undefined-object",
        `Index "${indexName}" of ${displayName(table.namespace, table.name)} does not exist.`,
        spec.place.nameSpan,
      );
    return;
  }
  if (index.constraint !== undefined || !index.isUnique || index.predicate !== undefined) {
    ctx.problem(
      "sql-invalid-definition",
      `Index "${indexName}" cannot become a constraint: it must be unique, without predicate, and nobody else's.`,
      spec.place.nameSpan,
    );
    return;
  }
  if (spec.name !== undefined && spec.name !== index.name) renameRelation(index, spec.name);
  index.origins = changed(index.origins, ctx.origin(spec.place));
  index.isPrimary = spec.kind === "primary";
  const key = keyOn(table, index, spec.kind, spec);
  key.origins = ctx.origins(spec.place);
  addConstraint(table, key);
  if (spec.kind === "primary")
    requireValues(
      table,
      index.keys.flatMap((part) => part.column ?? []),
      false,
    );
}

/** Partitions get the key too, or give one they have. */
function sharePartitions(key: KeyEntry | ExclusionEntry): void {
  if (key.table.form !== "partitioned") return;
  for (const partition of partitionsOf(key.table)) shareIndex(key.index, partition);
}

/** The partition's share of a key or exclusion of its parent. */
function shareKey(key: KeyEntry | ExclusionEntry, partition: TableEntry): void {
  const existing = matchingIndex(key.index, partition);
  if (existing !== undefined) {
    existing.parent = key.index;
    return;
  }
  const share = copyIndex(key.index, partition, impliedBy(key.index));
  share.parent = key.index;
  if (share.constraint !== undefined) sharePartitions(share.constraint);
}

/** The same index for another table with columns of the same names, with its constraint when it has one. */
export function copyIndex(index: IndexEntry, to: TableEntry, origins: Origins): IndexEntry {
  const { constraint } = index;
  const copy = defineIndex(to, likeIndex(index, index.table, to, constraint?.kind ?? "index"), origins);
  if (constraint === undefined) return copy;
  if (constraint.kind === "exclusion") addConstraint(to, exclusionOn(to, copy, constraint, constraint.operators));
  else addConstraint(to, keyOn(to, copy, constraint.kind, constraint));
  if (constraint.kind === "primary")
    requireValues(
      to,
      copy.keys.flatMap((key) => key.column ?? []),
      false,
    );
  return copy;
}

/** The parent's index for a partition, with its constraint when it has one. */
export function shareIndex(index: IndexEntry, partition: TableEntry): void {
  if (!hasColumnsLike(partition, columnsOfIndex(index))) return;
  if (index.constraint !== undefined) shareKey(index.constraint, partition);
  else if (index.table.kind === "table") indexPartition(index, index.table, partition);
}

function addExclusion(table: TableEntry, spec: ExclusionSpec, isOnly: boolean, ctx: Context): void {
  const { place } = spec;
  const keys = bindKeys(
    spec.elements.map((element) => element.key),
    spec.method,
    table,
    place.nameSpan,
    ctx,
  );
  const include = columnsOf(spec.include, table, place.nameSpan, ctx);
  if (keys === undefined || include === undefined || isNameTaken(table, spec.name, place, ctx)) return;
  const index = defineIndex(
    table,
    {
      name: spec.name,
      method: spec.method,
      keys,
      include,
      nameParts: [...spec.elements.map((element) => element.key.nameInIndex), ...spec.include],
      isUnique: false,
      nullsNotDistinct: false,
      predicate: spec.predicate === undefined ? undefined : bindExpression(spec.predicate, table, ctx),
      purpose: "exclusion",
    },
    ctx.origins(place),
  );
  const exclusion = exclusionOn(
    table,
    index,
    spec,
    spec.elements.map((element) => element.operator),
  );
  addConstraint(table, exclusion);
  if (!isOnly) sharePartitions(exclusion);
}

function exclusionOn(
  table: TableEntry,
  index: IndexEntry,
  deferral: { deferrable: boolean; initiallyDeferred: boolean },
  operators: readonly string[],
): ExclusionEntry {
  const { deferrable, initiallyDeferred } = deferral;
  const exclusion: ExclusionEntry = {
    kind: "exclusion",
    ...entry(index.name, index.origins),
    table,
    index,
    operators,
    deferrable,
    initiallyDeferred,
  };
  index.constraint = exclusion;
  return exclusion;
}
