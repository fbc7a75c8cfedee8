/** New types that write every row anew. */
import { formatType } from "../../model/pgTypes.ts";
import { say } from "../names.ts";
import { changesOf, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noTypeRewrite = defineRule({
  id: "no-type-rewrite",
  aliases: ["alter-type-rewrite"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Change a type that is stored differently through a second column.",
  why: `A new type whose values are stored differently writes table and indexes anew, under a lock that nobody gets
past: int to bigint, a shorter varchar, another scale of numeric, an enum to text. Longer varchars, varchar to text
and more digits of the same scale cost nothing. For the others: add a second column, keep it in step by a trigger,
fill it in batches, then swap the names.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES"],
  *checkStatement(statement) {
    for (const change of changesOf(statement, "setType")) {
      const { at, table, column, from, to, effect } = change;
      // An enum that is made anew has a rule of its own.
      if (effect !== "rewrite" || (from.kind === "enum" && to.kind === "enum")) continue;
      yield {
        at,
        subject: subjectOf(table, [column]),
        message: `Nobody can use ${say(table)} while every row is written anew: ${column} from ${formatType(from)} to ${formatType(to)}.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "A key that grows too small",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal ALTER COLUMN account_id TYPE bigint;
--                            ^^^^^^^^^^ Nobody can use deal while every row is written anew: account_id from integer to bigint.
`,
      },
    ],
    good: [
      {
        title: "More digits of the same scale",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "ALTER TABLE deal ALTER COLUMN amount TYPE numeric(14,2);\n",
      },
      {
        title: "A limit that goes",
        history: "CREATE TABLE tag (name varchar(20));\n",
        sql: "ALTER TABLE tag ALTER COLUMN name TYPE text, ALTER COLUMN name SET NOT NULL;\n",
      },
    ],
  },
});
