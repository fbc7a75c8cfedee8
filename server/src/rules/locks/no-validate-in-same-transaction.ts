/** Constraints validated while the lock of their making is still held. */
import { say } from "../names.ts";
import { changesOf, constraintName, isTogether } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noValidateInSameTransaction = defineRule({
  id: "no-validate-in-same-transaction",
  aliases: ["not-valid-validated-in-same-transaction"],
  group: "migration",
  category: "locks",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Validate a constraint in another transaction than the one that adds it.",
  why: `NOT VALID takes its lock for a moment, provided that the transaction ends then. In one transaction with
VALIDATE CONSTRAINT the lock is held while every row is read, as if NOT VALID had not been said. Several statements
that are sent at once, as Prisma sends a file, are one transaction.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-VALIDATE-CONSTRAINT"],
  *checkStatement(statement, migration) {
    for (const change of changesOf(statement, "validateConstraint")) {
      const { at, table, name } = change;
      const added = migration.statements.some(
        (other) =>
          isTogether(other, statement) &&
          other.changes.some(
            (each) =>
              each.do === "addConstraint" &&
              each.table.key === table.key &&
              !each.isValid &&
              (each.name ?? constraintName(table, each.columns, each.kind === "foreign" ? "foreign" : "check")) === name,
          ),
      );
      if (!added) continue;
      yield {
        at,
        subject: `${table.key}.${name}`,
        message: `The lock on ${say(table)} is held while ${name} is validated: it was added in the same transaction.`,
        fix:
          statement.openedBy === "runner" && !statement.isInBlock
            ? { title: "Validate it in a file of its own", safety: "review", intent: { do: "moveApart", at } }
            : undefined,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Sent at once, both are one transaction",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal ADD CONSTRAINT deal_amount_check CHECK (amount > 0) NOT VALID;
ALTER TABLE deal VALIDATE CONSTRAINT deal_amount_check;
--                                   ^^^^^^^^^^^^^^^^^ The lock on deal is held while deal_amount_check is validated: it was added in the same transaction.
`,
        fixed: "ALTER TABLE deal ADD CONSTRAINT deal_amount_check CHECK (amount > 0) NOT VALID;\n",
        migration: "ALTER TABLE deal VALIDATE CONSTRAINT deal_amount_check;\n",
      },
    ],
    good: [
      {
        title: "psql runs statement by statement",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sending: "each",
        sql: `ALTER TABLE deal ADD CONSTRAINT deal_amount_check CHECK (amount > 0) NOT VALID;
ALTER TABLE deal VALIDATE CONSTRAINT deal_amount_check;
`,
      },
    ],
  },
});
