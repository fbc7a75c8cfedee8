/** Replica identities that log too much, or let updates fail. */
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noReplicaIdentityChange = defineRule({
  id: "no-replica-identity-change",
  aliases: ["replica-identity-change"],
  group: "migration",
  category: "changes",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Leave the replica identity of a table with a key at its default.",
  why: `REPLICA IDENTITY FULL writes the whole old row to the log for every UPDATE and DELETE, and subscribers look
for it by reading the table; with NOTHING, updates of a published table fail.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-REPLICA-IDENTITY"],
  *checkStatement(statement) {
    for (const { at, table, to } of changesOf(statement, "setReplicaIdentity")) {
      if (to !== "full" && to !== "nothing") continue;
      yield {
        at,
        subject: table.key,
        message:
          to === "full"
            ? `Every change of ${say(table)} now logs the whole old row.`
            : `Updates of ${say(table)} fail once it is published.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "The whole old row",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal REPLICA IDENTITY FULL;
--               ^^^^^^^ Every change of deal now logs the whole old row.
`,
      },
    ],
    good: [
      {
        title: "By an index",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "ALTER TABLE deal REPLICA IDENTITY USING INDEX deal_pkey;\n",
      },
    ],
  },
});
