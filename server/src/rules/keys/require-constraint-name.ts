/** Constraints that PostgreSQL names. */
import { isImplied } from "../../model/queries.ts";
import type { Element, Table } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule, type RuleFinding } from "../rule.ts";

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
    if (table.primaryKey !== undefined && isUnnamed(table.primaryKey)) yield findingOf(table, table.primaryKey);
    for (const constraints of [table.uniqueConstraints, table.foreignKeys, table.checks, table.exclusions]) {
      for (const constraint of constraints) if (isUnnamed(constraint)) yield findingOf(table, constraint);
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
        fixed: `CREATE TABLE account (
  id bigint CONSTRAINT account_pkey PRIMARY KEY,
  balance numeric(12, 2) CHECK (balance >= 0)
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

function findingOf(table: Table, constraint: Element): RuleFinding {
  const { name, origins } = constraint;
  return {
    at: origins,
    subject: subjectOfPart(table, name),
    message: `A constraint of ${say(table)} has no name of its own: PostgreSQL calls it ${name}.`,
    fix: { title: `Name it ${name}`, safety: "safe", intent: { do: "nameConstraint", table, constraint } },
  };
}

/** In the text that it is from; Prisma gives every constraint a name. */
function isUnnamed(constraint: Element): boolean {
  if (isImplied(constraint) || constraint.origins.some(({ kind }) => kind === "prisma" || kind === "catalog")) return false;
  const [origin] = constraint.origins;
  return origin.kind === "sql" && origin.parts?.["name"] === undefined;
}
