/** What becomes of rows: every table's values before and after, paired by what PostgreSQL itself calls table and column. */
import * as v from "valibot";
import { quoteIdentifier } from "../model/names.ts";
import type { ScratchResult } from "../scratch/scratchDatabase.ts";
import type { Session } from "./observe.ts";

interface TableRows {
  readonly oid: number;
  readonly name: string;
  /** By their number, which a new name does not change. */
  readonly columns: ReadonlyMap<number, string>;
  /** By their numbers: `numeric(10,2)`. */
  readonly types: ReadonlyMap<number, string>;
  /** Numbers of the columns that may not be null. */
  readonly required: ReadonlySet<number>;
  readonly key: readonly number[];
  /** One value for each column, in their order, as text. */
  readonly rows: readonly (readonly (string | null)[])[];
}

export type RowsSnapshot = readonly TableRows[];

export interface ColumnFate {
  readonly column: string;
  readonly kept: number;
  readonly lost: number;
  readonly changed: number;
}

export interface TableFate {
  readonly table: string;
  readonly before: number;
  readonly after: number;
  /** Rows whose key is there no longer. */
  readonly lost: number;
  /** Of the columns in which something was lost or changed. */
  readonly columns: readonly ColumnFate[];
}

const tablesSchema = v.array(v.object({ oid: v.number(), schema: v.string(), name: v.string(), numbers: v.array(v.number()), columns: v.array(v.string()), types: v.array(v.string()), required: v.array(v.boolean()), key: v.array(v.number()) }));
const valuesSchema = v.array(v.object({ oid: v.number(), v: v.array(v.nullable(v.string())) }));

/** As many rows of each table are compared. */
const mostRows = 200;
const tablesAtOnce = 50;

export async function rowsOf(database: Session): Promise<ScratchResult<RowsSnapshot>> {
  const tables = await database.query(`
    SELECT c.oid::int4 AS oid, n.nspname AS schema, c.relname AS name, array_agg(a.attnum::int4 ORDER BY a.attnum) AS numbers,
      array_agg(a.attname::text ORDER BY a.attnum) AS columns, array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) AS types, array_agg(a.attnotnull ORDER BY a.attnum) AS required,
      coalesce((SELECT indkey::int2[]::int4[] FROM pg_index WHERE indrelid = c.oid AND indisprimary), '{}') AS key
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' GROUP BY c.oid, n.nspname, c.relname ORDER BY 2, 3`);
  if (!tables.ok) return tables;
  const found = v.parse(tablesSchema, tables.value);
  const rows = new Map<number, (readonly (string | null)[])[]>();
  // One question for many tables: each alone takes as long as all of them.
  for (let at = 0; at < found.length; at += tablesAtOnce) {
    const parts = found.slice(at, at + tablesAtOnce).map(({ oid, schema, name, columns }) => `(SELECT ${oid} AS oid, ARRAY[${columns.map((column) => `${quoteIdentifier(column)}::text`).join(", ")}] AS v FROM ONLY ${quoteIdentifier(schema)}.${quoteIdentifier(name)} LIMIT ${mostRows})`);
    const read = await database.query(parts.join(" UNION ALL "));
    if (!read.ok) return read;
    for (const { oid, v: values } of v.parse(valuesSchema, read.value)) rows.set(oid, [...(rows.get(oid) ?? []), values]);
  }
  return {
    ok: true,
    value: found.map(({ oid, schema, name, columns, numbers, types, required, key }) => ({ oid, name: `${schema}.${name}`, columns: new Map(numbers.map((number, i) => [number, columns[i] ?? ""])), types: new Map(numbers.map((number, i) => [number, types[i] ?? ""])), required: new Set(numbers.filter((_, i) => required[i])), key, rows: rows.get(oid) ?? [] })),
  };
}

/** Tables that held no rows are left out. */
export function fatesOf(before: RowsSnapshot, after: RowsSnapshot): readonly TableFate[] {
  return before
    .filter(({ rows }) => rows.length > 0)
    .map((table) => {
      const now = after.find(({ oid }) => oid === table.oid) ?? after.find(({ name }) => name === table.name);
      return now === undefined ? goneTable(table) : fateOf(table, now, now.oid === table.oid);
    });
}

function goneTable({ name, columns, rows }: TableRows): TableFate {
  const fates = [...columns.values()].map((column, i) => ({ column, kept: 0, lost: rows.filter((row) => row[i] !== null).length, changed: 0 }));
  return { table: name, before: rows.length, after: 0, lost: rows.length, columns: fates };
}

function fateOf(table: TableRows, now: TableRows, isSame: boolean): TableFate {
  const places = [...table.columns].map(([number, column]) => {
    const byNumber = [...now.columns.keys()].indexOf(number);
    return isSame && byNumber >= 0 ? byNumber : [...now.columns.values()].indexOf(column);
  });
  const keyPlaces = table.key.map((number) => [...table.columns.keys()].indexOf(number));
  const newRows = new Map(now.rows.map((row) => [keyText(keyPlaces.map((at) => row[places[at] ?? -1])), row]));
  const hasKey = keyPlaces.length > 0 && keyPlaces.every((at) => (places[at] ?? -1) >= 0);
  const pairs = table.rows.map((row, i) => ({ row, other: hasKey ? newRows.get(keyText(keyPlaces.map((at) => row[at]))) : now.rows[i] }));
  const fates = [...table.columns.values()].map((column, i): ColumnFate => {
    const values = pairs.filter(({ row }) => row[i] !== null);
    const place = places[i] ?? -1;
    const fate = (test: (value: string | null | undefined, old: string | null | undefined) => boolean): number => values.filter(({ row, other }) => test(place < 0 ? null : other?.[place], row[i])).length;
    const lost = fate((value) => value === null || value === undefined);
    const kept = fate((value, old) => value === old);
    return { column, kept, lost, changed: values.length - lost - kept };
  });
  return {
    table: table.name,
    before: table.rows.length,
    after: now.rows.length,
    lost: pairs.filter(({ other }) => other === undefined).length,
    columns: fates.filter(({ lost, changed }) => lost + changed > 0),
  };
}

function keyText(values: readonly (string | null | undefined)[]): string {
  return JSON.stringify(values);
}
