/** Columns dropped while the application may still read them. */
import type { Migration } from "../../model/migration/migration.ts";
import { say } from "../names.ts";
import { changesOf, dropLater, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noDroppedColumn = defineRule({
  id: "no-dropped-column",
  aliases: ["drop-column", "drop-column-removes-constraint", "removed-field-not-ignored-first"],
  group: "migration",
  category: "changes",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Drop a column one release after the application has stopped using it.",
  why: `Prisma Client names every column in its queries, so each one of a client that was built before fails (P2022,
42703) from the moment the column is gone until the last old process is. Release a client without the field first,
with @ignore where the schema must keep it. The data is gone as well, and with the column go its indexes and
constraints, unasked.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DROP-COLUMN"],
  *checkStatement(statement, migration) {
    for (const { at, table, column, removes } of changesOf(statement, "dropColumn")) {
      if (isReplaced(migration, table.key, column)) continue;
      const also =
        removes.length === 0 ? "" : `, and takes ${removes.slice(0, 2).join(", ")}${removes.length > 2 ? " and others" : ""} with it`;
      yield {
        at,
        subject: subjectOf(table, [column]),
        message: `Running clients may still read ${say(table)}(${column}); its data is lost${also}.`,
        fix: dropLater(statement, migration, at),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "With its index",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
CREATE INDEX deal_stage_idx ON deal (stage);
`,
        sql: `ALTER TABLE deal DROP COLUMN stage;
--                           ^^^^^ Running clients may still read deal(stage); its data is lost, and takes deal_stage_idx with it.
`,
      },
      {
        title: "Behind something else: it can wait for a release of its own",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `ALTER TABLE deal ADD COLUMN amount numeric;
ALTER TABLE deal DROP COLUMN stage;
--                           ^^^^^ Running clients may still read deal(stage); its data is lost.
`,
        fixed: "ALTER TABLE deal ADD COLUMN amount numeric;\n",
        migration: "ALTER TABLE deal DROP COLUMN stage;\n",
      },
    ],
    good: [
      {
        title: "A table that nobody uses yet",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
ALTER TABLE deal DROP COLUMN stage;
`,
      },
      {
        title: "Another column, filled in migrations before, takes its name",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, stage_new varchar(20));\n",
        sql: `ALTER TABLE deal DROP COLUMN stage;
ALTER TABLE deal RENAME COLUMN stage_new TO stage;
`,
      },
      {
        title: "The table goes as a whole: that is said there",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal DROP COLUMN stage;
DROP TABLE deal;
`,
      },
    ],
  },
});

/** Another finding says more: the table goes as a whole, or the column is made anew; or another one takes its name. */
function isReplaced({ statements }: Migration, table: string, column: string): boolean {
  return statements.some(({ changes }) =>
    changes.some(
      (change) =>
        "table" in change &&
        change.table?.key === table &&
        (change.do === "dropTable" || (change.do === "addColumn" && change.column === column) || (change.do === "renameColumn" && change.to === column)),
    ),
  );
}
