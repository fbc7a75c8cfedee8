/** Long work in a transaction that keeps everybody from a table. */
import { isHeavy } from "../../model/migration/locks.ts";
import type { Migration, MigrationStatement } from "../../model/migration/migration.ts";
import { changesOf, isTogether } from "../migrations.ts";
import { say } from "../names.ts";
import { defineRule, type RuleFinding } from "../rule.ts";

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
itself took a moment. Rows that are written in front of it stay locked, and its own lock waits for whoever waits for them.
It belongs into another file; a backfill there, in batches.`,
  sources: ["https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES"],
  *checkStatement(statement, migration) {
    if (statement.transaction === undefined) return;
    const held = statement.held.find(({ mode }) => isHeavy(mode));
    if (held === undefined) {
      yield* rowsBeforeLock(statement, migration);
      return;
    }
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
      {
        title: "A backfill in front of the change it is for",
        history: "CREATE TABLE account (id int PRIMARY KEY, name text);\nCREATE TABLE deal (id int PRIMARY KEY, title text, account_id int);\n",
        sql: `UPDATE deal SET title = account.name FROM account WHERE account.id = deal.account_id;
--     ^^^^ All rows of deal that this writes stay locked until what follows it is committed.
ALTER TABLE deal ALTER COLUMN title SET DEFAULT '';
`,
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

/** Without a condition another rule says so. */
function* rowsBeforeLock(statement: MigrationStatement, { statements }: Migration): Generator<RuleFinding> {
  for (const { at, table, isWide, isWhole, how } of changesOf(statement, "write")) {
    if (!isWide || (isWhole && how !== "insert") || statement.emptied.has(table.key)) continue;
    const behind = statements.slice(statements.indexOf(statement) + 1).filter((other) => isTogether(statement, other));
    if (behind.some(({ effects }) => effects.some(({ locks }) => locks.some((lock) => lock.table.key === table.key && isHeavy(lock.mode)))))
      yield { at, subject: table.key, message: `All rows of ${say(table)} that this writes stay locked until what follows it is committed.` };
  }
}
