/** Checks and foreign keys that look at every row while the table is locked. */
import { say } from "../names.ts";
import { changesOf, constraintName, needsOwnFile } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const requireNotValid = defineRule({
  id: "require-not-valid",
  aliases: ["add-check-without-not-valid", "add-fk-without-not-valid"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Add checks and foreign keys NOT VALID, and validate them afterwards.",
  why: `A new check looks at every row under an ACCESS EXCLUSIVE lock, which nobody gets past; a new foreign key does so
while nobody can write to either table. NOT VALID takes the lock for a moment and holds for new rows at once; VALIDATE
CONSTRAINT then reads the old ones while everybody goes on working, provided that it runs in another transaction.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT",
  ],
  *checkStatement(statement, migration, { postgresVersion }) {
    for (const change of changesOf(statement, "addConstraint")) {
      const { table, kind, columns, references } = change;
      if ((kind !== "check" && kind !== "foreign") || !change.isValid || statement.emptied.has(table.key)) continue;
      // Only PostgreSQL 18 takes NOT VALID for a foreign key of a partitioned table.
      if (kind === "foreign" && table.form === "partitioned" && postgresVersion < 18) continue;
      const name = change.name ?? constraintName(table, columns, kind);
      const waiting =
        kind === "check"
          ? `Nobody can use ${say(table)}`
          : `Nobody can write to ${say(table)}${references === undefined || references.isNew || references.key === table.key ? "" : ` or ${say(references)}`}`;
      yield {
        at: change.at,
        subject: `${table.key}.${name}`,
        message: `${waiting} while ${name} is checked for every row.`,
        // What stands in a block is one transaction, the validation too.
        fix:
          statement.isInBlock && migration.sending === "each"
            ? undefined
            : {
                title: needsOwnFile(migration)
                  ? "Add it NOT VALID, and validate it in a file of its own"
                  : "Add it NOT VALID, and validate it afterwards",
                safety: "review",
                intent: { do: "validateLater", at: change.at, table, name, isApart: migration.sending !== "each" },
              },
      };
    }
  },
  examples: {
    bad: [
      {
        title: "A foreign key locks both tables",
        history: "CREATE TABLE account (id int PRIMARY KEY);\nCREATE TABLE deal (id int PRIMARY KEY, account_id int);\n",
        sql: `ALTER TABLE deal ADD CONSTRAINT deal_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id);
--                              ^^^^^^^^^^^^^^^^^^^^ Nobody can write to deal or account while deal_account_id_fkey is checked for every row.
`,
        fixed: "ALTER TABLE deal ADD CONSTRAINT deal_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id) NOT VALID;\n",
        migration: "ALTER TABLE deal VALIDATE CONSTRAINT deal_account_id_fkey;\n",
      },
      {
        title: "psql runs statement by statement, so the validation may follow at once",
        history: "CREATE TABLE deal (id int PRIMARY KEY, amount numeric);\n",
        sending: "each",
        sql: `ALTER TABLE deal ADD CHECK (amount > 0);
--                   ^^^^^ Nobody can use deal while deal_amount_check is checked for every row.
`,
        fixed: `ALTER TABLE deal ADD CHECK (amount > 0) NOT VALID;
ALTER TABLE deal VALIDATE CONSTRAINT deal_amount_check;
`,
      },
    ],
    good: [
      {
        title: "NOT VALID",
        history: "CREATE TABLE deal (id int PRIMARY KEY, amount numeric);\n",
        sql: "ALTER TABLE deal ADD CONSTRAINT deal_amount_check CHECK (amount > 0) NOT VALID;\n",
      },
      {
        title: "A new table has no rows to look at",
        history: "CREATE TABLE account (id int PRIMARY KEY);\n",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, account_id int);
ALTER TABLE deal ADD CONSTRAINT deal_account_id_fkey FOREIGN KEY (account_id) REFERENCES account (id);
`,
      },
    ],
  },
});
