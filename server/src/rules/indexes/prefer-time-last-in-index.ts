/** Indexes with a time before columns that queries ask for by value. */
import { isIndexOfParent } from "../../model/indexQueries.ts";
import { isImplied } from "../../model/queries.ts";
import type { Column, Index, IndexKey, Table } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

export const preferTimeLastInIndex = defineRule({
  id: "prefer-time-last-in-index",
  aliases: ["time-first-in-index"],
  group: "schema",
  category: "indexes",
  severity: "information",
  since: "0.1.0",
  summary: "Put columns that are asked for by value before the time in an index.",
  why: `A time is asked for as a range or an order. What stands behind it in the index no longer narrows the search: all
entries of the range are read and most thrown away. Value first, then time, reads just the entries that match, in order.`,
  sources: ["https://www.postgresql.org/docs/current/indexes-multicolumn.html"],
  *checkTable(table, schema) {
    for (const index of table.indexes) {
      if (index.keys.length < 2 || index.method !== "btree" || index.unique || isImplied(index)) continue;
      const keys = withTimeLast(table, index);
      if (keys === undefined || isIndexOfParent(schema, table, index)) continue;
      const names = keys.map(({ column }) => column ?? "");
      yield {
        at: index.origins,
        subject: subjectOfPart(table, index.name),
        message: `Index ${index.name} on ${say(table)} has a time before ${behindTime(table, index)}: equality first, then the range.`,
        fix: {
          title: `Index (${names.join(", ")}) instead`,
          safety: "review",
          intent: { do: "replaceIndex", table, index, keys },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Event {
  id        Int      @id
  createdAt DateTime @db.Timestamptz(3)
  userId    Int

  @@index([createdAt(sort: Desc), userId])
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Index Event_createdAt_userId_idx on Event has a time before userId: equality first, then the range.
}
`,
        fixed: `model Event {
  id        Int      @id
  createdAt DateTime @db.Timestamptz(3)
  userId    Int

  @@index([userId, createdAt(sort: Desc)])
}
`,
      },
      {
        sql: `CREATE TABLE event (id int PRIMARY KEY, org_id int NOT NULL, at timestamptz NOT NULL, kind text NOT NULL);
CREATE INDEX event_idx ON event (org_id, at DESC, kind, id);
--           ^^^^^^^^^ Index event_idx on event has a time before kind: equality first, then the range.
`,
        fixed: `CREATE TABLE event (id int PRIMARY KEY, org_id int NOT NULL, at timestamptz NOT NULL, kind text NOT NULL);
CREATE INDEX event_idx ON event (org_id, kind, at DESC, id);
`,
      },
    ],
    good: [
      {
        title: "The key behind the time makes the order of pages stable; a mark of deletion is asked for by IS NULL; a day is a value",
        sql: `CREATE TABLE event (
  id int PRIMARY KEY,
  org_id int NOT NULL,
  at timestamptz NOT NULL,
  ends_at timestamptz,
  day date NOT NULL,
  deleted_at timestamptz,
  kind text NOT NULL
);
CREATE INDEX ON event (at, id);
CREATE INDEX ON event (org_id, at DESC, id DESC);
CREATE INDEX ON event (deleted_at, org_id);
CREATE INDEX ON event (day, kind);
CREATE INDEX ON event (at, ends_at);
CREATE INDEX ON event (kind, at);
`,
      },
    ],
  },
});

/** The index's keys with the times behind what is asked for by value, before the primary key that breaks ties; undefined where they are so. */
function withTimeLast(table: Table, index: Index): readonly IndexKey[] | undefined {
  const first = index.keys.findIndex((key) => isTime(table, key));
  if (first < 0 || !index.keys.some((key, i) => i > first && isValue(table, key)) || index.keys.some(({ column }) => column === undefined))
    return undefined;
  const rank = (key: IndexKey): number => (isTime(table, key) ? 1 : isTie(table, key) ? 2 : 0);
  return [0, 1, 2].flatMap((wanted) => index.keys.filter((key) => rank(key) === wanted));
}

/** Not one that may be null: those mark what has happened, and are asked for by IS NULL. */
function isTime(table: Table, { column }: IndexKey): boolean {
  const found = column === undefined ? undefined : table.columns.get(column);
  return found?.notNull === true && hasTime(found);
}

function hasTime({ type }: Column): boolean {
  return !type.isArray && (type.name === "timestamptz" || type.name === "timestamp");
}

function isTie(table: Table, { column }: IndexKey): boolean {
  return column !== undefined && table.primaryKey?.columns.includes(column) === true;
}

function isValue(table: Table, key: IndexKey): boolean {
  const column = key.column === undefined ? undefined : table.columns.get(key.column);
  return column !== undefined && !hasTime(column) && !isTie(table, key);
}

function behindTime(table: Table, { keys }: Index): string {
  const first = keys.findIndex((key) => isTime(table, key));
  return keys.find((key, i) => i > first && isValue(table, key))?.column ?? "";
}
