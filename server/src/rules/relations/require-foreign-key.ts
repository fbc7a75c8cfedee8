/** Columns that name a row of a table, and that no foreign key holds to it. */
import { isSameTypeName } from "../../model/pgTypes.ts";
import { lookup } from "../../model/lookup.ts";
import { columnsWhere, doubtAbout, isImplied } from "../../model/queries.ts";
import type { Column, Schema, Table } from "../../model/schema.ts";
import { onlyKeyColumn, tableOfStem } from "../namedTables.ts";
import { say, sayColumns, subjectOfColumns, wordsOf } from "../names.ts";
import { defineRule } from "../rule.ts";
import { singular, stemOfWords } from "../words.ts";

export const requireForeignKey = defineRule({
  id: "require-foreign-key",
  aliases: ["missing-fk-constraint"],
  group: "schema",
  category: "relations",
  severity: "warning",
  since: "0.1.0",
  summary: "Give a column that names a row of another table a foreign key.",
  why: `Without it nothing keeps the id true: the row can be deleted and leave ids behind that lead nowhere, a wrong id is
found by whoever reads it months later, and neither Prisma nor the planner knows that the tables belong together. The
rule speaks up where the column is called as exactly one table is, has the type of its key, and other tables of the
schema do have foreign keys.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  *checkTable(table, schema) {
    if (!table.complete || table.kind === "foreign" || table.partitionOf !== undefined) return;
    for (const column of columnsWhere(table, isNamedId)) {
      const target = targetOf(schema, table, column);
      if (target === undefined || !usesForeignKeys(schema, "")) continue;
      const columns = [column.name];
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, columns),
        message: `${sayColumns(table, columns)} has the name and type of the key of ${say(target)}, and no foreign key.`,
        related: [{ at: target.origins, message: `${say(target)} is the one table of this name.` }],
        doubt: isLog(table) ? "A log may outlive what it tells of." : doubtAbout(schema, table),
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Organization {
  id       Int       @id
  accounts Account[]
}

model Account {
  id             Int          @id
  organizationId Int
  organization   Organization @relation(fields: [organizationId], references: [id], onDelete: Cascade)

  @@index([organizationId])
}

model Deal {
  id             Int @id
  organizationId Int
//^^^^^^^^^^^^^^ Deal(organizationId) has the name and type of the key of Organization, and no foreign key.
}
`,
      },
      {
        sql: `CREATE TABLE accounts (id uuid PRIMARY KEY);
CREATE TABLE people (id uuid PRIMARY KEY, account_id uuid REFERENCES accounts);
CREATE TABLE deals (
  id uuid PRIMARY KEY,
  account_id uuid NOT NULL,
--^^^^^^^^^^ deals(account_id) has the name and type of the key of accounts, and no foreign key.
  introduced_by_person_id uuid
--^^^^^^^^^^^^^^^^^^^^^^^ deals(introduced_by_person_id) has the name and type of the key of people, and no foreign key.
);
`,
      },
    ],
    good: [
      {
        title: "Ids of other systems, of another type, of one table of several, of the table itself, and of a type beside it",
        sql: `CREATE TABLE customer (id int PRIMARY KEY, customer_id int, parent_id int REFERENCES customer);
CREATE TABLE device (id int PRIMARY KEY);
CREATE SCHEMA old;
CREATE TABLE old.devices (id int PRIMARY KEY);
CREATE TABLE item (id int PRIMARY KEY);
CREATE TABLE deal (
  id int PRIMARY KEY,
  stripe_customer_id int,
  customer_id text,
  device_id int,
  item_id int,
  item_type text
);
`,
      },
      {
        title: "Where no table has a foreign key, that is how it is meant",
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
    ],
  },
});

const endsInId = /(?:^|[_a-z0-9])(?:id|Id|ID|uuid|Uuid|UUID)$/;

function isNamedId(column: Column, table: Table): boolean {
  if (!endsInId.test(column.name) || column.type.isArray || column.generated !== undefined || isImplied(column)) return false;
  return !table.foreignKeys.some(({ columns }) => columns.includes(column.name));
}

/** The table that the name says. Words before its name count for UUIDs only: `github_user_id` may be anybody's number. */
function targetOf(schema: Schema, table: Table, column: Column): Table | undefined {
  const words = wordsOf(column.name).slice(0, -1);
  const { type } = column;
  for (let from = 0; from < (type.name === "uuid" ? words.length : 1); from++) {
    const target = tableOfStem(schema, stemOfWords(words.slice(from)));
    if (target === undefined) continue;
    if (target.key === table.key || hasTypeBeside(table, column) || !canBeReferenced(target, table)) return undefined;
    const key = onlyKeyColumn(target);
    if (key !== undefined && isSameTypeName(key.type, type)) return target;
  }
  return undefined;
}

/** `item_type` beside `item_id`: it may be a row of several tables. */
function hasTypeBeside({ columns }: Table, { name }: Column): boolean {
  return columns.has(`${name.slice(0, -2)}${name.endsWith("id") ? "type" : "Type"}`);
}

/** A permanent table may not refer to one that a crash empties, nor to a foreign one. */
function canBeReferenced(target: Table, from: Table): boolean {
  return target.kind !== "foreign" && target.persistence === from.persistence;
}

const usesForeignKeys = lookup((schema) => {
  let found = false;
  for (const { foreignKeys } of schema.tables.values()) if (foreignKeys.some((key) => !isImplied(key))) found = true;
  return () => found;
});

const logs = new Set(["log", "audit", "history", "event", "changelog", "archive", "backup", "trail", "revision", "snapshot", "outbox", "deleted"]);

function isLog(table: Table): boolean {
  return wordsOf(table.name).some((word) => logs.has(singular(word)));
}
