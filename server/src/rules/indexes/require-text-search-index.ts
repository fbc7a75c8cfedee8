/** Columns of type tsvector that no GIN or GiST index holds. */
import { columnsWhere, doubtAbout, doubtWithoutSql, isImplied, parentOf, partitionsOf } from "../../model/queries.ts";
import type { Column, Schema, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireTextSearchIndex = defineRule({
  id: "require-text-search-index",
  aliases: ["gin-needed"],
  group: "schema",
  category: "indexes",
  severity: "warning",
  since: "0.1.0",
  summary: "Index the columns that are there for text search.",
  why: `A tsvector is kept for nothing but @@. Without a GIN index every search reads the whole table and compares each
row's words, which is slower than the plain text would have been.`,
  sources: ["https://www.postgresql.org/docs/current/textsearch-indexes.html"],
  *checkTable(table, schema) {
    if (!table.complete) return;
    for (const column of columnsWhere(table, isSearched)) {
      if (isImplied(column) || isServed(schema, table, column.name)) continue;
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} is for text search and has no GIN index.`,
        doubt: doubtAbout(schema, table) ?? doubtWithoutSql(schema),
        fix: {
          title: `Add a GIN index on ${column.name}`,
          safety: "safe",
          intent: { do: "addIndex", table, columns: [column.name], method: "gin" },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Page {
  id    Int                      @id
  title String
  words Unsupported("tsvector")?
//^^^^^ Page(words) is for text search and has no GIN index.

  @@index([title])
}
`,
        fixed: `model Page {
  id    Int                      @id
  title String
  words Unsupported("tsvector")?

  @@index([title])
  @@index([words], type: Gin)
}
`,
      },
      {
        sql: `CREATE TABLE page (
  id int PRIMARY KEY,
  body text NOT NULL,
  words tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED
--^^^^^ page(words) is for text search and has no GIN index.
);
`,
        fixed: `CREATE TABLE page (
  id int PRIMARY KEY,
  body text NOT NULL,
  words tsvector GENERATED ALWAYS AS (to_tsvector('english', body)) STORED
);
CREATE INDEX page_words_idx ON page USING gin (words);
`,
      },
    ],
    good: [
      {
        title: "GiST serves too, and a partition has its parent's",
        sql: `CREATE TABLE page (id int PRIMARY KEY, words tsvector, titles tsvector);
CREATE INDEX ON page USING gist (words);
CREATE INDEX ON page USING gin (titles);
CREATE TABLE post (day date NOT NULL, words tsvector) PARTITION BY RANGE (day);
CREATE INDEX ON post USING gin (words);
CREATE TABLE post_2026 PARTITION OF post FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
`,
      },
    ],
  },
});

function isSearched({ type }: Column): boolean {
  return type.name === "tsvector" && !type.isArray;
}

function isServed(schema: Schema, table: Table, column: string): boolean {
  if (holds(table, column)) return true;
  const parent = parentOf(schema, table);
  if (parent !== undefined && holds(parent, column)) return true;
  const partitions = partitionsOf(schema, table.key);
  return partitions.length > 0 && partitions.every((partition) => holds(partition, column));
}

/** GIN, GiST, or a method of an extension that is made for it. */
function holds(table: Table, column: string): boolean {
  return table.indexes.some(({ method, keys }) => method !== "btree" && method !== "hash" && keys.some((key) => key.column === column));
}
