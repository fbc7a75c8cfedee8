/** Exclusion constraints, whose index cannot be built beforehand. */
import { say } from "../names.ts";
import { changesOf } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noExclusionOnUsedTable = defineRule({
  id: "no-exclusion-on-used-table",
  aliases: ["add-exclusion-constraint"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Add exclusion constraints while the table is small, or with the application stopped.",
  why: `ADD EXCLUDE builds its index under an ACCESS EXCLUSIVE lock, and there is neither NOT VALID nor USING INDEX
for it: nobody reads or writes the table until it is done.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT"],
  *checkStatement(statement) {
    for (const { at, table, kind, name } of changesOf(statement, "addConstraint")) {
      if (kind !== "exclusion") continue;
      yield {
        at,
        subject: `${table.key}.${name ?? "exclusion"}`,
        message: `Nobody can use ${say(table)} while the index of this exclusion is built.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "There is no gentle way",
        history: "CREATE TABLE booking (id int PRIMARY KEY, during tstzrange);\n",
        sql: `ALTER TABLE booking ADD CONSTRAINT booking_during_excl EXCLUDE USING gist (during WITH &&);
--                                 ^^^^^^^^^^^^^^^^^^^ Nobody can use booking while the index of this exclusion is built.
`,
      },
    ],
    good: [
      {
        title: "A new table",
        sql: `CREATE TABLE booking (id int PRIMARY KEY, during tstzrange);
ALTER TABLE booking ADD CONSTRAINT booking_during_excl EXCLUDE USING gist (during WITH &&);
`,
      },
    ],
  },
});
