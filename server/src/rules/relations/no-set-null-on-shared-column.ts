/** ON DELETE SET NULL over several columns, one of which means something else as well. */
import { foreignKeysOf } from "../../model/queries.ts";
import type { ForeignKey, Schema, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule, type Fix, type Related } from "../rule.ts";

export const noSetNullOnSharedColumn = defineRule({
  id: "no-set-null-on-shared-column",
  aliases: ["set-null-part-of-key"],
  group: "schema",
  category: "relations",
  severity: "error",
  since: "0.1.0",
  summary: "Do not set a column to null on delete that another foreign key needs.",
  why: `SET NULL empties every column of the key. In (org_id, account_id) the row is to lose its account, and loses its
organisation too: it belongs to nobody from then on, and no query by tenant finds it again. Since PostgreSQL 15 SET NULL
can name the columns it means.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-PARMS-REFERENCES"],
  *checkTable(table, schema, { postgresVersion }) {
    for (const foreignKey of foreignKeysOf(schema, table)) {
      if (foreignKey.columns.length < 2 || foreignKey.onDelete !== "setNull") continue;
      const emptied = foreignKey.onDeleteSetColumns ?? foreignKey.columns;
      const others = othersOver(schema, table, foreignKey, emptied);
      const [other] = others;
      if (other === undefined || emptied.some((column) => table.columns.get(column)?.notNull === true)) continue;
      const shared = emptied.filter((column) => others.some(({ columns }) => columns.includes(column)));
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, foreignKey.columns),
        message: `ON DELETE SET NULL also empties ${sayColumns(table, shared)}, which ${other.name} needs.`,
        related: others.map(
          (key): Related => ({ at: key.origins, message: `${sayColumns(table, key.columns)} is a foreign key of its own.` }),
        ),
        fix: fixFor(
          table,
          foreignKey,
          emptied.filter((column) => !shared.includes(column)),
          postgresVersion,
        ),
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Org {
  id       Int       @id
  accounts Account[]
  tasks    Task[]
}

model Account {
  orgId Int
  id    Int
  org   Org    @relation(fields: [orgId], references: [id], onDelete: Cascade)
  tasks Task[]

  @@id([orgId, id])
}

model Task {
  id        Int      @id
  orgId     Int?
  accountId Int?
  org       Org?     @relation(fields: [orgId], references: [id], onDelete: Cascade)
  account   Account? @relation(fields: [orgId, accountId], references: [orgId, id], onDelete: SetNull)
//^^^^^^^ ON DELETE SET NULL also empties Task(orgId), which Task_orgId_fkey needs.
}
`,
        fixed: `model Org {
  id       Int       @id
  accounts Account[]
  tasks    Task[]
}

model Account {
  orgId Int
  id    Int
  org   Org    @relation(fields: [orgId], references: [id], onDelete: Cascade)
  tasks Task[]

  @@id([orgId, id])
}

model Task {
  id        Int      @id
  orgId     Int?
  accountId Int?
  org       Org?     @relation(fields: [orgId], references: [id], onDelete: Cascade)
  account   Account? @relation(fields: [orgId, accountId], references: [orgId, id], onDelete: Restrict)
}
`,
      },
      {
        title: "PostgreSQL 15 empties only the columns that are named",
        sql: `CREATE TABLE org (id int PRIMARY KEY);
CREATE TABLE account (org_id int REFERENCES org ON DELETE CASCADE, id int, PRIMARY KEY (org_id, id));
CREATE TABLE task (
  id int PRIMARY KEY,
  org_id int REFERENCES org ON DELETE CASCADE,
  account_id int,
  CONSTRAINT task_account FOREIGN KEY (org_id, account_id) REFERENCES account ON DELETE SET NULL
--           ^^^^^^^^^^^^ ON DELETE SET NULL also empties task(org_id), which task_org_id_fkey needs.
);
`,
        fixed: `CREATE TABLE org (id int PRIMARY KEY);
CREATE TABLE account (org_id int REFERENCES org ON DELETE CASCADE, id int, PRIMARY KEY (org_id, id));
CREATE TABLE task (
  id int PRIMARY KEY,
  org_id int REFERENCES org ON DELETE CASCADE,
  account_id int,
  CONSTRAINT task_account FOREIGN KEY (org_id, account_id) REFERENCES account ON DELETE SET NULL (account_id)
);
`,
      },
    ],
    good: [
      {
        title: "Only the account is emptied; a key whose columns nobody else uses may be emptied whole",
        sql: `CREATE TABLE org (id int PRIMARY KEY);
CREATE TABLE account (org_id int REFERENCES org ON DELETE CASCADE, id int, PRIMARY KEY (org_id, id));
CREATE TABLE place (country text, zip text, PRIMARY KEY (country, zip));
CREATE TABLE task (
  id int PRIMARY KEY,
  org_id int REFERENCES org ON DELETE CASCADE,
  account_id int,
  country text,
  zip text,
  FOREIGN KEY (org_id, account_id) REFERENCES account ON DELETE SET NULL (account_id),
  FOREIGN KEY (country, zip) REFERENCES place ON DELETE SET NULL
);
`,
      },
    ],
  },
});

/** Other foreign keys that lose a column when this one is emptied, and need it for more than this one does. */
function othersOver(schema: Schema, table: Table, foreignKey: ForeignKey, emptied: readonly string[]): readonly ForeignKey[] {
  return foreignKeysOf(schema, table).filter(
    (other) =>
      other !== foreignKey &&
      other.columns.some((column) => emptied.includes(column)) &&
      !foreignKey.columns.every((column) => other.columns.includes(column)),
  );
}

/** Prisma cannot name columns, so there it refuses, as it does where nothing would be left to empty. */
function fixFor(table: Table, foreignKey: ForeignKey, own: readonly string[], postgresVersion: number): Fix {
  if (own.length === 0 || foreignKey.origins[0].kind === "prisma" || postgresVersion < 15) {
    return {
      title: "Refuse the delete (RESTRICT)",
      safety: "review",
      intent: { do: "setOnDelete", table, foreignKey, action: "restrict" },
    };
  }
  return {
    title: `Set only ${own.join(", ")} to null (PostgreSQL 15)`,
    safety: "review",
    intent: { do: "setOnDelete", table, foreignKey, action: "setNull", setColumns: own },
  };
}
