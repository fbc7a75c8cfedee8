/** Tables whose row-level security has no policy, so that it lets nothing through. */
import { doubtAbout } from "../../model/queries.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requirePolicy = defineRule({
  id: "require-policy",
  aliases: ["rls-enabled-no-policy"],
  group: "schema",
  category: "security",
  severity: "information",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Give a table with row-level security a policy.",
  why: `Without a policy, row-level security shows no row and takes none, and says nothing about it: queries come back
empty. Where only roles that bypass it are meant to use the table, revoking the rights of the others says so.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-rowsecurity.html"],
  *checkTable(table, schema) {
    const { enabled, forced } = table.rowSecurity;
    if (!enabled || table.policies.length > 0 || !table.complete || table.partitionOf !== undefined) return;
    yield {
      at: table.origins,
      subject: table.key,
      message: `${say(table)} has row-level security and no policy: ${forced ? "nobody" : "nobody but its owner"} sees a row.`,
      doubt: doubtAbout(schema, table),
    };
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE deal (id int PRIMARY KEY);
--           ^^^^ deal has row-level security and no policy: nobody but its owner sees a row.
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
`,
      },
    ],
    good: [
      {
        title: "One policy is enough, and a partition that nobody reads by itself needs none",
        sql: `CREATE TABLE visit (org_id int NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
ALTER TABLE visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON visit USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE visit_2026 PARTITION OF visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER TABLE visit_2026 ENABLE ROW LEVEL SECURITY;
`,
      },
    ],
  },
});
