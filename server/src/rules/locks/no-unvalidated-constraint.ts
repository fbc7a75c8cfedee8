/** Constraints that were added NOT VALID, and nobody ever validated. */
import { doubtAbout } from "../../model/queries.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noUnvalidatedConstraint = defineRule({
  id: "no-unvalidated-constraint",
  aliases: ["constraint-left-not-valid"],
  group: "schema",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Validate what was added NOT VALID.",
  why: `A constraint that is NOT VALID holds for new rows only: the old ones may break it, a dump of the table cannot be
restored where they do, and the planner does not rely on it. VALIDATE CONSTRAINT reads the rows while everybody goes on working.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT"],
  *checkTable(table, schema) {
    for (const constraint of [...table.checks, ...table.foreignKeys]) {
      if (constraint.validated) continue;
      yield {
        at: constraint.origins,
        subject: subjectOfPart(table, constraint.name),
        message: `${constraint.name} of ${say(table)} was never validated: old rows may break it.`,
        doubt: doubtAbout(schema, table),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Nothing validates it",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, amount numeric);
ALTER TABLE deal ADD CONSTRAINT deal_amount_check CHECK (amount > 0) NOT VALID;
--                              ^^^^^^^^^^^^^^^^^ deal_amount_check of deal was never validated: old rows may break it.
`,
      },
    ],
    good: [
      {
        title: "Validated afterwards",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, amount numeric);
ALTER TABLE deal ADD CONSTRAINT deal_amount_check CHECK (amount > 0) NOT VALID;
ALTER TABLE deal VALIDATE CONSTRAINT deal_amount_check;
`,
      },
    ],
  },
});
