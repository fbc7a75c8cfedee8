/** Embeddings that every search compares one by one. */
import { columnsWhere, doubtAbout, doubtWithoutSql, isImplied } from "../../model/queries.ts";
import type { Column, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireVectorIndex = defineRule({
  id: "require-vector-index",
  aliases: ["vector-index-missing"],
  group: "schema",
  category: "indexes",
  severity: "information",
  preset: "strict",
  since: "0.1.0",
  summary: "Give embeddings an HNSW or IVFFlat index before there are many.",
  why: `Without one the nearest neighbours are found by computing the distance to every row. That is exact and fine for
some ten thousand rows; beyond that each search takes seconds. The operator class must be that of the distance that is
searched by, such as vector_cosine_ops for <=>.`,
  sources: ["https://github.com/pgvector/pgvector#indexing", "https://www.postgresql.org/docs/current/indexes-types.html"],
  *checkTable(table, schema) {
    if (!table.complete) return;
    for (const column of columnsWhere(table, canBeIndexed)) {
      if (isImplied(column) || isServed(table, column.name)) continue;
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} has no HNSW or IVFFlat index: a search compares every row.`,
        doubt: doubtAbout(schema, table) ?? doubtWithoutSql(schema),
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Chunk {
  id        Int                          @id
  embedding Unsupported("vector(1536)")?
//^^^^^^^^^ Chunk(embedding) has no HNSW or IVFFlat index: a search compares every row.
}
`,
      },
      {
        sql: `CREATE EXTENSION vector;
CREATE TABLE chunk (
  id int PRIMARY KEY,
  embedding halfvec(3072) NOT NULL
--^^^^^^^^^ chunk(embedding) has no HNSW or IVFFlat index: a search compares every row.
);
`,
      },
    ],
    good: [
      {
        title: "More dimensions than an index takes (2,000), or a number that is not fixed",
        prisma: `model Chunk {
  id    Int                          @id
  large Unsupported("vector(3072)")?
  any   Unsupported("vector")?
}
`,
      },
    ],
  },
});

/** The most dimensions that pgvector's indexes take. https://github.com/pgvector/pgvector#hnsw */
const dimensions: ReadonlyMap<string, number> = new Map([
  ["vector", 2000],
  ["halfvec", 4000],
]);

function canBeIndexed({ type }: Column): boolean {
  const most = dimensions.get(type.name);
  const [size] = type.modifiers;
  return most !== undefined && size !== undefined && size <= most && !type.isArray;
}

/** By any method that is no plain one, or an expression such as a cast to fewer bits. */
function isServed(table: Table, column: string): boolean {
  return table.indexes.some(
    ({ method, keys }) =>
      method !== "btree" && keys.some((key) => key.column === column || key.expression?.columns.includes(column) === true),
  );
}
