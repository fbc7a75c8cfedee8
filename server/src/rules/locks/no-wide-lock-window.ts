/** Transactions that lock several tables, one after the other. */
import { isHeavy } from "../../model/migration/locks.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noWideLockWindow = defineRule({
  id: "no-wide-lock-window",
  aliases: ["wide-lock-window"],
  group: "migration",
  category: "locks",
  severity: "information",
  preset: "all",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Lock one table in a transaction.",
  why: `A transaction holds every lock until it ends. The one that has locked one table and waits for the next keeps
everybody from both, and a query that uses them in the other order makes a deadlock of it.`,
  sources: ["https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS"],
  *checkStatement(statement) {
    if (statement.transaction === undefined || (statement.timeouts.get("lock_timeout") ?? 0) > 0) return;
    const before = new Set(statement.held.flatMap(({ table, mode }) => (isHeavy(mode) ? [table.key] : [])));
    if (before.size !== 1) return;
    for (const [at, { locks }] of statement.effects.entries()) {
      const next = locks.find(({ table, mode }) => isHeavy(mode) && !before.has(table.key));
      const change = statement.changes[at];
      if (next === undefined || change === undefined) continue;
      yield {
        at: change.at,
        subject: next.table.key,
        message: `While this waits for ${say(next.table)}, nobody can use ${[...before].map(unqualified).join(", ")} either.`,
      };
      return;
    }
  },
  examples: {
    bad: [
      {
        title: "Two tables in one transaction",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
CREATE TABLE account (id int PRIMARY KEY);
`,
        sql: `ALTER TABLE deal ADD COLUMN title text;
ALTER TABLE account ADD COLUMN name text;
--                             ^^^^ While this waits for account, nobody can use deal either.
`,
      },
    ],
    good: [
      {
        title: "Statement by statement",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
CREATE TABLE account (id int PRIMARY KEY);
`,
        sending: "each",
        sql: `ALTER TABLE deal ADD COLUMN title text;
ALTER TABLE account ADD COLUMN name text;
`,
      },
    ],
  },
});

function unqualified(key: string): string {
  return key.replace(/^public\./, "");
}
