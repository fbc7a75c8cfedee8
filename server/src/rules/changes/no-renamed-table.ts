/** Tables renamed while the application still calls them by their old name. */
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noRenamedTable = defineRule({
  id: "no-renamed-table",
  aliases: ["rename-table"],
  group: "migration",
  category: "changes",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Rename a table in the Prisma schema only, or leave a view under the old name.",
  why: `Every query of a client that was built before fails (42P01) from the moment of the rename. @@map gives the
model another name and leaves the table; a view under the old name, made in the same transaction, serves old clients
until the last one is gone.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-RENAME"],
  *checkStatement(statement, { statements }) {
    for (const change of changesOf(statement, "renameTable", "setSchema")) {
      const { at, table, to } = change;
      // A view goes by the old name.
      if (statements.some(({ changes }) => changes.some((each) => each.do === "createView" && each.view === table.key))) continue;
      const now = change.do === "setSchema" ? `${to}.${table.name}` : to;
      const renamed = change.do === "setSchema" ? { schema: to, name: table.name } : { schema: table.schema, name: to };
      yield {
        at,
        subject: table.key,
        message: `Running clients know ${say(table)}, and not ${now}.`,
        fix: statement.isInBlock
          ? undefined
          : { title: `Leave a view called ${say(table)}`, safety: "review", intent: { do: "leaveView", at, view: { schema: table.schema, name: table.name }, table: renamed } },
      };
    }
  },
  examples: {
    bad: [
      {
        title: "At once for everybody",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal RENAME TO opportunity;
--          ^^^^ Running clients know deal, and not opportunity.
`,
        fixed: `ALTER TABLE deal RENAME TO opportunity;
CREATE VIEW deal AS SELECT * FROM opportunity;
`,
      },
    ],
    good: [
      {
        title: "A view under the old name serves old clients",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal RENAME TO opportunity;
CREATE VIEW deal AS SELECT id, stage, amount, account_id FROM opportunity;
`,
      },
      {
        title: "A table that the migration made",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
ALTER TABLE deal RENAME TO opportunity;
`,
      },
    ],
  },
});
