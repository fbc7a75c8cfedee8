/** Timeouts that never end a wait. */
import { milliseconds } from "../../model/migration/migration.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noEndlessTimeout = defineRule({
  id: "no-endless-timeout",
  aliases: ["timeout-zero-or-too-long"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Set lock_timeout to seconds.",
  why: `A lock_timeout of 0 waits without end, and one of minutes lets the application wait as long: everybody who
comes after a statement that waits for an ACCESS EXCLUSIVE lock waits behind it.`,
  sources: ["https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT"],
  *checkStatement(statement) {
    for (const { at, name, value, isLocal } of changesOf(statement, "set")) {
      if (name !== "lock_timeout") continue;
      const time = milliseconds(value);
      if (time > 0 && time <= longest) continue;
      yield {
        at,
        subject: name,
        message: time === 0 ? "This waits for locks without end." : `Everybody may wait behind this migration for as long as ${value}.`,
        fix: statement.isInBlock ? undefined : { title: "Set it to 5 seconds", safety: "review", intent: { do: "replaceParameter", at, name, value: "5s", isLocal } },
      };
    }
  },
  examples: {
    bad: [
      {
        title: "0 switches it off",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `SET lock_timeout = 0;
--  ^^^^^^^^^^^^ This waits for locks without end.
ALTER TABLE deal DROP COLUMN stage;
`,
        fixed: `SET lock_timeout = '5s';
ALTER TABLE deal DROP COLUMN stage;
`,
      },
    ],
    good: [
      {
        title: "Seconds",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `SET lock_timeout = '3s';
ALTER TABLE deal DROP COLUMN stage;
`,
      },
      {
        title: "A statement may take as long as it needs",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sending: "each",
        sql: `SET statement_timeout = 0;
CREATE INDEX CONCURRENTLY ON deal (stage);
`,
      },
    ],
  },
});

/** Milliseconds that an application bears. */
const longest = 30_000;
