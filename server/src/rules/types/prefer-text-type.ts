/** Lengths in types, where nothing says why. */
import { baseType } from "../../model/pgTypes.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import { tiedColumns } from "../../model/tiedColumns.ts";
import type { Column } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";
import { changedType } from "./changedType.ts";

export const preferTextType = defineRule({
  id: "prefer-text-type",
  aliases: ["varchar-n"],
  group: "schema",
  category: "types",
  severity: "information",
  preset: "strict",
  since: "0.1.0",
  summary: "Keep strings in text, with a CHECK where their length matters.",
  why: `PostgreSQL stores varchar(255) and text alike, so a length in the type saves nothing. It is a rule of the business
in a place where it is hard to change: a shorter one rewrites the table, any other fails where a view reads the column.`,
  sources: ["https://www.postgresql.org/docs/current/datatype-character.html", "https://www.postgresql.org/docs/current/sql-altertable.html"],
  *checkTable(table) {
    for (const column of columnsWhere(table, isLimited)) {
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} is varchar(${column.type.modifiers[0] ?? 0}), not text.`,
        fix: (schema) => {
          const columns = tiedColumns(schema, { table, column });
          if (!columns.every((at) => isString(at.column))) return undefined;
          return changedType(schema, { columns, type: baseType("text", [], column.type.isArray), title: "Change the type to text, without a limit" });
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Account {
  id   Int    @id
  name String @db.VarChar(255)
//^^^^ Account(name) is varchar(255), not text.
}
`,
        fixed: `model Account {
  id   Int    @id
  name String
}
`,
      },
      {
        sql: `CREATE TABLE account (
  id int PRIMARY KEY,
  name character varying(255) NOT NULL,
--^^^^ account(name) is varchar(255), not text.
  note varchar
);
`,
        fixed: `CREATE TABLE account (
  id int PRIMARY KEY,
  name text NOT NULL,
  note varchar
);
`,
      },
    ],
    good: [
      {
        title: "A CHECK says the limit, and is changed without touching the table",
        sql: `CREATE TABLE account (
  id int PRIMARY KEY,
  name text NOT NULL CHECK (char_length(name) <= 255),
  note varchar,
  flags varbit(8)
);
`,
      },
      {
        prisma: `model Account {
  id   Int    @id
  name String
  note String @db.VarChar
}
`,
      },
    ],
  },
});

function isLimited(column: Column): boolean {
  return column.type.name === "varchar" && column.type.modifiers.length > 0 && column.type.kind === "base" && !isImplied(column);
}

function isString({ type }: Column): boolean {
  return type.kind === "base" && (type.name === "varchar" || type.name === "text");
}
