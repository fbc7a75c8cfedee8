/** What writers pay for an index: one more to keep up, and updates that were in place no longer. */
import type { IndexDefinition } from "../edits/intents/indexIntent.ts";
import type { Index } from "../model/schema.ts";

export interface WriteCost {
  /** Of the table, without the new one. */
  readonly indexes: number;
  /** Columns that no index had and that get updated: an update of one of these touches every index from then on. */
  readonly losesHot: readonly string[];
  /** A sentence for people. */
  readonly text: string;
}

/**
 * `updated`: columns that queries of the workspace set, by table key. An update that changes no indexed column, INCLUDE and
 * predicate among them, writes to no index. https://www.postgresql.org/docs/current/storage-hot.html
 */
export function writeCost(definition: IndexDefinition, replaces: Index | undefined, updated: ReadonlyMap<string, ReadonlySet<string>>): WriteCost {
  const { table, method } = definition;
  const others = table.indexes.filter((index) => index !== replaces);
  const known = new Set(others.flatMap(indexedColumns));
  // Since PostgreSQL 16 a BRIN index is no obstacle.
  const columns = method === "brin" ? [] : indexedColumns(definition);
  const isUpdated = (name: string): boolean => updated.get(table.key)?.has(name) === true || table.columns.get(name)?.clientDefault === "updatedAt" || /^(?:updated|modified|changed|last_seen|last_activity)_?(?:at|on)$/i.test(name);
  const losesHot = [...new Set(columns)].filter((name) => !known.has(name) && isUpdated(name));
  const count = replaces === undefined ? `one more than the ${table.indexes.length} that ${table.name} has` : `in the place of ${replaces.name}, so ${table.name} keeps its ${table.indexes.length}`;
  const hot = losesHot.length === 0 ? "" : ` Updates of ${losesHot.join(", ")} will touch every index of the table (they are no longer HOT).`;
  return { indexes: table.indexes.length, losesHot, text: `Every INSERT writes to it: ${count}.${hot}` };
}

function indexedColumns({ keys, include, predicate }: Pick<IndexDefinition, "keys" | "include" | "predicate">): readonly string[] {
  return [...keys.flatMap(({ column, expression }) => column ?? expression?.columns ?? []), ...include, ...(predicate?.columns ?? [])];
}
