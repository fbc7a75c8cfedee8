/** BEGIN and COMMIT in a file that runs in a transaction anyway. */
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noNestedTransaction = defineRule({
  id: "no-nested-transaction",
  aliases: ["transaction-nesting"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Leave transactions to what runs the migrations.",
  why: `PostgreSQL has no nested transactions. BEGIN within one is a warning and nothing else, and COMMIT ends the
outer one: what follows is not undone when it fails, and the tool takes the migration for failed or done when it is
neither. A file that is sent at once, as Prisma does, is a transaction without saying so.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-begin.html",
    "https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT",
  ],
  *checkStatement(statement, migration) {
    if (migration.sending !== "transaction") return;
    for (const { at, what } of changesOf(statement, "transaction")) {
      yield {
        at,
        subject: what,
        message: what === "begin" ? "This file runs in a transaction already." : `This ends the transaction that the file runs in.`,
        fix: { title: `Remove ${what.toUpperCase()}`, safety: "review", intent: { do: "removeStatement", at } },
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Supabase, goose and dbmate open one",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sending: "transaction",
        sql: `  BEGIN;
--^^^^^ This file runs in a transaction already.
  ALTER TABLE deal ADD COLUMN title text;
  COMMIT;
--^^^^^^ This ends the transaction that the file runs in.
`,
        fixed: `  ALTER TABLE deal ADD COLUMN title text;
  COMMIT;
`,
      },
    ],
    good: [
      {
        title: "psql opens none",
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
