/** Files that stop at their first statement when they run again after a failure. */
import { defineRule } from "../rule.ts";

export const preferRepeatableStatements = defineRule({
  id: "prefer-repeatable-statements",
  aliases: ["not-idempotent"],
  group: "migration",
  category: "changes",
  severity: "information",
  preset: "all",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Say IF EXISTS and IF NOT EXISTS where a file is no transaction.",
  why: `What is sent statement by statement stays half done when one of them fails. Run again, the file stops at the first
statement that has been done already, and somebody has to take it apart by hand. With IF EXISTS and IF NOT EXISTS it goes
on to where it stopped. In one transaction nothing is left behind, and neither is needed.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createtable.html", "https://www.postgresql.org/docs/current/sql-altertable.html"],
  *checkFile({ sending, count, runsOnce, statements }) {
    const [first] = runsOnce;
    const hasTransaction = statements.some(({ changes }) => changes.some((change) => change.do === "transaction"));
    if (first === undefined || sending !== "each" || count < 2 || hasTransaction) return;
    const missing = first.what.startsWith("DROP ") ? "IF EXISTS" : "IF NOT EXISTS";
    const others = runsOnce.length === 1 ? "" : ` (and ${runsOnce.length - 1} more)`;
    yield {
      at: first.at,
      subject: "file",
      message: `${first.what}${others} stops this file when it runs again after a failure: say ${missing}.`,
      fix: { title: "Say IF EXISTS and IF NOT EXISTS in all of the file", safety: "review", intent: { do: "allowRepetition", at: first.at, statements: runsOnce.map(({ at }) => at) } },
    };
  },
  examples: {
    bad: [
      {
        title: "Sent one by one",
        history: "CREATE TABLE account (id int PRIMARY KEY, note text);\nCREATE INDEX account_note_idx ON account (note);\n",
        sending: "each",
        sql: `  CREATE TABLE deal (id int PRIMARY KEY, amount numeric);
--^^^^^^ CREATE TABLE deal (and 2 more) stops this file when it runs again after a failure: say IF NOT EXISTS.
ALTER TABLE public.account ADD stage text, DROP COLUMN note, ALTER COLUMN id DROP DEFAULT;
CREATE INDEX deal_amount_idx ON deal (amount);
DROP VIEW IF EXISTS deals;
`,
        fixed: `  CREATE TABLE IF NOT EXISTS deal (id int PRIMARY KEY, amount numeric);
ALTER TABLE public.account ADD IF NOT EXISTS stage text, DROP COLUMN IF EXISTS note, ALTER COLUMN id DROP DEFAULT;
CREATE INDEX IF NOT EXISTS deal_amount_idx ON deal (amount);
DROP VIEW IF EXISTS deals;
`,
      },
    ],
    good: [
      {
        title: "In one transaction",
        sql: "CREATE TABLE deal (id int PRIMARY KEY);\nCREATE TABLE account (id int PRIMARY KEY);\n",
      },
      {
        title: "Nothing stands behind it",
        sending: "each",
        sql: "CREATE TABLE deal (id int PRIMARY KEY);\n",
      },
      {
        title: "After a failed build IF NOT EXISTS would take an invalid index for done",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sending: "each",
        sql: "SET lock_timeout = '5s';\nCREATE INDEX CONCURRENTLY deal_stage_idx ON deal (stage);\n",
      },
    ],
  },
});
