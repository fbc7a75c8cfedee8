/** Deletes that reach a table by cascades, and are blocked by that table's own key to where they set out. */
import { cascadeReaches } from "../../model/cascades.ts";
import { foreignKeysOf, type Reference } from "../../model/queries.ts";
import type { Schema, Table } from "../../model/schema.ts";
import { say, sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";
import { cascadeStep } from "./cascadeStep.ts";

export const noMixedCascadePaths = defineRule({
  id: "no-mixed-cascade-paths",
  aliases: ["cascade-mixed-paths"],
  group: "schema",
  category: "relations",
  severity: "warning",
  since: "0.1.0",
  summary: "Let all paths from a table to another one agree on what a delete does.",
  why: `One path deletes the rows and the other one refuses. PostgreSQL works in rounds: the key that points straight at
the deleted row is checked in the first one, before a longer cascade gets to the rows, so the delete fails with error
23503, or 23001 (P2003 in Prisma), although it would have taken them along.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
    "https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES",
  ],
  *checkTable(table, schema) {
    for (const foreignKey of foreignKeysOf(schema, table)) {
      if ((foreignKey.onDelete !== "restrict" && foreignKey.onDelete !== "noAction") || foreignKey.initiallyDeferred) continue;
      const from = schema.tables.get(foreignKey.references.key);
      const path = from === undefined ? [] : cascadeTo(schema, from, table);
      const last = path.at(-1);
      if (from === undefined || last === undefined) continue;
      const through = path.length === 1 ? last.foreignKey.columns.join(", ") : say(path.at(-2)?.table ?? from);
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, foreignKey.columns),
        message: `Deleting ${say(from)} cascades here through ${through}, and ${sayColumns(table, foreignKey.columns)} blocks it.`,
        related: path.map(cascadeStep),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "The organisation that every row names, for the sake of queries",
        prisma: `model Org {
  id       Int       @id
  accounts Account[]
  deals    Deal[]
}

model Account {
  id    Int    @id
  orgId Int
  org   Org    @relation(fields: [orgId], references: [id], onDelete: Cascade)
  deals Deal[]
}

model Deal {
  id        Int     @id
  orgId     Int
  org       Org     @relation(fields: [orgId], references: [id])
//^^^ Deleting Org cascades here through Account, and Deal(orgId) blocks it.
  accountId Int
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)
}
`,
      },
      {
        sql: `CREATE TABLE org (id int PRIMARY KEY);
CREATE TABLE account (id int PRIMARY KEY, org_id int NOT NULL REFERENCES org ON DELETE CASCADE);
CREATE TABLE deal (id int PRIMARY KEY, account_id int NOT NULL REFERENCES account ON DELETE CASCADE);
CREATE TABLE task (
  id int PRIMARY KEY,
  org_id int NOT NULL REFERENCES org,
--^^^^^^ Deleting org cascades here through deal, and task(org_id) blocks it.
  deal_id int NOT NULL REFERENCES deal ON DELETE CASCADE
);
`,
      },
      {
        title: "Two keys to one table: who sent a message takes it along, who got it keeps it",
        sql: `CREATE TABLE member (id int PRIMARY KEY);
CREATE TABLE message (
  id int PRIMARY KEY,
  sender_id int NOT NULL REFERENCES member ON DELETE CASCADE,
  recipient_id int NOT NULL REFERENCES member
--^^^^^^^^^^^^ Deleting member cascades here through sender_id, and message(recipient_id) blocks it.
);
`,
      },
    ],
    good: [
      {
        title: "Both paths delete; one cuts rows loose that the other does not reach; a check at commit sees nothing left",
        sql: `CREATE TABLE member (id int PRIMARY KEY);
CREATE TABLE post (id int PRIMARY KEY, author_id int NOT NULL REFERENCES member ON DELETE CASCADE);
CREATE TABLE reply (
  id int PRIMARY KEY,
  post_id int NOT NULL REFERENCES post ON DELETE CASCADE,
  author_id int REFERENCES member ON DELETE SET NULL,
  editor_id int REFERENCES member ON DELETE NO ACTION DEFERRABLE INITIALLY DEFERRED
);
CREATE TABLE vote (
  id int PRIMARY KEY,
  post_id int NOT NULL REFERENCES post ON DELETE CASCADE,
  author_id int NOT NULL REFERENCES member ON DELETE CASCADE
);
`,
      },
    ],
  },
});

/** A cascade from one table to another, first step first; empty when there is none. test/truth/cascadeGap.test.ts holds this to PostgreSQL. */
function cascadeTo(schema: Schema, from: Table, to: Table): readonly Reference[] {
  if (from.key === to.key) return [];
  const path: Reference[] = [];
  const seen = new Set<string>([to.key]);
  for (let table = to; table.key !== from.key; ) {
    const step = stepTowards(schema, from, table, seen);
    if (step === undefined) return [];
    path.unshift({ table, foreignKey: step.foreignKey });
    seen.add(step.parent.key);
    table = step.parent;
  }
  return path;
}

/** The foreign key of `table` through which a delete from `from` gets to it, straight or by way of its parent. */
function stepTowards(
  schema: Schema,
  from: Table,
  table: Table,
  seen: ReadonlySet<string>,
): { readonly parent: Table; readonly foreignKey: Reference["foreignKey"] } | undefined {
  for (const foreignKey of table.foreignKeys) {
    const { key } = foreignKey.references;
    if (foreignKey.onDelete !== "cascade" || seen.has(key)) continue;
    if (key !== from.key && !cascadeReaches(schema, from.key, key)) continue;
    const parent = schema.tables.get(key);
    if (parent !== undefined) return { parent, foreignKey };
  }
  return undefined;
}
