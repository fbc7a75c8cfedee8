/** Primary keys over many columns. */
import { parentOf } from "../../model/queries.ts";
import { say, subjectOfColumns } from "../names.ts";
import { numberIn } from "../options.ts";
import { defineRule } from "../rule.ts";

export const noWidePrimaryKey = defineRule({
  id: "no-wide-primary-key",
  aliases: ["composite-pk-too-wide"],
  group: "schema",
  category: "keys",
  severity: "information",
  preset: "strict",
  since: "0.1.0",
  summary: "Keep primary keys narrow.",
  why: `Every foreign key repeats all columns of the key it points at, in its table and in its index, and every request
must name all of them. A surrogate key does for both; a UNIQUE constraint over the columns keeps what they say.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS"],
  options: {
    columns: { default: 4, description: "The most columns that a primary key may have." },
  },
  *checkTable(table, schema, { options }) {
    const key = table.primaryKey;
    if (key === undefined || key.columns.length < 2 || key.columns.length <= numberIn(options, "columns")) return;
    if (parentOf(schema, table) !== undefined) return;
    yield {
      at: key.origins,
      subject: subjectOfColumns(table, key.columns),
      message: `The primary key of ${say(table)} has ${key.columns.length} columns.`,
    };
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE booking (
  hotel_id bigint,
  building smallint,
  floor smallint,
  room smallint,
  night date,
  PRIMARY KEY (hotel_id, building, floor, room, night)
--^^^^^^^^^^^ The primary key of booking has 5 columns.
);
`,
      },
      {
        prisma: `model Booking {
  hotel    BigInt
  building Int
  floor    Int
  room     Int
  night    DateTime @db.Date

  @@id([hotel, building, floor, room, night])
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ The primary key of Booking has 5 columns.
}
`,
      },
    ],
    good: [
      {
        title: "Included columns are no part of the key",
        sql: `CREATE TABLE price (
  list_id bigint,
  product_id bigint,
  currency text,
  starts_on date,
  amount numeric(12, 2),
  PRIMARY KEY (list_id, product_id, currency, starts_on) INCLUDE (amount)
);
`,
      },
    ],
  },
});
