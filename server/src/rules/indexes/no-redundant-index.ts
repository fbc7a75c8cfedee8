/** Plain indexes that lead another index of their table. */
import { hasSameDefinition, isIndexOfParent, startsWithKeysOf } from "../../model/indexQueries.ts";
import type { Index, Table } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noRedundantIndex = defineRule({
  id: "no-redundant-index",
  aliases: ["redundant-prefix-index", "index-on-unique"],
  group: "schema",
  category: "indexes",
  severity: "warning",
  since: "0.1.0",
  summary: "Do not keep an index whose columns lead another index.",
  why: `An index on (a, b) answers whatever an index on (a) answers, and so does the index of a unique or primary key.
The shorter one is written on every change and gives nothing, unless it is much smaller and very hot.`,
  sources: [
    "https://www.postgresql.org/docs/current/indexes-multicolumn.html",
    "https://www.postgresql.org/docs/current/indexes-unique.html",
  ],
  *checkTable(table, schema) {
    if (table.indexes.length < 2) return;
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
  },
  examples: {
    bad: [
      {
        prisma: `model Contact {
  id        Int      @id
  accountId Int      @map("account_id")
  createdAt DateTime @map("created_at")
  email     String   @unique

  @@index([accountId])
//^^^^^^^^^^^^^^^^^^^^ Index contacts_account_id_idx on contacts is covered by contacts_account_id_created_at_idx.
  @@index([accountId, createdAt])
  @@map("contacts")
}
`,
        fixed: `model Contact {
  id        Int      @id
  accountId Int      @map("account_id")
  createdAt DateTime @map("created_at")
  email     String   @unique

  @@index([accountId, createdAt])
  @@map("contacts")
}
`,
      },
      {
        title: "A unique key is an index too, and so is a primary key",
        prisma: `model Member {
  teamId Int
  userId Int
  badge  String @unique

  @@id([teamId, userId])
  @@index([teamId])
//^^^^^^^^^^^^^^^^^ Index Member_teamId_idx on Member is covered by Member_pkey.
}
`,
        fixed: `model Member {
  teamId Int
  userId Int
  badge  String @unique

  @@id([teamId, userId])
}
`,
      },
      {
        sql: `CREATE TABLE contact (
  id int PRIMARY KEY,
  email text NOT NULL UNIQUE
);
-- CreateIndex
CREATE INDEX contact_email_idx ON contact (email);
--           ^^^^^^^^^^^^^^^^^ Index contact_email_idx on contact is covered by contact_email_key.
`,
        fixed: `CREATE TABLE contact (
  id int PRIMARY KEY,
  email text NOT NULL UNIQUE
);
`,
      },
    ],
    good: [
      {
        title: "A unique index means something, however short",
        sql: `CREATE TABLE contact (id int PRIMARY KEY, org_id int, email text);
CREATE UNIQUE INDEX ON contact (email);
CREATE INDEX ON contact (email, org_id);
`,
      },
      {
        title: "The longer index leaves rows out, sorts otherwise, or is no B-tree",
        sql: `CREATE TABLE contact (id int PRIMARY KEY, org_id int, tags int[], name text, at timestamptz);
CREATE INDEX ON contact (org_id);
CREATE INDEX ON contact (org_id, at) WHERE name IS NOT NULL;
CREATE INDEX ON contact (org_id DESC, at);
CREATE INDEX ON contact USING gin (tags);
CREATE INDEX ON contact (at, org_id);
`,
      },
    ],
  },
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
