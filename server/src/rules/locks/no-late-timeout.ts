/** Timeouts that are set when the first lock has been waited for already. */
import type { ChangedTable } from "../../model/changes.ts";
import { isHeavy } from "../../model/migration/locks.ts";
import { milliseconds, type Migration, type MigrationStatement } from "../../model/migration/migration.ts";
import { say } from "../names.ts";
import { changesOf, isTogether } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noLateTimeout = defineRule({
  id: "no-late-timeout",
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Set timeouts before the first lock that they are meant for.",
  why: `A timeout holds for the statements behind it. One that is set behind an ALTER TABLE looks like protection, and
the statement that everybody waits behind has none.`,
  sources: ["https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT"],
  *checkStatement(statement, migration) {
    for (const { at, name, value, isLocal } of changesOf(statement, "set")) {
      if ((name !== "lock_timeout" && name !== "statement_timeout") || milliseconds(value) === 0) continue;
      const first = unprotected(migration, statement, name);
      if (first === undefined) continue;
      yield {
        at,
        subject: name,
        message: `This ${name} comes too late: a statement before it locks ${say(first.table)} without one.`,
        related: [{ at: first.statement.at, message: `${say(first.table)} is locked here.` }],
        // SET LOCAL ends with its transaction.
        fix:
          (isLocal && !isTogether(first.statement, statement)) || statement.isInBlock || first.statement.isInBlock
            ? undefined
            : { title: "Move it before the first lock", safety: "review", intent: { do: "moveBefore", at, before: first.statement.at } },
      };
    }
  },
  examples: {
    bad: [
      {
        title: "The first statement waits without end",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `ALTER TABLE deal ADD COLUMN amount numeric;
SET lock_timeout = '5s';
--  ^^^^^^^^^^^^ This lock_timeout comes too late: a statement before it locks deal without one.
ALTER TABLE deal DROP COLUMN stage;
`,
        fixed: `SET lock_timeout = '5s';
ALTER TABLE deal ADD COLUMN amount numeric;
ALTER TABLE deal DROP COLUMN stage;
`,
      },
    ],
    good: [
      {
        title: "Another one, for a part of the file",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `SET lock_timeout = '2s';
ALTER TABLE deal ADD COLUMN amount numeric;
SET lock_timeout = '5s';
ALTER TABLE deal DROP COLUMN stage;
`,
      },
      {
        title: "Nobody waits for what stands before it",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
SET lock_timeout = '5s';
ALTER TABLE deal DROP COLUMN stage;
`,
      },
    ],
  },
});

/** The first statement before this one that takes a lock nobody gets past, while nobody has set the timeout. */
function unprotected(migration: Migration, before: MigrationStatement, name: string): { readonly statement: MigrationStatement; readonly table: ChangedTable } | undefined {
  for (const statement of migration.statements) {
    if (statement === before) return undefined;
    if (statement.timeouts.has(name)) continue;
    const lock = statement.effects.flatMap(({ locks }) => locks).find(({ mode }) => isHeavy(mode));
    if (lock !== undefined) return { statement, table: lock.table };
  }
  return undefined;
}
