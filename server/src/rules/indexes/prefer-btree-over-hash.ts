/** Hash indexes over values that a B-tree holds just as well. */
import { isIndexOfParent } from "../../model/indexQueries.ts";
import { isImplied } from "../../model/queries.ts";
import type { Index, Table } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

export const preferBtreeOverHash = defineRule({
  id: "prefer-btree-over-hash",
  aliases: ["hash-index-caution"],
  group: "schema",
  category: "indexes",
  severity: "information",
  since: "0.1.0",
  summary: "Use a B-tree where the values are short.",
  why: `A hash index answers equality and nothing else: no range, no ORDER BY, no uniqueness, no second column, no index-only
scan. It is smaller only where values are long; for numbers, UUIDs and times a B-tree is as fast and does all of that.`,
  sources: ["https://www.postgresql.org/docs/current/hash-index.html", "https://www.postgresql.org/docs/current/indexes-types.html"],
  *checkTable(table, schema) {
    for (const index of table.indexes) {
      if (index.method !== "hash" || isImplied(index) || !hasShortValues(table, index) || isIndexOfParent(schema, table, index)) continue;
      yield {
        at: index.origins,
        subject: subjectOfPart(table, index.name),
        message: `Index ${index.name} on ${say(table)} is a hash index: it answers equality only.`,
        fix: { title: "Make it a B-tree", safety: "review", intent: { do: "replaceIndex", table, index, method: "btree" } },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Session {
  id     Int    @id
  userId String @db.Uuid

  @@index([userId], type: Hash)
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Index Session_userId_idx on Session is a hash index: it answers equality only.
}
`,
        fixed: `model Session {
  id     Int    @id
  userId String @db.Uuid

  @@index([userId])
}
`,
      },
      {
        sql: `CREATE TABLE session (id int PRIMARY KEY, user_id int NOT NULL, ended_at timestamptz);
CREATE INDEX session_of_user ON session USING hash (user_id) WHERE ended_at IS NULL;
--           ^^^^^^^^^^^^^^^ Index session_of_user on session is a hash index: it answers equality only.
`,
        fixed: `CREATE TABLE session (id int PRIMARY KEY, user_id int NOT NULL, ended_at timestamptz);
CREATE INDEX session_of_user ON session (user_id) WHERE ended_at IS NULL;
`,
      },
    ],
    good: [
      {
        title: "Long texts are what it is for",
        sql: `CREATE TABLE page (id int PRIMARY KEY, url text NOT NULL);
CREATE INDEX ON page USING hash (url);
`,
      },
    ],
  },
});

const short = new Set([
  "bool",
  "date",
  "float4",
  "float8",
  "inet",
  "int2",
  "int4",
  "int8",
  "numeric",
  "time",
  "timestamp",
  "timestamptz",
  "uuid",
]);

function hasShortValues(table: Table, index: Index): boolean {
  const [key, ...others] = index.keys;
  const type = key?.column === undefined ? undefined : table.columns.get(key.column)?.type;
  return type !== undefined && others.length === 0 && !type.isArray && (short.has(type.name) || type.kind === "enum");
}
