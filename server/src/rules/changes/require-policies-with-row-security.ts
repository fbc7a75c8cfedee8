/** Row-level security that lets nobody see a row until its policies come. */
import { say } from "../names.ts";
import { changesOf, isTogether } from "../migrations.ts";
import { defineRule } from "../rule.ts";

export const requirePoliciesWithRowSecurity = defineRule({
  id: "require-policies-with-row-security",
  aliases: ["enable-rls-before-policies"],
  group: "migration",
  category: "changes",
  severity: "error",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Enable row-level security in the transaction that makes its policies.",
  why: `A table with row-level security and without policies shows no row to anybody but its owner and those who
bypass it. Between the transaction that enables it and the one that makes the first policy the application sees an
empty table.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-rowsecurity.html"],
  *checkStatement(statement, migration) {
    for (const { at, table, how, hasPolicies } of changesOf(statement, "setRowSecurity")) {
      if (how !== "enable" || hasPolicies) continue;
      const policies = migration.statements.filter((other) =>
        other.changes.some((change) => change.do === "changePolicy" && change.how === "create" && change.table.key === table.key),
      );
      if (
        policies.length === 0 ||
        policies.some(
          (other) => isTogether(other, statement) || migration.statements.indexOf(other) < migration.statements.indexOf(statement),
        )
      )
        continue;
      yield {
        at,
        subject: table.key,
        message: `Nobody sees rows of ${say(table)} until the transaction that makes its policies has ended.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "Statement by statement there is a time between",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sending: "each",
        sql: `ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
--               ^^^^^^ Nobody sees rows of deal until the transaction that makes its policies has ended.
CREATE POLICY everybody ON deal USING (true);
`,
      },
    ],
    good: [
      {
        title: "In one transaction",
        history: "CREATE TABLE deal (id int PRIMARY KEY, stage text, amount numeric(10,2), account_id int);\n",
        sql: `ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON deal USING (true);
`,
      },
    ],
  },
});
