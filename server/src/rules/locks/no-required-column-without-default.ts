/** Required columns that no row there is has a value for. */
import { say } from "../names.ts";
import { changesOf, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noRequiredColumnWithoutDefault = defineRule({
  id: "no-required-column-without-default",
  aliases: ["add-column-not-null-no-default"],
  group: "migration",
  category: "locks",
  severity: "error",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Give a required column a default, or add it nullable and fill it first.",
  why: `ADD COLUMN NOT NULL without a default fails with 23502 as soon as the table has one row. And while the old
version of the application still runs, its inserts name no value for the column, and fail as well.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-COLUMN"],
  *checkStatement(statement) {
    for (const change of changesOf(statement, "addColumn")) {
      const { at, table, column } = change;
      const hasValue = change.default !== "none" || change.isSerial || change.isIdentity || change.generated !== undefined;
      if (!change.isNotNull || hasValue || change.type.kind === "domain" || statement.emptied.has(table.key)) continue;
      yield {
        at,
        subject: subjectOf(table, [column]),
        message: `This fails if ${say(table)} has rows: ${column} is required and has no default.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "What Prisma writes for a required field without @default",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal ADD COLUMN title text NOT NULL;
--                          ^^^^^ This fails if deal has rows: title is required and has no default.
`,
      },
    ],
    good: [
      {
        title: "A constant default costs nothing since PostgreSQL 11",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "ALTER TABLE deal ADD COLUMN title text NOT NULL DEFAULT '';\n",
      },
      {
        title: "A table that has just been emptied",
        history: "CREATE TABLE deal (id int PRIMARY KEY);\n",
        sql: "TRUNCATE deal;\nALTER TABLE deal ADD COLUMN title text NOT NULL;\n",
      },
      {
        title: "A new table has no rows",
        sql: `CREATE TABLE deal (id int PRIMARY KEY);
ALTER TABLE deal ADD COLUMN title text NOT NULL;
`,
      },
    ],
  },
});
