/** Several ALTER TABLE that read or write all rows, where one would. */
import type { ChangedTable } from "../../model/changes.ts";
import type { MigrationStatement } from "../../model/migration/migration.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const preferCombinedAlter = defineRule({
  id: "prefer-combined-alter",
  aliases: ["combine-alter-table"],
  group: "migration",
  category: "locks",
  severity: "information",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Combine changes of one table that read or write all its rows.",
  why: `PostgreSQL carries out all commands of one ALTER TABLE in a single pass over the rows. In statements of their
own each of them is a pass, and takes the lock again.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  *checkStatement(statement, migration) {
    const table = passes(statement);
    if (table === undefined) return;
    const before = migration.statements.slice(0, migration.statements.indexOf(statement));
    const first = before.findIndex((other) => passes(other)?.key === table.key);
    // What is written in between belongs there.
    if (first < 0 || before.slice(first).some(({ changes }) => changes.some((each) => each.do === "write" && each.table.key === table.key)))
      return;
    const [change] = statement.changes;
    if (change !== undefined)
      yield {
        at: change.at,
        subject: table.key,
        message: `This goes through all rows of ${say(table)} once more: one ALTER TABLE can do both.`,
      };
  },
  examples: {
    bad: [
      {
        title: "Two rewrites",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal ALTER COLUMN account_id TYPE bigint;
ALTER TABLE deal ALTER COLUMN id TYPE bigint;
--                            ^^ This goes through all rows of deal once more: one ALTER TABLE can do both.
`,
      },
    ],
    good: [
      {
        title: "One pass for both",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "ALTER TABLE deal ALTER COLUMN account_id TYPE bigint, ALTER COLUMN id TYPE bigint;\n",
      },
    ],
  },
});

/** The table that an ALTER TABLE goes through for its columns and checks. */
function passes({ changes, effects }: MigrationStatement): ChangedTable | undefined {
  for (const [at, change] of changes.entries()) {
    const isAlter =
      change.do === "setType" ||
      change.do === "setNotNull" ||
      change.do === "addColumn" ||
      (change.do === "addConstraint" && change.kind === "check");
    const work = effects[at]?.work.find(({ kind }) => kind === "rewrite" || kind === "scan");
    if (isAlter && work !== undefined) return work.table;
  }
  return undefined;
}
