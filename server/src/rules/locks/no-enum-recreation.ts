/** Enums that are made anew to lose a value. */
import { say } from "../names.ts";
import { changesOf, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noEnumRecreation = defineRule({
  id: "no-enum-recreation",
  aliases: ["enum-value-removed"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Keep a value that is no longer used.",
  why: `PostgreSQL removes no value from an enum, so Prisma makes a new type and moves every column to it: each table
is written anew under an ACCESS EXCLUSIVE lock, and the first row that has the value stops it. A value that nobody
writes any more does no harm; a text column with a check can lose one at any time.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES"],
  *checkStatement(statement) {
    for (const { at, table, column, from, to } of changesOf(statement, "setType")) {
      if (from.kind !== "enum" || to.kind !== "enum" || from.name === to.name) continue;
      yield {
        at,
        subject: subjectOf(table, [column]),
        message: `Nobody can use ${say(table)} while ${column} moves to another enum, and a value that lacks stops it.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "What Prisma writes",
        history: `CREATE TYPE stage AS ENUM ('open', 'won', 'lost');
CREATE TABLE deal (id int PRIMARY KEY, stage stage);
`,
        sql: `CREATE TYPE stage_new AS ENUM ('open', 'won');
ALTER TABLE deal ALTER COLUMN stage TYPE stage_new USING (stage::text::stage_new);
--                            ^^^^^ Nobody can use deal while stage moves to another enum, and a value that lacks stops it.
`,
      },
    ],
    good: [
      {
        title: "A value more",
        history: `CREATE TYPE stage AS ENUM ('open', 'won');
CREATE TABLE deal (id int PRIMARY KEY, stage stage);
`,
        sql: "ALTER TYPE stage ADD VALUE 'lost';\n",
      },
    ],
  },
});
