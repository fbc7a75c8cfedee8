/**
 * Rows for any schema, so that plans have something to go by: values by types, names and keys, each a function of the row's
 * number, so that what refers to a row finds it. Skewed as data is: few parents have most of the children.
 */
import { quoteIdentifier } from "../../server/src/model/names.ts";
import type { Column, PgType, Schema, Table } from "../../server/src/model/schema.ts";

export interface FillOptions {
  /** By `schema.table`, or by its name. */
  readonly rows: (table: Table) => number;
  /** SQL for a column by `table.column`, with `i` for the row's number, from 1. */
  readonly values?: ReadonlyMap<string, string>;
}

/** Statements to run in order, as a superuser. Checks, triggers and exclusions of the tables are dropped. */
export function fillStatements(schema: Schema, options: FillOptions): readonly string[] {
  const statements = ["SET session_replication_role = replica", "SET synchronous_commit = off"];
  for (const table of schema.tables.values()) {
    if (table.kind === "foreign" || table.persistence === "temporary" || table.partitionOf !== undefined) continue;
    for (const { name } of [...table.checks, ...table.exclusions]) statements.push(`ALTER TABLE ${named(table)} DROP CONSTRAINT IF EXISTS ${quoteIdentifier(name)}`);
    statements.push(insert(schema, table, options));
  }
  return statements;
}

function insert(schema: Schema, table: Table, options: FillOptions): string {
  const columns = [...table.columns.values()].filter(({ generated }) => generated === undefined);
  const values = columns.map((column) => valueOf(schema, table, column, "i", options, 0));
  return `INSERT INTO ${named(table)} (${columns.map(({ name }) => quoteIdentifier(name)).join(", ")}) OVERRIDING SYSTEM VALUE SELECT ${values.join(", ")} FROM generate_series(1, ${options.rows(table)}) AS i ON CONFLICT DO NOTHING`;
}

function named({ schema, name }: Table): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}

/** `i`: SQL for the number of the row. */
function valueOf(schema: Schema, table: Table, column: Column, i: string, options: FillOptions, depth: number): string {
  const given = options.values?.get(`${table.name}.${column.name}`);
  if (given !== undefined) return given.replaceAll(/\bi\b/g, () => `(${i})`);
  const key = table.foreignKeys.find(({ columns }) => columns.includes(column.name));
  const parent = key === undefined ? undefined : schema.tables.get(key.references.key);
  const referenced = parent?.columns.get(key?.references.columns[key.columns.indexOf(column.name)] ?? "");
  if (key !== undefined && parent !== undefined && referenced !== undefined && depth < 4) {
    const rows = options.rows(parent);
    const isOwn = table.uniqueConstraints.concat(table.primaryKey ?? []).some(({ columns }) => columns.length === key.columns.length && columns.every((name) => key.columns.includes(name)));
    // Squared: the first parents have most.
    const row = parent === table ? `greatest(1, (${i}) / 2)` : isOwn ? `least(${i}, ${rows})` : `(1 + floor(${rows} * power(${chance(i, key.name)}, 2)))::int`;
    const value = valueOf(schema, parent, referenced, row, options, depth + 1);
    return column.notNull || parent !== table ? value : `CASE WHEN (${i}) % 5 = 0 THEN ${value} END`;
  }
  const plain = plainValue(schema, table, column, i);
  if (column.notNull || isKey(table, column.name)) return plain;
  const share = /^(?:deleted|archived|cancell?ed|revoked|merged|closed|completed|lost|won)_?\w*/i.test(column.name) ? 0.9 : 0.2;
  return `CASE WHEN ${chance(i, `${column.name} null`)} >= ${share} THEN ${plain} END`;
}

/** Of 0 to 1, the same for the same row and word. */
function chance(i: string, word: string): string {
  let seed = 7;
  for (const character of word) seed = (seed * 31 + (character.codePointAt(0) ?? 0)) % 100_003;
  return `((hashint8((${i})::int8 * 1000003 + ${seed})::int8 & 2147483647) / 2147483648::float8)`;
}

function isKey(table: Table, name: string): boolean {
  return table.indexes.some(({ unique, keys }) => unique && keys.some(({ column }) => column === name));
}

function plainValue(schema: Schema, table: Table, column: Column, i: string): string {
  const { type } = column;
  if (type.isArray) return `ARRAY[${scalar(schema, table, column, i, "first")}, ${scalar(schema, table, column, i, "second")}]::${typeText(type)}[]`;
  return scalar(schema, table, column, i, "");
}

function scalar(schema: Schema, table: Table, column: Column, i: string, word: string): string {
  const { type, name } = column;
  const isUnique = isKey(table, name);
  const part = chance(i, `${table.name}.${name}${word}`);
  const enumValues = schema.enums.get(`${type.schema ?? "public"}.${type.name}`)?.values;
  if (enumValues !== undefined) return `(ARRAY[${enumValues.map(literal).join(", ")}])[1 + floor(${enumValues.length} * power(${part}, 2))::int]::${typeText(type)}`;
  const domain = schema.domains.get(`${type.schema ?? "public"}.${type.name}`);
  const base = domain?.baseType.name ?? type.name;
  switch (base) {
    case "bool":
      return `(${part} < 0.15)`;
    case "int2":
      return isUnique ? `((${i}) % 32000)::int2` : `floor(${part} * 100)::int2`;
    case "int4":
    case "int8":
    case "oid":
      return isUnique ? `(${i})::${base}` : `floor(power(${part}, 2) * 1000)::${base}`;
    case "numeric":
      return isUnique ? `(${i})::numeric` : `round((${part} * ${Math.min(9000, 10 ** ((type.modifiers[0] ?? 8) - (type.modifiers[1] ?? 2)) - 1)})::numeric, 2)`;
    case "float4":
    case "float8":
      return `(${part} * 1000)::${base}`;
    case "uuid":
      return `md5(${isUnique ? `'${table.name}.${name}' || (${i})` : `'${name}' || floor(${part} * 1000)`})::uuid`;
    case "date":
      return `(date '2023-01-01' + floor(${part} * 1400)::int)`;
    case "timestamp":
    case "timestamptz":
      return arrival.test(name) ? `(timestamp${base === "timestamp" ? "" : "tz"} '2023-01-01' + interval '1 minute' * 90 * (${i}))` : `(timestamp${base === "timestamp" ? "" : "tz"} '2023-01-01' + interval '1 second' * floor(${part} * 120000000))`;
    case "time":
    case "timetz":
      return `(time '00:00' + interval '1 second' * floor(${part} * 86000))::${base}`;
    case "interval":
      return `(interval '1 hour' * floor(${part} * 100))`;
    case "json":
    case "jsonb":
      return `jsonb_build_object('tier', (ARRAY['free', 'pro', 'team', 'enterprise'])[1 + floor(4 * power(${part}, 2))::int], 'score', floor(${part} * 500), 'key', 'k' || floor(${part} * 300))::${base}`;
    case "bytea":
      return `decode(md5((${i})::text), 'hex')`;
    case "inet":
    case "cidr":
      return `('10.' || floor(${part} * 200)::int || '.' || (${i}) % 200 || '.' || (${i}) / 200 % 200)::inet`;
    case "tsvector":
      return `to_tsvector('english', ${words(i, name)})`;
    case "bit":
    case "varbit":
      return `B'1'::${base}`;
    default:
      return textValue(column, i, part, isUnique);
  }
}

const arrival = /^(?:created|inserted|occurred|logged|recorded|received|sent|happened)_?(?:at|on)?$/i;

const surnames = "Smith Jones Garcia Muller Rossi Silva Novak Kim Chen Patel Nguyen Dubois Jansen Kowalski Ivanov Santos Brown Wilson Meyer Weber".split(" ");

function words(i: string, seed: string): string {
  const vocabulary = `(ARRAY['order', 'invoice', 'meeting', 'call', 'price', 'urgent', 'renewal', 'contract', 'delivery', 'support', 'feature', 'blue', 'green', 'quick', 'late', 'north', 'partner', 'license', 'maria', 'tokyo'])`;
  return ["a", "b", "c", "d"].map((part) => `${vocabulary}[1 + floor(20 * ${chance(i, seed + part)})::int]`).join(" || ' ' || ");
}

function textValue({ name, type }: Column, i: string, part: string, isUnique: boolean): string {
  const cast = typeText(type);
  const size = type.modifiers[0];
  const fitting = (text: string): string => (size === undefined || !["varchar", "bpchar", "char"].includes(type.name) ? `(${text})::${cast}` : `left(${text}, ${size})::${cast}`);
  if (size !== undefined && size <= 3 && !isUnique) return fitting(`(ARRAY['USD', 'EUR', 'GBP', 'JPY', 'CHF'])[1 + floor(5 * power(${part}, 2))::int]`);
  if (isUnique) return fitting(/mail/i.test(name) ? `'user' || (${i}) || '@example.com'` : `(${i}) || '-${name.slice(0, 8)}'`);
  if (/mail/i.test(name)) return fitting(`'user' || floor(${part} * 100000) || '@example.com'`);
  if (/^(?:status|state|type|kind|stage|role|level|priority|source|channel|direction)$|_(?:status|type|state|kind)$/i.test(name)) return fitting(`(ARRAY['open', 'closed', 'active', 'pending', 'task', 'email'])[1 + floor(6 * power(${part}, 2))::int]`);
  if (/name|title|subject|company/i.test(name)) return fitting(`(ARRAY[${surnames.map(literal).join(", ")}])[1 + floor(20 * ${part})::int] || ' ' || floor(${part} * 3000)`);
  if (/note|body|text|content|comment|description/i.test(name)) return fitting(words(i, name));
  return fitting(`'v' || floor(power(${part}, 2) * 500)`);
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function typeText({ schema, name }: PgType): string {
  const quoted = name === "char" ? '"char"' : quoteIdentifier(name);
  return schema === undefined || schema === "pg_catalog" ? quoted : `${quoteIdentifier(schema)}.${quoted}`;
}
