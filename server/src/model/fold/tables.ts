/** CREATE TABLE in all its forms: plain, partitioned, a partition, inheriting, typed, LIKE, foreign. */
import type { CreateStmt, RangeVar } from "@pgsql/types";
import { takeOverCheck } from "./checks.ts";
import { columnFrom, completeColumn, inheritedColumn, placeColumn, plannedSequence } from "./columns.ts";
import { addTableConstraint } from "./constraints.ts";
import type { Context } from "./context.ts";
import type { ColumnEntry, NamespaceEntry, TableEntry } from "./entries.ts";
import { rebindExpression } from "./expressions.ts";
import { grantDefaults } from "./grantDefaults.ts";
import { bindKeys } from "./indexes.ts";
import { copyLikeColumns, copyLikeParts, type LikeSource } from "./like.ts";
import { columnOf, newColumn, newTable } from "./newEntries.ts";
import { takePartition } from "./partitions.ts";
import type { ColumnSpec } from "./read/columnSpec.ts";
import { stringsOf } from "./read/nodes.ts";
import type { TableSpec } from "./read/tableSpec.ts";
import { isRelationNameTaken } from "./relationNames.ts";
import type { PlannedSequence } from "./sequences.ts";
import { findType } from "./types.ts";

export function createTable(statement: CreateStmt, isForeign: boolean, ctx: Context): void {
  const spec = ctx.specs.table(statement);
  const namespace = ctx.creationNamespace(spec.name.schemaname, spec.place.nameSpan, spec.name.relpersistence === "t");
  ctx.releaseChangedOnly(namespace, spec.name.relname ?? "");
  if (isRelationNameTaken(namespace, spec.name, spec.ifNotExists, spec.place.nameSpan, ctx)) return;
  const parents = spec.parents.flatMap((name) => ctx.tableToReference(name) ?? []);
  const planned = planSequences(spec, namespace, ctx);

  const table = startTable(namespace, spec.name, ctx);
  table.origins = ctx.origins(spec.place);
  if (isForeign) table.form = "foreign";
  const isPartition = spec.bound !== undefined;
  if (spec.bound !== undefined && parents[0] !== undefined) table.partitionOf = { parent: parents[0], bound: spec.bound };
  else table.inherits = parents;
  for (const parent of parents) inheritColumns(table, parent);
  if (spec.ofType !== undefined) takeTypeColumns(table, stringsOf(spec.ofType.names), ctx);
  const likes = addColumns(table, spec, ctx);
  completeColumns(table, spec, planned, ctx);
  // Something refers to a column that this statement does not define: it cannot be all.
  if (table.supposed.size > 0) table.isComplete = false;
  for (const parent of parents) {
    parent.children.add(table);
    for (const constraint of parent.constraints.values()) {
      if (constraint.kind === "check" && !constraint.noInherit) takeOverCheck(constraint, parent, table, ctx.origins(spec.place));
    }
  }
  if (spec.partitionKey !== undefined) {
    table.form = "partitioned";
    const keys = bindKeys(spec.partitionKey.keys, "btree", table, spec.place.nameSpan, ctx) ?? [];
    table.partitionKey = { strategy: spec.partitionKey.strategy, keys };
  }
  grantDefaults(table.acl, "tables", namespace, ctx);
  if (isPartition && parents[0] !== undefined) takePartition(parents[0], table);
  addConstraints(table, spec, likes, ctx);
}

/** The new, empty table in its schema. What referred to a table of that name before, refers to this one. */
export function startTable(namespace: NamespaceEntry, name: RangeVar, ctx: Context): TableEntry {
  const relname = name.relname ?? "";
  const phantom = ctx.takePhantom(namespace, relname);
  const table = phantom ?? newTable(namespace, relname, namespace.origins);
  table.isPhantom = false;
  table.isComplete = true;
  table.persistence = name.relpersistence === "t" ? "temporary" : name.relpersistence === "u" ? "unlogged" : "permanent";
  namespace.relations.set(relname, table);
  return table;
}

function inheritColumns(table: TableEntry, parent: TableEntry): void {
  if (!parent.isComplete) table.isComplete = false;
  for (const column of parent.columns.values()) {
    const known = table.columns.get(column.name);
    if (known === undefined) placeColumn(table, inheritedColumn(column, parent));
    else {
      known.inherited++;
      known.isNotNull ||= column.isNotNull;
    }
  }
  for (const column of parent.columns.values()) {
    const own = table.columns.get(column.name);
    if (own === undefined || own.inherited > 1) continue;
    if (own.default !== undefined) own.default = rebindExpression(own.default, parent, table);
    if (own.generated !== undefined)
      own.generated = { ...own.generated, expression: rebindExpression(own.generated.expression, parent, table) };
  }
}

function takeTypeColumns(table: TableEntry, path: readonly string[], ctx: Context): void {
  const type = findType(path, ctx);
  if (type === undefined) table.isComplete = false;
  for (const attribute of type?.attributes ?? []) placeColumn(table, newColumn(attribute.name, table.origins, attribute.type));
}

/** Columns in the order of the text, those of LIKE in its place. */
function addColumns(table: TableEntry, spec: TableSpec, ctx: Context): LikeSource[] {
  const likes: LikeSource[] = [];
  for (const element of spec.columns) {
    if ("like" in element) likes.push(...copyLikeColumns(table, element, ctx));
    else addColumn(table, element, ctx);
  }
  return likes;
}

function addColumn(table: TableEntry, spec: ColumnSpec, ctx: Context): void {
  const known = table.columns.get(spec.name);
  if (known === undefined) {
    placeColumn(table, columnFrom(spec, ctx));
    return;
  }
  if (spec.type !== undefined && (known.isLocal || known.inherited === 0)) {
    ctx.problem("sql-duplicate-column", `Column "${spec.name}" of "${table.name}" is defined twice.`, spec.place.nameSpan);
    return;
  }
  // A column that is inherited, or given by the table's type, is restated.
  known.isLocal = true;
  known.isNotNull ||= columnFrom({ ...spec, type: undefined }, ctx).isNotNull;
  known.origins = [ctx.origin(spec.place), ...known.origins];
}

/** Names are chosen before the table is there. */
function planSequences(spec: TableSpec, namespace: NamespaceEntry, ctx: Context): Map<ColumnSpec, PlannedSequence> {
  const planned = new Map<ColumnSpec, PlannedSequence>();
  for (const element of spec.columns) {
    const sequence = "like" in element ? undefined : plannedSequence(element, { namespace, name: spec.name.relname ?? "" }, ctx);
    if (sequence !== undefined && !("like" in element)) planned.set(element, sequence);
  }
  return planned;
}

/** Defaults and generation expressions may read columns that come later. */
function completeColumns(table: TableEntry, spec: TableSpec, planned: ReadonlyMap<ColumnSpec, PlannedSequence>, ctx: Context): void {
  for (const element of spec.columns) {
    if ("like" in element) continue;
    const sequence = planned.get(element);
    if (element.default === undefined && element.generated === undefined && sequence === undefined) continue;
    const column = columnOf(table, element.name);
    if (column !== undefined) completeColumn(column, element, sequence, table, ctx);
  }
}

/** As PostgreSQL orders them: checks, what LIKE copies, keys with the primary one first, foreign keys. */
function addConstraints(table: TableEntry, spec: TableSpec, likes: readonly LikeSource[], ctx: Context): void {
  for (const notNull of spec.notNulls) addTableConstraint(table, notNull, false, ctx);
  for (const check of spec.checks) addTableConstraint(table, check, false, ctx);
  for (const like of likes) copyLikeParts(table, like, ctx);
  for (const key of spec.keys) addTableConstraint(table, key, false, ctx);
  for (const key of spec.foreignKeys) addTableConstraint(table, key, false, ctx);
}

/** ADD COLUMN: the table gets the column, and everything below it inherits it. */
export function addColumnTo(table: TableEntry, spec: ColumnSpec, isOnly: boolean, ctx: Context): ColumnEntry {
  const sequence = plannedSequence(spec, table, ctx);
  const column = placeColumn(table, columnFrom(spec, ctx));
  completeColumn(column, spec, sequence, table, ctx);
  if (!isOnly) for (const child of table.children) inheritNewColumn(column, table, child);
  return column;
}

function inheritNewColumn(column: ColumnEntry, parent: TableEntry, child: TableEntry): void {
  const known = child.columns.get(column.name);
  if (known !== undefined) {
    known.inherited++;
    known.isNotNull ||= column.isNotNull;
    return;
  }
  const own = placeColumn(child, inheritedColumn(column, parent));
  if (own.default !== undefined) own.default = rebindExpression(own.default, parent, child);
  if (own.generated !== undefined)
    own.generated = { ...own.generated, expression: rebindExpression(own.generated.expression, parent, child) };
  for (const below of child.children) inheritNewColumn(own, child, below);
}
