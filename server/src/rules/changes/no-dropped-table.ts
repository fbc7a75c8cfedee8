/** Tables dropped with their rows. */
import { say } from "../names.ts";
import { changesOf, dropLater } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noDroppedTable = defineRule({
  id: "no-dropped-table",
  aliases: ["drop-table"],
  group: "migration",
  category: "changes",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Rename a table before it is dropped for good.",
  why: `Queries of clients that still run fail (42P01), the rows are gone, and with CASCADE so are views and foreign
keys of others. DROP TABLE also takes an ACCESS EXCLUSIVE lock on every table that this one refers to. A table that
was renamed for a release can be renamed back.`,
  sources: ["https://www.postgresql.org/docs/current/sql-droptable.html"],
  *checkStatement(statement, migration) {
    for (const { at, table, references } of changesOf(statement, "dropTable")) {
      const others = references.filter((other) => other.key !== table.key && !other.isNew).map(say);
      const also =
        others.length === 0 ? "" : `, and everybody waits for ${others.slice(0, 2).join(", ")}${others.length > 2 ? " and others" : ""}`;
      yield { at, subject: table.key, message: `All rows of ${say(table)} are lost${also}.`, fix: dropLater(statement, migration, at) };
    }
  },
  examples: {
    bad: [
      {
        title: "The table it refers to is locked too",
        history: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE contact (id int PRIMARY KEY, account_id int REFERENCES account);
`,
        sql: `DROP TABLE contact;
--         ^^^^^^^ All rows of contact are lost, and everybody waits for account.
`,
      },
      {
        title: "Behind something else: it can wait for a release of its own",
        history: "CREATE TABLE deal (id int PRIMARY KEY);\nCREATE TABLE account (id int PRIMARY KEY);\n",
        sql: `ALTER TABLE account ADD COLUMN name text;
DROP TABLE deal;
--         ^^^^ All rows of deal are lost.
`,
        fixed: "ALTER TABLE account ADD COLUMN name text;\n",
        migration: "DROP TABLE deal;\n",
      },
    ],
    good: [
      {
        title: "A table that the migration made",
        sql: `CREATE TABLE batch (id int);
DROP TABLE batch;
`,
      },
    ],
  },
});
