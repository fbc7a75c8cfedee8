/** Foreign keys whose columns are of another type than what they reference. */
import { formatType, isSameTypeName } from "../../model/pgTypes.ts";
import { foreignKeysOf } from "../../model/queries.ts";
import { followingColumns, pointedAt } from "../../model/tiedColumns.ts";
import type { Column, PgType, Schema, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";
import { changedType } from "./changedType.ts";

export const noFkTypeMismatch = defineRule({
  id: "no-fk-type-mismatch",
  aliases: ["fk-type-mismatch"],
  group: "schema",
  category: "types",
  severity: "error",
  since: "0.1.0",
  summary: "Give a foreign key's columns the type of what they reference.",
  why: `Types without a common equality operator are refused (42804). Others are accepted and bite later: an integer that
references a bigint overflows at 2,147,483,647 although the parent's key goes on, and joins need a cast.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
    "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-INT",
  ],
  *checkTable(table, schema) {
    for (const foreignKey of foreignKeysOf(schema, table)) {
      const target = schema.tables.get(foreignKey.references.key);
      if (target === undefined || foreignKey.references.columns.length !== foreignKey.columns.length) continue;
      for (let i = 0; i < foreignKey.columns.length; i++) {
        const name = foreignKey.columns[i] ?? "";
        const column = table.columns.get(name);
        const referenced = target.columns.get(foreignKey.references.columns[i] ?? "");
        if (column === undefined || referenced === undefined || areComparable(schema, column.type, referenced.type)) continue;
        yield {
          at: foreignKey.origins,
          subject: subjectOfColumns(table, [name]),
          message: `${sayColumns(table, [name])} is ${formatType(column.type)}, ${sayColumns(target, [referenced.name])} is ${formatType(referenced.type)}.`,
          related: [{ at: referenced.origins, message: `${sayColumns(target, [referenced.name])} is ${formatType(referenced.type)}.` }],
          fix: (whole) => fixFor(whole, table, column, referenced),
        };
      }
    }
  },
  examples: {
    bad: [
      {
        title: "Prisma compares String with String, PostgreSQL uuid with text",
        prisma: `model Account {
  id    String @id @db.Uuid
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId String
  account   Account @relation(fields: [accountId], references: [id])
//^^^^^^^ Deal(accountId) is text, Account(id) is uuid.
}
`,
        fixed: `model Account {
  id    String @id @db.Uuid
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId String @db.Uuid
  account   Account @relation(fields: [accountId], references: [id])
}
`,
      },
      {
        title: "The key goes on after 2,147,483,647, the column that references it does not",
        sql: `CREATE TABLE account (id bigint PRIMARY KEY);
CREATE TABLE deal (
  account_id integer PRIMARY KEY REFERENCES account ON DELETE CASCADE
--^^^^^^^^^^ deal(account_id) is integer, account(id) is bigint.
);
CREATE TABLE note (
  id int PRIMARY KEY,
  deal_id integer NOT NULL REFERENCES deal ON DELETE CASCADE
);
`,
        fixed: `CREATE TABLE account (id bigint PRIMARY KEY);
CREATE TABLE deal (
  account_id bigint PRIMARY KEY REFERENCES account ON DELETE CASCADE
);
CREATE TABLE note (
  id int PRIMARY KEY,
  deal_id bigint NOT NULL REFERENCES deal ON DELETE CASCADE
);
`,
      },
    ],
    good: [
      {
        title: "Lengths may differ, text is varchar, a domain is its base type, serial is an integer",
        sql: `CREATE DOMAIN account_id AS uuid;
CREATE TABLE account (id account_id PRIMARY KEY, number serial UNIQUE, code varchar(20) UNIQUE);
CREATE TABLE deal (
  id int PRIMARY KEY,
  account_id uuid REFERENCES account ON DELETE CASCADE,
  account_number int4 REFERENCES account (number) ON DELETE CASCADE,
  account_code text REFERENCES account (code) ON DELETE CASCADE
);
`,
      },
      {
        prisma: `model Account {
  id    BigInt @id @default(autoincrement())
  deals Deal[]
}

model Deal {
  id        Int     @id
  accountId BigInt
  account   Account @relation(fields: [accountId], references: [id])
}
`,
      },
    ],
  },
});

/** Length and precision may differ, and text and varchar are one type in storage and comparison. */
function areComparable(schema: Schema, a: PgType, b: PgType): boolean {
  if (isSameTypeName(a, b)) return true;
  const [first, second] = [underlying(schema, a), underlying(schema, b)];
  if (first.kind === "unknown" || second.kind === "unknown" || isSameTypeName(first, second)) return true;
  return isText(first) && isText(second);
}

function isText(type: PgType): boolean {
  return !type.isArray && (type.name === "text" || type.name === "varchar");
}

/** The base type of a domain, however deep; the type itself otherwise. */
function underlying(schema: Schema, type: PgType): PgType {
  let current = type;
  for (let depth = 0; depth < 10; depth++) {
    const domain = current.kind === "domain" ? schema.domains.get(`${current.schema}.${current.name}`) : undefined;
    if (domain === undefined) return current;
    current = domain.baseType;
  }
  return current;
}

/** The column and those that follow it take the type; not where it references two columns of different types. */
function fixFor(schema: Schema, table: Table, column: Column, referenced: Column): Fix | undefined {
  const targets = pointedAt(schema, { table, column });
  if (!targets.every((target) => isSameTypeName(target.column.type, referenced.type))) return undefined;
  const columns = followingColumns(schema, { table, column });
  return changedType(schema, { columns, type: referenced.type, title: `Change the type to ${formatType(referenced.type)}` });
}
