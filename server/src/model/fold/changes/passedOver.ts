/** What IF NOT EXISTS passes over although it is not what the statement says: the database then differs from the text for good. */
import type { Change, ChangedTable } from "../../changes.ts";
import { formatType, isSameType } from "../../pgTypes.ts";
import type { Origins } from "../../schema.ts";
import type { Context } from "../context.ts";
import type { ColumnEntry, IndexEntry, TableEntry, ViewEntry } from "../entries.ts";
import type { ColumnSpec } from "../read/columnSpec.ts";
import type { IndexSpec } from "../read/indexSpec.ts";
import type { TableSpec } from "../read/tableSpec.ts";
import { resolveType, typeOf } from "../types.ts";
import { changedTable, statementAt } from "./changedTable.ts";

export function* passedOverTable({ ifNotExists, name, columns, place }: TableSpec, ctx: Context): Generator<Change> {
  const there = ifNotExists ? ctx.relation(name) : undefined;
  if (there === undefined) return;
  const table = there.kind === "table" ? changedTable(there, ctx) : undefined;
  if (there.kind !== "table" || table === undefined || !there.isComplete) return;
  // What another table or type gives it is not written here.
  const stated = columns.flatMap((column) => ("like" in column ? [] : [column]));
  if (stated.length === 0 || stated.length < columns.length) return;
  const difference = differenceOfColumns(there, stated, ctx);
  if (difference !== undefined) yield { do: "passOver", at: statementAt(place.nameSpan, ctx), table: asUsed(table), what: "table", name: there.name, difference };
}

export function* passedOverColumn(table: ChangedTable, there: ColumnEntry, spec: ColumnSpec, at: Origins, ctx: Context): Generator<Change> {
  const difference = differenceOfColumn(there, spec, ctx);
  if (difference !== undefined) yield { do: "passOver", at, table: asUsed(table), what: "column", name: spec.name, difference };
}

export function* passedOverIndex(relation: TableEntry | ViewEntry, spec: IndexSpec, ctx: Context): Generator<Change> {
  const there = spec.ifNotExists && spec.name !== undefined ? relation.namespace.relations.get(spec.name) : undefined;
  if (there === undefined || spec.name === undefined) return;
  const difference = there.kind === "index" ? differenceOfIndex(there, relation, spec) : `it is a ${there.kind}`;
  if (difference !== undefined)
    yield { do: "passOver", at: statementAt(spec.place.nameSpan, ctx), table: changedTable(relation, ctx), what: "index", name: spec.name, difference };
}

/** A difference is one whoever made the table. */
function asUsed(table: ChangedTable): ChangedTable {
  return table.isNew ? { ...table, isNew: false } : table;
}

function differenceOfColumns({ columns }: TableEntry, stated: readonly ColumnSpec[], ctx: Context): string | undefined {
  const names = new Set(stated.map(({ name }) => name));
  const missing = stated.find(({ name }) => !columns.has(name));
  if (missing !== undefined) return `it has no column ${missing.name}`;
  for (const spec of stated) {
    const column = columns.get(spec.name);
    const difference = column === undefined ? undefined : differenceOfColumn(column, spec, ctx);
    if (difference !== undefined) return difference.replace(/^it/, spec.name);
  }
  const extra = [...columns.keys()].find((name) => !names.has(name));
  return extra === undefined ? undefined : `it has a column ${extra} more`;
}

function differenceOfColumn(column: ColumnEntry, spec: ColumnSpec, ctx: Context): string | undefined {
  const use = spec.type === undefined ? undefined : resolveType(spec.type, ctx, false);
  const [before, stated] = [typeOf(column.type), use === undefined ? undefined : typeOf(use)];
  if (stated !== undefined && stated.kind !== "unknown" && before.kind !== "unknown" && !isSameType(before, stated)) return `it is ${formatType(before)}`;
  if (spec.isNotNull && !column.isNotNull) return "it may be null";
  return undefined;
}

function differenceOfIndex(index: IndexEntry, relation: TableEntry | ViewEntry, spec: IndexSpec): string | undefined {
  if (index.table !== relation) return `it is on ${index.table.name}`;
  if (index.isUnique !== spec.isUnique) return index.isUnique ? "it is unique" : "it is not unique";
  if (index.method !== spec.method) return `it is of type ${index.method}`;
  const [before, stated] = [index.keys.map(({ column }) => column?.name), spec.keys.map(({ column }) => column)];
  if (before.join() !== stated.join()) return `it is on (${before.map((name) => name ?? "…").join(", ")})`;
  if ((index.predicate === undefined) !== (spec.predicate === undefined)) return index.predicate === undefined ? "it has no condition" : "it has a condition";
  return undefined;
}
