/** Instants that are rounded to whole seconds. */
import { baseType, formatType } from "../../model/pgTypes.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";
import { changedType } from "./changedType.ts";

export const noTimestampPrecisionZero = defineRule({
  id: "no-timestamp-precision-zero",
  aliases: ["timestamp-precision-zero"],
  group: "schema",
  category: "types",
  severity: "information",
  since: "0.1.0",
  summary: "Do not round instants to whole seconds.",
  why: `A precision of zero rounds, it does not cut: half a second before midnight becomes the next day, and a row may be
created in the future. Use date_trunc('second', …) to show less; the full precision takes the same eight bytes.`,
  sources: ["https://www.postgresql.org/docs/current/datatype-datetime.html"],
  *checkTable(table) {
    for (const column of columnsWhere(table, isRounded)) {
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} is rounded to whole seconds.`,
        fix: (schema) => {
          const type = baseType(column.type.name, [], column.type.isArray);
          return changedType(schema, { columns: [{ table, column }], type, title: `Change the type to ${formatType(type)}, in microseconds` });
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Deal {
  id       Int      @id
  closedAt DateTime @db.Timestamptz(0)
//^^^^^^^^ Deal(closedAt) is rounded to whole seconds.
}
`,
        fixed: `model Deal {
  id       Int      @id
  closedAt DateTime @db.Timestamptz
}
`,
      },
      {
        sql: `CREATE TABLE deal (
  id int PRIMARY KEY,
  closed_at timestamptz(0) NOT NULL DEFAULT now(),
--^^^^^^^^^ deal(closed_at) is rounded to whole seconds.
  created_at timestamp(0) without time zone
--^^^^^^^^^^ deal(created_at) is rounded to whole seconds.
);
`,
        fixed: `CREATE TABLE deal (
  id int PRIMARY KEY,
  closed_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamp(0) without time zone
);
`,
      },
    ],
    good: [
      {
        title: "Milliseconds are what JavaScript has, and a time of day is no instant",
        prisma: `model Deal {
  id       Int      @id
  closedAt DateTime @db.Timestamptz(3)
  opensAt  DateTime @db.Time(0)
}
`,
      },
      {
        sql: `CREATE TABLE deal (id int PRIMARY KEY, closed_at timestamptz(3), created_at timestamptz, opens_at time(0), price numeric(10, 0));
`,
      },
    ],
  },
});

function isRounded(column: Column): boolean {
  const { name, kind, modifiers } = column.type;
  return modifiers[0] === 0 && (name === "timestamptz" || name === "timestamp") && kind === "base" && !isImplied(column);
}
