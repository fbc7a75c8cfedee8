/** Columns of type money. */
import { baseType } from "../../model/pgTypes.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column, Schema, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";
import { changedType } from "./changedType.ts";

export const noMoneyType = defineRule({
  id: "no-money-type",
  aliases: ["money-type"],
  group: "schema",
  category: "types",
  severity: "warning",
  since: "0.1.0",
  summary: "Keep money in numeric, not in money.",
  why: `A money value is a number without its currency: the server's lc_monetary says which one it is shown in and how many
decimals it has, so the same bytes are dollars here and yen there. Dividing it rounds to a cent, silently.`,
  sources: ["https://www.postgresql.org/docs/current/datatype-money.html"],
  *checkTable(table) {
    for (const column of columnsWhere(table, isMoney)) {
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} is money: its currency and decimals are a setting of the server.`,
        fix: (schema) => fixFor(schema, table, column),
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Invoice {
  id    Int     @id
  total Decimal @default(0) @db.Money
//^^^^^ Invoice(total) is money: its currency and decimals are a setting of the server.
}
`,
        fixed: `model Invoice {
  id    Int     @id
  total Decimal @default(0) @db.Decimal(19, 4)
}
`,
      },
      {
        sql: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  total money NOT NULL DEFAULT 0,
--^^^^^ invoice(total) is money: its currency and decimals are a setting of the server.
  tax money
--^^^ invoice(tax) is money: its currency and decimals are a setting of the server.
);
`,
        fixed: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  total numeric(19, 4) NOT NULL DEFAULT 0,
  tax money
);
`,
      },
    ],
    good: [
      {
        sql: `CREATE TABLE invoice (id int PRIMARY KEY, total numeric(19, 4), money text);
`,
      },
      {
        title: "A type of one's own that is called money",
        sql: `CREATE SCHEMA shop;
CREATE DOMAIN shop.money AS numeric(19, 4);
CREATE TABLE invoice (id int PRIMARY KEY, total shop.money);
`,
      },
    ],
  },
});

function isMoney(column: Column): boolean {
  return column.type.name === "money" && column.type.kind === "base" && !isImplied(column);
}

/** None where the default may be written in a currency. */
function fixFor(schema: Schema, table: Table, column: Column): Fix | undefined {
  const number = column.default === undefined ? undefined : plainNumber.exec(column.default.text)?.[1];
  if (column.default !== undefined && number === undefined) return undefined;
  const isArray = column.type.isArray;
  return changedType(schema, {
    columns: [{ table, column, ...(isPlain(column, number) ? {} : { default: number }) }],
    type: baseType("numeric", [19, 4], isArray),
    title: "Change the type to numeric(19, 4)",
  });
}

/** Whether the default is a number as it stands. */
function isPlain(column: Column, number: string | undefined): boolean {
  return number === undefined || column.default?.text === number;
}

const plainNumber = /^\(?'?(-?\d+(?:\.\d+)?)'?\)?(?:::money)?$/;
