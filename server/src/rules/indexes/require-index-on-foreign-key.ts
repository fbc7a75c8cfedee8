/** Foreign keys whose columns no index leads with. */
import { isIndexedBy } from "../../model/indexQueries.ts";
import { doubtAbout, foreignKeysOf, parentOf, partitionsOf } from "../../model/queries.ts";
import type { Schema, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireIndexOnForeignKey = defineRule({
  id: "require-index-on-foreign-key",
  aliases: ["fk-without-index"],
  group: "schema",
  category: "indexes",
  severity: "warning",
  since: "0.1.0",
  summary: "Index the columns of every foreign key.",
  why: `PostgreSQL indexes the referenced side of a foreign key, not the referencing side. Without an index, deleting a
parent row or changing its key scans the whole child table, once per row, and joins from the parent do the same.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
    "https://www.postgresql.org/docs/current/indexes-multicolumn.html",
  ],
  *checkTable(table, schema) {
    if (!table.complete) return;
    const reported = new Set<string>();
    for (const foreignKey of foreignKeysOf(schema, table)) {
      const { columns } = foreignKey;
      if (isServed(schema, table, columns)) continue;
      const subject = subjectOfColumns(table, columns);
      if (reported.has(subject)) continue;
      reported.add(subject);
      yield {
        at: foreignKey.origins,
        subject,
        message: `Foreign key ${sayColumns(table, columns)} has no index.`,
        doubt: doubtAbout(schema, table),
        fix: {
          title: `Add an index on ${columns.join(", ")}`,
          safety: "safe",
          intent: { do: "addIndex", table, columns },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Prisma adds the constraint, and no index",
        prisma: `model Account {
  id    Int    @id
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId Int     @map("account_id")
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)
//^^^^^^^ Foreign key Deal(account_id) has no index.
}
`,
        fixed: `model Account {
  id    Int    @id
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId Int     @map("account_id")
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)

  @@index([accountId])
}
`,
      },
      {
        title: "The second column of an index does not serve it",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (
  id int PRIMARY KEY,
  stage text NOT NULL,
  account_id int NOT NULL REFERENCES account ON DELETE CASCADE
--^^^^^^^^^^ Foreign key deal(account_id) has no index.
);
CREATE INDEX deal_stage_idx ON deal (stage, account_id);
`,
        fixed: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (
  id int PRIMARY KEY,
  stage text NOT NULL,
  account_id int NOT NULL REFERENCES account ON DELETE CASCADE
);
CREATE INDEX deal_stage_idx ON deal (stage, account_id);
CREATE INDEX deal_account_id_idx ON deal (account_id);
`,
      },
      {
        title: "Nor does an index that leaves rows out, one that only includes the column, or one of another kind",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (
  id int PRIMARY KEY,
  stage text,
  account_id int NOT NULL REFERENCES account ON DELETE CASCADE
--^^^^^^^^^^ Foreign key deal(account_id) has no index.
);

CREATE INDEX ON deal (account_id) WHERE stage IS NOT NULL;
CREATE INDEX ON deal (stage) INCLUDE (account_id);
CREATE INDEX ON deal USING brin (account_id);
`,
        fixed: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (
  id int PRIMARY KEY,
  stage text,
  account_id int NOT NULL REFERENCES account ON DELETE CASCADE
);

CREATE INDEX ON deal (account_id) WHERE stage IS NOT NULL;
CREATE INDEX ON deal (stage) INCLUDE (account_id);
CREATE INDEX ON deal USING brin (account_id);
CREATE INDEX deal_account_id_idx2 ON deal (account_id);
`,
      },
    ],
    good: [
      {
        title: "Equality columns may lead in any order",
        sql: `CREATE TABLE account (org_id int, id int, PRIMARY KEY (org_id, id));
CREATE TABLE deal (
  id int PRIMARY KEY,
  org_id int NOT NULL,
  account_id int NOT NULL,
  FOREIGN KEY (org_id, account_id) REFERENCES account ON DELETE CASCADE
);
CREATE INDEX ON deal (account_id, org_id, id);
`,
      },
      {
        title: "A unique key is an index, a hash index serves one column, and rows without a parent may be left out",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (
  account_id int PRIMARY KEY REFERENCES account ON DELETE CASCADE,
  partner_id int REFERENCES account ON DELETE SET NULL,
  reseller_id int UNIQUE REFERENCES account ON DELETE SET NULL,
  owner_id int REFERENCES account ON DELETE SET NULL
);
CREATE INDEX ON deal USING hash (partner_id);
CREATE INDEX ON deal (owner_id) WHERE owner_id IS NOT NULL;
`,
      },
      {
        title: "Prisma indexes the join table of an implicit relation",
        prisma: `model Post {
  id   Int   @id
  tags Tag[]
}

model Tag {
  id    Int    @id
  posts Post[]
}
`,
      },
      {
        title: "Without foreign keys there is nothing to check",
        prisma: `datasource db {
  provider     = "postgresql"
  relationMode = "prisma"
}

model Account {
  id    Int    @id
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id])
}
`,
      },
      {
        title: "The partitions have what the partitioned table has",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE visit (
  account_id int REFERENCES account ON DELETE CASCADE,
  day date NOT NULL
) PARTITION BY RANGE (day);
CREATE TABLE visit_2026 PARTITION OF visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE INDEX ON visit (account_id);
`,
      },
    ],
  },
});

/** A partition is served by its parent's indexes, a partitioned table by indexes that all its partitions have. */
function isServed(schema: Schema, table: Table, columns: readonly string[]): boolean {
  if (isIndexedBy(table, columns)) return true;
  const parent = parentOf(schema, table);
  if (parent !== undefined && isIndexedBy(parent, columns)) return true;
  const partitions = partitionsOf(schema, table.key);
  return partitions.length > 0 && partitions.every((partition) => isIndexedBy(partition, columns));
}
