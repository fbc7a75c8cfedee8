/** Instants kept without their time zone. */
import { baseType } from "../../model/pgTypes.ts";
import { columnsWhere, type PlacedColumn } from "../../model/queries.ts";
import type { Column, Schema } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";
import { changedType } from "./changedType.ts";

export const preferTimestamptz = defineRule({
  id: "prefer-timestamptz",
  aliases: ["timestamp-without-time-zone"],
  group: "schema",
  category: "types",
  severity: "warning",
  since: "0.1.0",
  summary: "Keep instants in timestamptz.",
  why: `A timestamp is what a wall clock showed, nobody knows where: PostgreSQL drops a given offset silently, and now(),
comparisons and casts use the session's TimeZone. A timestamptz is the instant itself and takes the same eight bytes.`,
  sources: ["https://www.postgresql.org/docs/current/datatype-datetime.html"],
  *checkTable(table) {
    for (const column of columnsWhere(table, isTimestamp)) {
      const at = { table, column };
      const names = [column.name];
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, names),
        message: `${sayColumns(table, names)} is a timestamp without time zone.`,
        fix: (schema) => fixFor(schema, at),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "DateTime alone is timestamp(3)",
        prisma: `model Deal {
  id        Int      @id
  createdAt DateTime @default(now()) @map("created_at") // by the database
//^^^^^^^^^ Deal(created_at) is a timestamp without time zone.
}
`,
        fixed: `model Deal {
  id        Int      @id
  createdAt DateTime @default(now()) @map("created_at") @db.Timestamptz(3) // by the database
}
`,
      },
      {
        prisma: `model Deal {
  id       Int       @id
  closedAt DateTime? @db.Timestamp(6)
//^^^^^^^^ Deal(closedAt) is a timestamp without time zone.
}
`,
        fixed: `model Deal {
  id       Int       @id
  closedAt DateTime? @db.Timestamptz(6)
}
`,
      },
      {
        sql: `CREATE TABLE deal (
  id int PRIMARY KEY,
  created_at timestamp(3) without time zone NOT NULL DEFAULT now(),
--^^^^^^^^^^ deal(created_at) is a timestamp without time zone.
  closed_at TIMESTAMP
--^^^^^^^^^ deal(closed_at) is a timestamp without time zone.
);
`,
        fixed: `CREATE TABLE deal (
  id int PRIMARY KEY,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  closed_at TIMESTAMP
);
`,
      },
    ],
    good: [
      {
        title: "Dates and times of day are no instants",
        prisma: `model Event {
  id       Int      @id
  at       DateTime @db.Timestamptz(3)
  day      DateTime @db.Date
  openFrom DateTime @db.Time
}
`,
      },
      {
        sql: `CREATE TABLE event (
  id int PRIMARY KEY,
  at timestamp with time zone,
  day date,
  open_from time,
  timestamp bigint,
  "timestamp without time zone" text
);
`,
      },
    ],
  },
});

function isTimestamp({ type }: Column): boolean {
  return type.name === "timestamp" && type.kind === "base";
}

function fixFor(schema: Schema, at: PlacedColumn): Fix | undefined {
  const { modifiers, isArray } = at.column.type;
  return changedType(schema, {
    columns: [at],
    type: baseType("timestamptz", modifiers, isArray),
    using: isArray ? undefined : "$ AT TIME ZONE 'UTC'",
    title: "Change the type to timestamptz, reading what is there as UTC",
  });
}
