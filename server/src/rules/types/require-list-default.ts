/** Lists of a Prisma schema that can be NULL in the database. */
import { columnsWhere, isImplied } from "../../model/queries.ts";
import { formatType } from "../../model/pgTypes.ts";
import type { Column } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireListDefault = defineRule({
  id: "require-list-default",
  aliases: ["array-default-missing"],
  group: "schema",
  category: "types",
  severity: "information",
  languages: ["prisma"],
  since: "0.1.0",
  summary: "Give lists the empty list as their default.",
  why: `Prisma makes a list nullable and leaves it NULL when a row is created without it, while its client reads NULL as an
empty list. The database does not: isEmpty finds no such row, NOT has finds none either, and neither does raw SQL.`,
  sources: [
    "https://www.postgresql.org/docs/current/functions-comparisons.html",
    "https://www.prisma.io/docs/orm/prisma-client/special-fields-and-types/working-with-scalar-lists-arrays",
  ],
  *checkTable(table) {
    for (const column of columnsWhere(table, lacksDefault)) {
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} is NULL, not an empty list, where no value is given.`,
        fix: {
          title: "Make the empty list the default",
          safety: "review",
          intent: { do: "setDefault", table, column, value: `ARRAY[]::${formatType(column.type)}`, madeBy: "database" },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Deal {
  id     Int      @id
  tags   String[]
//^^^^ Deal(tags) is NULL, not an empty list, where no value is given.
  scores Int[]    @db.SmallInt
//^^^^^^ Deal(scores) is NULL, not an empty list, where no value is given.
}
`,
        fixed: `model Deal {
  id     Int      @id
  tags   String[] @default([])
  scores Int[]    @db.SmallInt
}
`,
      },
    ],
    good: [
      {
        title: "With a default here, or one that a migration made",
        prisma: `model Deal {
  id     Int      @id
  tags   String[] @default([])
  labels String[]
  title  String?
}
`,
        history: `CREATE TABLE "Deal" (id int NOT NULL, tags text[] DEFAULT '{}', labels text[] NOT NULL DEFAULT '{}', title text, CONSTRAINT "Deal_pkey" PRIMARY KEY (id));
`,
      },
    ],
  },
});

function lacksDefault(column: Column): boolean {
  return (
    column.type.isArray &&
    column.default === undefined &&
    !column.notNull &&
    column.generated === undefined &&
    column.prismaName !== undefined &&
    !isImplied(column)
  );
}
