/** Locks that a migration waits for without end, and everybody behind it. */
import type { Change, ChangedTable } from "../../model/changes.ts";
import { isHeavy } from "../../model/migration/locks.ts";
import type { MigrationStatement } from "../../model/migration/migration.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireLockTimeout = defineRule({
  id: "require-lock-timeout",
  aliases: ["missing-lock-timeout", "policy-change-lock"],
  group: "migration",
  category: "locks",
  severity: "information",
  preset: "strict",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Set lock_timeout before the first lock that nobody gets past.",
  why: `An ACCESS EXCLUSIVE lock waits for every transaction that reads the table, and whoever comes later waits behind it:
one long report and a change of a millisecond stop the application. With a lock_timeout the migration gives up instead and
can be tried again. DROP TABLE and new policies take such locks as well, the first one on the referenced tables too.
no-parent-lock says so of foreign keys that are dropped.`,
  sources: ["https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT"],
  *checkStatement(statement, migration) {
    const needs = locksOf(statement);
    if (needs === undefined || statement.timeouts.get("lock_timeout") !== undefined) return;
    const first = migration.statements.find((other) => locksOf(other) !== undefined && other.timeouts.get("lock_timeout") === undefined);
    if (first !== statement) return;
    const isLocal = statement.transaction !== undefined;
    yield {
      at: needs.change.at,
      subject: needs.table.key,
      message: `Without lock_timeout, everybody waits behind this lock on ${say(needs.table)}.`,
      fix: statement.isInBlock
        ? undefined
        : { title: "Set lock_timeout to 5 seconds", safety: "review", intent: { do: "setParameter", at: statement.at, name: "lock_timeout", value: "5s", isLocal } },
    };
  },
  examples: {
    bad: [
      {
        title: "In a file that is one transaction, it holds until that ends",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `-- AlterTable
ALTER TABLE deal ADD COLUMN amount numeric;
--                          ^^^^^^ Without lock_timeout, everybody waits behind this lock on deal.

-- AlterTable
ALTER TABLE deal DROP COLUMN stage;
`,
        fixed: `SET LOCAL lock_timeout = '5s';
-- AlterTable
ALTER TABLE deal ADD COLUMN amount numeric;

-- AlterTable
ALTER TABLE deal DROP COLUMN stage;
`,
      },
    ],
    good: [
      {
        title: "It is set",
        history: "CREATE TABLE deal (id int PRIMARY KEY);\n",
        sql: "SET lock_timeout = '2s';\nALTER TABLE deal ADD COLUMN amount numeric;\n",
      },
      {
        title: "Nobody waits for a table that has just been made, and an index that is built concurrently lets all others work",
        history: "CREATE TABLE deal (id int PRIMARY KEY);\n",
        sending: "each",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
ALTER TABLE account ADD COLUMN name text;
CREATE INDEX CONCURRENTLY ON deal (id);
`,
      },
    ],
  },
});

function locksOf(statement: MigrationStatement): { readonly table: ChangedTable; readonly change: Change } | undefined {
  for (const [at, { locks }] of statement.effects.entries()) {
    const lock = locks.find(({ mode }) => isHeavy(mode));
    const change = statement.changes[at];
    const isKey = change?.do === "dropConstraint" && change.references !== undefined && change.references.key !== change.table.key && !change.references.isNew;
    if (lock !== undefined && change !== undefined && !isKey) return { table: lock.table, change };
  }
  return undefined;
}
