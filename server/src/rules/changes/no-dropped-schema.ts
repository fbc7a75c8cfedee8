/** Schemas and databases dropped with everything in them. */
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noDroppedSchema = defineRule({
  id: "no-dropped-schema",
  aliases: ["drop-schema-database"],
  group: "migration",
  category: "changes",
  severity: "error",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Drop what a schema holds, not the schema.",
  why: `DROP SCHEMA CASCADE names nothing of what it drops, and DROP DATABASE cannot be undone by anything but a
backup.`,
  sources: ["https://www.postgresql.org/docs/current/sql-dropschema.html"],
  *checkStatement(statement) {
    for (const { at, what, name, isCascade, holds } of changesOf(statement, "drop")) {
      if (what === "schema" && (!isCascade || holds === 0)) continue;
      yield { at, subject: name, message: `This drops ${what} ${name} and everything in it.` };
    }
  },
  examples: {
    bad: [
      {
        title: "CASCADE names nothing",
        history: `CREATE SCHEMA sales;
CREATE TABLE sales.deal (id int PRIMARY KEY);
`,
        sql: `DROP SCHEMA sales CASCADE;
--          ^^^^^ This drops schema sales and everything in it.
`,
      },
    ],
    good: [
      {
        title: "PostgreSQL refuses to drop one that holds something",
        history: "CREATE SCHEMA sales;\n",
        sql: "DROP SCHEMA sales;\n",
      },
    ],
  },
});
