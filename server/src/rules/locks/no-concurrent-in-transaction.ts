/** Statements that PostgreSQL refuses inside of a transaction. */
import type { Change } from "../../model/changes.ts";
import { canRunConcurrently, changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noConcurrentInTransaction = defineRule({
  id: "no-concurrent-in-transaction",
  aliases: ["concurrently-in-transaction", "mixed-transaction-modes"],
  group: "migration",
  category: "locks",
  severity: "error",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Run CONCURRENTLY, VACUUM and CREATE DATABASE outside of transactions.",
  why: `PostgreSQL refuses them in a transaction (25001), and several statements sent at once are one: Prisma before 7.4
sends a file so, and it fails unless such a statement is alone in it. DO blocks run in a transaction, too. Supabase always
sends a file as one; goose, dbmate and others unless the file says otherwise.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    "https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT",
  ],
  *checkStatement(statement, migration) {
    if (statement.transaction === undefined) return;
    for (const change of changesOf(statement, "createIndex", "dropIndex", "reindex", "detachPartition", "outsideTransaction")) {
      if (change.do !== "outsideTransaction" && !change.isConcurrent) continue;
      yield {
        at: change.at,
        subject: `${subject(change)}`,
        message: `${what(change)} cannot run inside a transaction${statement.openedBy === "runner" ? ", and this file runs as one" : ""}.`,
        fix:
          statement.openedBy === "runner" && !statement.isInBlock && canRunConcurrently(migration)
            ? { title: "Move it to a file of its own", safety: "review", intent: { do: "moveApart", at: change.at } }
            : undefined,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Two statements that are sent together",
        history: "CREATE TABLE deal (id int PRIMARY KEY, account_id int);\n",
        sql: `ALTER TABLE deal ADD COLUMN stage text;
CREATE INDEX CONCURRENTLY deal_account_id_idx ON deal (account_id);
--                        ^^^^^^^^^^^^^^^^^^^ CREATE INDEX CONCURRENTLY cannot run inside a transaction, and this file runs as one.
`,
        fixed: "ALTER TABLE deal ADD COLUMN stage text;\n",
        migration: "CREATE INDEX CONCURRENTLY deal_account_id_idx ON deal (account_id);\n",
      },
      {
        title: "In a transaction of the file's own",
        history: "CREATE TABLE deal (id int PRIMARY KEY, account_id int);\nCREATE INDEX deal_account_id_idx ON deal (account_id);\n",
        sending: "each",
        sql: `BEGIN;
DROP INDEX CONCURRENTLY deal_account_id_idx;
--                      ^^^^^^^^^^^^^^^^^^^ DROP INDEX CONCURRENTLY cannot run inside a transaction.
COMMIT;
`,
      },
    ],
    good: [
      {
        title: "Alone in its file",
        history: "CREATE TABLE deal (id int PRIMARY KEY, account_id int);\n",
        sql: "CREATE INDEX CONCURRENTLY deal_account_id_idx ON deal (account_id);\n",
      },
      {
        title: "Prisma since 7.4 sends such a file statement by statement",
        history: "CREATE TABLE deal (id int PRIMARY KEY, account_id int);\n",
        sending: "message unless concurrent",
        sql: `SET lock_timeout = '5s';
CREATE INDEX CONCURRENTLY deal_account_id_idx ON deal (account_id);
`,
      },
    ],
  },
});

function what(change: Change): string {
  switch (change.do) {
    case "createIndex":
      return "CREATE INDEX CONCURRENTLY";
    case "dropIndex":
      return "DROP INDEX CONCURRENTLY";
    case "reindex":
      return "REINDEX CONCURRENTLY";
    case "detachPartition":
      return "DETACH PARTITION CONCURRENTLY";
    default:
      return "what" in change ? change.what : "It";
  }
}

function subject(change: Change): string {
  if ("table" in change && change.table !== undefined)
    return `${change.table.key}.${"name" in change ? (change.name ?? "index") : "partition"}`;
  return what(change);
}
