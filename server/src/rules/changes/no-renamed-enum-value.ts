/** Values of an enum that the running application still calls by their old name. */
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noRenamedEnumValue = defineRule({
  id: "no-renamed-enum-value",
  aliases: ["enum-value-renamed"],
  group: "migration",
  category: "changes",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Add a new value of an enum before the old one goes out of use.",
  why: `Renaming a value changes all rows at once, and the version of the application that still runs reads a value
that it does not know and writes one that is no more (22P02).`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertype.html"],
  *checkStatement(statement) {
    for (const { at, type, value, to } of changesOf(statement, "renameEnumValue")) {
      yield { at, subject: `${type}.${value}`, message: `Running clients know ${value} of ${type}, and not ${to}.` };
    }
  },
  examples: {
    bad: [
      {
        title: "At once for everybody",
        history: "CREATE TYPE stage AS ENUM ('open', 'won');\n",
        sql: `ALTER TYPE stage RENAME VALUE 'won' TO 'closed';
--         ^^^^^ Running clients know won of stage, and not closed.
`,
      },
    ],
    good: [
      {
        title: "A type that is new itself",
        sql: `CREATE TYPE stage AS ENUM ('open', 'won');
ALTER TYPE stage RENAME VALUE 'won' TO 'closed';
`,
      },
    ],
  },
});
