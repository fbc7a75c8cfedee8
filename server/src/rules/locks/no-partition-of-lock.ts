/** Partitions made behind a lock of the whole partitioned table. */
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noPartitionOfLock = defineRule({
  id: "no-partition-of-lock",
  aliases: ["create-partition-of-locks-parent"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  postgres: { from: 12 },
  since: "0.1.0",
  summary: "Create a partition as a table, and attach it.",
  why: `CREATE TABLE PARTITION OF takes an ACCESS EXCLUSIVE lock on the partitioned table: it waits for every query of
any partition, and all others wait behind it. CREATE TABLE LIKE and ATTACH PARTITION do the same with a lock that
reads and writes get past.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE"],
  *checkStatement(statement) {
    for (const change of statement.changes) {
      if (change.do !== "createTable" || change.partitionOf === undefined || (statement.timeouts.get("lock_timeout") ?? 0) > 0) continue;
      const { at, table, partitionOf } = change;
      yield { at, subject: table.key, message: `Everybody waits for ${say(partitionOf)} while ${say(table)} becomes a partition of it.` };
    }
  },
  examples: {
    bad: [
      {
        title: "The whole of visit is locked",
        history: "CREATE TABLE visit (day date NOT NULL) PARTITION BY RANGE (day);\n",
        sql: `CREATE TABLE visit_2026 PARTITION OF visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
--           ^^^^^^^^^^ Everybody waits for visit while visit_2026 becomes a partition of it.
`,
      },
    ],
    good: [
      {
        title: "Made beside it, and attached",
        history: "CREATE TABLE visit (day date NOT NULL) PARTITION BY RANGE (day);\n",
        sql: `CREATE TABLE visit_2026 (LIKE visit INCLUDING ALL);
ALTER TABLE visit ATTACH PARTITION visit_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
`,
      },
      {
        title: "The partitioned table is new itself",
        sql: `CREATE TABLE visit (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE visit_2026 PARTITION OF visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
`,
      },
    ],
  },
});
