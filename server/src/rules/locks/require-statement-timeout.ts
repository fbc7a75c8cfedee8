/** Migrations that hold their locks however long a statement takes. */
import { blocks } from "../../model/migration/locks.ts";
import type { MigrationStatement } from "../../model/migration/migration.ts";
import { defineRule } from "../rule.ts";

export const requireStatementTimeout = defineRule({
  id: "require-statement-timeout",
  aliases: ["missing-statement-timeout"],
  group: "migration",
  category: "locks",
  severity: "information",
  preset: "all",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Set statement_timeout before work under a lock.",
  why: `A statement that reads or writes all rows while it holds a lock takes as long as the table is large, which
nobody knows on the developer's machine. With a statement_timeout it gives up before the application does.`,
  sources: ["https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT"],
  *checkStatement(statement, migration) {
    const isLong = (other: MigrationStatement): boolean =>
      other.effects.some(
        ({ locks, work }) => work.length > 0 && locks.some(({ mode }) => blocks(mode) !== "nothing" && blocks(mode) !== "schema changes"),
      );
    if (!isLong(statement) || statement.timeouts.get("statement_timeout") !== undefined) return;
    const first = migration.statements.find((other) => isLong(other) && other.timeouts.get("statement_timeout") === undefined);
    const change = statement.changes.find((_, at) => (statement.effects[at]?.work.length ?? 0) > 0);
    if (first !== statement || change === undefined) return;
    const isLocal = statement.transaction !== undefined;
    yield {
      at: change.at,
      subject: "statement_timeout",
      message: "This holds a lock for as long as the table is large, and no statement_timeout ends it.",
      fix: statement.isInBlock
        ? undefined
        : { title: "Set statement_timeout to 60 seconds", safety: "review", intent: { do: "setParameter", at: statement.at, name: "statement_timeout", value: "60s", isLocal } },
    };
  },
  examples: {
    bad: [
      {
        title: "All rows are read",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sending: "each",
        sql: `ALTER TABLE deal ALTER COLUMN stage SET NOT NULL;
--                            ^^^^^ This holds a lock for as long as the table is large, and no statement_timeout ends it.
`,
        fixed: `SET statement_timeout = '60s';
ALTER TABLE deal ALTER COLUMN stage SET NOT NULL;
`,
      },
    ],
    good: [
      {
        title: "Nothing is read",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "ALTER TABLE deal ADD COLUMN title text;\n",
      },
    ],
  },
});
