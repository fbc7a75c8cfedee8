/** Indexes dropped behind a lock that nobody gets past. */
import { say } from "../names.ts";
import { changesOf, runConcurrently } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const requireConcurrentDrop = defineRule({
  id: "require-concurrent-drop",
  aliases: ["drop-index-not-concurrent"],
  group: "migration",
  category: "locks",
  severity: "information",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Drop indexes of tables in use concurrently.",
  why: `DROP INDEX takes an ACCESS EXCLUSIVE lock on the table: only for a moment, but it waits for every query that
reads the table, and all others wait behind it. CONCURRENTLY waits without being in the way. It cannot run in a
transaction, nor for an index that a constraint or a partitioned table needs.`,
  sources: ["https://www.postgresql.org/docs/current/sql-dropindex.html"],
  *checkStatement(statement, migration) {
    for (const change of changesOf(statement, "dropIndex")) {
      const { table, name, isConcurrent, isPartitioned } = change;
      // With lock_timeout the wait has an end.
      if (isConcurrent || isPartitioned || (statement.timeouts.get("lock_timeout") ?? 0) > 0) continue;
      yield {
        at: change.at,
        subject: `${table.key}.${name}`,
        message: `Dropping ${name} waits for every query of ${say(table)}, and everybody waits behind it.`,
        fix: runConcurrently(migration, change.at, "Drop it concurrently"),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Alone in its file",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
CREATE INDEX deal_stage_idx ON deal (stage);
`,
        sql: `DROP INDEX deal_stage_idx;
--         ^^^^^^^^^^^^^^ Dropping deal_stage_idx waits for every query of deal, and everybody waits behind it.
`,
        fixed: "DROP INDEX CONCURRENTLY deal_stage_idx;\n",
      },
    ],
    good: [
      {
        title: "The wait ends after two seconds",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
CREATE INDEX deal_stage_idx ON deal (stage);
`,
        sql: `SET lock_timeout = '2s';
DROP INDEX deal_stage_idx;
`,
      },
      {
        title: "Partitions have their indexes from the partitioned table",
        history: `CREATE TABLE visit (day date NOT NULL) PARTITION BY RANGE (day);
CREATE INDEX visit_day_idx ON visit (day);
`,
        sql: "DROP INDEX visit_day_idx;\n",
      },
    ],
  },
});
