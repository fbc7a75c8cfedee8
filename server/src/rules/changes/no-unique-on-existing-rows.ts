/** Unique keys that duplicates among the rows stop. */
import type { Migration } from "../../model/migration/migration.ts";
import { say } from "../names.ts";
import { changesOf, subjectOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noUniqueOnExistingRows = defineRule({
  id: "no-unique-on-existing-rows",
  aliases: ["unique-added-on-existing-data"],
  group: "migration",
  category: "changes",
  severity: "information",
  preset: "strict",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Look for duplicates before values become unique.",
  why: `A unique key over columns that were not unique before fails at the first duplicate (23505), after reading the
whole table; built concurrently, it leaves an invalid index behind. A query that groups by the columns, having
count(*) > 1, tells before.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY"],
  *checkStatement(statement, migration) {
    for (const change of changesOf(statement, "createIndex", "addConstraint")) {
      const { at, table, columns } = change;
      const isNew =
        change.do === "createIndex" ? change.isUnique && !change.isThere : change.kind === "unique" && change.usingIndex === undefined;
      if (!isNew || columns.length === 0 || areAllNew(migration, table.key, columns)) continue;
      yield {
        at,
        subject: subjectOf(table, columns),
        message: `This fails if two rows of ${say(table)} have the same ${columns.join(", ")}.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Nothing kept duplicates away so far",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `CREATE UNIQUE INDEX CONCURRENTLY deal_stage_key ON deal (stage);
--                               ^^^^^^^^^^^^^^ This fails if two rows of deal have the same stage.
`,
      },
    ],
    good: [
      {
        title: "A new column is null everywhere",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal ADD COLUMN slug text;
CREATE UNIQUE INDEX deal_slug_key ON deal (slug);
`,
      },
    ],
  },
});

/** Columns that this file adds without a value are null in every row, and nulls are no duplicates. */
function areAllNew({ statements }: Migration, table: string, columns: readonly string[]): boolean {
  const added = statements.flatMap(({ changes }) =>
    changes.flatMap((change) =>
      change.do === "addColumn" && change.table.key === table && change.default === "none" ? [change.column] : [],
    ),
  );
  return columns.some((column) => added.includes(column));
}
