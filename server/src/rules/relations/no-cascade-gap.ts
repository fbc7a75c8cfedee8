/** Deletes that cascade into a table whose own children refuse. */
import { cascadeReaches } from "../../model/cascades.ts";
import { foreignKeysOf, type Reference } from "../../model/queries.ts";
import type { ForeignKey, ReferentialAction, Schema, Table } from "../../model/schema.ts";
import { say, sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";
import { cascadeStep } from "./cascadeStep.ts";

export const noCascadeGap = defineRule({
  id: "no-cascade-gap",
  aliases: ["cascade-gap"],
  group: "schema",
  category: "relations",
  severity: "warning",
  since: "0.1.0",
  summary: "Let a delete that cascades into a table get past that table's own children.",
  why: `Deleting the parent deletes the rows below it, and those are refused as soon as one of them has a row that
restricts: the whole delete fails with error 23503, or 23001 (P2003 in Prisma). It works on fresh data and fails later.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
    "https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES",
  ],
  *checkTable(table, schema) {
    for (const foreignKey of foreignKeysOf(schema, table)) {
      if (foreignKey.onDelete !== "restrict" && foreignKey.onDelete !== "noAction") continue;
      const gap = gapAt(schema, { table, foreignKey });
      if (gap === undefined) continue;
      const columns = sayColumns(table, foreignKey.columns);
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, foreignKey.columns),
        message: `Deleting ${say(gap.from)} cascades to ${say(gap.into)}, where ${columns} blocks it.`,
        related: gap.path.map(cascadeStep),
        fix: fixFor(table, foreignKey),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Deleting an account deletes its deals, unless one of them has a note",
        prisma: `model Account {
  id    Int    @id
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)
  notes     Note[]

  @@index([accountId])
}

model Note {
  id     Int  @id
  dealId Int
  deal   Deal @relation(fields: [dealId], references: [id], onDelete: Restrict)
//^^^^ Deleting Account cascades to Deal, where Note(dealId) blocks it.

  @@index([dealId])
}
`,
        fixed: `model Account {
  id    Int    @id
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)
  notes     Note[]

  @@index([accountId])
}

model Note {
  id     Int  @id
  dealId Int
  deal   Deal @relation(fields: [dealId], references: [id], onDelete: Cascade)

  @@index([dealId])
}
`,
      },
      {
        title: "NO ACTION, the default of SQL, blocks as well; rows that may stand alone can be cut loose",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (
  id int PRIMARY KEY,
  account_id int NOT NULL REFERENCES account ON DELETE CASCADE
);
CREATE TABLE task (
  id int PRIMARY KEY,
  deal_id int REFERENCES deal
--^^^^^^^ Deleting account cascades to deal, where task(deal_id) blocks it.
);
`,
        fixed: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (
  id int PRIMARY KEY,
  account_id int NOT NULL REFERENCES account ON DELETE CASCADE
);
CREATE TABLE task (
  id int PRIMARY KEY,
  deal_id int REFERENCES deal ON DELETE SET NULL
);
`,
      },
    ],
    good: [
      {
        title: "The same delete takes the tasks along before they are checked",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (
  id int PRIMARY KEY,
  account_id int NOT NULL REFERENCES account ON DELETE CASCADE
);
CREATE TABLE task (
  id int PRIMARY KEY,
  account_id int NOT NULL REFERENCES account ON DELETE CASCADE,
  deal_id int REFERENCES deal ON DELETE RESTRICT
);
`,
      },
      {
        title: "A tree inside the table that is deleted from goes with it",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE folder (
  id int PRIMARY KEY,
  account_id int NOT NULL REFERENCES account ON DELETE CASCADE,
  parent_id int REFERENCES folder ON DELETE RESTRICT
);
`,
      },
      {
        title: "Nothing cascades into the table that is protected",
        prisma: `model Account {
  id    Int    @id
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id], onDelete: Restrict)
  notes     Note[]
}

model Note {
  id     Int  @id
  dealId Int
  deal   Deal @relation(fields: [dealId], references: [id], onDelete: Restrict)
}
`,
      },
    ],
  },
});

interface Gap {
  /** The table whose delete sets out. */
  readonly from: Table;
  /** The table it cascades into and cannot delete from. */
  readonly into: Table;
  readonly path: readonly Reference[];
}

/** The first cascade into the table that `blocking` points at which the blocking rows do not go with. */
function gapAt(schema: Schema, blocking: Reference): Gap | undefined {
  const into = schema.tables.get(blocking.foreignKey.references.key);
  if (into === undefined || into.key === blocking.table.key) return undefined;
  for (const foreignKey of into.foreignKeys) {
    if (foreignKey.onDelete !== "cascade") continue;
    const from = schema.tables.get(foreignKey.references.key);
    if (from === undefined || from.key === into.key || goesWith(schema, blocking, from.key)) continue;
    return { from, into, path: [{ table: into, foreignKey }] };
  }
  return undefined;
}

/**
 * Whether the same delete takes the blocking rows before they are looked at. PostgreSQL runs cascades in rounds: what the
 * first one deleted is checked after it, and rows of a later round are still there then and block. Only a check that
 * waits for the commit sees none of them. test/truth/cascadeGap.test.ts holds this to PostgreSQL.
 */
function goesWith(schema: Schema, { table, foreignKey }: Reference, from: string): boolean {
  if (foreignKey.initiallyDeferred) return cascadeReaches(schema, from, table.key);
  return foreignKeysOf(schema, table).some(({ onDelete, references }) => onDelete === "cascade" && references.key === from);
}

/** Rows that may stand alone are cut loose; others can only go too. */
function fixFor(table: Table, foreignKey: ForeignKey): Fix {
  const canBeNull = foreignKey.columns.every((column) => table.columns.get(column)?.notNull === false);
  const action: ReferentialAction = canBeNull ? "setNull" : "cascade";
  return {
    title: canBeNull ? `Set ${foreignKey.columns.join(", ")} to null on delete` : `Delete from ${say(table)} too`,
    safety: "review",
    intent: { do: "setOnDelete", table, foreignKey, action },
  };
}
