/**
 * Sizes for tables of which nothing is known: by how they refer to each other, and values by types and names. A guess, and
 * said to be one; made so that advice looks for what will matter when the tables have grown.
 */
import { isUniqueBy } from "../model/indexQueries.ts";
import type { Column, Schema, Table } from "../model/schema.ts";
import type { ColumnSpread, PlannerStatistics, RelationStatistics } from "../database/plannerStatistics.ts";

/** Rows of a table that refers to none, to some, to those that refer to others. */
const rowsByDepth = [10_000, 100_000, 1_000_000];

const smallTable = /(?:^|_)(?:countr(?:y|ies)|currenc(?:y|ies)|region|nation|language|locale|setting|config|role|permission|plan|stage|pipeline|type|status|kind|categor(?:y|ies))s?(?:es)?$/i;

export function assumedStatistics(schema: Schema, tables: readonly Table[]): PlannerStatistics {
  const relations: RelationStatistics[] = [];
  const columns: ColumnSpread[] = [];
  for (const table of tables) {
    const rows = assumedRows(schema, table);
    const own = [...table.columns.values()].map((column) => assumedColumn(schema, table, column, rows));
    const width = own.reduce((sum, one) => sum + one.width * (1 - one.nullFraction), 28);
    const blocks = Math.max(1, Math.ceil((rows * width) / 8_000));
    relations.push({ schema: table.schema, name: table.name, blocks, rows, visibleBlocks: blocks });
    columns.push(...own);
  }
  return { relations, columns };
}

export function assumedRows(schema: Schema, table: Table): number {
  if (smallTable.test(table.name) && table.foreignKeys.length < 2) return 200;
  return rowsByDepth[Math.min(depthOf(schema, table, new Set()), rowsByDepth.length - 1)] ?? 100_000;
}

/** How long the longest chain of references from it is; itself aside. */
function depthOf(schema: Schema, table: Table, above: Set<string>): number {
  if (above.has(table.key) || above.size >= rowsByDepth.length) return 0;
  above.add(table.key);
  let depth = table.foreignKeys.length === 0 && !isReferenced(schema, table) ? 1 : 0;
  for (const { references } of table.foreignKeys) {
    const parent = schema.tables.get(references.key);
    if (parent !== undefined && parent !== table) depth = Math.max(depth, 1 + depthOf(schema, parent, above));
  }
  above.delete(table.key);
  return depth;
}

function isReferenced(schema: Schema, table: Table): boolean {
  for (const other of schema.tables.values()) if (other.foreignKeys.some(({ references }) => references.key === table.key)) return true;
  return false;
}

function assumedColumn(schema: Schema, table: Table, column: Column, rows: number): ColumnSpread {
  const { name, type } = column;
  const base = {
    schema: table.schema,
    table: table.name,
    column: name,
    isInherited: false,
    nullFraction: column.notNull ? 0 : oftenNull.test(name) ? 0.9 : 0.2,
    width: widths.get(type.isArray ? "array" : type.name) ?? (type.kind === "enum" ? 4 : 16),
    commonValues: null,
    commonFrequencies: null,
    histogram: null,
    correlation: /(?:created|inserted|occurred)/i.test(name) ? 0.95 : null,
    commonElements: null,
    commonElementFrequencies: null,
    elementCounts: null,
  };
  return { ...base, distinct: distinctOf(schema, table, column, rows), ...spread(schema, column) };
}

const oftenNull = /^(?:deleted|archived|closed|completed|cancell?ed|revoked|expired|removed|dismissed|failed|merged)_?(?:at|on)$/i;

const widths: ReadonlyMap<string, number> = new Map([
  ["bool", 1],
  ["int2", 2],
  ["int4", 4],
  ["date", 4],
  ["int8", 8],
  ["float8", 8],
  ["timestamp", 8],
  ["timestamptz", 8],
  ["numeric", 8],
  ["uuid", 16],
  ["text", 32],
  ["varchar", 20],
  ["jsonb", 120],
  ["json", 120],
  ["bytea", 120],
  ["tsvector", 200],
  ["array", 60],
]);

function distinctOf(schema: Schema, table: Table, column: Column, rows: number): number {
  const { name, type } = column;
  if (isUniqueBy(table, [name])) return -1;
  if (type.name === "bool") return 2;
  const values = schema.enums.get(`${type.schema ?? "public"}.${type.name}`)?.values.length;
  if (values !== undefined && !type.isArray) return Math.max(1, values);
  for (const key of table.foreignKeys) {
    const parent = key.columns[0] === name ? schema.tables.get(key.references.key) : undefined;
    if (parent !== undefined) return Math.max(1, Math.min(assumedRows(schema, parent), Math.round(rows / 2)));
  }
  if (/^(?:status|state|kind|type|stage|priority|role|level|source|channel|method)$|_(?:status|state|kind|type)$/i.test(name)) return 6;
  if (/(?:country|currency|language|locale|region|city|category|tenant|organi[sz]ation)/i.test(name)) return Math.min(100, rows);
  if (["timestamptz", "timestamp", "uuid"].includes(type.name) || /(?:email|token|slug|code|number|reference|name|title)/i.test(name)) return -0.9;
  return -0.2;
}

/** Even spreads: of an enum over its values, of times over the last three years. */
function spread(schema: Schema, { name, type, notNull }: Column): Partial<ColumnSpread> {
  if (type.isArray) return {};
  const filled = notNull ? 1 : oftenNull.test(name) ? 0.1 : 0.8;
  const values = type.name === "bool" ? ["f", "t"] : schema.enums.get(`${type.schema ?? "public"}.${type.name}`)?.values;
  if (values !== undefined && values.length > 0) {
    return { commonValues: `{${values.map((value) => `"${value.replaceAll(/["\\]/g, "\\$&")}"`).join(",")}}`, commonFrequencies: `{${values.map(() => (filled / values.length).toFixed(6)).join(",")}}` };
  }
  if (["timestamptz", "timestamp", "date"].includes(type.name)) return { histogram: recentDays() };
  return {};
}

/** From three years ago until today, a bound for each eleventh day or so. */
function recentDays(): string {
  const now = Date.now();
  const bounds = Array.from({ length: 101 }, (_, i) => new Date(now - (100 - i) * 10.95 * 86_400_000).toISOString().slice(0, 10));
  return `{${bounds.join(",")}}`;
}
