/** Partitions whose rows are read while nobody can use them. */
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const requireCheckBeforeAttach = defineRule({
  id: "require-check-before-attach",
  aliases: ["attach-partition-scan"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Give a table a check of its bounds before it becomes a partition.",
  why: `ATTACH PARTITION reads every row of the table under an ACCESS EXCLUSIVE lock, unless a valid check already
says what the bounds say; so it does with the default partition. The check can be added NOT VALID, validated while
everybody goes on, and dropped afterwards.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-ATTACH-PARTITION"],
  *checkStatement(statement) {
    for (const { at, child, hasCheck } of changesOf(statement, "attachPartition")) {
      if (hasCheck || child.isNew) continue;
      yield {
        at,
        subject: child.key,
        message: `Nobody can use ${say(child)} while all its rows are read for the bounds of the partition.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "No check says what the bounds say",
        history: `CREATE TABLE visit (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE visit_2026 (day date NOT NULL);
`,
        sql: `ALTER TABLE visit ATTACH PARTITION visit_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
--                ^^^^^^ Nobody can use visit_2026 while all its rows are read for the bounds of the partition.
`,
      },
    ],
    good: [
      {
        title: "A check does",
        history: `CREATE TABLE visit (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE visit_2026 (day date NOT NULL CHECK (day >= '2026-01-01' AND day < '2027-01-01'));
`,
        sql: "ALTER TABLE visit ATTACH PARTITION visit_2026 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');\n",
      },
    ],
  },
});
