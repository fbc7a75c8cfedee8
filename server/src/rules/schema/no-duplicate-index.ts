/** Indexes with the same definition as another one of their table. */
import { hasSameDefinition, isImplied, isIndexOfParent } from "../../model/queries.ts";
import type { Index, Schema, Table } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noDuplicateIndex = defineRule({
  id: "no-duplicate-index",
  aliases: ["duplicate-index"],
  group: "schema",
  severity: "warning",
  since: "0.1.0",
  summary: "Do not index the same columns twice.",
  why: `Both indexes are written on every change of the table, take disk and memory, and keep updates from being cheap.
The planner only ever needs one of them.`,
  sources: [
    "https://www.postgresql.org/docs/current/indexes-intro.html",
    "https://www.postgresql.org/docs/current/indexes-unique.html",
  ],
  *check(schema) {
    for (const table of schema.tables.values()) {
      if (table.indexes.length < 2 || isImplied(table)) continue;
      for (const [kept, ...others] of duplicates(schema, table)) {
        for (const index of others) {
          yield {
            at: index.origins,
            subject: subjectOfPart(table, index.name),
            message: `Index ${index.name} on ${say(table)} duplicates ${kept.name}.`,
            related: [{ at: kept.origins, message: `${kept.name} stays.` }],
            ...(index.constraint === undefined
              ? {
                  fix: {
                    title: `Drop ${index.name}`,
                    safety: index.unique ? ("review" as const) : ("safe" as const),
                    intent: { do: "dropIndex" as const, table, index },
                  },
                }
              : {}),
          };
        }
      }
    }
  },
  examples: { bad: [], good: [] },
});

/** Groups of two or more, the one to keep first: the primary key, then what backs a constraint, then the oldest. */
function duplicates(schema: Schema, table: Table): readonly [Index, ...Index[]][] {
  const groups: [Index, ...Index[]][] = [];
  for (const index of table.indexes) {
    if (!index.valid || isIndexOfParent(schema, table, index)) continue;
    const group = groups.find(([first]) => isDuplicate(first, index));
    if (group === undefined) groups.push([index]);
    else if (rank(index) < rank(group[0])) group.unshift(index);
    else group.push(index);
  }
  return groups.filter((group) => group.length > 1);
}

function isDuplicate(a: Index, b: Index): boolean {
  return a.unique === b.unique && a.nullsNotDistinct === b.nullsNotDistinct && hasSameDefinition(a, b);
}

function rank(index: Index): number {
  if (index.primary) return 0;
  return index.constraint === undefined ? 2 : 1;
}
