/** Foreign keys that point into another schema. */
import { foreignKeysOf } from "../../model/queries.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { namesIn } from "../options.ts";
import { defineRule } from "../rule.ts";

export const noForeignKeyAcrossSchemas = defineRule({
  id: "no-foreign-key-across-schemas",
  aliases: ["fk-outside-schema"],
  group: "schema",
  category: "relations",
  severity: "information",
  preset: "all",
  since: "0.1.0",
  summary: "Keep foreign keys within one schema.",
  why: `A house rule for schemas that are owned by different teams, dumped and restored one by one, or will become
databases of their own: a foreign key between them ties their migrations, their locks and their deletes together.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-schemas.html"],
  options: { allowed: { default: ["auth"], description: "Schemas that every other schema may point into." } },
  *checkTable(table, schema, { options }) {
    for (const foreignKey of foreignKeysOf(schema, table)) {
      const target = foreignKey.references.schema;
      if (target === table.schema || namesIn(options, "allowed").includes(target)) continue;
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, foreignKey.columns),
        message: `${sayColumns(table, foreignKey.columns)} points into the schema ${target}.`,
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `datasource db {
  provider = "postgresql"
  schemas  = ["billing", "public"]
}

model Account {
  id       Int       @id
  invoices Invoice[]

  @@schema("public")
}

model Invoice {
  id        Int     @id
  accountId Int
  account   Account @relation(fields: [accountId], references: [id], onDelete: Restrict)
//^^^^^^^ billing.Invoice(accountId) points into the schema public.

  @@schema("billing")
}
`,
      },
      {
        sql: `CREATE SCHEMA billing;
CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE billing.invoice (
  id int PRIMARY KEY,
  account_id int NOT NULL REFERENCES account ON DELETE RESTRICT
--^^^^^^^^^^ billing.invoice(account_id) points into the schema public.
);
`,
      },
    ],
    good: [
      {
        title: "Users of a hosted service are kept in its own schema",
        sql: `CREATE SCHEMA auth;
CREATE TABLE auth.users (id int PRIMARY KEY);
CREATE TABLE account (id int PRIMARY KEY, user_id int NOT NULL REFERENCES auth.users ON DELETE CASCADE);
CREATE TABLE deal (id int PRIMARY KEY, account_id int NOT NULL REFERENCES account ON DELETE CASCADE);
`,
      },
    ],
  },
});
