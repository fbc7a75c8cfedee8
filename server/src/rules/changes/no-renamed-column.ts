/** Columns renamed while the application still calls them by their old name. */
import { say } from "../names.ts";
import { changesOf, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noRenamedColumn = defineRule({
  id: "no-renamed-column",
  aliases: ["rename-column"],
  group: "migration",
  category: "changes",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Rename a column in the Prisma schema only, or in several releases.",
  why: `The rename is done in a moment, and from then on every query of a client that was built before fails (42703).
@map gives the field another name and leaves the column. Where the column itself must change: add the new one, write
both, fill it, read it, and drop the old one when no client uses it.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-RENAME"],
  *checkStatement(statement, { statements }) {
    for (const { at, table, column, to } of changesOf(statement, "renameColumn")) {
      // It takes the place of one that clients know by that name.
      if (statements.some(({ changes }) => changes.some((each) => each.do === "dropColumn" && each.table.key === table.key && each.column === to))) continue;
      yield { at, subject: subjectOf(table, [column]), message: `Running clients know ${say(table)}(${column}), and not ${to}.` };
    }
  },
  examples: {
    bad: [
      {
        title: "At once for everybody",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal RENAME COLUMN stage TO phase;
--                             ^^^^^ Running clients know deal(stage), and not phase.
`,
      },
    ],
    good: [
      {
        title: "Into the place of a column that clients know by that name",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, stage_new varchar(20));\n",
        sql: `ALTER TABLE deal DROP COLUMN stage;
ALTER TABLE deal RENAME COLUMN stage_new TO stage;
`,
      },
      {
        title: "A table that nobody uses yet",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
ALTER TABLE deal RENAME COLUMN stage TO phase;
`,
      },
    ],
  },
});
