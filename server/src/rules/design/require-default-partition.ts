/** Partitioned tables that refuse what no partition is there for. */
import { doubtAbout, partitionsOf } from "../../model/queries.ts";
import { rangeBound } from "../../model/partitionBounds.ts";
import type { Table } from "../../model/schema.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireDefaultPartition = defineRule({
  id: "require-default-partition",
  aliases: ["partition-without-default"],
  group: "schema",
  category: "design",
  severity: "information",
  preset: "strict",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Give a partitioned table a default partition.",
  why: `A row that no partition takes is refused. When next month's partition was not made in time, every INSERT fails;
with a default partition the rows are kept, and can be moved later. The price: attaching a partition first looks through
the default one.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE"],
  *checkTable(table, schema) {
    const { partitionBy } = table;
    if (partitionBy === undefined || partitionBy.strategy === "hash") return;
    const partitions = partitionsOf(schema, table.key);
    if (partitions.length === 0 || partitions.some(takesTheRest) || coversAll(partitions)) return;
    yield {
      at: table.origins,
      subject: table.key,
      message: `Partitioned table ${say(table)} has no default partition.`,
      doubt: doubtAbout(schema, table),
    };
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE event (id bigint, day date NOT NULL) PARTITION BY RANGE (day);
--           ^^^^^ Partitioned table event has no default partition.
CREATE TABLE event_2026 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
`,
      },
    ],
    good: [
      {
        title: "A hash cannot have one; ranges without end need none; a table without any partition gets them elsewhere",
        sql: `CREATE TABLE session (id uuid NOT NULL) PARTITION BY HASH (id);
CREATE TABLE session_0 PARTITION OF session FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE TABLE reading (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE reading_old PARTITION OF reading FOR VALUES FROM (MINVALUE) TO (1000);
CREATE TABLE reading_new PARTITION OF reading FOR VALUES FROM (1000) TO (MAXVALUE);
CREATE TABLE event (id bigint, kind text NOT NULL) PARTITION BY LIST (kind);
CREATE TABLE event_click PARTITION OF event FOR VALUES IN ('click');
CREATE TABLE event_other PARTITION OF event DEFAULT;
CREATE TABLE visit (id bigint, day date NOT NULL) PARTITION BY RANGE (day);
`,
      },
    ],
  },
});

function takesTheRest({ partitionOf }: Table): boolean {
  return partitionOf !== undefined && /^\s*default\s*$/i.test(partitionOf.bound);
}

/** From the beginning of the line to its end; gaps between are another rule's. */
function coversAll(partitions: readonly Table[]): boolean {
  const ranges = partitions.map(({ partitionOf }) => rangeBound(partitionOf?.bound ?? ""));
  return ranges.some((range) => range?.from.kind === "min") && ranges.some((range) => range?.to.kind === "max");
}
