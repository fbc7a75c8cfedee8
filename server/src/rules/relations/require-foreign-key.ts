/** Columns that name a row of a table, and that no foreign key holds to it. */
import { isSameTypeName } from "../../model/pgTypes.ts";
import { lookup } from "../../model/lookup.ts";
import { memoised } from "../../model/memoised.ts";
import { columnsWhere, doubtAbout, isImplied, partitionsOf } from "../../model/queries.ts";
import type { Column, Schema, Table } from "../../model/schema.ts";
import { onlyKeyColumn, tableOfStem } from "../namedTables.ts";
import { say, sayColumns, subjectOfColumns, wordsOf } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";
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
rule speaks up where the column is called as exactly one table is and has the type of its key, unless most columns that
name this table go without.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  *checkTable(table, schema) {
    if (!canHaveForeignKeys(table)) return;
    const candidates = candidatesOf(table);
    for (const candidate of candidates) {
      const { column } = candidate;
      const target = targetOf(schema, table, candidate);
      if (target === undefined || !isUsual(schema, target.key) || isKeptByPartitions(schema, table, column)) continue;
      const columns = [column.name];
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, columns),
        message: `${sayColumns(table, columns)} has the name and type of the key of ${say(target)}, and no foreign key.`,
        related: [{ at: target.origins, message: `${say(target)} is the one table of this name.` }],
        doubt: doubtOf(schema, table, candidates.length),
        fix: isLog(table) ? undefined : fixFor(table, column, target),
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
        fixed: `model Organization {
  id       Int       @id
  accounts Account[]
  deals    Deal[]
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
  organization   Organization @relation(fields: [organizationId], references: [id], onDelete: Restrict)
}
`,
      },
      {
        sql: `CREATE TABLE accounts (id uuid PRIMARY KEY);
CREATE TABLE people (id uuid PRIMARY KEY, account_id uuid REFERENCES accounts);
CREATE TABLE deals (
  id uuid PRIMARY KEY,
  parent_id uuid REFERENCES deals,
  account_id uuid NOT NULL,
--^^^^^^^^^^ deals(account_id) has the name and type of the key of accounts, and no foreign key.
  introduced_by_person_id uuid
--^^^^^^^^^^^^^^^^^^^^^^^ deals(introduced_by_person_id) has the name and type of the key of people, and no foreign key.
);
`,
        fixed: `CREATE TABLE accounts (id uuid PRIMARY KEY);
CREATE TABLE people (id uuid PRIMARY KEY, account_id uuid REFERENCES accounts);
CREATE TABLE deals (
  id uuid PRIMARY KEY,
  parent_id uuid REFERENCES deals,
  account_id uuid NOT NULL,
  introduced_by_person_id uuid,
  FOREIGN KEY (account_id) REFERENCES accounts (id) ON DELETE RESTRICT
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
        title: "Where most columns that name the table go without, somebody decided so",
        sql: `CREATE TABLE tenant (id int PRIMARY KEY);
CREATE TABLE task (id int PRIMARY KEY, tenant_id int REFERENCES tenant);
CREATE TABLE queue_a (id int PRIMARY KEY, tenant_id int);
CREATE TABLE queue_b (id int PRIMARY KEY, tenant_id int);
CREATE TABLE queue_c (id int PRIMARY KEY, tenant_id int);
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

/** Rows with ids that lead nowhere refuse it. */
function fixFor(table: Table, column: Column, target: Table): Fix | undefined {
  const key = onlyKeyColumn(target);
  if (key === undefined) return undefined;
  return {
    title: `Add a foreign key to ${say(target)}, which ${column.notNull ? "restricts deletes" : "sets null on delete"}`,
    safety: "review",
    intent: {
      do: "addForeignKey",
      table,
      columns: [column.name],
      referenced: target,
      referencedColumns: [key.name],
      onDelete: column.notNull ? "restrict" : "setNull",
    },
  };
}

const endsInId = /(?:^|[_a-z0-9])(?:id|Id|ID|uuid|Uuid|UUID)$/;

/** A column that may name a row, and what tables may be called, the likeliest first. */
interface Candidate {
  readonly column: Column;
  readonly stems: readonly string[];
}

/** Words before a table's name count for UUIDs only: `github_user_id` may be anybody's number. */
const candidatesOf = memoised((table: Table): readonly Candidate[] =>
  columnsWhere(table, isNamedId).map((column) => {
    const words = wordsOf(column.name).slice(0, -1);
    return { column, stems: (column.type.name === "uuid" ? words : words.slice(0, 1)).map((_, from) => stemOfWords(words.slice(from))) };
  }),
);

function isNamedId(column: Column, table: Table): boolean {
  if (!endsInId.test(column.name) || column.type.isArray || column.generated !== undefined || isImplied(column)) return false;
  return !table.foreignKeys.some(({ columns }) => columns.includes(column.name)) && !hasTypeBeside(table, column);
}

/** `item_type` beside `item_id`: it may be a row of several tables. */
function hasTypeBeside({ columns }: Table, { name }: Column): boolean {
  return columns.has(`${name.slice(0, -2)}${name.endsWith("id") ? "type" : "Type"}`);
}

function canHaveForeignKeys({ complete, kind, partitionOf }: Table): boolean {
  return complete && kind !== "foreign" && partitionOf === undefined;
}

function targetOf(schema: Schema, table: Table, { column, stems }: Candidate): Table | undefined {
  for (const stem of stems) {
    const target = tableOfStem(schema, stem);
    if (target === undefined) continue;
    if (target.key === table.key || !canBeReferenced(target, table)) return undefined;
    const key = onlyKeyColumn(target);
    if (key !== undefined && isSameTypeName(key.type, column.type)) return target;
  }
  return undefined;
}

/** A permanent table may not refer to one that a crash empties, nor to a foreign one. */
function canBeReferenced(target: Table, from: Table): boolean {
  return target.kind !== "foreign" && target.persistence === from.persistence;
}

/**
 * Whether foreign keys are what one does here: some table has one, and of the columns that name this table no more than
 * half go without, or two at most. Where most go without, somebody decided so.
 */
const isUsual = lookup((schema) => {
  const missing = new Map<string, number>();
  const present = new Map<string, number>();
  for (const table of schema.tables.values()) {
    if (table.partitionOf !== undefined || isImplied(table)) continue;
    for (const { references } of table.foreignKeys) count(present, references.key);
    if (!canHaveForeignKeys(table)) continue;
    for (const candidate of candidatesOf(table)) {
      const target = targetOf(schema, table, candidate);
      if (target !== undefined) count(missing, target.key);
    }
  }
  return (key) => present.size > 0 && (missing.get(key) ?? 0) <= Math.max(present.get(key) ?? 0, 2);
});

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** Before PostgreSQL 11 only the partitions could have foreign keys. */
function isKeptByPartitions(schema: Schema, table: Table, { name }: Column): boolean {
  return partitionsOf(schema, table.key).some(({ foreignKeys }) => foreignKeys.some(({ columns }) => columns.includes(name)));
}

function doubtOf(schema: Schema, table: Table, candidates: number): string | undefined {
  if (isLog(table)) return "A log may outlive what it tells of.";
  if (table.foreignKeys.length === 0 && candidates > 1) return "No column of the table has one, which may be meant.";
  return doubtAbout(schema, table);
}

const logs = new Set(["log", "audit", "history", "event", "changelog", "archive", "backup", "trail", "revision", "snapshot", "outbox", "deleted"]);

function isLog(table: Table): boolean {
  return wordsOf(table.name).some((word) => logs.has(singular(word)));
}
