/** UPDATE and DELETE of all rows. */
import { isHeavy } from "../../model/migration/locks.ts";
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noUnfilteredWrite = defineRule({
  id: "no-unfiltered-write",
  aliases: ["update-delete-without-where"],
  group: "migration",
  category: "changes",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Say which rows a migration changes or deletes.",
  why: `Without WHERE, UPDATE writes a new version of every row in one transaction, which locks each of them and
doubles the table, and DELETE empties it. Batches by key, each in its own transaction, let others in between; an
intended one says so by a condition or a comment.`,
  sources: ["https://www.postgresql.org/docs/current/sql-update.html", "https://www.postgresql.org/docs/current/sql-delete.html"],
  *checkStatement(statement) {
    for (const { at, table, how, isWhole } of changesOf(statement, "write")) {
      if (!isWhole || how === "insert") continue;
      // Under a lock that keeps everybody out, that is the graver part, and another rule says so.
      if (how === "update" && statement.held.some(({ mode }) => isHeavy(mode))) continue;
      yield {
        at,
        subject: table.key,
        message:
          how === "delete" ? `This deletes all rows of ${say(table)}.` : `This writes every row of ${say(table)} anew, in one transaction.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "All of them",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `DELETE FROM deal;
--          ^^^^ This deletes all rows of deal.
`,
      },
    ],
    good: [
      {
        title: "Some of them",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "DELETE FROM deal WHERE amount = 0;\n",
      },
    ],
  },
});
