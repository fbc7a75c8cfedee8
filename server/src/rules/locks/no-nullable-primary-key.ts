/** Primary keys over columns that are read for nulls first. */
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noNullablePrimaryKey = defineRule({
  id: "no-nullable-primary-key",
  aliases: ["primary-key-on-nullable"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Prove that columns have no nulls before they become the primary key.",
  why: `A primary key makes its columns NOT NULL, also one that is added USING INDEX: PostgreSQL reads every row under
an ACCESS EXCLUSIVE lock, and fails at the first null. A CHECK (column IS NOT NULL), validated before, spares both.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX"],
  *checkStatement(statement) {
    for (const { at, table, kind, name, usingIndex, nullable } of changesOf(statement, "addConstraint")) {
      if (kind !== "primary" || usingIndex === undefined || nullable.length === 0) continue;
      yield {
        at,
        subject: `${table.key}.${name ?? usingIndex}`,
        message: `Nobody can use ${say(table)} while ${nullable.join(", ")} is read for nulls.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "The index is there, and the rows are read all the same",
        history: `CREATE TABLE tag (id int);
CREATE UNIQUE INDEX tag_pkey ON tag (id);
`,
        sql: `ALTER TABLE tag ADD CONSTRAINT tag_pkey PRIMARY KEY USING INDEX tag_pkey;
--                             ^^^^^^^^ Nobody can use tag while id is read for nulls.
`,
      },
    ],
    good: [
      {
        title: "NOT NULL already",
        history: `CREATE TABLE tag (id int NOT NULL);
CREATE UNIQUE INDEX tag_pkey ON tag (id);
`,
        sql: "ALTER TABLE tag ADD CONSTRAINT tag_pkey PRIMARY KEY USING INDEX tag_pkey;\n",
      },
    ],
  },
});
