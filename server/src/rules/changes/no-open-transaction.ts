/** A transaction that the file does not end. */
import { defineRule } from "../rule.ts";

export const noOpenTransaction = defineRule({
  id: "no-open-transaction",
  aliases: ["uncommitted-transaction"],
  group: "migration",
  category: "changes",
  severity: "error",
  languages: ["sql"],
  since: "0.1.0",
  summary: "End the transaction that a file begins.",
  why: `BEGIN without COMMIT is rolled back when the session ends: the migration is recorded as done and nothing of it
is there.`,
  sources: ["https://www.postgresql.org/docs/current/sql-begin.html"],
  *checkStatement(statement, migration) {
    if (!statement.changes.some((change) => change.do === "transaction" && change.what === "begin")) return;
    const behind = migration.statements.slice(migration.statements.indexOf(statement) + 1);
    if (behind.some((other) => other.changes.some((change) => change.do === "transaction" && change.what !== "begin"))) return;
    yield { at: statement.at, subject: "begin", message: "Nothing ends this transaction: what follows is rolled back." };
  },
  examples: {
    bad: [
      {
        title: "The end is missing",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sending: "each",
        sql: `  BEGIN;
--^^^^^ Nothing ends this transaction: what follows is rolled back.
ALTER TABLE deal ADD COLUMN title text;
`,
      },
    ],
    good: [
      {
        title: "It ends",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sending: "each",
        sql: `BEGIN;
ALTER TABLE deal ADD COLUMN title text;
COMMIT;
`,
      },
    ],
  },
});
