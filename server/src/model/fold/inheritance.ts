/** Walks over partitions and inheriting tables, which follow what happens to their parents. */
import type { ColumnEntry, TableEntry } from "./entries.ts";

/** The table itself, then everything below it, each once. */
export function withDescendants(table: TableEntry): Set<TableEntry> {
  const all = new Set([table]);
  for (const each of all) for (const child of each.children) all.add(child);
  return all;
}

const none: readonly TableEntry[] = [];

/** The partitions of a partitioned table, one level. */
export function partitionsOf(table: TableEntry): readonly TableEntry[] {
  if (table.children.size === 0) return none;
  return [...table.children].filter((child) => child.partitionOf?.parent === table);
}

/** The column of that name in the table and, unless ONLY was said, in everything below it. */
export function columnsNamed(table: TableEntry, name: string, isOnly: boolean): { table: TableEntry; column: ColumnEntry }[] {
  const tables = isOnly || table.children.size === 0 ? [table] : [...withDescendants(table)];
  return tables.flatMap((each) => {
    const column = each.columns.get(name);
    return column === undefined ? [] : [{ table: each, column }];
  });
}

/** What the table inherits from: its partitioned parent or its INHERITS. */
export function parentsOf(table: TableEntry): readonly TableEntry[] {
  return table.partitionOf === undefined ? table.inherits : [table.partitionOf.parent];
}
