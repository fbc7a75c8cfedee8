/** New types that values may not fit. */
import { formatType } from "../../model/pgTypes.ts";
import { say } from "../names.ts";
import { changesOf, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noRiskyCast = defineRule({
  id: "no-risky-cast",
  aliases: ["risky-cast"],
  group: "migration",
  category: "changes",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Look for values that do not fit before a type changes.",
  why: `A value that the new type cannot hold stops the migration with 22001, 22003 or 22P02, after every row before
it has been written anew. A query that counts such values, run before, tells.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DATA-TYPE"],
  *checkStatement(statement) {
    for (const { at, table, column, from, to, isNarrowing, hasUsing } of changesOf(statement, "setType")) {
      if (!isNarrowing || hasUsing) continue;
      yield {
        at,
        subject: subjectOf(table, [column]),
        message: `Values of ${say(table)}(${column}) may not fit: ${formatType(from)} becomes ${formatType(to)}.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "A shorter text",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal ALTER COLUMN stage TYPE varchar(20);
--                            ^^^^^ Values of deal(stage) may not fit: text becomes character varying(20).
`,
      },
    ],
    good: [
      {
        title: "A larger number",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "ALTER TABLE deal ALTER COLUMN account_id TYPE bigint;\n",
      },
    ],
  },
});
