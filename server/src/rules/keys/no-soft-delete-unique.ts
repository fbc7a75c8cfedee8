/** Unique keys that rows deleted softly still occupy. */
import { plainColumns } from "../../model/indexQueries.ts";
import { referencingKeys } from "../../model/queries.ts";
import type { Column, Index, Schema, Table } from "../../model/schema.ts";
import { sqlIdentifier } from "../../model/names.ts";
import { say, sayColumns, subjectOfPart, wordsOf } from "../names.ts";
import { namedBy } from "../options.ts";
import { defineRule, type Fix } from "../rule.ts";

export const noSoftDeleteUnique = defineRule({
  id: "no-soft-delete-unique",
  aliases: ["soft-delete-unique"],
  group: "schema",
  category: "keys",
  severity: "warning",
  since: "0.1.0",
  summary: "Let a unique key of a table with soft deletes hold for living rows only.",
  why: `A row that is only marked as deleted keeps its key: the e-mail address of a deleted user cannot be used again, and
the error speaks of a row nobody can see. A partial unique index leaves deleted rows out.`,
  sources: ["https://www.postgresql.org/docs/current/indexes-partial.html"],
  options: {
    columns: {
      default: ["deleted_at", "deleted_on", "date_deleted", "deleted", "is_deleted"],
      description: "Names of columns that mark a row as deleted; case and underscores do not matter.",
    },
  },
  *checkTable(table, schema, context) {
    const mark = deletionMark(table, namedBy(context, "columns"));
    if (mark === undefined) return;
    for (const index of table.indexes) {
      const columns = plainColumns(index);
      if (columns === undefined || !isKeyOfDeletedRows(table, index, columns, mark)) continue;
      yield {
        at: index.origins,
        subject: subjectOfPart(table, index.name),
        message: `Unique ${sayColumns(table, columns)} also holds for rows deleted by ${mark.name}.`,
        related: [{ at: mark.origins, message: `Rows of ${say(table)} are marked as deleted here.` }],
        fix: isReferenced(schema, table, columns) ? undefined : fixFor(table, index, mark),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "With Prisma's preview feature partialIndexes",
        prisma: `generator client {
  provider        = "prisma-client"
  previewFeatures = ["partialIndexes"]
}

model User {
  id        Int       @id
  email     String    @unique
//                    ^^^^^^^ Unique User(email) also holds for rows deleted by deletedAt.
  deletedAt DateTime? @db.Timestamptz(3)
}
`,
        fixed: `generator client {
  provider        = "prisma-client"
  previewFeatures = ["partialIndexes"]
}

model User {
  id        Int       @id
  email     String    @unique(where: raw("\\"deletedAt\\" IS NULL"))
  deletedAt DateTime? @db.Timestamptz(3)
}
`,
      },
      {
        sql: `CREATE TABLE users (
  id int PRIMARY KEY,
  org_id int NOT NULL,
  email text NOT NULL,
  is_deleted boolean NOT NULL DEFAULT false,
  CONSTRAINT users_email UNIQUE (org_id, email)
--           ^^^^^^^^^^^ Unique users(org_id, email) also holds for rows deleted by is_deleted.
);
`,
        fixed: `CREATE TABLE users (
  id int PRIMARY KEY,
  org_id int NOT NULL,
  email text NOT NULL,
  is_deleted boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX users_email ON users (org_id, email) WHERE NOT is_deleted;
`,
      },
      {
        sql: `CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);
CREATE UNIQUE INDEX users_email ON users (lower(email), id);
CREATE UNIQUE INDEX users_email_key ON users (email);
--                  ^^^^^^^^^^^^^^^ Unique users(email) also holds for rows deleted by deleted_at.
`,
        fixed: `CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, deleted_at timestamptz);
CREATE UNIQUE INDEX users_email ON users (lower(email), id);
CREATE UNIQUE INDEX users_email_key ON users (email) WHERE deleted_at IS NULL;
`,
      },
    ],
    good: [
      {
        title: "The key leaves deleted rows out, holds the mark, holds the id, is drawn at random, or makes a relation one to one",
        sql: `CREATE TABLE address (id int PRIMARY KEY);
CREATE TABLE users (
  id int PRIMARY KEY,
  org_id int NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  api_token text UNIQUE,
  public_id uuid UNIQUE DEFAULT gen_random_uuid(),
  address_id int UNIQUE REFERENCES address ON DELETE SET NULL,
  deleted_at timestamptz,
  UNIQUE (org_id, id),
  UNIQUE (name, deleted_at)
);
CREATE UNIQUE INDEX ON users (email) WHERE deleted_at IS NULL;
`,
      },
      {
        title: "Nothing marks rows as deleted",
        prisma: `model User {
  id          Int       @id
  email       String    @unique
  deletedById Int?
  undeletedAt DateTime? @db.Timestamptz(3)
}
`,
      },
    ],
  },
});

function fixFor(table: Table, index: Index, mark: Column): Fix {
  const predicate = isAlive(mark);
  return {
    title: `Make it unique where ${predicate}`,
    safety: "review",
    intent: { do: "makeUniquePartial", table, index, keys: index.keys, predicate },
  };
}

/** The column that marks a row as deleted: a time that is null while it lives, or a flag. */
function deletionMark(table: Table, marksDeletion: (name: string) => boolean): Column | undefined {
  let mark: Column | undefined;
  table.columns.forEach((column) => {
    if (mark === undefined && marksDeletion(column.name) && canMark(column)) mark = column;
  });
  return mark;
}

function canMark({ type, notNull }: Column): boolean {
  return !type.isArray && (type.name === "bool" || (!notNull && times.has(type.name)));
}

const times = new Set(["timestamp", "timestamptz", "date"]);

/** The predicate of a living row, as SQL. */
function isAlive(mark: Column): string {
  const name = sqlIdentifier(mark.name);
  if (mark.type.name !== "bool") return `${name} IS NULL`;
  return mark.notNull ? `NOT ${name}` : `${name} IS NOT TRUE`;
}

/**
 * Whether a deleted row can stand in the way of a living one. Not by a key that holds the mark itself, nor by one that
 * holds the primary key or a generated value: those never come twice. Nor by one that is a foreign key: it makes a
 * relation one to one, and a partial key would make it one to many.
 */
function isKeyOfDeletedRows(table: Table, index: Index, columns: readonly string[], mark: Column): boolean {
  if (!index.unique || index.primary || !index.valid || index.predicate !== undefined || columns.includes(mark.name)) return false;
  const key = table.primaryKey?.columns ?? [];
  if (key.length > 0 && key.every((column) => columns.includes(column))) return false;
  if (table.foreignKeys.some((foreignKey) => isSameSet(foreignKey.columns, columns))) return false;
  return !columns.some((name) => isGenerated(table.columns.get(name), name));
}

function isGenerated(column: Column | undefined, name: string): boolean {
  if (column === undefined) return false;
  if (column.identity !== undefined || (column.clientDefault !== undefined && column.clientDefault !== "updatedAt")) return true;
  if (column.default !== undefined && generates.test(column.default.text)) return true;
  return wordsOf(name).some((word) => secrets.has(word));
}

const generates = /\b(?:nextval|gen_random_\w+|uuidv[47]|uuid_generate_v\d\w*|random)\s*\(/i;

/** What such a column holds is drawn at random. */
const secrets = new Set(["token", "secret", "nonce", "hash", "salt", "uuid", "guid"]);

/** A partial unique index cannot be the target of a foreign key. */
function isReferenced(schema: Schema, table: Table, columns: readonly string[]): boolean {
  return referencingKeys(schema, table.key).some(({ foreignKey }) => isSameSet(foreignKey.references.columns, columns));
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((column) => b.includes(column));
}
