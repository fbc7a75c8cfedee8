/** Names that SQL takes only in double quotes. */
import { isReservedName } from "../../model/names.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Column } from "../../model/schema.ts";
import { say, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noQuotedName = defineRule({
  id: "no-quoted-name",
  aliases: ["reserved-or-mixed-case-name"],
  group: "schema",
  category: "design",
  severity: "information",
  preset: "strict",
  since: "0.1.0",
  summary: "Name tables and columns so that SQL needs no quotes.",
  why: `PostgreSQL folds names to lower case unless they are quoted: "createdAt" is not found as createdAt, and every query
by hand, report and dump has to quote it, always. Words of the language are worse: SELECT * FROM user is no error, it
says who is asking. In a Prisma schema @map and @@map give the database a name of its own; for a table that is there
already that is a rename, which the migration has to say as ALTER TABLE … RENAME, because Prisma would drop and create.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS",
    "https://www.postgresql.org/docs/current/sql-keywords-appendix.html",
  ],
  *checkTable(table) {
    const reason = reasonToQuote(table.name);
    if (reason !== undefined) {
      yield { at: table.origins, subject: table.key, message: `${say(table)} needs quotes in SQL: ${reason}.` };
    }
    const [first, ...others] = columnsWhere(table, needsQuotes);
    if (first === undefined) return;
    const more = others.length === 0 ? "" : `, as do ${others.length} more of its columns`;
    yield {
      at: first.origins,
      subject: subjectOfColumns(table, [first, ...others].map(({ name }) => name)),
      message: `${say(table)}.${first.name} needs quotes in SQL${more}: ${reasonToQuote(first.name)}.`,
      related: others.map(({ name, origins }) => ({ at: origins, message: `${name} does: ${reasonToQuote(name)}.` })),
    };
  },
  examples: {
    bad: [
      {
        prisma: `model Account {
//    ^^^^^^^ Account needs quotes in SQL: it has capitals.
  id        Int      @id
  createdAt DateTime @db.Timestamptz(3)
//^^^^^^^^^ Account.createdAt needs quotes in SQL, as do 1 more of its columns: it has capitals.
  updatedAt DateTime @db.Timestamptz(3)
}
`,
      },
      {
        sql: `CREATE TABLE "user" (
--           ^^^^^^ user needs quotes in SQL: it is a word of the language.
  id int PRIMARY KEY,
  "e-mail" text
--^^^^^^^^ user.e-mail needs quotes in SQL: it has other characters than letters, digits and underscores.
);
`,
      },
    ],
    good: [
      {
        title: "The database has names of its own, and not every keyword is reserved",
        prisma: `model Account {
  id        Int      @id
  createdAt DateTime @map("created_at") @db.Timestamptz(3)
  value     Int
  position  Int
  timestamp Int
  name      String

  @@map("accounts")
}
`,
      },
      {
        sql: `CREATE TABLE Account (Id int PRIMARY KEY, größe int, _x1$ int, "row" int, type text, key text, level int, "time" int);
`,
      },
    ],
  },
});

function needsQuotes(column: Column): boolean {
  return reasonToQuote(column.name) !== undefined && !isImplied(column);
}

const plain = /^[a-z_][a-z0-9_]*$/;
const folded = /^[\p{L}_][\p{L}\p{M}\p{N}_$]*$/u;

function reasonToQuote(name: string): string | undefined {
  if (plain.test(name)) return isReservedName(name) ? "it is a word of the language" : undefined;
  if (/[A-Z]/.test(name)) return "it has capitals";
  return folded.test(name) ? undefined : "it has other characters than letters, digits and underscores";
}
