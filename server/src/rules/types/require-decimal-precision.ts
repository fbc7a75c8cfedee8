/** Decimals as Prisma makes them when nobody says how precise. */
import { baseType } from "../../model/pgTypes.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";
import { changedType } from "./changedType.ts";
import { namesMoney } from "./moneyNames.ts";

export const requireDecimalPrecision = defineRule({
  id: "require-decimal-precision",
  aliases: ["decimal-default-precision"],
  group: "schema",
  category: "types",
  severity: "information",
  since: "0.1.0",
  summary: "Say how precise a decimal is.",
  why: `A Decimal without a native type becomes numeric(65,30): every value is padded to thirty decimals, which readers of
the database see, and prices with ten of them are accepted. The precision is a rule of the business; say it.`,
  sources: [
    "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-NUMERIC-DECIMAL",
    "https://www.prisma.io/docs/orm/reference/prisma-schema-reference#decimal",
  ],
  *checkTable(table) {
    for (const column of columnsWhere(table, isDefaultDecimal)) {
      const type = baseType("numeric", namesMoney(column.name) ? [19, 4] : [], column.type.isArray);
      const said = type.modifiers.length > 0 ? "numeric(19, 4)" : "numeric, without padding";
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} is numeric(65,30), Prisma's default.`,
        fix: (schema) => changedType(schema, { columns: [{ table, column }], type, title: `Change the type to ${said}` }),
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Offer {
  id     Int     @id
  price  Decimal @default(0)
//^^^^^ Offer(price) is numeric(65,30), Prisma's default.
  weight Decimal?
//^^^^^^ Offer(weight) is numeric(65,30), Prisma's default.
}
`,
        fixed: `model Offer {
  id     Int     @id
  price  Decimal @default(0) @db.Decimal(19, 4)
  weight Decimal?
}
`,
      },
      {
        title: "As Prisma's migrations write it; what is no money keeps every digit it has",
        sql: `CREATE TABLE "Offer" (
  "id" INTEGER NOT NULL,
  "weight" DECIMAL(65,30) NOT NULL DEFAULT 0,
--^^^^^^^^ Offer(weight) is numeric(65,30), Prisma's default.
  CONSTRAINT "Offer_pkey" PRIMARY KEY ("id")
);
`,
        fixed: `CREATE TABLE "Offer" (
  "id" INTEGER NOT NULL,
  "weight" numeric NOT NULL DEFAULT 0,
  CONSTRAINT "Offer_pkey" PRIMARY KEY ("id")
);
`,
      },
    ],
    good: [
      {
        prisma: `model Offer {
  id     Int     @id
  price  Decimal @db.Decimal(12, 2)
  weight Decimal @db.Decimal
  score  Float
}
`,
      },
      {
        sql: `CREATE TABLE offer (id int PRIMARY KEY, price numeric(12, 2), weight numeric, mass numeric(65, 20));
`,
      },
    ],
  },
});

function isDefaultDecimal(column: Column): boolean {
  const { name, kind, modifiers } = column.type;
  return name === "numeric" && modifiers[0] === 65 && modifiers[1] === 30 && kind === "base" && !isImplied(column);
}
