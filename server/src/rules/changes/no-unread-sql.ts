/** Parts of a migration that no rule can look into. */
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noUnreadSql = defineRule({
  id: "no-unread-sql",
  aliases: ["dynamic-sql-unanalysed"],
  group: "migration",
  category: "changes",
  severity: "information",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Prove a migration whose SQL is made up while it runs.",
  why: `EXECUTE of a computed string, a loop, or a function that changes the schema does what only running it tells: no
rule has seen its locks, and the schema that the history leaves behind is not known in full. \`migrate prove\` runs the
migration in a scratch database, with rows in its tables, and reports what each statement did.`,
  sources: ["https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-STATEMENTS-EXECUTING-DYN"],
  *checkStatement(statement) {
    for (const { at, reason } of changesOf(statement, "unread")) {
      const why = reason.charAt(0).toUpperCase() + reason.slice(1).replace(/\.$/, "");
      const message = `No rule has read this; prove the migration. ${why}.`;
      yield { at, subject: "unread", message: message.length <= 120 ? message : "No rule has read this: what it does only running it tells. Prove the migration." };
    }
  },
  examples: {
    bad: [
      {
        title: "A statement that is put together",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `DO $$
DECLARE one text;
BEGIN
  SELECT attname INTO one FROM pg_attribute WHERE attrelid = 'deal'::regclass AND attnum = 2;
  EXECUTE 'ALTER TABLE deal ALTER COLUMN ' || one || ' SET NOT NULL';
--        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ No rule has read this; prove the migration. What it runs is known only when it runs.
END $$;
`,
      },
    ],
    good: [
      {
        title: "A block that says what it does",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_class WHERE relname = 'deal_stage_idx') THEN
    ALTER TABLE deal ADD COLUMN amount numeric;
  END IF;
END $$;
`,
      },
    ],
  },
});
