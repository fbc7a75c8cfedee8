/** Partitions detached behind a lock of the whole partitioned table. */
import { say } from "../names.ts";
import { changesOf, runConcurrently } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const requireConcurrentDetach = defineRule({
  id: "require-concurrent-detach",
  aliases: ["detach-partition-not-concurrent"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  postgres: { from: 14 },
  since: "0.1.0",
  summary: "Detach partitions concurrently.",
  why: `DETACH PARTITION takes an ACCESS EXCLUSIVE lock on the partition and on the partitioned table: it waits for
every query of any partition, and all others wait behind it. CONCURRENTLY, since PostgreSQL 14, is not in the way; it
cannot run in a transaction, nor where there is a default partition, and leaves a CHECK of the partition's bounds behind.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION"],
  *checkStatement(statement, migration) {
    for (const { at, table, child, isConcurrent } of changesOf(statement, "detachPartition")) {
      if (isConcurrent) continue;
      yield {
        at,
        subject: child.key,
        message: `Everybody waits for ${say(table)} while ${say(child)} is detached.`,
        fix: runConcurrently(migration, at, "Detach it concurrently"),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "The whole of visit is locked",
        history: `CREATE TABLE visit (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE visit_2026 PARTITION OF visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
`,
        sql: `ALTER TABLE visit DETACH PARTITION visit_2026;
--                ^^^^^^ Everybody waits for visit while visit_2026 is detached.
`,
        fixed: "ALTER TABLE visit DETACH PARTITION visit_2026 CONCURRENTLY;\n",
      },
    ],
    good: [
      {
        title: "Concurrently",
        history: `CREATE TABLE visit (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE visit_2026 PARTITION OF visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
`,
        sql: "ALTER TABLE visit DETACH PARTITION visit_2026 CONCURRENTLY;\n",
      },
    ],
  },
});
