/** UUIDs kept in text columns, and the foreign keys that follow them. */
import { append } from "../../model/lists.ts";
import { lookup } from "../../model/lookup.ts";
import { memoised } from "../../model/memoised.ts";
import { baseType } from "../../model/pgTypes.ts";
import { columnsWhere, isImplied, type PlacedColumn } from "../../model/queries.ts";
import { tiedColumns } from "../../model/tiedColumns.ts";
import type { Column, Schema, Table } from "../../model/schema.ts";
import type { TypedColumn } from "../../edits/intent.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";
import { changedType } from "./changedType.ts";

export const preferUuidType = defineRule({
  id: "prefer-uuid-type",
  aliases: ["uuid-as-text"],
  group: "schema",
  category: "types",
  severity: "warning",
  since: "0.1.0",
  summary: "Keep UUIDs in columns of type uuid.",
  why: `As text a UUID takes 37 bytes instead of 16, in the table, in every index and in every foreign key that points at
it; comparisons go through the collation; and any other string, or the same UUID in capitals, is accepted.`,
  sources: ["https://www.postgresql.org/docs/current/datatype-uuid.html", "https://www.postgresql.org/docs/current/functions-uuid.html"],
  *checkTable(table, schema) {
    for (const column of uuidColumns(schema, table.key)) {
      if (!isText(column) || isImplied(column)) continue;
      const names = [column.name];
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, names),
        message: `${sayColumns(table, names)} keeps UUIDs as ${column.type.name === "bpchar" ? "char" : column.type.name}.`,
        fix: (whole) => fixFor(whole, tiedColumns(whole, { table, column })),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "String is text, whatever makes its value; foreign keys change together with the key",
        prisma: `model Account {
  id    String @id @default(uuid(7))
//^^ Account(id) keeps UUIDs as text.
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId String  @map("account_id")
//^^^^^^^^^ Deal(account_id) keeps UUIDs as text.
  account   Account @relation(fields: [accountId], references: [id])
}
`,
        fixed: `model Account {
  id    String @id @default(uuid(7)) @db.Uuid
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId String  @map("account_id") @db.Uuid
  account   Account @relation(fields: [accountId], references: [id])
}
`,
      },
      {
        title: "PostgreSQL makes a UUID, and keeps it as text",
        sql: `CREATE TABLE account (
  id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text
--^^ account(id) keeps UUIDs as varchar.
);
CREATE TABLE deal (
  id int PRIMARY KEY,
  account_id text REFERENCES account ON DELETE CASCADE
--^^^^^^^^^^ deal(account_id) keeps UUIDs as text.
);
`,
        fixed: `CREATE TABLE account (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid()
);
CREATE TABLE deal (
  id int PRIMARY KEY,
  account_id uuid REFERENCES account ON DELETE CASCADE
);
`,
      },
    ],
    good: [
      {
        title: "CUIDs and ULIDs are no UUIDs",
        prisma: `model Account {
  id    String @id @default(cuid())
  other String @unique @default(ulid())
  token String @default(uuid()) @db.Uuid
  note  String
}
`,
      },
      {
        sql: `CREATE TABLE account (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  external_id text UNIQUE,
  label text DEFAULT 'gen_random_uuid()'
);
`,
      },
    ],
  },
});

const uuid = baseType("uuid");

/** The columns of a table that keep UUIDs as text, or are tied to one that does. */
const uuidColumns = lookup((schema) => {
  const byTable = new Map<string, Column[]>();
  const seen = new Set<Column>();
  for (const table of schema.tables.values()) {
    for (const start of ownUuids(table)) {
      if (seen.has(start)) continue;
      for (const { table: owner, column } of tiedColumns(schema, { table, column: start })) {
        if (seen.has(column)) continue;
        seen.add(column);
        append(byTable, owner.key, column);
      }
    }
  }
  return (tableKey): readonly Column[] => byTable.get(tableKey) ?? [];
});

const ownUuids = memoised((table: Table) => columnsWhere(table, keepsUuid));

function keepsUuid(column: Column): boolean {
  return isText(column) && holdsUuid(column);
}

function isText(column: Column): boolean {
  return !column.type.isArray && (column.type.name === "text" || column.type.name === "varchar" || column.type.name === "bpchar");
}

/** Made by Prisma Client, or by a function of PostgreSQL or uuid-ossp whose result is cast to text. */
function holdsUuid(column: Column): boolean {
  if (column.clientDefault !== undefined) return column.clientDefault.startsWith("uuid(");
  return column.default !== undefined && makesUuid.test(column.default.text);
}

const makesUuid = /^[\s(]*(?:cast\s*\(\s*)?(?:\w+\.)?(?:gen_random_uuid|uuidv4|uuidv7|uuid_generate_v\d\w*)\s*\(\s*\)/i;

/** All tied columns change at once. None is offered where one of them is no text: that is a mismatch to look at first. */
function fixFor(schema: Schema, tied: readonly PlacedColumn[]): Fix | undefined {
  if (!tied.every(({ column }) => isText(column))) return undefined;
  const columns = tied.map(withNewDefault);
  const others = columns.length - 1;
  return changedType(schema, {
    columns,
    type: uuid,
    using: "$::uuid",
    title: others === 0 ? "Change the type to uuid" : `Change the type to uuid, in ${others} tied column${others === 1 ? "" : "s"} too`,
  });
}

/** A default that makes a UUID and casts it to text makes the UUID alone. */
function withNewDefault(at: PlacedColumn): TypedColumn {
  const generator = at.column.default === undefined ? undefined : makesUuid.exec(at.column.default.text)?.[0];
  return generator === undefined ? at : { ...at, default: withoutCast(generator) };
}

/** The call alone, without what opens a cast around it. */
function withoutCast(generator: string): string {
  return generator.replace(/^[\s(]*(?:cast\s*\(\s*)?/i, "");
}
