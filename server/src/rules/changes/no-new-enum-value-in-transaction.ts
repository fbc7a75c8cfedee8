/** Values of an enum used in the transaction that adds them. */
import { changesOf, isTogether } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const noNewEnumValueInTransaction = defineRule({
  id: "no-new-enum-value-in-transaction",
  aliases: ["enum-value-used-in-same-transaction"],
  group: "migration",
  category: "changes",
  severity: "error",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Use a new value of an enum in another transaction than the one that adds it.",
  why: `A value that ALTER TYPE ADD VALUE adds cannot be used before the transaction has ended (55P04): not in a
default, not in an UPDATE, not in a policy. Several statements that are sent at once, as Prisma sends a file, are one
transaction.`,
  sources: ["https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES"],
  *checkStatement(statement, migration) {
    for (const { at, literals } of changesOf(statement, "mention")) {
      const added = migration.statements.flatMap((other) => (isTogether(other, statement) ? [...changesOf(other, "addEnumValue")] : []));
      const used = added.find(({ value }) => literals.includes(value));
      if (used === undefined) continue;
      yield {
        at,
        subject: `${used.type}.${used.value}`,
        message: `The value ${used.value} of ${used.type} cannot be used before the transaction that adds it has ended.`,
        fix:
          statement.openedBy === "runner"
            ? { title: "Move it to a file of its own", safety: "review", intent: { do: "moveApart", at } }
            : undefined,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Sent at once, both are one transaction",
        history: `CREATE TYPE stage AS ENUM ('open', 'won');
CREATE TABLE deal (id int PRIMARY KEY, stage stage);
`,
        sql: `ALTER TYPE stage ADD VALUE 'lost';
  UPDATE deal SET stage = 'lost' WHERE id = 1;
--^^^^^^ The value lost of stage cannot be used before the transaction that adds it has ended.
`,
        fixed: "ALTER TYPE stage ADD VALUE 'lost';\n",
        migration: "UPDATE deal SET stage = 'lost' WHERE id = 1;\n",
      },
    ],
    good: [
      {
        title: "Another value",
        history: `CREATE TYPE stage AS ENUM ('open', 'won');
CREATE TABLE deal (id int PRIMARY KEY, stage stage);
`,
        sql: `ALTER TYPE stage ADD VALUE 'lost';
UPDATE deal SET stage = 'won' WHERE id = 1;
`,
      },
      {
        title: "Statement by statement",
        history: `CREATE TYPE stage AS ENUM ('open', 'won');
CREATE TABLE deal (id int PRIMARY KEY, stage stage);
`,
        sending: "each",
        sql: `ALTER TYPE stage ADD VALUE 'lost';
UPDATE deal SET stage = 'lost' WHERE id = 1;
`,
      },
    ],
  },
});
