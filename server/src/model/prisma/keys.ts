/** Primary keys, unique indexes and indexes of a model. `@unique` makes a unique index in PostgreSQL, no constraint. */
import type { Value } from "../../prisma/syntax.ts";
import { quoteLiteral } from "../../text/quoteLiteral.ts";
import { keptClass } from "../fold/indexes.ts";
import { expressionOf } from "./defaults.ts";
import type { KeyFacts, KeyFieldFacts, ModelFacts } from "./facts.ts";
import { indexName, primaryKeyName } from "./names.ts";
import type { Unplaced } from "./place.ts";
import { nowhere } from "./place.ts";
import type { Expression, Index, IndexKey, KeyConstraint, PgType } from "../schema.ts";

export function primaryKeyOf(model: ModelFacts): Unplaced<KeyConstraint> | undefined {
  const facts = model.primaryKey;
  if (facts === undefined) return undefined;
  const columns = facts.keys.map((key) => columnName(model, key.field));
  return { element: keyConstraint(facts.name ?? primaryKeyName(model.name), columns, facts.prismaName), spot: facts.spot };
}

/** A primary key as Prisma writes it. */
export function keyConstraint(name: string, columns: readonly string[], prismaName?: string): KeyConstraint {
  return {
    name,
    origins: nowhere,
    comment: undefined,
    prismaName,
    columns,
    include: [],
    nullsNotDistinct: false,
    deferrable: false,
    initiallyDeferred: false,
  };
}

/** The index that backs a primary key. */
export function indexOfKey(key: KeyConstraint): Index {
  return { ...plainIndex(key.name, key.columns, true), origins: key.origins, prismaName: key.prismaName, primary: true, constraint: key.name };
}

/** A B-tree index over columns in ascending order. */
export function plainIndex(name: string, columns: readonly string[], unique: boolean): Index {
  return {
    name,
    origins: nowhere,
    comment: undefined,
    prismaName: undefined,
    method: "btree",
    keys: columns.map(plainKey),
    include: [],
    unique,
    primary: false,
    nullsNotDistinct: false,
    predicate: undefined,
    constraint: undefined,
    valid: true,
  };
}

/** The indexes the model states, beside the one of its primary key. */
export function indexesOf(model: ModelFacts, columnTypes: ReadonlyMap<string, PgType>): Unplaced<Index>[] {
  return model.indexes.map((facts) => ({ element: indexOf(facts, model, columnTypes), spot: facts.spot }));
}

function indexOf(facts: KeyFacts, model: ModelFacts, columnTypes: ReadonlyMap<string, PgType>): Index {
  const unique = facts.kind === "unique";
  const columns = facts.keys.map((key) => columnName(model, key.field));
  const method = facts.method.toLowerCase();
  return {
    ...plainIndex(facts.name ?? indexName(model.name, columns, unique), columns, unique),
    prismaName: facts.prismaName,
    method,
    keys: facts.keys.map((key) => indexKey(key, method, model, columnTypes)),
    predicate: facts.where === undefined ? undefined : predicate(facts.where, model),
  };
}

function plainKey(column: string): IndexKey {
  return { column, expression: undefined, operatorClass: undefined, collation: undefined, direction: "asc", nulls: "last" };
}

function indexKey(facts: KeyFieldFacts, method: string, model: ModelFacts, columnTypes: ReadonlyMap<string, PgType>): IndexKey {
  const column = columnName(model, facts.field);
  const key = plainKey(column);
  // Only B-tree keeps an order.
  const ordered: IndexKey = facts.isDescending && method === "btree" ? { ...key, direction: "desc", nulls: "first" } : key;
  if (facts.operatorClass === undefined) return ordered;
  const operatorClass = facts.operatorClass.isRaw ? facts.operatorClass.text : operatorClassName(facts.operatorClass.text);
  return { ...ordered, operatorClass: keptClass(operatorClass, method, columnTypes.get(column)) };
}

/** `JsonbPathOps` as `jsonb_path_ops`, `TimestampTzMinMaxMultiOps` as `timestamptz_minmax_multi_ops`. */
function operatorClassName(prismaName: string): string {
  return prismaName
    .replace("MinMax", "Minmax")
    .replace("TsVector", "Tsvector")
    .replace("TsQuery", "Tsquery")
    .replace("VarBit", "Varbit")
    .replace("TimestampTz", "Timestamptz")
    .replace("TimeTz", "Timetz")
    .replaceAll(/(?<=.)[A-Z]/g, "_$&")
    .toLowerCase();
}

/** The database's name of a field; the name as written when there is no such field. */
export function columnName(model: ModelFacts, field: string): string {
  return model.fieldsByName.get(field)?.name ?? field;
}

/** `where: raw("…")` or `where: { field: value, … }`, a preview feature of Prisma 7. */
function predicate(where: Value, model: ModelFacts): Expression | undefined {
  if (where.kind === "call") {
    const text = where.name.text === "raw" ? where.arguments[0]?.value : undefined;
    return text?.kind === "string" ? expressionOf(text.value) : undefined;
  }
  if (where.kind !== "object") return undefined;
  const conditions = where.properties.flatMap(({ name, value }) => {
    const condition = name === undefined || value === undefined ? undefined : fieldCondition(columnName(model, name.text), value);
    return condition === undefined ? [] : [condition];
  });
  return conditions.length === 0 ? undefined : expressionOf(conditions.join(" AND "));
}

function fieldCondition(column: string, value: Value): string | undefined {
  const identifier = `"${column.replaceAll('"', '""')}"`;
  if (value.kind === "object") {
    const negated = value.properties.find((property) => property.name?.text === "not")?.value;
    if (negated === undefined) return undefined;
    if (isNull(negated)) return `${identifier} IS NOT NULL`;
    const constant = constantText(negated);
    return constant === undefined ? undefined : `${identifier} <> ${constant}`;
  }
  if (isNull(value)) return `${identifier} IS NULL`;
  const constant = constantText(value);
  return constant === undefined ? undefined : `${identifier} = ${constant}`;
}

function isNull(value: Value): boolean {
  return value.kind === "path" && value.text === "null";
}

function constantText(value: Value): string | undefined {
  if (value.kind === "string") return quoteLiteral(value.value);
  return value.kind === "number" || value.kind === "path" ? value.text : undefined;
}
