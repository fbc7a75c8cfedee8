/** Commands that do nothing but write a table anew. */
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noTableRewrite = defineRule({
  id: "no-table-rewrite",
  aliases: ["vacuum-full-cluster", "set-logged-unlogged", "set-access-method-tablespace"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Do not write tables anew while they are in use.",
  why: `VACUUM FULL, CLUSTER, SET LOGGED, SET UNLOGGED, SET ACCESS METHOD and SET TABLESPACE write every row again
under an ACCESS EXCLUSIVE lock, and need room for both copies. pg_repack and pg_squeeze do what VACUUM FULL and
CLUSTER do beside a table in use. A table that is unlogged is empty after a crash.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-vacuum.html",
    "https://www.postgresql.org/docs/current/sql-cluster.html",
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-LOGGED-UNLOGGED",
  ],
  *checkStatement(statement) {
    for (const { at, table, how } of changesOf(statement, "rewriteTable")) {
      yield { at, subject: table.key, message: `Nobody can use ${say(table)} while ${how} writes all of it anew.` };
    }
  },
  examples: {
    bad: [
      {
        title: "A table in use",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `VACUUM FULL deal;
--          ^^^^ Nobody can use deal while VACUUM FULL writes all of it anew.
`,
      },
    ],
    good: [
      {
        title: "VACUUM alone lets everybody work",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "VACUUM deal;\n",
      },
    ],
  },
});
