/** Long work in a transaction that keeps everybody from a table. */
import { isHeavy } from "../../model/migration/locks.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noWorkUnderLock = defineRule({
  id: "no-work-under-lock",
  aliases: ["statement-after-access-exclusive", "dml-in-ddl-migration"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "End the transaction before work that takes long.",
  why: `A transaction holds its locks until it ends. What reads or writes many rows behind an ALTER TABLE, an index, a
validation or an UPDATE of a whole table, keeps everybody from the altered table all that time, although the ALTER
itself took a moment. It belongs into another file; a backfill there, in batches.`,
  sources: ["https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES"],
  *checkStatement(statement) {
    if (statement.transaction === undefined) return;
    const held = statement.held.find(({ mode }) => isHeavy(mode));
    if (held === undefined) return;
    for (const change of statement.changes) {
      // Indexes and constraints have rules of their own.
      const works =
        (change.do === "write" && (change.isWide || change.how === "insert")) ||
        change.do === "validateConstraint" ||
        change.do === "refreshView";
      if (!works) continue;
      yield {
        at: change.at,
        subject: held.table.key,
        message: `Nobody can use ${say(held.table)} while this goes through all rows: its lock is held until the transaction ends.`,
        fix:
          statement.openedBy === "runner" && !statement.isInBlock
            ? { title: "Move it to a file of its own", safety: "review", intent: { do: "moveApart", at: change.at } }
            : undefined,
      };
      return;
    }
  },
  examples: {
    bad: [
      {
        title: "A backfill behind the column it fills",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal ADD COLUMN title text;
UPDATE deal SET title = stage;
--     ^^^^ Nobody can use deal while this goes through all rows: its lock is held until the transaction ends.
`,
        fixed: "ALTER TABLE deal ADD COLUMN title text;\n",
        migration: "UPDATE deal SET title = stage;\n",
      },
    ],
    good: [
      {
        title: "A few rows",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal ADD COLUMN title text;
UPDATE deal SET title = 'x' WHERE id = 1;
`,
      },
      {
        title: "Each statement is a transaction",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sending: "each",
        sql: `ALTER TABLE deal ADD COLUMN title text;
UPDATE deal SET title = stage;
`,
      },
    ],
  },
});
