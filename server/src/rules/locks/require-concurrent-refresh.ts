/** Materialized views that nobody can read while they are refreshed. */
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const requireConcurrentRefresh = defineRule({
  id: "require-concurrent-refresh",
  aliases: ["refresh-matview-blocking"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Refresh materialized views concurrently.",
  why: `REFRESH MATERIALIZED VIEW holds an ACCESS EXCLUSIVE lock until its query has run: nobody reads the view.
CONCURRENTLY needs a unique index over columns of the view, and lets them read what was there before.`,
  sources: ["https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html"],
  *checkStatement(statement) {
    for (const { at, table, isConcurrent, hasUniqueIndex } of changesOf(statement, "refreshView")) {
      if (isConcurrent) continue;
      yield {
        at,
        subject: table.key,
        message: `Nobody can read ${say(table)} while it is refreshed${hasUniqueIndex ? "" : ", and it has no unique index to do so concurrently"}.`,
        fix: hasUniqueIndex
          ? { title: "Refresh it concurrently", safety: "review", intent: { do: "runConcurrently", at, isApart: false } }
          : undefined,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "There is a unique index",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
CREATE MATERIALIZED VIEW pipeline AS SELECT stage, sum(amount) AS total FROM deal GROUP BY stage;
CREATE UNIQUE INDEX ON pipeline (stage);
`,
        sql: `REFRESH MATERIALIZED VIEW pipeline;
--                        ^^^^^^^^ Nobody can read pipeline while it is refreshed.
`,
        fixed: "REFRESH MATERIALIZED VIEW CONCURRENTLY pipeline;\n",
      },
    ],
    good: [
      {
        title: "It has just been made",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `CREATE MATERIALIZED VIEW pipeline AS SELECT stage FROM deal WITH NO DATA;
REFRESH MATERIALIZED VIEW pipeline;
`,
      },
    ],
  },
});
