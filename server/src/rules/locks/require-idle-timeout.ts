/** Transactions that keep their locks when whoever opened them stops talking. */
import { blocks } from "../../model/migration/locks.ts";
import type { Migration, MigrationStatement } from "../../model/migration/migration.ts";
import type { ChangedTable } from "../../model/changes.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireIdleTimeout = defineRule({
  id: "require-idle-timeout",
  aliases: ["missing-idle-transaction-timeout"],
  group: "migration",
  category: "locks",
  severity: "information",
  preset: "all",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Set idle_in_transaction_session_timeout where statements of a transaction are sent one by one.",
  why: `Between two statements of a transaction the server waits for the client, with every lock held. A laptop that goes
to sleep there, or a network that is gone, stops the application until the connection is noticed to be dead, which may
take hours. What is sent as one message is never idle in between.`,
  sources: ["https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-IDLE-IN-TRANSACTION-SESSION-TIMEOUT"],
  *checkStatement(statement, migration) {
    const table = keeps(statement, migration);
    if (table === undefined) return;
    if (migration.statements.find((other) => keeps(other, migration) !== undefined) !== statement) return;
    yield {
      at: statement.changes[0]?.at ?? statement.at,
      subject: "idle_in_transaction_session_timeout",
      message: `If the client stops here, ${say(table)} stays locked: no idle_in_transaction_session_timeout ends it.`,
      fix: {
        title: "Set idle_in_transaction_session_timeout to 60 seconds",
        safety: "review",
        intent: { do: "setParameter", at: statement.at, name: "idle_in_transaction_session_timeout", value: "60s", isLocal: true },
      },
    };
  },
  examples: {
    bad: [
      {
        title: "psql sends what stands between BEGIN and COMMIT one by one",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sending: "each",
        sql: `BEGIN;
ALTER TABLE deal ADD COLUMN amount numeric;
--                          ^^^^^^ If the client stops here, deal stays locked: no idle_in_transaction_session_timeout ends it.
ALTER TABLE deal DROP COLUMN stage;
COMMIT;
`,
        fixed: `BEGIN;
SET LOCAL idle_in_transaction_session_timeout = '60s';
ALTER TABLE deal ADD COLUMN amount numeric;
ALTER TABLE deal DROP COLUMN stage;
COMMIT;
`,
      },
    ],
    good: [
      {
        title: "All of it is sent at once",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: "ALTER TABLE deal ADD COLUMN amount numeric;\nALTER TABLE deal DROP COLUMN stage;\n",
      },
      {
        title: "Each statement is a transaction of its own",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sending: "each",
        sql: "ALTER TABLE deal ADD COLUMN amount numeric;\nALTER TABLE deal DROP COLUMN stage;\n",
      },
    ],
  },
});

/** The table that others wait for while nothing runs. */
function keeps({ transaction, isInBlock, timeouts, effects }: MigrationStatement, { sending }: Migration): ChangedTable | undefined {
  if (transaction === undefined || isInBlock || (sending !== "each" && sending !== "transaction")) return undefined;
  if (timeouts.has("idle_in_transaction_session_timeout") || timeouts.has("transaction_timeout")) return undefined;
  const lock = effects.flatMap(({ locks }) => locks).find(({ mode }) => blocks(mode) === "reads and writes" || blocks(mode) === "writes");
  return lock?.table;
}
