/** New columns that write every row anew. */
import { say } from "../names.ts";
import { changesOf, effectIn, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noRewritingColumn = defineRule({
  id: "no-rewriting-column",
  aliases: ["add-column-volatile-default", "add-column-serial-identity", "add-column-generated-stored", "add-column-default-pre-11"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Add columns whose value differs from row to row empty, and fill them in batches.",
  why: `A constant default, or one that is the same for the whole statement such as now(), is kept beside the table. A
volatile one such as gen_random_uuid(), a serial, an identity or a stored generated column is computed for every row:
PostgreSQL writes table and indexes anew while nobody can use them. Add the column without, set the default for new
rows, and fill the old ones in batches. PostgreSQL 18 has generated columns that are virtual.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  *checkStatement(statement, _migration, { postgresVersion }) {
    for (const change of changesOf(statement, "addColumn")) {
      const { at, table, column } = change;
      if (!effectIn(statement, change).work.some(({ kind }) => kind === "rewrite")) continue;
      const why =
        change.generated === "stored"
          ? "it is generated and stored"
          : change.isIdentity || change.isSerial
            ? "each row gets a number"
            : change.default === "volatile"
              ? "its default is another one for each row"
              : postgresVersion < 11 && change.default !== "none"
                ? "before PostgreSQL 11 each row holds its default"
              : "its domain is checked for each row";
      const canWait = change.default === "volatile" && !change.isNotNull && change.constraints.length === 0;
      yield {
        at,
        subject: subjectOf(table, [column]),
        message: `Nobody can use ${say(table)} while every row is written anew for ${column}: ${why}.`,
        fix: canWait
          ? {
              title: "Add it without the default, which then holds for new rows",
              safety: "review",
              intent: { do: "defaultLater", at, table, column },
            }
          : undefined,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "The default is set for new rows; filling the old ones is a step of its own",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal ADD COLUMN token uuid DEFAULT gen_random_uuid();
--                          ^^^^^ Nobody can use deal while every row is written anew for token: its default is another one for each row.
`,
        fixed: `ALTER TABLE deal ADD COLUMN token uuid;
ALTER TABLE deal ALTER COLUMN token SET DEFAULT gen_random_uuid();
`,
      },
      {
        title: "Numbers and stored columns",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal ADD COLUMN number serial;
--                          ^^^^^^ Nobody can use deal while every row is written anew for number: each row gets a number.
ALTER TABLE deal ADD COLUMN net numeric GENERATED ALWAYS AS (amount * 0.8) STORED;
--                          ^^^ Nobody can use deal while every row is written anew for net: it is generated and stored.
`,
      },
      {
        title: "A constant, before PostgreSQL 11",
        history: "CREATE TABLE deal (id int PRIMARY KEY);\n",
        postgresVersion: 10,
        sql: `ALTER TABLE deal ADD COLUMN stage text DEFAULT 'new';
--                          ^^^^^ Nobody can use deal while every row is written anew for stage: before PostgreSQL 11 each row holds its default.
`,
      },
    ],
    good: [
      {
        title: "now() is one moment for all rows",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "ALTER TABLE deal ADD COLUMN created_at timestamptz NOT NULL DEFAULT now();\n",
      },
      {
        title: "A constant",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "ALTER TABLE deal ADD COLUMN currency text NOT NULL DEFAULT 'EUR';\n",
      },
    ],
  },
});
