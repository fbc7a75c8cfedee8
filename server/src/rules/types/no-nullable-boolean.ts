/** Booleans with a third value. */
import { isImplied } from "../../model/queries.ts";
import type { Column, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noNullableBoolean = defineRule({
  id: "no-nullable-boolean",
  aliases: ["boolean-null"],
  group: "schema",
  category: "types",
  severity: "information",
  since: "0.1.0",
  summary: "Make booleans NOT NULL with a default.",
  why: `A boolean that may be null has three values, and conditions see two: WHERE done and WHERE NOT done both leave out
the rows where it is null. Where not known is meant, an enum says so.`,
  sources: ["https://www.postgresql.org/docs/current/functions-logical.html", "https://www.postgresql.org/docs/current/datatype-boolean.html"],
  *checkTable(table) {
    for (const column of table.columns.values()) {
      if (column.type.name !== "bool" || column.notNull || column.type.isArray || !isStored(table, column)) continue;
      const value = constantOf(column);
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `Boolean ${sayColumns(table, [column.name])} has a third value: it may be null.`,
        fix: {
          title: `Make it NOT NULL, ${value} where it was null`,
          safety: "review",
          intent: { do: "setNotNull", table, column, value },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Task {
  id   BigInt   @id
  done Boolean?
//^^^^ Boolean Task(done) has a third value: it may be null.
}
`,
        fixed: `model Task {
  id   BigInt   @id
  done Boolean @default(false)
}
`,
      },
      {
        sql: `CREATE TABLE task (
  id bigint PRIMARY KEY,
  is_open boolean DEFAULT true, -- until somebody closes it
--^^^^^^^ Boolean task(is_open) has a third value: it may be null.
  title text NOT NULL
);
`,
        fixed: `CREATE TABLE task (
  id bigint PRIMARY KEY,
  is_open boolean DEFAULT true NOT NULL, -- until somebody closes it
  title text NOT NULL
);
`,
      },
      {
        sql: `CREATE TABLE task (id bigint PRIMARY KEY, done bool NULL CHECK (done IS NOT DISTINCT FROM done));
--                                        ^^^^ Boolean task(done) has a third value: it may be null.
`,
        fixed: `CREATE TABLE task (id bigint PRIMARY KEY, done bool NOT NULL DEFAULT false CHECK (done IS NOT DISTINCT FROM done));
`,
      },
    ],
    good: [
      {
        title: "A check says what null goes with; a computed one follows what it is computed from",
        sql: `CREATE TABLE answer (
  id bigint PRIMARY KEY,
  question text NOT NULL,
  agreed boolean,
  answered_at timestamptz,
  was_late boolean GENERATED ALWAYS AS (answered_at > 'epoch') STORED,
  flags boolean[],
  CHECK ((agreed IS NULL) = (answered_at IS NULL))
);
`,
      },
      {
        prisma: `model Task {
  id   BigInt  @id
  done Boolean @default(false)
}
`,
      },
    ],
  },
});

/** Not computed, and nothing said about what null means in it. */
function isStored(table: Table, column: Column): boolean {
  return (
    column.generated === undefined &&
    !isImplied(column) &&
    !table.checks.some(({ expression }) => expression.columns.includes(column.name) && expression.columns.length > 1)
  );
}

/** What null most likely meant: the default, or else no. */
function constantOf({ default: value }: Column): string {
  return value !== undefined && /^[\s('t]*true\b|^'t'/i.test(value.text) ? "true" : "false";
}
