/**
 * What a database is to be like so that it is what the Prisma schema says: the history's schema, led by the Prisma schema
 * where that can speak, and kept where it cannot.
 *
 * Invariant: what Prisma has no words for (checks, triggers, policies, views, functions, partial and expression indexes,
 * partitions, grants) is in the target as it is in the history, unless the table or column that it stands on goes.
 */
import { isNumbered } from "../model/generatedValues.ts";
import { join } from "../model/join.ts";
import type { Column, EnumType, Expression, ForeignKey, Index, Schema, Table } from "../model/schema.ts";

/** `prisma`: the layer of the schema files alone. `isReordered`: of enums, by key, whose values are to be in the order of the schema. */
export function targetOf(prisma: Schema, history: Schema, isReordered: (key: string) => boolean = () => false): Schema {
  const joined = join([prisma, history]);
  const managed = new Set([...prisma.tables.values(), ...prisma.enums.values(), ...prisma.namespaces.values()].map((each) => ("schema" in each ? each.schema : each.name)));
  if (managed.size === 0) managed.add("public");
  const isGone = (table: Table): boolean => !prisma.tables.has(table.key) && managed.has(table.schema) && isExpressible(table) && table.name !== "_prisma_migrations";
  const emulates = prisma.sources.some((source) => source.emulatesRelations !== undefined);
  const tables = new Map<string, Table>();
  for (const [key, table] of joined.tables) {
    if (history.tables.has(key) && isGone(table)) continue;
    tables.set(key, targetTable(table, prisma.tables.get(key), history.tables.get(key), emulates));
  }
  const usedTypes = new Set([...tables.values()].flatMap((table) => [...table.columns.values()].map(({ type }) => `${type.schema}.${type.name}`)));
  const isTypeGone = (key: string, schema: string): boolean => !prisma.enums.has(key) && managed.has(schema) && !usedTypes.has(key);
  const owners = new Set([...tables.values()].flatMap((table) => [...table.columns.values()].filter((column) => column.identity !== undefined || isNumbered(column)).map(({ name }) => `${table.key}.${name}`)));
  const numberedBefore = new Set([...history.sequences.values()].flatMap(({ ownedBy }) => ownedBy ?? []));
  return {
    ...joined,
    tables,
    enums: new Map([...joined.enums].filter(([key, { schema }]) => !isTypeGone(key, schema)).map(([key, type]) => [key, isReordered(key) ? type : inOldOrder(type, history.enums.get(key))])),
    sequences: new Map([...joined.sequences].filter(([key, { ownedBy }]) => ownedBy === undefined || (owners.has(ownedBy) && (history.sequences.has(key) || !numberedBefore.has(ownedBy))))),
    grants: history.grants.filter((grant) => grant.objectKind !== "table" || tables.has(grant.object) || !history.tables.has(grant.object)),
  };
}

/** Keys of enums that have their values in another order than the schema says. */
export function inOtherOrder(prisma: Schema, history: Schema): readonly string[] {
  return [...prisma.enums.values()].filter((type) => inOldOrder(type, history.enums.get(type.key)) !== type).map(({ key }) => key);
}

/** Prisma does not care for the order of values, and to change it the type must be made anew. */
function inOldOrder(type: EnumType, before: EnumType | undefined): EnumType {
  if (before === undefined) return type;
  const kept = before.values.filter((value) => type.values.includes(value));
  if (kept.join("\0") === type.values.filter((value) => kept.includes(value)).join("\0")) return type;
  return { ...type, values: [...kept, ...type.values.filter((value) => !kept.includes(value))] };
}

/** Prisma knows neither partitions nor tables of other servers. */
function isExpressible(table: Table): boolean {
  return table.kind === "table" && table.partitionOf === undefined && table.inherits.length === 0;
}

function targetTable(stated: Table, prisma: Table | undefined, history: Table | undefined, emulates: boolean): Table {
  if (prisma === undefined || history === undefined) return stated;
  const joined = withConstraints(stated, prisma, history);
  const columns = new Map([...joined.columns].filter(([name]) => prisma.columns.has(name)).map(([name, column]) => [name, targetColumn(column, prisma.columns.get(name), history.columns.get(name))]));
  // In the database a new column stands last.
  const ordered = new Map([...[...history.columns.keys()], ...columns.keys()].flatMap((name) => { const column = columns.get(name); return column === undefined ? [] : [[name, column] as const]; }));
  const stays = (names: readonly string[]): boolean => names.every((name) => columns.has(name));
  const readable = (...expressions: readonly (Expression | undefined)[]): boolean => expressions.every((expression) => expression === undefined || stays(expression.columns));
  const indexes = joined.indexes.filter((index) => stays(columnsOf(index)) && readable(index.predicate));
  const foreignKeys = emulates ? mergedKeys(joined.foreignKeys, history.foreignKeys) : joined.foreignKeys;
  return {
    ...joined,
    columns: ordered,
    indexes: indexes.map((index) => asItWas(index, history)),
    uniqueConstraints: joined.uniqueConstraints.filter((key) => stays(key.columns)),
    foreignKeys: foreignKeys.filter((key) => stays(key.columns)),
    checks: joined.checks.filter((check) => readable(check.expression)),
  };
}

/** Prisma says a unique index and a unique constraint alike: one that is called otherwise now stays a constraint. */
function withConstraints(table: Table, prisma: Table, history: Table): Table {
  const renamed = history.uniqueConstraints.flatMap((key) => {
    if (prisma.indexes.some(({ name }) => name === key.name)) return [];
    const wanted = prisma.indexes.find((index) => index.unique && columnsOf(index).join() === key.columns.join() && history.indexes.every(({ name }) => name !== index.name));
    return wanted === undefined ? [] : [{ key, name: wanted.name }];
  });
  if (renamed.length === 0) return table;
  const gone = new Set(renamed.flatMap(({ key, name }) => [key.name, name]));
  const indexes = renamed.flatMap(({ key, name }) => {
    const index = history.indexes.find((each) => each.name === key.name);
    return index === undefined ? [] : [{ ...index, name, constraint: name }];
  });
  return {
    ...table,
    uniqueConstraints: [...table.uniqueConstraints.filter(({ name }) => !gone.has(name)), ...renamed.map(({ key, name }) => ({ ...key, name }))],
    indexes: [...table.indexes.filter(({ name }) => !gone.has(name)), ...indexes],
  };
}

/** A partial or covering index that Prisma states as a plain one stays what it is. */
function asItWas(index: Index, history: Table): Index {
  const before = history.indexes.find(({ name }) => name === index.name);
  if (before === undefined) return index;
  const isBeyondPrisma = before.predicate !== undefined || before.include.length > 0 || before.nullsNotDistinct || before.keys.some((key) => key.expression !== undefined);
  return isBeyondPrisma && before.unique === index.unique && columnsOf(before).join() === columnsOf(index).join() ? { ...index, ...before, origins: index.origins, prismaName: index.prismaName } : index;
}

function mergedKeys(joined: readonly ForeignKey[], history: readonly ForeignKey[]): readonly ForeignKey[] {
  return [...joined, ...history.filter((key) => joined.every(({ name }) => name !== key.name))];
}

function targetColumn(joined: Column, prisma: Column | undefined, history: Column | undefined): Column {
  if (prisma === undefined || history === undefined) return joined;
  // An identity column and a generated one are written as `@default(autoincrement())` and `@default(dbgenerated())`.
  if (history.generated !== undefined) return { ...joined, type: history.type, notNull: history.notNull, default: undefined };
  if (history.identity !== undefined && (prisma.default === undefined || isNumbered(prisma))) return { ...joined, default: undefined, identity: history.identity };
  const statesDefault = prisma.default !== undefined || prisma.clientDefault !== undefined || hasDefaultAttribute(prisma);
  // Prisma does not care which sequence it is.
  if (isNumbered(prisma) && isNumbered(history)) return { ...joined, default: history.default };
  // What Prisma Client fills in may have a default of its own in the database, which Prisma cannot say.
  return statesDefault ? joined : { ...joined, default: undefined };
}

/** `@default(dbgenerated())` says that there is one, and nothing more. */
function hasDefaultAttribute(column: Column): boolean {
  return column.origins.some((origin) => "parts" in origin && origin.parts?.["default"] !== undefined);
}

function columnsOf(index: Index): readonly string[] {
  return index.keys.flatMap((key) => key.column ?? key.expression?.columns ?? []);
}

/** What only the history has and the Prisma schema cannot say, by kind, for people to know that it stays. */
export function keptBeyondPrisma(prisma: Schema, history: Schema, target: Schema): readonly string[] {
  const kept: string[] = [];
  const count = (what: string, plural: string, names: readonly string[]): void => {
    if (names.length > 0) kept.push(`${names.length} ${names.length === 1 ? what : plural} (${names.slice(0, 3).join(", ")}${names.length > 3 ? ", …" : ""})`);
  };
  const tables = [...target.tables.values()].filter(({ key }) => prisma.tables.has(key) && history.tables.has(key));
  const all = <T extends { readonly name: string }>(of: (table: Table) => readonly T[]): readonly string[] =>
    tables.flatMap((table) => {
      const stated = prisma.tables.get(table.key);
      const known = new Set(stated === undefined ? [] : of(stated).map(({ name }) => name));
      return of(table).filter(({ name }) => !known.has(name)).map(({ name }) => `${table.name}.${name}`);
    });
  count("index", "indexes", all((table) => table.indexes.filter((index) => index.constraint === undefined)));
  count("check", "checks", all((table) => table.checks));
  count("foreign key", "foreign keys", all((table) => table.foreignKeys));
  count("trigger", "triggers", all((table) => table.triggers));
  count("policy", "policies", all((table) => table.policies));
  count("exclusion constraint", "exclusion constraints", all((table) => table.exclusions));
  count("view", "views", [...target.views.values()].filter(({ key }) => !prisma.views.has(key)).map(({ name }) => name));
  count("function", "functions", [...target.routines.values()].map(({ name }) => name));
  count("table", "tables", [...target.tables.values()].filter(({ key }) => !prisma.tables.has(key)).map(({ name }) => name));
  return kept;
}

