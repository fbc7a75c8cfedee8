/** IF NOT EXISTS over something that is there and is something else. */
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noHiddenDifference = defineRule({
  id: "no-hidden-difference",
  aliases: ["if-not-exists-hides-difference"],
  group: "migration",
  category: "changes",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Change what is there instead of IF NOT EXISTS over it.",
  why: `IF NOT EXISTS asks for the name alone. Where a table, a column or an index of that name is there already, nothing
happens, whatever the statement says of it: the migration counts as done, and the database differs from what everybody
reads in the file. ALTER changes what is there; without IF NOT EXISTS the statement would fail, and somebody would look.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createtable.html"],
  *checkStatement(statement) {
    for (const { at, table, what, name, difference } of changesOf(statement, "passOver")) {
      const said = what === "table" ? say(table) : what === "column" ? `${say(table)}(${name})` : name;
      yield {
        at,
        subject: what === "table" ? table.key : what === "column" ? `${table.key}(${name})` : `${table.key}.${name}`,
        message: `IF NOT EXISTS leaves ${said} as it is: ${difference}. ${what === "index" ? "Drop it first." : "Change it by ALTER TABLE."}`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "A table that is there without the column",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `CREATE TABLE IF NOT EXISTS deal (id int PRIMARY KEY, stage text, amount numeric);
--                         ^^^^ IF NOT EXISTS leaves deal as it is: it has no column amount. Change it by ALTER TABLE.
`,
      },
      {
        title: "A column of another type, an index on another column",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric);\nCREATE INDEX deal_idx ON deal (stage);\n",
        sql: `ALTER TABLE deal ADD COLUMN IF NOT EXISTS stage int;
--                                        ^^^^^ IF NOT EXISTS leaves deal(stage) as it is: it is text. Change it by ALTER TABLE.
CREATE INDEX IF NOT EXISTS deal_idx ON deal (amount);
--                         ^^^^^^^^ IF NOT EXISTS leaves deal_idx as it is: it is on (stage). Drop it first.
`,
      },
    ],
    good: [
      {
        title: "It is there as it says",
        history: "CREATE TABLE deal (id serial PRIMARY KEY, stage varchar(20) NOT NULL);\nCREATE INDEX deal_idx ON deal (stage);\n",
        sql: `CREATE TABLE IF NOT EXISTS deal (id serial PRIMARY KEY, stage varchar(20) NOT NULL);
ALTER TABLE deal ADD COLUMN IF NOT EXISTS stage varchar(20);
CREATE INDEX IF NOT EXISTS deal_idx ON deal (stage);
`,
      },
      {
        title: "It is not there",
        sql: "CREATE TABLE IF NOT EXISTS deal (id int PRIMARY KEY);\n",
      },
    ],
  },
});
