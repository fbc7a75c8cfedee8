/** Constraints that guard the data no more. */
import type { ConstraintKind } from "../../model/changes.ts";
import type { Migration } from "../../model/migration/migration.ts";
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noDroppedConstraint = defineRule({
  id: "no-dropped-constraint",
  aliases: ["drop-constraint"],
  group: "migration",
  category: "changes",
  severity: "information",
  preset: "strict",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Say why a constraint is not needed any more.",
  why: `From now on rows are written that the constraint would have refused, and it cannot come back before they are
gone. Dropping a foreign key takes an ACCESS EXCLUSIVE lock on both tables, too. One that is replaced in the same file
is not reported.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DROP-CONSTRAINT"],
  *checkStatement(statement, migration) {
    for (const { at, table, name, kind, columns } of changesOf(statement, "dropConstraint")) {
      if (kind === undefined || kind === "notNull" || isReplaced(migration, table.key, kind, name, columns)) continue;
      yield {
        at,
        subject: `${table.key}.${name}`,
        message: `Nothing keeps ${guarded[kind]} out of ${say(table)} any more: ${name} is dropped.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "A check that goes",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
ALTER TABLE deal ADD CONSTRAINT deal_amount_check CHECK (amount > 0);
`,
        sql: `ALTER TABLE deal DROP CONSTRAINT deal_amount_check;
--                               ^^^^^^^^^^^^^^^^^ Nothing keeps wrong values out of deal any more: deal_amount_check is dropped.
`,
      },
    ],
    good: [
      {
        title: "One that is replaced",
        history: `CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);
ALTER TABLE deal ADD CONSTRAINT deal_amount_check CHECK (amount > 0);
`,
        sql: `ALTER TABLE deal DROP CONSTRAINT deal_amount_check;
ALTER TABLE deal ADD CONSTRAINT deal_amount_check CHECK (amount >= 0) NOT VALID;
`,
      },
    ],
  },
});

const guarded = { check: "wrong values", unique: "duplicates", primary: "duplicates", foreign: "orphans", exclusion: "overlaps" } as const;

/** A constraint of the same kind comes in the same file, or the table goes, or a column that it is about. */
function isReplaced({ statements }: Migration, table: string, kind: ConstraintKind, name: string, columns: readonly string[]): boolean {
  return statements.some(({ changes }) =>
    changes.some((change) => {
      if (!("table" in change) || change.table?.key !== table) return false;
      if (change.do === "addConstraint")
        return (
          change.kind === kind &&
          (change.name === name || kind === "check" || kind === "primary" || change.columns.join() === columns.join())
        );
      return (
        change.do === "dropTable" || (change.do === "dropColumn" && (columns.includes(change.column) || change.removes.includes(name)))
      );
    }),
  );
}
