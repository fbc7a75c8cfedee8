/** Indexes: CREATE INDEX, those that keys bring along, and the ones that partitions get of their parent's. */
import type { IndexStmt } from "@pgsql/types";
import type { Span } from "../../text/span.ts";
import { isDefaultOperatorClass } from "../operatorClasses.ts";
import { baseType, builtInTypeName } from "../pgTypes.ts";
import type { Origins, PgType } from "../schema.ts";
import { type Context, displayName } from "./context.ts";
import type { ColumnEntry, IndexEntry, IndexKeyEntry, TableEntry, ViewEntry } from "./entries.ts";
import { bindExpression, rebindExpression } from "./expressions.ts";
import { chooseRelationName, indexColumnNames, joinedColumnNames } from "./generatedNames.ts";
import { partitionsOf } from "./inheritance.ts";
import { columnOf, hasColumnsLike } from "./newEntries.ts";
import { typeOfExpression } from "./queryReads.ts";
import type { IndexKeySpec } from "./read/indexSpec.ts";
import { addIndex, childIndexes } from "./registry.ts";
import { typeOf, withoutDomains } from "./types.ts";

export function createIndex(statement: IndexStmt, ctx: Context): void {
  const spec = ctx.specs.index(statement);
  const { place } = spec;
  const relation = ctx.relation(spec.table);
  const table = relation?.kind === "view" ? relation : ctx.tableToChange(spec.table);
  if (table === undefined) return;
  if (spec.name !== undefined && table.namespace.relations.has(spec.name)) {
    if (!spec.ifNotExists)
      ctx.problem("sql-duplicate-table", `Relation ${displayName(table.namespace, spec.name)} exists already.`, place.nameSpan);
    return;
  }
  const keys = bindKeys(spec.keys, spec.method, table, place.nameSpan, ctx);
  const include = columnsOf(spec.include, table, place.nameSpan, ctx);
  if (keys === undefined || include === undefined) return;
  const isOnly = !(statement.relation?.inh ?? false);
  const index = defineIndex(
    table,
    {
      name: spec.name,
      method: spec.method,
      keys,
      include,
      nameParts: spec.nameParts,
      isUnique: spec.isUnique,
      nullsNotDistinct: spec.nullsNotDistinct,
      predicate: spec.predicate === undefined ? undefined : bindExpression(spec.predicate, table, ctx),
      purpose: "index",
      isValid: !isOnly || !lacksShares(table),
    },
    ctx.origins(place),
  );
  index.isByHand = !/^create (?:unique )?index "/i.test(ctx.source.text);
  if (table.kind === "table" && !isOnly) indexPartitions(index, table);
}

/** ON ONLY a table that has partitions: the index stays invalid until each of them has attached one. */
export function lacksShares(table: TableEntry | ViewEntry): boolean {
  return table.kind === "table" && partitionsOf(table).length > 0;
}

/** ALTER INDEX … ATTACH PARTITION. */
export function attachIndex(parent: IndexEntry, child: IndexEntry): void {
  child.parent = parent;
  for (let index: IndexEntry | undefined = parent; index !== undefined; index = index.parent) {
    if (index.table.kind !== "table") return;
    const shares = childIndexes(index);
    index.isValid ||= partitionsOf(index.table).every((partition) => shares.some((share) => share.table === partition && share.isValid));
  }
}

/** Undefined when a column does not exist, which is noted. */
export function bindKeys(
  specs: readonly IndexKeySpec[],
  method: string,
  table: TableEntry | ViewEntry,
  span: Span,
  ctx: Context,
): IndexKeyEntry[] | undefined {
  const keys: IndexKeyEntry[] = [];
  for (const spec of specs) {
    const key = bindKey(spec, method, table, ctx);
    if (key === undefined) {
      noSuchColumn(spec.column ?? "", table, span, ctx);
      return undefined;
    }
    keys.push(key);
  }
  return keys;
}

function bindKey(spec: IndexKeySpec, method: string, table: TableEntry | ViewEntry, ctx: Context): IndexKeyEntry | undefined {
  const { isDescending, nulls } = spec;
  if (spec.expression !== undefined) {
    const expression = bindExpression(spec.expression, table, ctx);
    const { type, collation } = typeOfExpression(spec.expression.node, table, ctx);
    const operatorClass = keptClass(spec.operatorClass, method, type === undefined ? undefined : typeOf(withoutDomains(type)));
    return {
      column: undefined,
      expression,
      operatorClass,
      collation: spec.collation === "default" ? undefined : (spec.collation ?? collation),
      isDescending,
      nulls,
    };
  }
  const column = columnOf(table, spec.column ?? "");
  if (column === undefined) return undefined;
  const operatorClass = keptClass(spec.operatorClass, method, typeOf(withoutDomains(column.type)));
  const collation = spec.collation === column.collation || spec.collation === "default" ? undefined : spec.collation;
  return { column, expression: undefined, operatorClass, collation, isDescending, nulls };
}

/** The columns by name; undefined when one does not exist, which is noted. */
export function columnsOf(names: readonly string[], table: TableEntry | ViewEntry, span: Span, ctx: Context): ColumnEntry[] | undefined {
  const columns: ColumnEntry[] = [];
  for (const name of names) {
    const column = columnOf(table, name);
    if (column === undefined) {
      noSuchColumn(name, table, span, ctx);
      return undefined;
    }
    columns.push(column);
  }
  return columns;
}

export function noSuchColumn(name: string, table: TableEntry | ViewEntry, span: Span, ctx: Context): void {
  ctx.problem("sql-undefined-column", `Column "${name}" of ${displayName(table.namespace, table.name)} does not exist.`, span);
}

/** Undefined when it is the class the key would have anyway. */
export function keptClass(operatorClass: string | undefined, method: string, type: PgType | undefined): string | undefined {
  if (operatorClass === undefined) return undefined;
  const isDefault =
    type === undefined
      ? isDefaultOfItsType(operatorClass, method)
      : isDefaultOperatorClass(operatorClass, method, type) || isExtensionDefault(operatorClass, method, type);
  return isDefault ? undefined : operatorClass;
}

/** For a key whose type is unknown, an expression: whether the class is the default of the type it is named after. */
function isDefaultOfItsType(operatorClass: string, method: string): boolean {
  const name = builtInTypeName(operatorClass.replace(/_(minmax_|inclusion_)?ops$/, ""));
  return (
    operatorClass === "array_ops" ||
    operatorClass === "enum_ops" ||
    (name !== undefined && isDefaultOperatorClass(operatorClass, method, baseType(name)))
  );
}

/** Defaults that btree_gin, btree_gist, citext, hstore, ltree and intarray add. They exist only where the extension does. */
function isExtensionDefault(operatorClass: string, method: string, type: PgType): boolean {
  const { name } = type;
  if (type.isArray) return method === "gist" && operatorClass === `gist__${name === "int4" ? "int" : name}_ops`;
  if (operatorClass === `${method}_${name}_ops`) return method !== "gin" || name === "hstore";
  if (method === "gin") return operatorClass === (type.kind === "enum" ? "enum_ops" : `${name}_ops`);
  if (method !== "gist") return false;
  const gistNames: Readonly<Record<string, string>> = { varbit: "vbit", money: "cash", varchar: "text" };
  return operatorClass === `gist_${type.kind === "enum" ? "enum" : (gistNames[name] ?? name)}_ops`;
}

export interface IndexDefinition {
  /** Undefined when PostgreSQL is to generate one. */
  readonly name: string | undefined;
  readonly method: string;
  readonly keys: readonly IndexKeyEntry[];
  readonly include: readonly ColumnEntry[];
  /** What keys and included columns contribute to a generated name, repetitions and all. */
  readonly nameParts: readonly string[];
  readonly isUnique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly predicate: IndexEntry["predicate"];
  readonly purpose: "index" | "primary" | "unique" | "exclusion";
  /** True unless said otherwise. */
  readonly isValid?: boolean;
}

/** Makes the index of one table; partitions are the caller's business. */
export function defineIndex(table: TableEntry | ViewEntry, definition: IndexDefinition, origins: Origins): IndexEntry {
  const { method, keys, include, isUnique, nullsNotDistinct, predicate } = definition;
  const index: IndexEntry = {
    kind: "index",
    name: definition.name ?? generatedName(table, definition.purpose, indexColumnNames(definition.nameParts)),
    origins,
    comment: undefined,
    isDropped: false,
    namespace: table.namespace,
    table,
    method,
    keys,
    include,
    nameParts: definition.nameParts,
    isUnique,
    isPrimary: definition.purpose === "primary",
    nullsNotDistinct,
    predicate,
    constraint: undefined,
    parent: undefined,
    isValid: definition.isValid ?? true,
    isByHand: false,
  };
  addIndex(index);
  return index;
}

function generatedName(table: TableEntry | ViewEntry, purpose: IndexDefinition["purpose"], columns: readonly string[]): string {
  if (purpose === "primary") return chooseRelationName(table.name, undefined, "pkey", table.namespace, true);
  const labels = { unique: "key", exclusion: "excl", index: "idx" } as const;
  return chooseRelationName(table.name, joinedColumnNames(columns), labels[purpose], table.namespace, purpose !== "index");
}

/** Every partition gets an index like this one, or gives one it has. */
export function indexPartitions(index: IndexEntry, table: TableEntry): void {
  if (table.form !== "partitioned") return;
  for (const partition of partitionsOf(table)) {
    if (partition.form !== "foreign" && hasColumnsLike(partition, columnsOfIndex(index))) indexPartition(index, table, partition);
  }
}

/** The partition's share of a plain index of its parent. */
export function indexPartition(index: IndexEntry, parent: TableEntry, partition: TableEntry): void {
  const existing = matchingIndex(index, partition);
  if (existing !== undefined) {
    existing.parent = index;
    return;
  }
  const copy = defineIndex(partition, likeIndex(index, parent, partition, "index"), impliedBy(index));
  copy.parent = index;
  indexPartitions(copy, partition);
}

export function columnsOfIndex(index: IndexEntry): readonly ColumnEntry[] {
  return [...index.keys.flatMap((key) => key.column ?? []), ...index.include];
}

export function impliedBy(index: IndexEntry): Origins {
  return [{ kind: "implied", by: `${index.namespace.name}.${index.name}` }];
}

/** The definition of the same index for another table with columns of the same names. */
export function likeIndex(
  index: IndexEntry,
  from: TableEntry | ViewEntry,
  to: TableEntry,
  purpose: IndexDefinition["purpose"],
): IndexDefinition {
  const own = (column: ColumnEntry): ColumnEntry => columnOf(to, column.name) ?? column;
  return {
    name: undefined,
    method: index.method,
    keys: index.keys.map((key) => ({
      ...key,
      column: key.column === undefined ? undefined : own(key.column),
      expression: key.expression === undefined ? undefined : rebindExpression(key.expression, from, to),
    })),
    include: index.include.map(own),
    nameParts: index.nameParts,
    isUnique: index.isUnique,
    nullsNotDistinct: index.nullsNotDistinct,
    predicate: index.predicate === undefined ? undefined : rebindExpression(index.predicate, from, to),
    purpose,
  };
}

/** An index of the partition that has the same definition and is not attached yet. */
export function matchingIndex(index: IndexEntry, partition: TableEntry): IndexEntry | undefined {
  const wanted = definitionOf(index);
  const isConstraint = index.constraint?.kind;
  for (const candidate of partition.indexes) {
    if (candidate.parent !== undefined || definitionOf(candidate) !== wanted) continue;
    if (isConstraint === undefined || candidate.constraint?.kind === isConstraint) return candidate;
  }
  return undefined;
}

/** What two indexes must share for one to be attached to the other; the order of keys is not part of it. */
function definitionOf(index: IndexEntry): string {
  const keys = index.keys.map((key) => [key.column?.name, key.expression?.spec.expression.canonical, key.operatorClass, key.collation]);
  return JSON.stringify([
    index.method,
    index.isUnique,
    index.nullsNotDistinct,
    keys,
    index.include.map((column) => column.name),
    index.predicate?.spec.expression.canonical,
  ]);
}
