/** Partitions between which rows find no place. */
import { compareBounds, hashBound, rangeBound, type RangeBound } from "../../model/partitionBounds.ts";
import { partitionsOf } from "../../model/queries.ts";
import type { Table } from "../../model/schema.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noPartitionGap = defineRule({
  id: "no-partition-gap",
  aliases: ["partition-health"],
  group: "schema",
  category: "design",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Leave no gap between partitions.",
  why: `A row that no partition takes is refused: no partition of relation found for row. Between two ranges, or without
one of the remainders of a hash, that is nearly always a partition that was forgotten.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE"],
  *checkTable(table, schema) {
    const { partitionBy } = table;
    if (partitionBy === undefined) return;
    const partitions = partitionsOf(schema, table.key);
    if (partitionBy.strategy === "range") {
      for (const { after, before } of gapsBetween(partitions)) {
        yield {
          at: before.origins,
          subject: before.key,
          message: `No partition of ${say(table)} takes what lies between ${say(after)} and ${say(before)}.`,
          related: [{ at: after.origins, message: `${say(after)} ends before ${say(before)} begins.` }],
        };
      }
    }
    if (partitionBy.strategy === "hash" && partitions.length > 0) {
      const share = shareTaken(partitions);
      if (share === undefined || share >= 1) return;
      yield {
        at: table.origins,
        subject: table.key,
        message: `The ${partitions.length} partitions of ${say(table)} do not take every remainder.`,
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE event (id bigint, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE event_2026_01 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE event_2026_03 PARTITION OF event FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
--           ^^^^^^^^^^^^^ No partition of event takes what lies between event_2026_01 and event_2026_03.
`,
      },
      {
        sql: `CREATE TABLE session (id uuid NOT NULL) PARTITION BY HASH (id);
--           ^^^^^^^ The 2 partitions of session do not take every remainder.
CREATE TABLE session_0 PARTITION OF session FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE session_1 PARTITION OF session FOR VALUES WITH (MODULUS 2, REMAINDER 1);
`,
      },
    ],
    good: [
      {
        title: "The bounds meet, in whatever order they are written; or the rest has a partition of its own",
        sql: `CREATE TABLE event (id bigint, at timestamptz NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE event_2 PARTITION OF event FOR VALUES FROM ('2026-02-01 00:00:00+00') TO (MAXVALUE);
CREATE TABLE event_1 PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE reading (id int NOT NULL) PARTITION BY RANGE (id);
CREATE TABLE reading_low PARTITION OF reading FOR VALUES FROM (0) TO (10);
CREATE TABLE reading_high PARTITION OF reading FOR VALUES FROM (90) TO (100);
CREATE TABLE reading_rest PARTITION OF reading DEFAULT;
CREATE TABLE session (id uuid NOT NULL) PARTITION BY HASH (id);
CREATE TABLE session_0 PARTITION OF session FOR VALUES WITH (MODULUS 4, REMAINDER 0);
CREATE TABLE session_1 PARTITION OF session FOR VALUES WITH (MODULUS 4, REMAINDER 2);
CREATE TABLE session_2 PARTITION OF session FOR VALUES WITH (MODULUS 2, REMAINDER 1);
`,
      },
    ],
  },
});

/** Neighbours whose ranges do not meet; none when one partition takes the rest, or when the order of the bounds is unknown. */
function gapsBetween(partitions: readonly Table[]): readonly { readonly after: Table; readonly before: Table }[] {
  const ranges: { table: Table; range: RangeBound }[] = [];
  for (const table of partitions) {
    const range = rangeBound(table.partitionOf?.bound ?? "");
    if (range === undefined) return [];
    ranges.push({ table, range });
  }
  let isComparable = true;
  const order = (a: RangeBound["from"], b: RangeBound["from"]): number => {
    const result = compareBounds(a, b);
    if (result === undefined) isComparable = false;
    return result ?? 0;
  };
  ranges.sort((a, b) => order(a.range.from, b.range.from));
  const gaps = ranges.flatMap(({ table: before, range }, i) => {
    const previous = ranges[i - 1];
    return previous !== undefined && order(previous.range.to, range.from) < 0 ? [{ after: previous.table, before }] : [];
  });
  return isComparable ? gaps : [];
}

/** What part of all rows the partitions take, 1 for all of them. */
function shareTaken(partitions: readonly Table[]): number | undefined {
  let share = 0;
  for (const { partitionOf } of partitions) {
    const bound = hashBound(partitionOf?.bound ?? "");
    if (bound === undefined || bound.modulus === 0) return undefined;
    share += 1 / bound.modulus;
  }
  return Math.round(share * 1e6) / 1e6;
}
