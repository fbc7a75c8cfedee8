/** Times of day with a time zone. */
import { baseType } from "../../model/pgTypes.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";
import { changedType } from "./changedType.ts";

export const noTimetz = defineRule({
  id: "no-timetz",
  aliases: ["timetz-current-time"],
  group: "schema",
  category: "types",
  severity: "information",
  since: "0.1.0",
  summary: "Do not use time with time zone, nor CURRENT_TIME, which is one.",
  why: `A zone's offset follows from a date, which a timetz does not have: half the year it is wrong, and it cannot be
turned into an instant. PostgreSQL's own manual advises against the type, which only the SQL standard wants.`,
  sources: ["https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-TIMEZONES"],
  *checkTable(table) {
    for (const column of columnsWhere(table, isTimetz)) {
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} has a time zone but no date.`,
        fix: (schema) => {
          const changed = { table, column, default: localDefault(column) };
          const type = baseType("time", column.type.modifiers, column.type.isArray);
          return changedType(schema, { columns: [changed], type, title: "Change the type to time, without a zone" });
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Shop {
  id      Int      @id
  opensAt DateTime @db.Timetz(3)
//^^^^^^^ Shop(opensAt) has a time zone but no date.
}
`,
        fixed: `model Shop {
  id      Int      @id
  opensAt DateTime @db.Time(3)
}
`,
      },
      {
        title: "CURRENT_TIME is a time with time zone too",
        sql: `CREATE TABLE shop (
  id int PRIMARY KEY,
  opens_at time with time zone NOT NULL DEFAULT CURRENT_TIME,
--^^^^^^^^ shop(opens_at) has a time zone but no date.
  closes_at timetz(0)
--^^^^^^^^^ shop(closes_at) has a time zone but no date.
);
`,
        fixed: `CREATE TABLE shop (
  id int PRIMARY KEY,
  opens_at time NOT NULL DEFAULT LOCALTIME,
  closes_at timetz(0)
);
`,
      },
    ],
    good: [
      {
        prisma: `model Shop {
  id      Int      @id
  opensAt DateTime @db.Time(3)
  since   DateTime @db.Timestamptz(3)
}
`,
      },
      {
        sql: `CREATE TABLE shop (id int PRIMARY KEY, opens_at time DEFAULT LOCALTIME, since timestamptz DEFAULT CURRENT_TIMESTAMP, timetz text);
`,
      },
    ],
  },
});

function isTimetz(column: Column): boolean {
  return column.type.name === "timetz" && column.type.kind === "base" && !isImplied(column);
}

/** CURRENT_TIME without its zone; other defaults become a time by PostgreSQL's own cast. */
function localDefault(column: Column): string | undefined {
  const precision = column.default === undefined ? undefined : currentTime.exec(column.default.text);
  return precision === null || precision === undefined ? undefined : `LOCALTIME${precision[1] ?? ""}`;
}

const currentTime = /^\s*current_time\s*(\(\s*\d+\s*\))?\s*$/i;
