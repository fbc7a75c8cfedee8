/** Tables emptied by a migration. */
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noTruncate = defineRule({
  id: "no-truncate",
  aliases: ["truncate", "truncate-cascade"],
  group: "migration",
  category: "changes",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Do not empty tables in a migration.",
  why: `TRUNCATE removes every row under an ACCESS EXCLUSIVE lock, runs no row triggers, and nothing but a backup
brings them back. With CASCADE it empties every table that refers to it, and every one that refers to those, without
naming one.`,
  sources: ["https://www.postgresql.org/docs/current/sql-truncate.html"],
  *checkStatement(statement) {
    for (const { at, table, isCascade, reaches } of changesOf(statement, "truncate")) {
      const others = reaches.map(say);
      const also =
        isCascade && others.length > 0 ? `, and of ${others.slice(0, 3).join(", ")}${others.length > 3 ? " and others" : ""}` : "";
      yield { at, subject: table.key, message: `This removes all rows of ${say(table)}${also}.` };
    }
  },
  examples: {
    bad: [
      {
        title: "CASCADE does not say how far it goes",
        history: `CREATE TABLE account (id int PRIMARY KEY);
CREATE TABLE contact (id int PRIMARY KEY, account_id int REFERENCES account);
`,
        sql: `TRUNCATE account CASCADE;
--       ^^^^^^^ This removes all rows of account, and of contact.
`,
      },
    ],
    good: [
      {
        title: "A table that the migration made",
        sql: `CREATE TABLE batch (id int);
TRUNCATE batch;
`,
      },
    ],
  },
});
