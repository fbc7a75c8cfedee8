/** Unique e-mail addresses that count as different when their case is. */
import { expressionOf } from "../../model/prisma/defaults.ts";
import { plainColumns } from "../../model/indexQueries.ts";
import { sqlIdentifier } from "../../model/names.ts";
import { baseType } from "../../model/pgTypes.ts";
import { isImplied, referencingKeys, viewsReading } from "../../model/queries.ts";
import type { Column, Index, IndexKey, Schema, Table } from "../../model/schema.ts";
import { tiedColumns } from "../../model/tiedColumns.ts";
import { sayColumns, subjectOfPart, wordsOf } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";

export const noCaseSensitiveEmail = defineRule({
  id: "no-case-sensitive-email",
  aliases: ["case-insensitive-unique"],
  group: "schema",
  category: "keys",
  severity: "warning",
  since: "0.1.0",
  summary: "Keep e-mail addresses unique whatever their case.",
  why: `To a unique key over text, Ann@example.com and ann@example.com are two addresses, to mail servers one. A person
gets a second account, or cannot log in with the address as written. A unique index over lower(email) or the type citext
keeps them one whoever writes the row.`,
  sources: ["https://www.postgresql.org/docs/current/citext.html", "https://www.postgresql.org/docs/current/indexes-expressional.html"],
  *checkTable(table) {
    for (const index of table.indexes) {
      if (!index.unique || !index.valid || isImplied(index)) continue;
      const column = emailOf(table, index);
      if (column === undefined || isFolded(table, column)) continue;
      const columns = plainColumns(index) ?? [column.name];
      yield {
        at: index.origins,
        subject: subjectOfPart(table, index.name),
        message: `Unique ${sayColumns(table, columns)} takes an address again in other case: ${column.name} is ${column.type.name}.`,
        fix: (schema) => fixFor(schema, table, index, column),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "With the extension citext, the type says it",
        prisma: `datasource db {
  provider   = "postgresql"
  extensions = [citext]
}

generator client {
  provider        = "prisma-client"
  previewFeatures = ["postgresqlExtensions"]
}

model User {
  id    BigInt @id
  email String @unique
//             ^^^^^^^ Unique User(email) takes an address again in other case: email is text.
}
`,
        fixed: `datasource db {
  provider   = "postgresql"
  extensions = [citext]
}

generator client {
  provider        = "prisma-client"
  previewFeatures = ["postgresqlExtensions"]
}

model User {
  id    BigInt @id
  email String @unique @db.Citext
}
`,
      },
      {
        sql: `CREATE TABLE users (
  id bigint PRIMARY KEY,
  org_id bigint NOT NULL,
  email varchar(320) NOT NULL,
  CONSTRAINT users_email UNIQUE (org_id, email)
--           ^^^^^^^^^^^ Unique users(org_id, email) takes an address again in other case: email is varchar.
);
`,
        fixed: `CREATE TABLE users (
  id bigint PRIMARY KEY,
  org_id bigint NOT NULL,
  email varchar(320) NOT NULL
);
CREATE UNIQUE INDEX users_email ON users (org_id, lower(email));
`,
      },
      {
        sql: `CREATE TABLE users (id bigint PRIMARY KEY, email_address text NOT NULL, deleted_at timestamptz);
CREATE UNIQUE INDEX users_email_idx ON users (email_address) WHERE deleted_at IS NULL;
--                  ^^^^^^^^^^^^^^^ Unique users(email_address) takes an address again in other case: email_address is text.
`,
        fixed: `CREATE TABLE users (id bigint PRIMARY KEY, email_address text NOT NULL, deleted_at timestamptz);
CREATE UNIQUE INDEX users_email_idx ON users (lower(email_address)) WHERE deleted_at IS NULL;
`,
      },
    ],
    good: [
      {
        title: "The type, another index or a check sees to it; the hash of an address is none",
        sql: `CREATE EXTENSION citext;
CREATE TABLE users (id bigint PRIMARY KEY, email citext UNIQUE, email_hash text UNIQUE);
CREATE TABLE member (id bigint PRIMARY KEY, email text UNIQUE);
CREATE UNIQUE INDEX ON member (lower(email));
CREATE TABLE lead (id bigint PRIMARY KEY, email text UNIQUE CHECK (email = lower(email)));
CREATE TABLE contact (id bigint PRIMARY KEY, email text);
CREATE INDEX ON contact (email);
`,
      },
    ],
  },
});

/** The column of a unique key that holds e-mail addresses as text. */
function emailOf(table: Table, index: Index): Column | undefined {
  for (const { column: name } of index.keys) {
    const column = name === undefined ? undefined : table.columns.get(name);
    if (column !== undefined && texts.has(column.type.name) && !column.type.isArray && isEmail(column.name)) return column;
  }
  return undefined;
}

const texts = new Set(["text", "varchar", "bpchar"]);

function isEmail(name: string): boolean {
  if (!/mail/i.test(name)) return false;
  const words = wordsOf(name);
  const [before, last] = words.slice(-2);
  return last === undefined ? isAddress(before) : isAddress(last) || (last === "address" && isAddress(before));
}

function isAddress(word: string | undefined): boolean {
  return word === "email" || word === "mail" || word === "emailaddress";
}

/**
 * Whether something else keeps addresses that differ in case from standing side by side: a unique index or a check over
 * lower(…), a collation of its own, a value computed from another column, a trigger that by its name puts it right.
 */
function isFolded(table: Table, { name, collation, generated }: Column): boolean {
  return (
    collation !== undefined ||
    generated !== undefined ||
    table.indexes.some((index) => index.unique && index.keys.some(({ expression }) => expression !== undefined && folds(expression, name))) ||
    table.checks.some(({ expression }) => folds(expression, name)) ||
    table.triggers.some(({ timing, routine }) => timing === "before" && /lower|normali[sz]e|canonical/i.test(routine))
  );
}

function folds({ text, columns }: { readonly text: string; readonly columns: readonly string[] }, column: string): boolean {
  return columns.includes(column) && /\b(?:lower|upper)\s*\(|~\*|\bcitext\b|\bcollate\b/i.test(text);
}

/** The type where the database has it: then every comparison follows. Otherwise the key, where no foreign key needs it. */
function fixFor(schema: Schema, table: Table, index: Index, column: Column): Fix | undefined {
  const citext = schema.extensions.get("citext");
  if (citext !== undefined) {
    const columns = tiedColumns(schema, { table, column });
    if (!columns.every((at) => texts.has(at.column.type.name))) return undefined;
    return {
      title: "Change the type to citext",
      safety: "review",
      intent: { do: "setColumnType", columns, type: { ...baseType("citext"), schema: citext.schema }, readBy: viewsReading(schema, columns) },
    };
  }
  const isPrisma = index.origins.some(({ kind }) => kind === "prisma");
  const isTarget = referencingKeys(schema, table.key).some(({ foreignKey }) => foreignKey.references.columns.includes(column.name));
  if (index.primary || isPrisma || isTarget) return undefined;
  return {
    title: `Make it unique by lower(${column.name})`,
    safety: "review",
    intent: { do: "replaceUnique", table, index, keys: index.keys.map((key) => folded(key, column)), nullsNotDistinct: index.nullsNotDistinct },
  };
}

function folded(key: IndexKey, column: Column): IndexKey {
  if (key.column !== column.name) return key;
  return { ...key, column: undefined, expression: expressionOf(`lower(${sqlIdentifier(column.name)})`) };
}
