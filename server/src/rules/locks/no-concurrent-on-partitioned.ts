/** Indexes of partitioned tables built concurrently, which PostgreSQL refuses. */
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noConcurrentOnPartitioned = defineRule({
  id: "no-concurrent-on-partitioned",
  aliases: ["concurrently-on-partitioned"],
  group: "migration",
  category: "locks",
  severity: "error",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Build indexes of a partitioned table partition by partition.",
  why: `PostgreSQL cannot build an index of a partitioned table concurrently (0A000), and without CONCURRENTLY it
locks every partition against writes. CREATE INDEX ON ONLY makes an empty, invalid one; then each partition gets its
own, concurrently, and ALTER INDEX ATTACH PARTITION puts it in its place. With the last one the index becomes valid.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    "https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
  ],
  *checkStatement(statement) {
    for (const { at, table, name, isConcurrent } of changesOf(statement, "createIndex")) {
      if (!isConcurrent || table.form !== "partitioned") continue;
      yield {
        at,
        subject: `${table.key}.${name ?? "index"}`,
        message: `PostgreSQL builds no index of ${say(table)} concurrently: it is partitioned.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "It fails",
        history: "CREATE TABLE visit (day date NOT NULL) PARTITION BY RANGE (day);\n",
        sql: `CREATE INDEX CONCURRENTLY visit_day_idx ON visit (day);
--                        ^^^^^^^^^^^^^ PostgreSQL builds no index of visit concurrently: it is partitioned.
`,
      },
    ],
    good: [
      {
        title: "ON ONLY, and concurrently on a partition",
        history: `CREATE TABLE visit (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE visit_2026 PARTITION OF visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
`,
        sending: "each",
        sql: `CREATE INDEX visit_day_idx ON ONLY visit (day);
CREATE INDEX CONCURRENTLY visit_2026_day_idx ON visit_2026 (day);
ALTER INDEX visit_day_idx ATTACH PARTITION visit_2026_day_idx;
`,
      },
    ],
  },
});
