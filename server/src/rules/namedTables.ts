/** Which tables a column may mean by its name: `account_id` the table `accounts`, `tagIds` the model `Tag`. */
import { append } from "../model/lists.ts";
import { lookup } from "../model/lookup.ts";
import { memoised } from "../model/memoised.ts";
import type { Column, Schema, Table } from "../model/schema.ts";
import { stemOf } from "./words.ts";

/** Keys of the tables whose name, or whose model's name, has this stem; see `stemOf`. */
export const tablesOfStem = lookup((schema) => {
  const byStem = new Map<string, string[]>();
  for (const table of schema.tables.values()) {
    if (table.partitionOf !== undefined) continue;
    for (const stem of stemsOf(table)) append(byStem, stem, table.key);
  }
  return (stem): readonly string[] => byStem.get(stem) ?? none;
});

const none: readonly string[] = [];

const stemsOf = memoised((table: Table): readonly string[] => {
  const stem = stemOf(table.name);
  const other = table.prismaName === undefined ? stem : stemOf(table.prismaName);
  return stem === other ? [stem] : [stem, other];
});

/** The table of this stem when there is exactly one. */
export function tableOfStem(schema: Schema, stem: string): Table | undefined {
  const [key, ...others] = stem === "" ? none : tablesOfStem(schema, stem);
  return key === undefined || others.length > 0 ? undefined : schema.tables.get(key);
}

/** The column that is the primary key by itself. */
export function onlyKeyColumn(table: Table): Column | undefined {
  const [name, ...others] = table.primaryKey?.columns ?? none;
  return name === undefined || others.length > 0 ? undefined : table.columns.get(name);
}
