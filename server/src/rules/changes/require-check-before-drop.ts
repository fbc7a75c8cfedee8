/** Tables and columns that are dropped without a look at what they hold. */
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const requireCheckBeforeDrop = defineRule({
  id: "require-check-before-drop",
  aliases: ["destructive-without-precheck"],
  group: "migration",
  category: "changes",
  severity: "warning",
  preset: "strict",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Let the migration stop where a table or column that it drops holds anything.",
  why: `Whoever writes DROP knows the database that they develop on. A block before it that raises an exception where
there are rows, or values, stops the migration in the one database that is different, before anything is lost.`,
  sources: ["https://www.postgresql.org/docs/current/plpgsql-errors-and-messages.html#PLPGSQL-STATEMENTS-RAISE"],
  *checkStatement(statement, migration) {
    for (const change of changesOf(statement, "dropTable", "dropColumn")) {
      const { at, table } = change;
      if (table.form === "view" || migration.asserted.has(table.name) || statement.emptied.has(table.key)) continue;
      const column = change.do === "dropColumn" ? change.column : undefined;
      // A required column is never empty while there are rows.
      const canBeEmpty = change.do === "dropTable" || !change.isRequired;
      const said = column === undefined ? say(table) : `${say(table)}(${column})`;
      yield {
        at,
        subject: column === undefined ? table.key : `${table.key}(${column})`,
        message: `Nothing stops this where ${said} still holds ${column === undefined ? "rows" : "values"}: check it before.`,
        fix:
          canBeEmpty && !statement.isInBlock
            ? { title: "Raise an exception where it is not empty", safety: "review", intent: { do: "requireEmpty", at: statement.at, table, column } }
            : undefined,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "A column",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `ALTER TABLE deal DROP COLUMN stage;
--                           ^^^^^ Nothing stops this where deal(stage) still holds values: check it before.
`,
        fixed: `DO $$
BEGIN
  IF EXISTS (SELECT FROM deal WHERE stage IS NOT NULL) THEN
    RAISE EXCEPTION 'deal.stage still holds values';
  END IF;
END
$$;
ALTER TABLE deal DROP COLUMN stage;
`,
      },
      {
        title: "A table",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `DROP TABLE deal;
--         ^^^^ Nothing stops this where deal still holds rows: check it before.
`,
        fixed: `DO $$
BEGIN
  IF EXISTS (SELECT FROM deal) THEN
    RAISE EXCEPTION 'deal still holds rows';
  END IF;
END
$$;
DROP TABLE deal;
`,
      },
    ],
    good: [
      {
        title: "A table that the migration made",
        sql: "CREATE TABLE batch (id int);\nDROP TABLE batch;\n",
      },
    ],
  },
});
