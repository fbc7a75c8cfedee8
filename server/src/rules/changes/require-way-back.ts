/** Migrations without a way back in a history that has them. */
import { defineRule } from "../rule.ts";

export const requireWayBack = defineRule({
  id: "require-way-back",
  aliases: ["no-down-migration"],
  group: "migration",
  category: "changes",
  severity: "information",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Write a way back where the other migrations have one.",
  why: `Rolling back goes migration by migration, and stops at the first one that does not say how. \`migrate create\`
writes a \`down.sql\` beside each new migration, and \`migrate prove\` shows that it leads back. What cannot be undone says
so in a comment, \`-- irreversible: why\`. Histories in which no migration has a way back are left alone.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-alter.html"],
  *checkFile({ lacksWayBack, isIrreversible, first }) {
    if (!lacksWayBack || isIrreversible || first === undefined) return;
    yield { at: first, subject: "way back", message: 'Other migrations here have a way back: write one, or say "-- irreversible: why" in this file.' };
  },
  examples: {
    bad: [
      {
        title: "The only one that has none",
        lacksWayBack: true,
        sql: `  ALTER TABLE deal ADD COLUMN stage text;
--^^^^^ Other migrations here have a way back: write one, or say "-- irreversible: why" in this file.
`,
        history: "CREATE TABLE deal (id int PRIMARY KEY);\n",
      },
    ],
    good: [
      {
        title: "It says that there is none",
        lacksWayBack: true,
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text);\n",
        sql: `-- irreversible: the stages were copied to the archive before
ALTER TABLE deal DROP COLUMN stage;
`,
      },
      {
        title: "Nobody here writes ways back, or this one has one",
        history: "CREATE TABLE deal (id int PRIMARY KEY);\n",
        sql: "ALTER TABLE deal ADD COLUMN stage text;\n",
      },
    ],
  },
});
