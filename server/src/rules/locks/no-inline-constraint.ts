/** New columns whose key or reference locks more than the column needs. */
import { say } from "../names.ts";
import { changesOf, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noInlineConstraint = defineRule({
  id: "no-inline-constraint",
  aliases: ["add-column-inline-constraint"],
  group: "migration",
  category: "locks",
  severity: "information",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Add a column first, and what is unique about it afterwards.",
  why: `ADD COLUMN with UNIQUE or PRIMARY KEY builds an index while nobody can use the table, and one with REFERENCES
locks the referenced table against writes as well. Added afterwards, with CONCURRENTLY and NOT VALID, neither does. A
reference of a column that is null everywhere reads no row, so that lock is short.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  *checkStatement(statement) {
    for (const change of changesOf(statement, "addColumn")) {
      const { at, table, column, constraints } = change;
      if (!constraints.some((kind) => kind === "unique" || kind === "primary" || kind === "exclusion")) continue;
      yield {
        at,
        subject: subjectOf(table, [column]),
        message: `Nobody can use ${say(table)} while the index of the new column ${column} is built.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "The index is built over all rows, null or not",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal ADD COLUMN slug text UNIQUE;
--                          ^^^^ Nobody can use deal while the index of the new column slug is built.
`,
      },
    ],
    good: [
      {
        title: "A reference of an empty column is a short lock",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
CREATE TABLE account (id int PRIMARY KEY);
`,
        sql: "ALTER TABLE deal ADD COLUMN owner_id int REFERENCES account (id);\n",
      },
    ],
  },
});
