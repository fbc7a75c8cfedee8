/** Orders of columns that leave gaps in every row. */
import { isImplied } from "../../model/queries.ts";
import type { Schema, Table } from "../../model/schema.ts";
import { say } from "../names.ts";
import { numberIn } from "../options.ts";
import { defineRule } from "../rule.ts";
import { layoutOf } from "./storage.ts";

export const preferAlignedColumns = defineRule({
  id: "prefer-aligned-columns",
  aliases: ["column-alignment"],
  group: "schema",
  category: "design",
  severity: "information",
  preset: "all",
  since: "0.1.0",
  summary: "Order the columns of a large table by the size they are aligned to, widest first.",
  why: `A bigint begins at a multiple of eight bytes, an integer at a multiple of four: behind a smaller column the row has a
gap, in the table and in every index. It takes an order of columns to avoid, which is free while the table is new, and
counts from some millions of rows on. Columns of varying length go last. The order cannot change afterwards.`,
  sources: ["https://www.postgresql.org/docs/current/storage-page-layout.html#STORAGE-TUPLE-LAYOUT", "https://www.postgresql.org/docs/current/catalog-pg-type.html"],
  options: { bytes: { default: 8, description: "How many bytes of a row the gaps may take." } },
  *checkTable(table, schema, { options }) {
    if (table.columns.size < 3 || table.partitionOf !== undefined || !table.complete) return;
    const gaps = gapsIn(table, schema);
    if (gaps < numberIn(options, "bytes")) return;
    yield {
      at: table.origins,
      subject: table.key,
      message: `${say(table)} leaves ${gaps} bytes of each row empty between columns of different alignment.`,
    };
  },
  examples: {
    bad: [
      {
        prisma: `model Reading {
//    ^^^^^^^ Reading leaves 14 bytes of each row empty between columns of different alignment.
  active Boolean
  id     BigInt   @id
  valid  Boolean
  at     DateTime @db.Timestamptz(3)
}
`,
      },
      {
        sql: `CREATE TABLE reading (
--           ^^^^^^^ reading leaves 10 bytes of each row empty between columns of different alignment.
  id int PRIMARY KEY,
  at timestamptz NOT NULL,
  level smallint NOT NULL,
  value float8 NOT NULL
);
`,
      },
    ],
    good: [
      {
        title: "Widest first, UUIDs anywhere, and what follows a text is not known",
        sql: `CREATE TABLE reading (
  id bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  level int NOT NULL,
  device uuid NOT NULL,
  valid boolean NOT NULL,
  name text NOT NULL,
  value float8 NOT NULL,
  other int NOT NULL
);
`,
      },
    ],
  },
});

/**
 * Bytes that are empty for certain, in a row without nulls. Behind a value of varying length nobody knows where the next
 * one begins, until one that is aligned: `known` is what the place is a multiple of, 8 when it is known exactly.
 */
function gapsIn(table: Table, schema: Schema): number {
  let gaps = 0;
  let at = 0;
  let known = 8;
  for (const column of table.columns.values()) {
    if (isImplied(column)) return 0;
    if (column.generated !== undefined && !column.generated.stored) continue;
    const layout = layoutOf(schema, column.type);
    if (layout === undefined) known = 1;
    else {
      const { align, length } = layout;
      if (known < align) [at, known] = [0, align];
      const begin = Math.ceil(at / align) * align;
      gaps += begin - at;
      at = (begin + length) % 8;
    }
  }
  return gaps;
}
