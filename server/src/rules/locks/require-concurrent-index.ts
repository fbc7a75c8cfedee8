/** Indexes built on a table in use while nobody can write to it. */
import { say } from "../names.ts";
import { changesOf, constraintName, runConcurrently } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const requireConcurrentIndex = defineRule({
  id: "require-concurrent-index",
  aliases: ["create-index-not-concurrent"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Build indexes of tables in use concurrently.",
  why: `CREATE INDEX holds a SHARE lock until the index is built: every INSERT, UPDATE and DELETE of the table waits as long
as that takes, minutes on a large table. CONCURRENTLY takes longer and lets them go on; it cannot run in a transaction, so
it wants a file of its own.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES",
  ],
  *checkStatement(statement, migration) {
    for (const change of changesOf(statement, "createIndex")) {
      const { table, name, columns, isConcurrent, isThere, ifNotExists } = change;
      if (
        isConcurrent ||
        table.form === "partitioned" ||
        table.form === "foreign" ||
        (isThere && ifNotExists) ||
        statement.emptied.has(table.key)
      )
        continue;
      const called = name ?? constraintName(table, columns, "unique").replace(/key$/, "idx");
      yield {
        at: change.at,
        subject: `${table.key}.${called}`,
        message: `Nobody can write to ${say(table)} while ${called} is built.`,
        fix: runConcurrently(migration, change.at, "Build it concurrently"),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Alone in its file, it can run concurrently there",
        history: "CREATE TABLE deal (id int PRIMARY KEY, account_id int);\n",
        sql: `CREATE INDEX deal_account_id_idx ON deal (account_id);
--           ^^^^^^^^^^^^^^^^^^^ Nobody can write to deal while deal_account_id_idx is built.
`,
        fixed: "CREATE INDEX CONCURRENTLY deal_account_id_idx ON deal (account_id);\n",
      },
      {
        title: "Among others it moves to a file behind: what Prisma sends together is one transaction",
        history: "CREATE TABLE deal (id int PRIMARY KEY, account_id int);\n",
        sql: `-- AlterTable
ALTER TABLE deal ADD COLUMN stage text;

-- CreateIndex
CREATE UNIQUE INDEX deal_account_id_key ON deal (account_id);
--                  ^^^^^^^^^^^^^^^^^^^ Nobody can write to deal while deal_account_id_key is built.
`,
        fixed: `-- AlterTable
ALTER TABLE deal ADD COLUMN stage text;
`,
        migration: "CREATE UNIQUE INDEX CONCURRENTLY deal_account_id_key ON deal (account_id);\n",
      },
    ],
    good: [
      {
        title: "The table is made in the same file, and nobody uses it yet",
        history: "CREATE TABLE account (id int PRIMARY KEY);\n",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, account_id int);
CREATE INDEX deal_account_id_idx ON deal (account_id);
`,
      },
      {
        title: "A partitioned table has no concurrent build",
        history: "CREATE TABLE visit (day date NOT NULL) PARTITION BY RANGE (day);\n",
        sql: "CREATE INDEX visit_day_idx ON visit (day);\n",
      },
      {
        title: "It is there already",
        history: "CREATE TABLE deal (id int PRIMARY KEY, account_id int);\nCREATE INDEX deal_account_id_idx ON deal (account_id);\n",
        sql: "CREATE INDEX IF NOT EXISTS deal_account_id_idx ON deal (account_id);\n",
      },
    ],
  },
});
