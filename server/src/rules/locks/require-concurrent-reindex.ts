/** Indexes rebuilt while nobody can write to the table. */
import { say } from "../names.ts";
import { changesOf, runConcurrently } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const requireConcurrentReindex = defineRule({
  id: "require-concurrent-reindex",
  aliases: ["reindex-not-concurrent"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  postgres: { from: 12 },
  since: "0.1.0",
  summary: "Rebuild indexes of tables in use concurrently.",
  why: `REINDEX holds a SHARE lock on the table and an ACCESS EXCLUSIVE lock on each index until it is done: nobody
writes, and queries that the planner wants to use the index for wait as well. CONCURRENTLY builds the new index beside
the old one; PostgreSQL 12 and newer have it.`,
  sources: ["https://www.postgresql.org/docs/current/sql-reindex.html"],
  *checkStatement(statement, migration) {
    for (const change of changesOf(statement, "reindex")) {
      if (change.isConcurrent) continue;
      const { table, name } = change;
      yield {
        at: change.at,
        subject: table === undefined ? name : `${table.key}.${name}`,
        message: `Nobody can write to ${table === undefined ? "the tables" : say(table)} while ${name} is rebuilt.`,
        fix: runConcurrently(migration, change.at, "Rebuild it concurrently"),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "An index of a table in use",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
CREATE INDEX deal_stage_idx ON deal (stage);
`,
        sql: `REINDEX INDEX deal_stage_idx;
--            ^^^^^^^^^^^^^^ Nobody can write to deal while deal_stage_idx is rebuilt.
`,
        fixed: "REINDEX INDEX CONCURRENTLY deal_stage_idx;\n",
      },
    ],
    good: [
      {
        title: "Concurrently",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "REINDEX TABLE CONCURRENTLY deal;\n",
      },
    ],
  },
});
