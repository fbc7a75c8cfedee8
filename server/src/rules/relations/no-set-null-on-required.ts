/** ON DELETE SET NULL over a column that cannot be null. */
import { foreignKeysOf } from "../../model/queries.ts";
import type { ForeignKey, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";

export const noSetNullOnRequired = defineRule({
  id: "no-set-null-on-required",
  aliases: ["set-null-on-required"],
  group: "schema",
  category: "relations",
  severity: "error",
  since: "0.1.0",
  summary: "Do not set a column to null on delete when it must not be null.",
  why: `The constraint is accepted, and every delete of a parent with children then fails with error 23502. In a foreign
key over several columns SET NULL empties all of them, the tenant's column too, unless it names the ones it means.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES"],
  *checkTable(table, schema) {
    for (const foreignKey of foreignKeysOf(schema, table)) {
      if (foreignKey.onDelete !== "setNull") continue;
      const emptied = foreignKey.onDeleteSetColumns ?? foreignKey.columns;
      const required = emptied.filter((column) => table.columns.get(column)?.notNull === true);
      if (required.length === 0) continue;
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, foreignKey.columns),
        message: `ON DELETE SET NULL cannot empty ${sayColumns(table, required)}: NOT NULL.`,
        fix: fixFor(
          table,
          foreignKey,
          emptied.filter((column) => !required.includes(column)),
        ),
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model User {
  id    Int    @id
  tasks Task[]
}

model Task {
  id      Int  @id
  ownerId Int  @map("owner_id")
  owner   User @relation(fields: [ownerId], references: [id], onDelete: SetNull)
//^^^^^ ON DELETE SET NULL cannot empty Task(owner_id): NOT NULL.
}
`,
        fixed: `model User {
  id    Int    @id
  tasks Task[]
}

model Task {
  id      Int  @id
  ownerId Int  @map("owner_id")
  owner   User @relation(fields: [ownerId], references: [id], onDelete: Restrict)
}
`,
      },
      {
        title: "SET NULL would empty the tenant's column too",
        sql: `CREATE TABLE account (org_id int, id int, PRIMARY KEY (org_id, id));
CREATE TABLE task (
  id int PRIMARY KEY,
  org_id int NOT NULL,
  account_id int,
  CONSTRAINT task_account FOREIGN KEY (org_id, account_id) REFERENCES account ON DELETE SET NULL
--           ^^^^^^^^^^^^ ON DELETE SET NULL cannot empty task(org_id): NOT NULL.
);
`,
        fixed: `CREATE TABLE account (org_id int, id int, PRIMARY KEY (org_id, id));
CREATE TABLE task (
  id int PRIMARY KEY,
  org_id int NOT NULL,
  account_id int,
  CONSTRAINT task_account FOREIGN KEY (org_id, account_id) REFERENCES account ON DELETE SET NULL (account_id)
);
`,
      },
      {
        title: "A column of the primary key is never null",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE account_settings (
  account_id int PRIMARY KEY REFERENCES account ON DELETE SET NULL
--^^^^^^^^^^ ON DELETE SET NULL cannot empty account_settings(account_id): NOT NULL.
);
`,
        fixed: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE account_settings (
  account_id int PRIMARY KEY REFERENCES account ON DELETE RESTRICT
);
`,
      },
    ],
    good: [
      {
        title: "Only the column that may be null is emptied (PostgreSQL 15)",
        sql: `CREATE TABLE account (org_id int, id int, PRIMARY KEY (org_id, id));
CREATE TABLE task (
  id int PRIMARY KEY,
  org_id int NOT NULL,
  account_id int,
  FOREIGN KEY (org_id, account_id) REFERENCES account ON DELETE SET NULL (account_id)
);
`,
      },
      {
        prisma: `model User {
  id    Int    @id
  tasks Task[]
}

model Task {
  id      Int   @id
  ownerId Int?
  owner   User? @relation(fields: [ownerId], references: [id], onDelete: SetNull)
}
`,
      },
    ],
  },
});

/** Emptying the columns that may be empty is what was meant, and only SQL can say it; Prisma gets a plain refusal. */
function fixFor(table: Table, foreignKey: ForeignKey, nullable: readonly string[]): Fix {
  const isPrisma = foreignKey.origins[0].kind === "prisma";
  if (nullable.length === 0 || isPrisma) {
    return {
      title: "Refuse the delete (RESTRICT)",
      safety: "review",
      intent: { do: "setOnDelete", table, foreignKey, action: "restrict" },
    };
  }
  return {
    title: `Set only ${nullable.join(", ")} to null (PostgreSQL 15)`,
    safety: "review",
    intent: { do: "setOnDelete", table, foreignKey, action: "setNull", setColumns: nullable },
  };
}
