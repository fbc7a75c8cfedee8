/** What index advice means: an index of any kind, in the place of one that it makes needless or beside the others. */
import type { Expression, Index, IndexKey, Table } from "../../model/schema.ts";

/** What an index is made of, without a name. */
export interface IndexDefinition {
  readonly table: Table;
  readonly method: "btree" | "gin" | "brin";
  readonly keys: readonly IndexKey[];
  readonly include: readonly string[];
  readonly predicate: Expression | undefined;
}

export type IndexIntent = {
  readonly do: "createIndex";
  readonly index: IndexDefinition;
  /** Goes when the new one is there, which finds everything that it finds. */
  readonly replaces?: Index | undefined;
};

export function isIndexIntent(intent: { readonly do: string }): intent is IndexIntent {
  return intent.do === "createIndex";
}
