/** Policies of tables whose row-level security was never switched on. */
import { doubtAbout } from "../../model/queries.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noInactivePolicy = defineRule({
  id: "no-inactive-policy",
  aliases: ["policy-rls-disabled"],
  group: "schema",
  category: "security",
  severity: "error",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Enable row-level security where there are policies.",
  why: `A policy does nothing before ALTER TABLE … ENABLE ROW LEVEL SECURITY: everybody with rights on the table sees
and changes every row, while its definition says that they do not.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-createpolicy.html",
    "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
  ],
  *checkTable(table, schema) {
    const [policy, ...others] = table.policies;
    if (policy === undefined || table.rowSecurity.enabled || !table.complete) return;
    yield {
      at: policy.origins,
      subject: table.key,
      message: `${others.length === 0 ? "The policy" : "The policies"} of ${say(table)} ${others.length === 0 ? "does" : "do"} nothing: row-level security is not enabled.`,
      related: others.map(({ name, origins }) => ({ at: origins, message: `Nor does ${name}.` })),
      doubt: doubtAbout(schema, table),
      fix: {
        title: `Enable row-level security on ${say(table)}`,
        safety: "review",
        intent: { do: "setRowSecurity", table, enabled: true },
      },
    };
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
--            ^^^^^^ The policy of deal does nothing: row-level security is not enabled.
`,
        fixed: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
`,
      },
      {
        title: "It was disabled again",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
--            ^^^^^^ The policy of deal does nothing: row-level security is not enabled.
ALTER TABLE deal DISABLE ROW LEVEL SECURITY;
`,
        fixed: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
ALTER TABLE deal DISABLE ROW LEVEL SECURITY;
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
`,
      },
    ],
    good: [
      {
        title: "Enabled before or after its policies, or a table that another project makes",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
`,
      },
    ],
  },
});
