/** Amounts of money in binary floating point. */
import { baseType } from "../../model/pgTypes.ts";
import { columnsWhere } from "../../model/queries.ts";
import type { Column, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";
import { changedType } from "./changedType.ts";
import { namesMoney } from "./moneyNames.ts";

export const noFloatMoney = defineRule({
  id: "no-float-money",
  aliases: ["float-for-money"],
  group: "schema",
  category: "types",
  severity: "warning",
  since: "0.1.0",
  summary: "Do not keep money in float columns.",
  why: `Most decimal fractions have no exact value in real and double precision: 0.1 + 0.2 is not 0.3, sums drift with the
order of their rows, and equality fails. A numeric is exact.`,
  sources: [
    "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-FLOAT",
    "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-NUMERIC-DECIMAL",
  ],
  *checkTable(table) {
    for (const column of columnsWhere(table, isFloatMoney)) {
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} keeps money in floating point.`,
        fix: (schema) => {
          const type = baseType("numeric", [19, 4], column.type.isArray);
          return changedType(schema, { columns: [{ table, column }], type, title: "Change the type to numeric(19, 4)" });
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Invoice {
  id         Int    @id
  totalPrice Float  @default(0)
//^^^^^^^^^^ Invoice(totalPrice) keeps money in floating point.
  taxes      Float[]
//^^^^^ Invoice(taxes) keeps money in floating point.
}
`,
        fixed: `model Invoice {
  id         Int    @id
  totalPrice Decimal  @default(0) @db.Decimal(19, 4)
  taxes      Float[]
}
`,
      },
      {
        sql: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  unit_price double precision NOT NULL DEFAULT 0,
--^^^^^^^^^^ invoice(unit_price) keeps money in floating point.
  "shippingCost" real
--^^^^^^^^^^^^^^ invoice(shippingCost) keeps money in floating point.
);
`,
        fixed: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  unit_price numeric(19, 4) NOT NULL DEFAULT 0,
  "shippingCost" real
);
`,
      },
    ],
    good: [
      {
        title: "Rates, counts, scores and places are measured, not paid",
        sql: `CREATE TABLE offer (
  id int PRIMARY KEY,
  price numeric(19, 4),
  amount_in_cents bigint,
  discount_percent float8,
  "taxRate" float8,
  price_score real,
  amount float8,
  amount_unit text,
  total_time_ms float8,
  total_count float8,
  lat float8,
  lng float8,
  syntax float8,
  accosted float8
);
`,
      },
      {
        prisma: `model Offer {
  id              Int     @id
  price           Decimal @db.Decimal(19, 4)
  conversionRate  Float
  discountPercent Float
  totalWeight     Float
  costar          Float
}
`,
      },
    ],
  },
});

function isFloatMoney(column: Column, table: Table): boolean {
  return isFloat(column) && namesMoney(column.name) && !hasUnit(table, column);
}

function isFloat(column: Column): boolean {
  return column.type.kind === "base" && (column.type.name === "float4" || column.type.name === "float8");
}

/** An amount beside its unit of measure, `amount` and `amount_uom`, is no money. */
function hasUnit(table: Table, { name }: Column): boolean {
  for (const other of table.columns.keys()) {
    if (other.startsWith(name) && /^_?(?:uom|units?)$/i.test(other.slice(name.length))) return true;
  }
  return false;
}
