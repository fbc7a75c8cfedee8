/** Strings of any length: the house rule opposite to `prefer-text-type`. */
import { baseType } from "../../model/pgTypes.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { numberIn } from "../options.ts";
import { defineRule } from "../rule.ts";
import { changedType } from "./changedType.ts";

export const requireStringLength = defineRule({
  id: "require-string-length",
  aliases: ["unbounded-string"],
  group: "schema",
  category: "types",
  severity: "information",
  preset: "all",
  since: "0.1.0",
  summary: "Limit the length of every string, in its type or by a CHECK.",
  why: `A text column takes up to a gigabyte from whoever may write to it, and a B-tree index over it refuses values of
more than about 2,700 bytes. Choose between this rule and prefer-text-type: one wants a length, the other a CHECK.`,
  sources: ["https://www.postgresql.org/docs/current/datatype-character.html", "https://www.postgresql.org/docs/current/btree.html"],
  options: { length: { default: 255, description: "The length that the fix writes." } },
  *checkTable(table, _schema, { options }) {
    for (const column of columnsWhere(table, isUnlimited)) {
      const length = numberIn(options, "length");
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} holds strings of any length.`,
        fix: (schema) =>
          changedType(schema, { columns: [{ table, column }], type: baseType("varchar", [length]), title: `Change the type to varchar(${length})` }),
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Account {
  id   Int    @id
  name String
//^^^^ Account(name) holds strings of any length.
}
`,
        fixed: `model Account {
  id   Int    @id
  name String @db.VarChar(255)
}
`,
      },
      {
        sql: `CREATE TABLE account (
  id int PRIMARY KEY,
  name text NOT NULL,
--^^^^ account(name) holds strings of any length.
  note varchar
--^^^^ account(note) holds strings of any length.
);
`,
        fixed: `CREATE TABLE account (
  id int PRIMARY KEY,
  name varchar(255) NOT NULL,
  note varchar
);
`,
      },
    ],
    good: [
      {
        title: "A CHECK limits it too, and so does a foreign key",
        sql: `CREATE TABLE country (code varchar(2) PRIMARY KEY);
CREATE TABLE account (
  id int PRIMARY KEY,
  name text NOT NULL CHECK (char_length(name) <= 255),
  state text NOT NULL CHECK (state IN ('open', 'closed')),
  country text REFERENCES country ON DELETE CASCADE,
  search text GENERATED ALWAYS AS (lower(name)) STORED
);
`,
      },
      {
        title: "Prisma Client makes the value, and knows its length",
        prisma: `model Account {
  id   String @id @default(cuid())
  name String @db.VarChar(255)
}
`,
      },
    ],
  },
});

function isUnlimited(column: Column, table: Table): boolean {
  const { name, kind, isArray, modifiers } = column.type;
  if ((name !== "text" && name !== "varchar") || kind !== "base" || isArray || modifiers.length > 0) return false;
  if (column.clientDefault !== undefined || column.generated !== undefined || isImplied(column)) return false;
  return !table.checks.some(({ expression }) => expression.columns.includes(column.name)) && !isForeign(table, column.name);
}

function isForeign(table: Table, column: string): boolean {
  return table.foreignKeys.some((key) => key.columns.includes(column));
}
