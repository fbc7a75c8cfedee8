/** SET NOT NULL that reads all rows while nobody can use the table. */
import { say } from "../names.ts";
import { changesOf, effectIn, needsOwnFile, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noSetNotNullScan = defineRule({
  id: "no-set-not-null-scan",
  aliases: ["set-not-null-scan"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Prove that a column has no nulls before it becomes NOT NULL.",
  why: `SET NOT NULL reads every row under an ACCESS EXCLUSIVE lock. Where a valid CHECK (column IS NOT NULL) says so
already, PostgreSQL 12 and newer believe it and read nothing; that check can be added NOT VALID and validated while
everybody goes on working.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL"],
  postgres: { from: 12 },
  *checkStatement(statement, migration) {
    for (const change of changesOf(statement, "setNotNull")) {
      const { table, column } = change;
      if (effectIn(statement, change).work.length === 0) continue;
      yield {
        at: change.at,
        subject: subjectOf(table, [column]),
        message: `Nobody can use ${say(table)} while all its rows are read for nulls in ${column}.`,
        fix: {
          title: needsOwnFile(migration) ? "Prove it by a check first, in a file of its own" : "Prove it by a check first",
          safety: "review",
          intent: { do: "proveNotNull", at: change.at, table, column, isApart: migration.sending !== "each" },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        title: "A check is added NOT VALID, and validated in the next file",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `ALTER TABLE deal ALTER COLUMN stage SET NOT NULL;
--                            ^^^^^ Nobody can use deal while all its rows are read for nulls in stage.
`,
        fixed: "ALTER TABLE deal ADD CONSTRAINT deal_stage_not_null CHECK (stage IS NOT NULL) NOT VALID;\n",
        migration: `ALTER TABLE deal VALIDATE CONSTRAINT deal_stage_not_null;
ALTER TABLE deal ALTER COLUMN stage SET NOT NULL;
ALTER TABLE deal DROP CONSTRAINT deal_stage_not_null;
`,
      },
    ],
    good: [
      {
        title: "A valid check says it already",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text);
ALTER TABLE deal ADD CONSTRAINT deal_stage_not_null CHECK (stage IS NOT NULL) NOT VALID;
ALTER TABLE deal VALIDATE CONSTRAINT deal_stage_not_null;
`,
        sql: "ALTER TABLE deal ALTER COLUMN stage SET NOT NULL;\n",
      },
      {
        title: "The table has just been made",
        sql: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\nALTER TABLE deal ALTER COLUMN stage SET NOT NULL;\n",
      },
      {
        title: "It is NOT NULL already",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text NOT NULL);\n",
        sql: "ALTER TABLE deal ALTER COLUMN stage SET NOT NULL;\n",
      },
    ],
  },
});
