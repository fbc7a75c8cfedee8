/** Strings that PostgreSQL pads with blanks. */
import { baseType, formatType } from "../../model/pgTypes.ts";
import { columnsWhere, isImplied, type PlacedColumn } from "../../model/queries.ts";
import { tiedColumns } from "../../model/tiedColumns.ts";
import type { Column, PgType, Schema } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";
import { changedType } from "./changedType.ts";

export const noCharType = defineRule({
  id: "no-char-type",
  aliases: ["char-n"],
  group: "schema",
  category: "types",
  severity: "warning",
  since: "0.1.0",
  summary: "Keep strings in text or varchar, not in char(n).",
  why: `A char(n) is filled up with blanks to its length and is no faster for it. The blanks count in LIKE, in regular
expressions and on the client, not in comparisons and not in length(); and a shorter value is accepted all the same.`,
  sources: ["https://www.postgresql.org/docs/current/datatype-character.html"],
  *checkTable(table) {
    for (const column of columnsWhere(table, isReported)) {
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} is ${sayType(column.type)}: PostgreSQL pads it with blanks.`,
        fix: (schema) => fixFor(schema, tiedColumns(schema, { table, column })),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Columns that foreign keys tie to it change with it",
        prisma: `model Country {
  code   String  @id @db.Char(2)
//^^^^ Country(code) is char(2): PostgreSQL pads it with blanks.
  cities City[]
}

model City {
  id          Int     @id
  countryCode String  @db.Char(2)
//^^^^^^^^^^^ City(countryCode) is char(2): PostgreSQL pads it with blanks.
  country     Country @relation(fields: [countryCode], references: [code], onDelete: Cascade)
}
`,
        fixed: `model Country {
  code   String  @id @db.VarChar(2)
  cities City[]
}

model City {
  id          Int     @id
  countryCode String  @db.VarChar(2)
  country     Country @relation(fields: [countryCode], references: [code], onDelete: Cascade)
}
`,
      },
      {
        title: "Without a length, char holds one character",
        sql: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  currency char(3) NOT NULL DEFAULT 'EUR',
--^^^^^^^^ invoice(currency) is char(3): PostgreSQL pads it with blanks.
  state CHARACTER,
--^^^^^ invoice(state) is char(1): PostgreSQL pads it with blanks.
  codes bpchar[]
--^^^^^ invoice(codes) is bpchar[]: PostgreSQL pads it with blanks.
);
`,
        fixed: `CREATE TABLE invoice (
  id int PRIMARY KEY,
  currency varchar(3) NOT NULL DEFAULT 'EUR',
  state CHARACTER,
  codes bpchar[]
);
`,
      },
    ],
    good: [
      {
        title: 'The type "char" is one byte and nothing else',
        sql: `CREATE TABLE invoice (id int PRIMARY KEY, kind "char", currency varchar(3), char text);
`,
      },
      {
        prisma: `model Invoice {
  id       Int    @id
  currency String @db.VarChar(3)
}
`,
      },
    ],
  },
});

/** A UUID in a char(36) is another rule's, whose type is neither. */
function isReported(column: Column): boolean {
  return isChar(column) && !isImplied(column) && column.clientDefault?.startsWith("uuid(") !== true;
}

function isChar({ type }: Column): boolean {
  return type.name === "bpchar" && type.kind === "base";
}

function sayType(type: PgType): string {
  if (type.modifiers.length === 0) return `bpchar${type.isArray ? "[]" : ""}`;
  return formatType(type).replace("character", "char");
}

/** The longest of the tied columns says the length; none is offered where one of them is no char. */
function fixFor(schema: Schema, columns: readonly PlacedColumn[]): Fix | undefined {
  if (!columns.every(({ column }) => isChar(column))) return undefined;
  const lengths = columns.map(({ column }) => column.type.modifiers[0] ?? 0);
  const isArray = columns[0]?.column.type.isArray ?? false;
  const type = lengths.includes(0) ? baseType("text", [], isArray) : baseType("varchar", [Math.max(...lengths)], isArray);
  return changedType(schema, { columns, type, title: `Change the type to ${lengths.includes(0) ? "text" : `varchar(${Math.max(...lengths)})`}` });
}
