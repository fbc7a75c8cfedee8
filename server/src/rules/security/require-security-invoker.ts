/** Views through which row-level security is passed by. */
import type { Schema, Table, View } from "../../model/schema.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireSecurityInvoker = defineRule({
  id: "require-security-invoker",
  aliases: ["rls-view-bypass"],
  group: "schema",
  category: "security",
  severity: "warning",
  languages: ["sql"],
  postgres: { from: 15 },
  since: "0.1.0",
  summary: "Let views over tables with row-level security ask for their caller's rows.",
  why: `A view reads its tables as its owner, whom policies do not bind: whoever may read the view sees the rows of
everybody. With security_invoker, from PostgreSQL 15 on, the policies of the caller hold.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createview.html", "https://www.postgresql.org/docs/current/rules-privileges.html"],
  *checkSchema(schema) {
    for (const view of schema.views.values()) {
      if (view.materialized || asksCaller(view)) continue;
      const table = unboundTable(schema, view);
      if (table === undefined) continue;
      yield {
        at: view.origins,
        subject: view.key,
        message: `View ${say(view)} shows rows of ${say(table)} past its row-level security.`,
        related: [{ at: table.origins, message: `${say(table)} has row-level security, which does not bind its owner.` }],
        fix: {
          title: `Let ${say(view)} ask for its caller's rows`,
          safety: "review",
          intent: { do: "setViewOption", view, option: "security_invoker", value: "true" },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, amount int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE VIEW big_deal AS SELECT id, amount FROM deal WHERE amount > 1000;
--          ^^^^^^^^ View big_deal shows rows of deal past its row-level security.
`,
        fixed: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, amount int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE VIEW big_deal WITH (security_invoker = true) AS SELECT id, amount FROM deal WHERE amount > 1000;
`,
      },
      {
        title: "Another option is not enough",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, amount int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE VIEW total (amount) WITH (security_barrier) AS SELECT sum(amount) FROM deal;
--          ^^^^^ View total shows rows of deal past its row-level security.
`,
        fixed: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, amount int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE VIEW total (amount) WITH (security_barrier, security_invoker = true) AS SELECT sum(amount) FROM deal;
`,
      },
    ],
    good: [
      {
        title: "It asks its caller, or reads a view that does; the policies bind the owner too; or nothing is protected",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE VIEW deals WITH (security_invoker = on) AS SELECT id FROM deal;
CREATE VIEW number_of_deals AS SELECT count(*) FROM deals;
CREATE TABLE note (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON note USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE VIEW notes AS SELECT id FROM note;
CREATE TABLE country (id int PRIMARY KEY);
CREATE VIEW countries AS SELECT id FROM country;
`,
      },
    ],
  },
});

function asksCaller({ options }: View): boolean {
  const value = options.get("security_invoker");
  return value !== undefined && /^(?:true|on|yes|1|t|y)$/i.test(value);
}

/**
 * A table with row-level security that the view reads as its owner, and whose owner is not bound. What it reads through
 * another view is that view's business: one with security_invoker asks the caller wherever it is used.
 */
function unboundTable(schema: Schema, view: View): Table | undefined {
  for (const key of view.reads) {
    const table = schema.tables.get(key);
    if (table !== undefined && table.rowSecurity.enabled && !table.rowSecurity.forced) return table;
  }
  return undefined;
}
