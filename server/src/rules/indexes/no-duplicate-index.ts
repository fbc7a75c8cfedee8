/** Indexes with the same definition as another one of their table. */
import { hasSameDefinition, isIndexOfParent } from "../../model/indexQueries.ts";
import type { Index, Schema, Table } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";

export const noDuplicateIndex = defineRule({
  id: "no-duplicate-index",
  aliases: ["duplicate-index"],
  group: "schema",
  category: "indexes",
  severity: "warning",
  since: "0.1.0",
  summary: "Do not index the same columns twice.",
  why: `Both indexes are written on every change of the table, take disk and memory, and keep updates from being cheap.
The planner only ever needs one of them.`,
  sources: ["https://www.postgresql.org/docs/current/indexes-intro.html", "https://www.postgresql.org/docs/current/indexes-unique.html"],
  *checkTable(table, schema) {
    if (!hasDuplicates(table)) return;
    for (const [kept, ...others] of duplicates(schema, table)) {
      for (const index of others) {
        yield {
          at: index.origins,
          subject: subjectOfPart(table, index.name),
          message: `Index ${index.name} on ${say(table)} duplicates ${kept.name}.`,
          related: [{ at: kept.origins, message: `${kept.name} stays.` }],
          fix: fixFor(table, index),
        };
      }
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Contact {
  id        Int    @id
  accountId Int
  email     String @unique

  @@index([accountId], map: "contact_account")
  @@index([accountId])
//^^^^^^^^^^^^^^^^^^^^ Index Contact_accountId_idx on Contact duplicates contact_account.
}
`,
        fixed: `model Contact {
  id        Int    @id
  accountId Int
  email     String @unique

  @@index([accountId], map: "contact_account")
}
`,
      },
      {
        title: "The id is unique already",
        prisma: `model Contact {
  id   Int    @id @unique
//                ^^^^^^^ Index Contact_id_key on Contact duplicates Contact_pkey.
  name String
}
`,
        fixed: `model Contact {
  id   Int    @id
  name String
}
`,
      },
      {
        title: "Two migrations, one index",
        sql: `CREATE TABLE contact (id int PRIMARY KEY, account_id int NOT NULL, deleted_at timestamptz);

CREATE INDEX contact_account_id_idx ON contact (account_id) WHERE deleted_at IS NULL;

CREATE INDEX contact_by_account ON contact USING btree (account_id ASC) WHERE (deleted_at IS NULL);
--           ^^^^^^^^^^^^^^^^^^ Index contact_by_account on contact duplicates contact_account_id_idx.
`,
        fixed: `CREATE TABLE contact (id int PRIMARY KEY, account_id int NOT NULL, deleted_at timestamptz);

CREATE INDEX contact_account_id_idx ON contact (account_id) WHERE deleted_at IS NULL;
`,
      },
      {
        title: "What backs a constraint stays, and is named",
        sql: `CREATE TABLE contact (id int PRIMARY KEY, email text, CONSTRAINT contact_email UNIQUE (email));
CREATE UNIQUE INDEX contact_email_idx ON contact (email);
--                  ^^^^^^^^^^^^^^^^^ Index contact_email_idx on contact duplicates contact_email.
`,
        fixed: `CREATE TABLE contact (id int PRIMARY KEY, email text, CONSTRAINT contact_email UNIQUE (email));
`,
      },
    ],
    good: [
      {
        title: "Another order, direction, method, operator class or predicate is another index",
        sql: `CREATE TABLE contact (id int PRIMARY KEY, account_id int, name text, created_at timestamptz);
CREATE INDEX ON contact (account_id, created_at);
CREATE INDEX ON contact (created_at, account_id);
CREATE INDEX ON contact (account_id, created_at DESC);
CREATE INDEX ON contact (name);
CREATE INDEX ON contact (name text_pattern_ops);
CREATE INDEX ON contact USING hash (name);
CREATE INDEX ON contact (name) WHERE account_id IS NULL;
CREATE INDEX ON contact (name) INCLUDE (account_id);
`,
      },
      {
        title: "Nulls that are not distinct make another key",
        sql: `CREATE TABLE contact (id int PRIMARY KEY, email text UNIQUE, UNIQUE NULLS NOT DISTINCT (email));
`,
      },
      {
        prisma: `model Contact {
  id        Int      @id
  accountId Int
  createdAt DateTime

  @@index([accountId, createdAt])
  @@index([accountId, createdAt(sort: Desc)], map: "contact_newest")
}
`,
      },
    ],
  },
});

/** A constraint is not dropped for its index. A foreign key may rest on a unique index, so that one is for a person to drop. */
function fixFor(table: Table, index: Index): Fix | undefined {
  if (index.constraint !== undefined) return undefined;
  return { title: `Drop ${index.name}`, safety: index.unique ? "review" : "safe", intent: { do: "dropIndex", table, index } };
}

/** Nearly no table has any: the groups are made only where there are. */
function hasDuplicates({ indexes }: Table): boolean {
  return indexes.some((index, i) => i > 0 && indexes.findIndex((other) => isDuplicate(other, index)) < i);
}

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
