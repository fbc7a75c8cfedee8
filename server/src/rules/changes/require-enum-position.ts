/** New values of an enum whose place in the order nobody chose. */
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const requireEnumPosition = defineRule({
  id: "require-enum-position",
  aliases: ["enum-value-without-position"],
  group: "migration",
  category: "changes",
  severity: "hint",
  preset: "all",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Say where a new value of an enum belongs.",
  why: `Enums sort in the order of their values, and ORDER BY and comparisons follow it. ADD VALUE without BEFORE or
AFTER puts the value last, and it stays there.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertype.html"],
  *checkStatement(statement) {
    for (const { at, type, value, isPlaced } of changesOf(statement, "addEnumValue")) {
      if (isPlaced) continue;
      yield { at, subject: `${type}.${value}`, message: `${value} sorts behind all other values of ${type}.` };
    }
  },
  examples: {
    bad: [
      {
        title: "Last, whatever it means",
        history: "CREATE TYPE stage AS ENUM ('open', 'won');\n",
        sql: `ALTER TYPE stage ADD VALUE 'new';
--         ^^^^^ new sorts behind all other values of stage.
`,
      },
    ],
    good: [
      {
        title: "Chosen",
        history: "CREATE TYPE stage AS ENUM ('open', 'won');\n",
        sql: "ALTER TYPE stage ADD VALUE 'new' BEFORE 'open';\n",
      },
    ],
  },
});
