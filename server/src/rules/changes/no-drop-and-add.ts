/** A renamed column that would lose its data. */
import { wordsOf } from "../../model/names.ts";
import { isSameType } from "../../model/pgTypes.ts";
import { say } from "../names.ts";
import { changesOf, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noDropAndAdd = defineRule({
  id: "no-drop-and-add",
  aliases: ["rename-seen-as-drop"],
  group: "migration",
  category: "changes",
  severity: "error",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Rename a column instead of dropping and adding it.",
  why: `Prisma cannot tell a renamed field from one that goes and another that comes, and writes DROP COLUMN and ADD
COLUMN: the values of every row are lost. RENAME COLUMN keeps them.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-RENAME"],
  *checkStatement(statement, migration) {
    for (const { at, table, column, type } of changesOf(statement, "dropColumn")) {
      const added = migration.statements
        .flatMap((other) => [...changesOf(other, "addColumn")])
        .filter((one) => one.table.key === table.key);
      const [only, ...others] = added.filter((one) => isSameType(one.type, type) && one.column !== column);
      if (only === undefined || others.length > 0 || !isAlike(column, only.column)) continue;
      // Values that are copied before are kept.
      if (
        migration.statements.some((other) =>
          [...changesOf(other, "write")].some((write) => write.table.key === table.key && write.how === "update"),
        )
      )
        continue;
      yield {
        at,
        subject: subjectOf(table, [column]),
        message: `${say(table)}(${column}) seems to become ${only.column}: the values of all rows are lost.`,
        related: [{ at: only.at, message: `${only.column} is added here, with the same type.` }],
        fix: {
          title: `Rename ${column} to ${only.column}`,
          safety: "review",
          intent: { do: "renameInstead", dropped: at, added: only.at, table, from: column, to: only.column },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        title: "What Prisma writes for a renamed field",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal DROP COLUMN stage,
--                           ^^^^^ deal(stage) seems to become deal_stage: the values of all rows are lost.
  ADD COLUMN deal_stage text;
`,
        fixed: "ALTER TABLE deal RENAME COLUMN stage TO deal_stage;\n",
      },
    ],
    good: [
      {
        title: "Another type is another thing",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "ALTER TABLE deal DROP COLUMN stage, ADD COLUMN stage_id int;\n",
      },
      {
        title: "Names that have nothing in common",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: "ALTER TABLE deal DROP COLUMN stage, ADD COLUMN note text;\n",
      },
    ],
  },
});

/** A word in common, or one name within the other. */
function isAlike(a: string, b: string): boolean {
  const words = new Set(wordsOf(a));
  return wordsOf(b).some((word) => word.length > 2 && words.has(word)) || a.includes(b) || b.includes(a);
}
