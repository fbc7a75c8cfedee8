/** Defaults that only Prisma Client knows. */
import type { Column, Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";

export const preferDatabaseDefault = defineRule({
  id: "prefer-database-default",
  aliases: ["prisma-level-default-only"],
  group: "schema",
  category: "design",
  severity: "information",
  preset: "strict",
  languages: ["prisma"],
  since: "0.1.0",
  summary: "Let the database make the ids it can make.",
  why: `Prisma Client runs uuid(), cuid(), ulid() and nanoid(). The column has no default: an INSERT in plain SQL, a seed,
another service or an older client must each bring an id of its own, or fail.`,
  sources: [
    "https://www.postgresql.org/docs/current/functions-uuid.html",
    "https://www.prisma.io/docs/orm/reference/prisma-schema-reference#uuid",
    "https://www.prisma.io/docs/orm/reference/prisma-schema-reference#dbgenerated",
  ],
  *checkTable(table, _schema, { postgresVersion }) {
    for (const column of table.columns.values()) {
      const { clientDefault } = column;
      if (clientDefault === undefined || clientDefault === "updatedAt" || column.default !== undefined) continue;
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `Only Prisma Client fills ${sayColumns(table, [column.name])}, by ${clientDefault}: the database has no default.`,
        fix: fixFor(table, column, postgresVersion),
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Account {
  id    String @id @default(uuid()) @db.Uuid
//^^ Only Prisma Client fills Account(id), by uuid(4): the database has no default.
  token String @unique @default(cuid())
//^^^^^ Only Prisma Client fills Account(token), by cuid(): the database has no default.
}
`,
        fixed: `model Account {
  id    String @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  token String @unique @default(cuid())
}
`,
      },
    ],
    good: [
      {
        prisma: `model Account {
  id        String   @id @default(dbgenerated("gen_random_uuid()")) @db.Uuid
  number    BigInt   @default(autoincrement())
  createdAt DateTime @default(now()) @db.Timestamptz(3)
  updatedAt DateTime @updatedAt @db.Timestamptz(3)
}
`,
      },
    ],
  },
});

/** PostgreSQL has functions for UUIDs only, and for those of version 7 since 18. */
function fixFor(table: Table, column: Column, postgresVersion: number): Fix | undefined {
  const call = column.clientDefault === "uuid(4)" ? "gen_random_uuid()" : column.clientDefault === "uuid(7)" && postgresVersion >= 18 ? "uuidv7()" : undefined;
  if (call === undefined) return undefined;
  const value = column.type.name === "uuid" ? call : `${call}::text`;
  return { title: `Let the database make it by ${call}`, safety: "review", intent: { do: "setDefault", table, column, value, madeBy: "database" } };
}
