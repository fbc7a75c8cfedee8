/** Constraints that PostgreSQL names. */
import { isImplied } from "../../model/queries.ts";
import type { Element } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireConstraintName = defineRule({
  id: "require-constraint-name",
  aliases: ["constraint-unnamed"],
  group: "schema",
  category: "keys",
  severity: "hint",
  preset: "all",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Name every constraint.",
  why: `PostgreSQL makes a name of the table's and the columns', and a number where that one is taken: which number, depends
on what was there before. A migration that drops the constraint by its name then fails in the one database where it is
another; and a violation reports a name that says nothing of the rule it broke.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html"],
  *checkTable(table) {
    const { primaryKey, uniqueConstraints, foreignKeys, checks, exclusions } = table;
    for (const constraint of [...(primaryKey === undefined ? [] : [primaryKey]), ...uniqueConstraints, ...foreignKeys, ...checks, ...exclusions]) {
      if (!isUnnamed(constraint)) continue;
      yield {
        at: constraint.origins,
        subject: subjectOfPart(table, constraint.name),
        message: `A constraint of ${say(table)} has no name of its own: PostgreSQL calls it ${constraint.name}.`,
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE account (
  id bigint PRIMARY KEY,
--^^ A constraint of account has no name of its own: PostgreSQL calls it account_pkey.
  balance numeric(12, 2) CHECK (balance >= 0)
--^^^^^^^ A constraint of account has no name of its own: PostgreSQL calls it account_balance_check.
);
`,
      },
    ],
    good: [
      {
        title: "Named, in the column or behind it; an index is no constraint, nor is NOT NULL one that anybody drops by name",
        sql: `CREATE TABLE account (
  id bigint CONSTRAINT account_pkey PRIMARY KEY,
  balance numeric(12, 2) NOT NULL,
  CONSTRAINT balance_not_negative CHECK (balance >= 0)
);
CREATE UNIQUE INDEX ON account (balance);
`,
      },
    ],
  },
});

/** In the text that it is from; Prisma gives every constraint a name. */
function isUnnamed(constraint: Element): boolean {
  if (isImplied(constraint) || constraint.origins.some(({ kind }) => kind === "prisma" || kind === "catalog")) return false;
  const [origin] = constraint.origins;
  return origin.kind === "sql" && origin.parts?.["name"] === undefined;
}
