/** Partial indexes whose condition holds for every row, or for none. */
import { isIndexOfParent, nullTest } from "../../model/indexQueries.ts";
import { isImplied } from "../../model/queries.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noConstantIndexPredicate = defineRule({
  id: "no-constant-index-predicate",
  aliases: ["index-nulls-or-not-null-predicate"],
  group: "schema",
  category: "indexes",
  severity: "warning",
  since: "0.1.0",
  summary: "Do not make an index partial by a condition that never changes anything.",
  why: `On a column that is NOT NULL the condition IS NOT NULL leaves nothing out, but queries and foreign keys have to
match it before they may use the index. With IS NULL the index is empty for ever, and a unique one holds nothing unique.`,
  sources: ["https://www.postgresql.org/docs/current/indexes-partial.html"],
  *checkTable(table, schema) {
    for (const index of table.indexes) {
      if (index.predicate === undefined || isImplied(index)) continue;
      const test = nullTest(index.predicate);
      if (test === undefined || table.columns.get(test.column)?.notNull !== true || isIndexOfParent(schema, table, index)) continue;
      const at = { at: index.origins, subject: subjectOfPart(table, index.name) };
      const start = `Index ${index.name} on ${say(table)} is`;
      if (test.isNull) {
        yield {
          ...at,
          message: `${start} always empty: ${test.column} is never null.`,
          fix: { title: `Drop ${index.name}`, safety: "review", intent: { do: "dropIndex", table, index } },
        };
      } else {
        yield {
          ...at,
          message: `${start} partial for nothing: ${test.column} is never null.`,
          fix: { title: "Leave the condition out", safety: "safe", intent: { do: "replaceIndex", table, index, predicate: null } },
        };
      }
    }
  },
  examples: {
    bad: [
      {
        prisma: `generator client {
  provider        = "prisma-client"
  previewFeatures = ["partialIndexes"]
}

model Contact {
  id    Int    @id
  email String

  @@index([email], where: raw("email IS NOT NULL"), map: "contact_email")
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Index contact_email on Contact is partial for nothing: email is never null.
}
`,
        fixed: `generator client {
  provider        = "prisma-client"
  previewFeatures = ["partialIndexes"]
}

model Contact {
  id    Int    @id
  email String

  @@index([email], map: "contact_email")
}
`,
      },
      {
        sql: `CREATE TABLE contact (id int PRIMARY KEY, email text NOT NULL);
CREATE UNIQUE INDEX contact_email ON contact (lower(email)) WHERE (email IS NOT NULL);
--                  ^^^^^^^^^^^^^ Index contact_email on contact is partial for nothing: email is never null.
`,
        fixed: `CREATE TABLE contact (id int PRIMARY KEY, email text NOT NULL);
CREATE UNIQUE INDEX contact_email ON contact (lower(email));
`,
      },
      {
        title: "The column became NOT NULL later",
        sql: `CREATE TABLE contact (id int PRIMARY KEY, email text, deleted_at timestamptz);
CREATE UNIQUE INDEX contact_email ON contact (email) WHERE deleted_at IS NULL;
--                  ^^^^^^^^^^^^^ Index contact_email on contact is always empty: deleted_at is never null.
ALTER TABLE contact ALTER COLUMN deleted_at SET NOT NULL;
`,
        fixed: `CREATE TABLE contact (id int PRIMARY KEY, email text, deleted_at timestamptz);
ALTER TABLE contact ALTER COLUMN deleted_at SET NOT NULL;
`,
      },
    ],
    good: [
      {
        title: "The column may be null, or the condition says more",
        sql: `CREATE TABLE contact (id int PRIMARY KEY, email text NOT NULL, phone text, deleted_at timestamptz);
CREATE INDEX ON contact (phone) WHERE phone IS NOT NULL;
CREATE INDEX ON contact (email) WHERE deleted_at IS NULL;
CREATE INDEX ON contact (phone) WHERE email IS NOT NULL OR deleted_at IS NULL;
`,
      },
    ],
  },
});
