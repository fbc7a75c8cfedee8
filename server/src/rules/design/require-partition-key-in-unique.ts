/** Keys of partitioned tables that PostgreSQL refuses. */
import type { Index, PartitionKey } from "../../model/schema.ts";
import { isImplied } from "../../model/queries.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requirePartitionKeyInUnique = defineRule({
  id: "require-partition-key-in-unique",
  aliases: ["partition-key-not-in-unique"],
  group: "schema",
  category: "design",
  severity: "error",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Put the partition key into every unique key of a partitioned table.",
  why: `A unique index sees one partition only, so a key is unique in the whole table only if equal keys lie in one
partition. PostgreSQL refuses a PRIMARY KEY, a UNIQUE constraint or a unique index that lacks a column of the partition
key, and any at all where the partition key is an expression.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-LIMITATIONS"],
  *checkTable(table) {
    const { partitionBy } = table;
    if (partitionBy === undefined) return;
    for (const index of table.indexes) {
      const lacking = index.unique && !isImplied(index) ? lackingIn(index, partitionBy) : undefined;
      if (lacking === undefined) continue;
      yield {
        at: index.origins,
        subject: subjectOfPart(table, index.name),
        message: `PostgreSQL refuses this key of ${say(table)}: it lacks ${lacking}, by which the table is partitioned.`,
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
--^^ PostgreSQL refuses this key of event: it lacks created_at, by which the table is partitioned.
  created_at timestamptz NOT NULL
) PARTITION BY RANGE (created_at);
`,
      },
      {
        sql: `CREATE TABLE event (id bigint NOT NULL, created_at timestamptz NOT NULL) PARTITION BY RANGE (date_trunc('day', created_at, 'UTC'));
CREATE UNIQUE INDEX event_id ON event (id, created_at);
--                  ^^^^^^^^ PostgreSQL refuses this key of event: it lacks date_trunc('day', created_at, 'UTC'), by which the table is partitioned.
`,
      },
    ],
    good: [
      {
        title: "In any place of the key; a partition's own keys are its own matter",
        sql: `CREATE TABLE event (
  created_at timestamptz NOT NULL,
  tenant_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE UNIQUE INDEX ON event (created_at, lower(tenant_id::text));
CREATE INDEX ON event (tenant_id);
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE UNIQUE INDEX ON event_2026 (id);
`,
      },
    ],
  },
});

/** The first column or expression of the partition key that the index has no column for. */
function lackingIn(index: Index, { keys }: PartitionKey): string | undefined {
  for (const { column, expression } of keys) {
    if (column === undefined) return expression?.text;
    if (!index.keys.some((key) => key.column === column)) return column;
  }
  return undefined;
}
