/** Foreign keys that leave to a default what a delete of their parent does. */
import { foreignKeysOf } from "../../model/queries.ts";
import type { ReferentialAction } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireOnDelete = defineRule({
  id: "require-on-delete",
  aliases: ["on-delete-implicit", "self-fk-without-action"],
  group: "schema",
  category: "relations",
  severity: "information",
  since: "0.1.0",
  summary: "Say what happens to the children when a parent row is deleted.",
  why: `The defaults differ: SQL refuses the delete (NO ACTION), Prisma refuses it for a required relation and sets null
for an optional one. Making a field optional then changes what a delete does, and nobody sees it in review.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
    "https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/referential-actions",
  ],
  *checkTable(table, schema) {
    for (const foreignKey of foreignKeysOf(schema, table)) {
      if (foreignKey.onDeleteStated !== false) continue;
      const action = spellings[foreignKey.onDelete];
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, foreignKey.columns),
        message: `${sayColumns(table, foreignKey.columns)} does not say what a delete does; the default is ${action}.`,
        fix: {
          title: `State the default, ${action}`,
          safety: "safe",
          intent: { do: "setOnDelete", table, foreignKey, action: foreignKey.onDelete },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Prisma decides by the question mark",
        prisma: `model Account {
  id    Int    @id
  deals Deal[]
  tasks Task[]
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id])
//^^^^^^^ Deal(accountId) does not say what a delete does; the default is RESTRICT.
}

model Task {
  id        Int      @id
  accountId Int?
  account   Account? @relation(fields: [accountId], references: [id])
//^^^^^^^ Task(accountId) does not say what a delete does; the default is SET NULL.
}
`,
        fixed: `model Account {
  id    Int    @id
  deals Deal[]
  tasks Task[]
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id], onDelete: Restrict)
}

model Task {
  id        Int      @id
  accountId Int?
  account   Account? @relation(fields: [accountId], references: [id])
}
`,
      },
      {
        title: "SQL refuses the delete",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (
  id int PRIMARY KEY,
  account_id int NOT NULL,
  FOREIGN KEY (account_id) REFERENCES account (id) MATCH FULL DEFERRABLE
--^^^^^^^^^^^ deal(account_id) does not say what a delete does; the default is NO ACTION.
);
`,
        fixed: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (
  id int PRIMARY KEY,
  account_id int NOT NULL,
  FOREIGN KEY (account_id) REFERENCES account (id) MATCH FULL ON DELETE NO ACTION DEFERRABLE
);
`,
      },
      {
        title: "A tree: whether a node may go that has others below it",
        sql: `CREATE TABLE folder (
  id int PRIMARY KEY,
  parent_id int REFERENCES folder (id)
--^^^^^^^^^ folder(parent_id) does not say what a delete does; the default is NO ACTION.
);
`,
        fixed: `CREATE TABLE folder (
  id int PRIMARY KEY,
  parent_id int REFERENCES folder (id) ON DELETE NO ACTION
);
`,
      },
    ],
    good: [
      {
        title: "The default, stated",
        prisma: `model Account {
  id    Int    @id
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id], onDelete: Restrict)
}
`,
      },
      {
        title: "ON UPDATE may keep its default",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE deal (id int PRIMARY KEY, account_id int REFERENCES account ON DELETE NO ACTION);
`,
      },
      {
        title: "The join table of an implicit relation is Prisma's own",
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
    ],
  },
});

const spellings: Readonly<Record<ReferentialAction, string>> = {
  noAction: "NO ACTION",
  restrict: "RESTRICT",
  cascade: "CASCADE",
  setNull: "SET NULL",
  setDefault: "SET DEFAULT",
};
