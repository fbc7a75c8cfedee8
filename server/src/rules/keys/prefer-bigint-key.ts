/** Primary keys of 32 or 16 bits, and the foreign keys that follow them. */
import { isNumbered, sequenceOf } from "../../model/generatedValues.ts";
import { baseType } from "../../model/pgTypes.ts";
import { parentOf, type PlacedColumn, viewsReading } from "../../model/queries.ts";
import { tiedColumns } from "../../model/tiedColumns.ts";
import type { Column, Schema, Table } from "../../model/schema.ts";
import type { TypedColumn } from "../../edits/intent.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";

export const preferBigintKey = defineRule({
  id: "prefer-bigint-key",
  aliases: ["int-primary-key"],
  group: "schema",
  category: "keys",
  severity: "information",
  since: "0.1.0",
  summary: "Number rows by bigint.",
  why: `An integer ends at 2,147,483,647, a smallint at 32,767, and rows that are gone have used up their numbers too. When
the last one is taken every INSERT fails, and the way out rewrites the table, and every table that refers to it, under
an exclusive lock. A bigint costs four bytes more, often none because of alignment.`,
  sources: [
    "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT",
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
  ],
  *checkTable(table, schema) {
    const key = table.primaryKey;
    if (key === undefined) return;
    for (const name of key.columns) {
      const column = table.columns.get(name);
      if (column === undefined || !canRunOut(table, column, key.columns.length === 1)) continue;
      if (parentOf(schema, table) !== undefined) return;
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [name]),
        message: `Key ${sayColumns(table, [name])} is ${column.type.name === "int2" ? "a smallint: it ends at 32,767" : "an integer: it ends at 2,147,483,647"}.`,
        doubt: isNumbered(column) ? undefined : "Nothing numbers the rows: how far its values go is not known.",
        fix: (whole) => fixFor(whole, tiedColumns(whole, { table, column })),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Foreign keys change together with the key",
        prisma: `model Account {
  id    Int    @id @default(autoincrement())
//^^ Key Account(id) is an integer: it ends at 2,147,483,647.
  deals Deal[]
}

model Deal {
  id        BigInt  @id @default(autoincrement())
  accountId Int     @map("account_id")
  account   Account @relation(fields: [accountId], references: [id])
}
`,
        fixed: `model Account {
  id    BigInt    @id @default(autoincrement())
  deals Deal[]
}

model Deal {
  id        BigInt  @id @default(autoincrement())
  accountId BigInt     @map("account_id")
  account   Account @relation(fields: [accountId], references: [id])
}
`,
      },
      {
        title: "The sequence of a serial column has a type of its own",
        sql: `CREATE TABLE account (
  id serial PRIMARY KEY
--^^ Key account(id) is an integer: it ends at 2,147,483,647.
);
CREATE TABLE deal (
  id bigint PRIMARY KEY,
  account_id integer REFERENCES account ON DELETE CASCADE
);
`,
        fixed: `CREATE TABLE account (
  id bigserial PRIMARY KEY
);
CREATE TABLE deal (
  id bigint PRIMARY KEY,
  account_id bigint REFERENCES account ON DELETE CASCADE
);
`,
      },
      {
        title: "A numbered column runs out in a key of several columns too",
        sql: `CREATE TABLE event (
  day date,
  id integer GENERATED ALWAYS AS IDENTITY,
--^^ Key event(id) is an integer: it ends at 2,147,483,647.
  PRIMARY KEY (day, id)
);
`,
        fixed: `CREATE TABLE event (
  day date,
  id bigint GENERATED ALWAYS AS IDENTITY,
  PRIMARY KEY (day, id)
);
`,
      },
    ],
    good: [
      {
        title: "A chosen smallint is a code; a position among few rows never gets far; a key of another table ends where that one does",
        sql: `CREATE TABLE currency (id smallint PRIMARY KEY, name text NOT NULL);
CREATE TABLE quote (id bigint PRIMARY KEY);
CREATE TABLE quote_line (
  quote_id bigint REFERENCES quote ON DELETE CASCADE,
  line_no integer,
  currency_id smallint REFERENCES currency,
  PRIMARY KEY (quote_id, line_no)
);
`,
      },
      {
        prisma: `model Account {
  id   BigInt @id @default(autoincrement())
  code Int    @unique
}
`,
      },
    ],
  },
});

/**
 * Whether the values of a key's column may come to the end of its type. Not those of another table's key, which is
 * where they come to it; nor codes and positions that somebody chose.
 */
function canRunOut(table: Table, column: Column, isAlone: boolean): boolean {
  const { type } = column;
  if ((type.name !== "int4" && type.name !== "int2") || type.isArray) return false;
  if (table.foreignKeys.some(({ columns }) => columns.includes(column.name))) return false;
  return isNumbered(column) || (isAlone && type.name === "int4");
}

const bigint = baseType("int8");
const integers = new Set(["int2", "int4", "int8"]);

/** All tied columns become bigint at once. None is offered where one is no integer: that is a mismatch to look at first. */
function fixFor(schema: Schema, tied: readonly PlacedColumn[]): Fix | undefined {
  if (!tied.every(({ column }) => integers.has(column.type.name) && !column.type.isArray)) return undefined;
  const columns = tied.filter(({ column }) => column.type.name !== "int8").map((at) => withSequence(schema, at));
  const others = columns.length - 1;
  return {
    title: others === 0 ? "Change the type to bigint" : `Change the type to bigint, in ${others} tied column${others === 1 ? "" : "s"} too`,
    safety: "review",
    intent: { do: "setColumnType", columns, type: bigint, readBy: viewsReading(schema, columns) },
  };
}

function withSequence(schema: Schema, at: PlacedColumn): TypedColumn {
  const sequence = at.column.identity === undefined ? sequenceOf(schema, at.table, at.column) : undefined;
  return sequence === undefined || sequence.dataType.name === "int8" ? at : { ...at, sequence };
}
