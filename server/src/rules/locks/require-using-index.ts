/** Keys whose index is built while nobody can use the table. */
import { say } from "../names.ts";
import { canRunConcurrently, changesOf, constraintName } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const requireUsingIndex = defineRule({
  id: "require-using-index",
  aliases: ["add-unique-blocking", "add-primary-key-blocking"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Add keys to tables in use with an index that is there already.",
  why: `ADD UNIQUE and ADD PRIMARY KEY build their index under an ACCESS EXCLUSIVE lock: nobody reads or writes the
table until it is done. A unique index built CONCURRENTLY does the same work while everybody goes on, and ADD
CONSTRAINT USING INDEX then takes a moment.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX"],
  *checkStatement(statement, migration) {
    for (const change of changesOf(statement, "addConstraint")) {
      const { at, table, kind, usingIndex, columns } = change;
      if (
        (kind !== "unique" && kind !== "primary") ||
        usingIndex !== undefined ||
        table.form === "partitioned" ||
        statement.emptied.has(table.key)
      )
        continue;
      const name = change.name ?? constraintName(table, columns, kind);
      const isApart = migration.sending !== "each";
      yield {
        at,
        subject: `${table.key}.${name}`,
        message: `Nobody can use ${say(table)} while the index of ${name} is built.`,
        fix:
          canRunConcurrently(migration) && change.isPlain
            ? {
                title: isApart ? "Build the index concurrently, in files of their own" : "Build the index concurrently first",
                safety: "review",
                intent: { do: "useIndex", at, table, kind, name, columns, isApart },
              }
            : undefined,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "The index is built in a file of its own, and the key added in the one after",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `SELECT 1;
ALTER TABLE deal ADD CONSTRAINT deal_stage_key UNIQUE (stage);
--                              ^^^^^^^^^^^^^^ Nobody can use deal while the index of deal_stage_key is built.
`,
        fixed: "SELECT 1;\n",
        migration: `CREATE UNIQUE INDEX CONCURRENTLY deal_stage_key ON deal (stage);

ALTER TABLE deal ADD CONSTRAINT deal_stage_key UNIQUE USING INDEX deal_stage_key;
`,
      },
      {
        title: "Statement by statement",
        history: "CREATE TABLE tag (id int NOT NULL);\n",
        sending: "each",
        sql: `ALTER TABLE tag ADD PRIMARY KEY (id);
--                  ^^^^^^^^^^^ Nobody can use tag while the index of tag_pkey is built.
`,
        fixed: `CREATE UNIQUE INDEX CONCURRENTLY tag_pkey ON tag (id);
ALTER TABLE tag ADD CONSTRAINT tag_pkey PRIMARY KEY USING INDEX tag_pkey;
`,
      },
    ],
    good: [
      {
        title: "The index is there",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
CREATE UNIQUE INDEX deal_stage_key ON deal (stage);
`,
        sql: "ALTER TABLE deal ADD CONSTRAINT deal_stage_key UNIQUE USING INDEX deal_stage_key;\n",
      },
    ],
  },
});
