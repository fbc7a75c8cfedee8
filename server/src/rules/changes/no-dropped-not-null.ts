/** Columns that may be null from now on. */
import { say } from "../names.ts";
import { changesOf, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noDroppedNotNull = defineRule({
  id: "no-dropped-not-null",
  aliases: ["drop-not-null"],
  group: "migration",
  category: "changes",
  severity: "information",
  preset: "strict",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Let the application expect nulls before a column may hold them.",
  why: `Clients that were built before take the column for required: the first null that a newer one writes stops
their queries (P2032), or goes through their code as a value that cannot be there.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL"],
  *checkStatement(statement) {
    for (const { at, table, column } of changesOf(statement, "dropNotNull")) {
      yield { at, subject: subjectOf(table, [column]), message: `Running clients do not expect nulls in ${say(table)}(${column}).` };
    }
  },
  examples: {
    bad: [
      {
        title: "A required column",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text NOT NULL);\n",
        sql: `ALTER TABLE deal ALTER COLUMN stage DROP NOT NULL;
--                            ^^^^^ Running clients do not expect nulls in deal(stage).
`,
      },
    ],
    good: [
      {
        title: "It may be null already",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "ALTER TABLE deal ALTER COLUMN stage DROP NOT NULL;\n",
      },
    ],
  },
});
