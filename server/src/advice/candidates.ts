/**
 * Indexes that could help a query, from what it asks of each table: equalities first, then what sorts, then ranges. Generous,
 * for each one is tried; bounded, for trying takes time. Never one that is there already.
 */
import type { IndexDefinition } from "../edits/intents/indexIntent.ts";
import { isUniqueBy, startsWithKeysOf } from "../model/indexQueries.ts";
import type { Expression, Index, IndexKey, Schema, Table } from "../model/schema.ts";
import { tenantColumn } from "../model/tenants.ts";
import { canonicalExpression } from "../sql/canonical.ts";
import { isBulky, keyRank, partsKey, patternKeys } from "./keyChoices.ts";
import { columnsOfKey, type Key, keyText, type OrderKey, type TableUse, type Test } from "./tableUse.ts";

export interface Candidate extends IndexDefinition {
  /** An index that the candidate begins with: it could take its place. */
  readonly replaces: Index | undefined;
  /** In the order of a result, without the condition on its rows: quick only where these are spread evenly. */
  readonly restsOnLuck: boolean;
}

const mostOfTable = 16;
const mostOfQuery = 48;

export interface CandidateOptions {
  /** Names of columns that say which tenant a row belongs to. */
  readonly tenantColumns: readonly string[];
}

export function candidatesFor(uses: readonly TableUse[], schema: Schema, { tenantColumns }: CandidateOptions): readonly Candidate[] {
  const found = new Map<string, Candidate>();
  for (const use of uses) {
    // What a foreign table is made of is another server's.
    if (use.table.kind === "foreign") continue;
    const tenant = tenantColumn(schema, use.table.key, tenantColumns)?.name;
    const before = found.size;
    for (const definition of definitionsFor(use, schema, tenant)) {
      if (found.size - before >= mostOfTable || found.size >= mostOfQuery) break;
      const key = definitionText(definition);
      if (!found.has(key) && !isServed(definition)) found.set(key, { ...definition, replaces: extended(definition), restsOnLuck: restsOnLuck(definition, use) });
    }
  }
  return [...found.values()];
}

function restsOnLuck({ keys: [first], predicate }: IndexDefinition, { tests }: TableUse): boolean {
  if (first?.column === undefined || predicate !== undefined) return false;
  const isAsked = tests.some((test) => test.kind !== "constant" && columnsOfKey(test.key).includes(first.column ?? "") && test.kind !== "range");
  return !isAsked && tests.some((test) => test.kind === "equal" && test.by !== "join");
}

/** The same text for the same index. */
export function definitionText({ table, method, keys, include, predicate }: IndexDefinition): string {
  const written = keys.map((key) => [key.column, key.expression?.canonical, key.operatorClass, key.direction, key.nulls].join(" "));
  return [table.key, method, ...written, "include", ...include, "where", predicate?.canonical].join("\n");
}

/** The indexes that this one begins with: fewer keys, nothing beside them. */
export function simplerThan(definition: IndexDefinition): readonly IndexDefinition[] {
  const { keys, include, predicate } = definition;
  const simpler: IndexDefinition[] = [];
  for (let length = 1; length < keys.length; length++) simpler.push({ ...definition, keys: keys.slice(0, length), include: [] });
  if (include.length > 0) simpler.push({ ...definition, include: [] });
  if (predicate !== undefined) simpler.push({ ...definition, include: [], predicate: undefined });
  return simpler.filter((one) => !isServed(one));
}

/** Whether an index that is there begins with it, or keeps its leading columns unique. */
export function isServed({ table, method, keys, include, predicate }: IndexDefinition): boolean {
  const wanted = { method, keys, predicate };
  // Its condition is what finds the rows, and its key is any.
  const isList = predicate !== undefined && keys.length === 1 && keys[0]?.column === table.primaryKey?.columns[0];
  return table.indexes.some((index) => {
    if (!index.valid) return false;
    if (!isList && index.predicate === undefined && index.unique && method === "btree" && leadsUniquely(index, keys)) return true;
    const isLike = isLedBy(index, wanted) || isLedBy({ ...index, predicate: undefined }, { ...wanted, predicate: undefined }, index.predicate === undefined && !isList);
    return isLike && include.every((column) => index.include.includes(column) || index.keys.some((key) => key.column === column));
  });
}

type Shape = Pick<Index, "method" | "keys" | "predicate">;

/** A B-tree is read in both directions. */
function isLedBy(index: Shape, wanted: Shape, applies = true): boolean {
  if (!applies) return false;
  const whole = (shape: Shape): Index => ({ ...emptyIndex, ...shape });
  return startsWithKeysOf(whole(index), whole(wanted)) || startsWithKeysOf(whole(index), whole({ ...wanted, keys: wanted.keys.map(reversed) }));
}

const emptyIndex: Index = { name: "", origins: [{ kind: "catalog" }], comment: undefined, prismaName: undefined, method: "btree", keys: [], include: [], unique: false, primary: false, nullsNotDistinct: false, predicate: undefined, constraint: undefined, valid: true };

/** One row for each of its values: more columns find nothing more. */
function leadsUniquely(index: Index, keys: readonly IndexKey[]): boolean {
  const columns = keys.map(({ column }) => column);
  return index.keys.every(({ column }, i) => column !== undefined && columns.indexOf(column) === i);
}

function extended(definition: IndexDefinition): Index | undefined {
  return definition.table.indexes.find(
    (index) => index.valid && !index.unique && !index.primary && index.constraint === undefined && index.keys.length < definition.keys.length && index.include.length === 0 && isLedBy({ ...definition, keys: definition.keys }, index),
  );
}

/** The likeliest first. */
function* definitionsFor(use: TableUse, schema: Schema, tenant: string | undefined): Generator<IndexDefinition> {
  const { table } = use;
  yield* specialDefinitions(use, schema, tenant);
  const branches = use.alternatives.length === 0 ? [use.tests] : [use.tests, ...use.alternatives.map((branch) => [...branch, ...use.tests])];
  const found: IndexDefinition[] = [];
  for (const tests of branches) found.push(...composites(use, tests, table, tenant));
  yield* found;
  for (const definition of found) {
    const covering = withIncluded(definition, use);
    if (covering !== undefined) yield covering;
  }
}

function* composites(use: TableUse, tests: readonly Test[], table: Table, tenant: string | undefined): Generator<IndexDefinition> {
  // Of a unique column there is one row for each value, and an index that finds it.
  const equal = tests.flatMap((test) => (test.kind === "equal" && !("column" in test.key && isUniqueBy(table, [test.key.column])) ? [test] : []));
  const rank = (key: Key): number => keyRank(key, table, tenant);
  const inOrder = (keys: readonly Key[]): readonly Key[] => distinct(keys).toSorted((a, b) => rank(a) - rank(b));
  const values = inOrder(equal.flatMap(({ by, key }) => (by === "value" ? [key] : [])));
  const lists = inOrder(equal.flatMap(({ by, key }) => (by === "list" ? [key] : [])));
  const joins = inOrder(equal.flatMap(({ by, key }) => (by === "join" ? [key] : []))).slice(0, 4);
  const ranges = distinct(tests.flatMap((test) => (test.kind === "range" ? [test.key] : []))).slice(0, 3);
  const bases = [[...values, ...lists], values, ...joins.flatMap((join) => [inOrder([join, ...values]), [join]]), ...(joins.length > 1 ? [joins] : [])];
  const unique = bases.filter((base, i) => base.length > 0 && bases.findIndex((other) => texts(other) === texts(base)) === i);
  const orders = [...use.orders].sort((a, b) => Number(b.isLimited) - Number(a.isLimited)).map(({ keys }) => normal(keys));
  const make = (keys: readonly IndexKey[], predicate?: Expression): IndexDefinition => ({ table, method: "btree", keys: keys.slice(0, mostKeys), include: [], predicate });
  for (const base of [...unique, []]) {
    for (const order of orders) yield* nonEmpty(make([...base.map(ascending), ...without(order, base)]));
    for (const range of ranges) yield* nonEmpty(make([...base, ...(includesKey(base, range) ? [] : [range])].map(ascending)));
    yield* nonEmpty(make(base.map(ascending)));
    for (const group of use.groups) yield* nonEmpty(make([...base, ...group.filter((key) => !includesKey(base, key))].map(ascending)));
  }
  // Rows of a list are no longer in order, but can be found in it.
  if (lists.length > 0) for (const order of orders) yield* nonEmpty(make([...values.map(ascending), ...without(order, values), ...lists.map(ascending)]));
  yield* partials(tests, { table, values, joins, ranges, orders });
}

const mostKeys = 6;

interface Found {
  readonly table: Table;
  readonly values: readonly Key[];
  readonly joins: readonly Key[];
  readonly ranges: readonly Key[];
  readonly orders: readonly (readonly IndexKey[])[];
}

/** Rows that meet the query's constant conditions only; what these say need not be a key. */
function* partials(tests: readonly Test[], { table, values, joins, ranges, orders }: Found): Generator<IndexDefinition> {
  const constants = tests.flatMap((test) => ((test.kind === "constant" || test.kind === "equal") && test.constant !== undefined ? [{ test, constant: test.constant }] : []));
  if (constants.length === 0) return;
  // True, false, null and not null: what divides a table for good, where other constants are one query's own.
  const flags = constants.filter(({ test, constant }) => /\bIS (?:NOT )?NULL$/i.test(constant.text) || (test.kind === "equal" && "column" in test.key && isBoolean(table, test.key.column)));
  for (const some of flags.length > 0 && flags.length < constants.length ? [constants, flags] : [constants]) {
    const said = new Set(some.flatMap(({ test }) => (test.kind === "equal" ? [keyText(test.key)] : [])));
    const predicate = allOf(some.map(({ constant }) => constant));
    const rest = values.filter((key) => !said.has(keyText(key)));
    const bases = [rest, ...joins.map((join) => distinct([join, ...rest]))];
    for (const base of bases) {
      const tails: (readonly IndexKey[])[] = [...orders.map((order) => without(order, base)), ...ranges.filter((key) => !includesKey(base, key)).map((key) => [ascending(key)]), []];
      for (const tail of tails) {
        const keys = [...base.map(ascending), ...tail].slice(0, mostKeys);
        if (keys.length > 0) yield { table, method: "btree", keys, include: [], predicate };
      }
    }
    // Nothing is left to look for: any key does, and the one that is read most is the primary one.
    const [primary] = table.primaryKey?.columns ?? [];
    const isAll = rest.length === 0 && ranges.length === 0 && orders.length === 0 && some.length === flags.length;
    if (isAll && primary !== undefined) yield { table, method: "btree", keys: [ascending({ column: primary })], include: [], predicate };
  }
}

function allOf(conditions: readonly Expression[]): Expression {
  const parts = distinctTexts(conditions.map(({ text: one }) => (conditions.length > 1 && /\bOR\b/i.test(one) ? `(${one})` : one)));
  const text = parts.join(" AND ");
  return { text, canonical: canonicalExpression(text), columns: [...new Set(conditions.flatMap(({ columns }) => columns))] };
}

export function isBoolean(table: Table, column: string): boolean {
  return /^bool(?:ean)?$/.test(table.columns.get(column)?.type.name ?? "");
}

/** What B-trees in their usual order do not find: words and parts of values, and times in the order of arrival. */
function* specialDefinitions(use: TableUse, schema: Schema, tenant: string | undefined): Generator<IndexDefinition> {
  const { table } = use;
  const all = [...use.tests, ...use.alternatives.flat()];
  const values = distinct(use.tests.flatMap((test) => (test.kind === "equal" && test.by === "value" ? [test.key] : []))).toSorted((a, b) => keyRank(a, table, tenant) - keyRank(b, table, tenant));
  for (const test of all) {
    if (test.kind === "parts") {
      const key = partsKey(test, table);
      if (key !== undefined) yield { table, method: "gin", keys: [key], include: [], predicate: undefined };
    } else if (test.kind === "pattern") {
      for (const { method, key } of patternKeys(test, table, schema)) {
        if (method === "btree" && values.length > 0) yield { table, method, keys: [...values.map(ascending), key].slice(0, mostKeys), include: [], predicate: undefined };
        yield { table, method, keys: [key], include: [], predicate: undefined };
      }
    } else if (test.kind === "range" && "column" in test.key && isOfArrival(table, test.key.column)) {
      yield { table, method: "brin", keys: [ascending(test.key)], include: [], predicate: undefined };
    }
  }
}

/** A time that a row gets when it is written: later rows lie behind earlier ones. */
function isOfArrival(table: Table, name: string): boolean {
  const column = table.columns.get(name);
  if (column === undefined || !["timestamptz", "timestamp", "date"].includes(column.type.name) || column.type.isArray) return false;
  const isDefault = /\b(?:now|current_timestamp|clock_timestamp)\b/i.test(column.default?.text ?? "");
  return isDefault || /^(?:created|inserted|occurred|logged|recorded|received|happened|sent)(?:_?(?:at|on|time|date))?$/i.test(name);
}

/** With the few other columns that the query reads, so that the table need not be visited. */
function withIncluded(definition: IndexDefinition, { needed, table }: TableUse): IndexDefinition | undefined {
  if (needed === undefined || definition.method !== "btree") return undefined;
  const has = new Set(definition.keys.flatMap(({ column }) => column ?? []));
  const missing = [...needed].filter((name) => !has.has(name) && definition.predicate?.columns.includes(name) !== true);
  if (missing.length === 0 || missing.length > 3 || missing.some((name) => isBulky(table.columns.get(name)))) return undefined;
  return { ...definition, include: missing };
}

export function ascending(key: Key): IndexKey {
  return indexKey(key, "asc", "last");
}

function indexKey(key: Key, direction: IndexKey["direction"], nulls: IndexKey["nulls"]): IndexKey {
  const { column, expression } = "column" in key ? { column: key.column, expression: undefined } : { column: undefined, expression: key.expression };
  return { column, expression, operatorClass: undefined, collation: undefined, direction, nulls };
}

/** Beginning with an ascending key, for an index is read in both directions. */
function normal(keys: readonly OrderKey[]): readonly IndexKey[] {
  const made = keys.map(({ key, direction, nulls }) => indexKey(key, direction, nulls));
  return made[0]?.direction === "desc" ? made.map(reversed) : made;
}

function reversed(key: IndexKey): IndexKey {
  return { ...key, direction: key.direction === "asc" ? "desc" : "asc", nulls: key.nulls === "first" ? "last" : "first" };
}

function without(order: readonly IndexKey[], base: readonly Key[]): readonly IndexKey[] {
  const known = new Set(base.map(keyText));
  return order.filter(({ column, expression }) => !known.has(column === undefined ? (expression?.canonical ?? "") : keyText({ column })));
}

function* nonEmpty(definition: IndexDefinition): Generator<IndexDefinition> {
  if (definition.keys.length > 0) yield definition;
}

function distinct(keys: readonly Key[]): readonly Key[] {
  return [...new Map(keys.map((key) => [keyText(key), key])).values()];
}

function distinctTexts(list: readonly string[]): readonly string[] {
  return [...new Set(list)];
}

function includesKey(keys: readonly Key[], key: Key): boolean {
  return keys.some((one) => keyText(one) === keyText(key));
}

function texts(keys: readonly Key[]): string {
  return keys.map(keyText).join("\n");
}

