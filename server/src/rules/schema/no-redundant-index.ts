/** Plain indexes that lead another index of their table. */
import { hasSameDefinition, isImplied, isIndexOfParent, startsWithKeysOf } from "../../model/queries.ts";
import type { Index, Table } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noRedundantIndex = defineRule({
  id: "no-redundant-index",
  aliases: ["redundant-prefix-index", "index-on-unique"],
  group: "schema",
  severity: "warning",
  since: "0.1.0",
  summary: "Do not keep an index whose columns lead another index.",
  why: `An index on (a, b) answers whatever an index on (a) answers, and so does the index of a unique or primary key.
The shorter one is written on every change and gives nothing, unless it is much smaller and very hot.`,
  sources: [
    "https://www.postgresql.org/docs/current/indexes-multicolumn.html",
    "https://www.postgresql.org/docs/current/indexes-unique.html",
  ],
  *check(schema) {
    for (const table of schema.tables.values()) {
      if (table.indexes.length < 2 || isImplied(table)) continue;
      for (const index of table.indexes) {
        if (!canBeDropped(index) || isIndexOfParent(schema, table, index)) continue;
        const cover = coverOf(table, index);
        if (cover === undefined) continue;
        yield {
          at: index.origins,
          subject: subjectOfPart(table, index.name),
          message: `Index ${index.name} on ${say(table)} is covered by ${cover.name}.`,
          related: [{ at: cover.origins, message: `${cover.name} leads with the same keys.` }],
          fix: { title: `Drop ${index.name}`, safety: "review", intent: { do: "dropIndex", table, index } },
        };
      }
    }
  },
  examples: { bad: [], good: [] },
});

/** Uniqueness is a meaning of its own, and so are INCLUDE columns. Only a B-tree serves its leading columns alone. */
function canBeDropped(index: Index): boolean {
  return index.valid && index.method === "btree" && !index.unique && index.constraint === undefined && index.include.length === 0;
}

/** The shortest index that does this one's work. One that is equal in all respects is a duplicate, not a cover. */
function coverOf(table: Table, index: Index): Index | undefined {
  let best: Index | undefined;
  for (const other of table.indexes) {
    if (other === index || !other.valid || !startsWithKeysOf(other, index)) continue;
    if (!other.unique && hasSameDefinition(other, index)) continue;
    if (best === undefined || other.keys.length < best.keys.length) best = other;
  }
  return best;
}
