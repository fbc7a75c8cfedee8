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
        title: "Through another view, which asks its caller: the first view's owner",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, amount int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE VIEW big_deal WITH (security_invoker) AS SELECT id, amount FROM deal WHERE amount > 1000;
CREATE VIEW total (amount) WITH (security_barrier) AS SELECT sum(amount) FROM big_deal;
--          ^^^^^ View total shows rows of deal past its row-level security.
`,
        fixed: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, amount int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE VIEW big_deal WITH (security_invoker) AS SELECT id, amount FROM deal WHERE amount > 1000;
CREATE VIEW total (amount) WITH (security_barrier, security_invoker = true) AS SELECT sum(amount) FROM big_deal;
`,
      },
    ],
    good: [
      {
        title: "It asks its caller, the policies bind the owner too, or nothing is protected",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE VIEW deals WITH (security_invoker = on) AS SELECT id FROM deal;
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

/** A table with row-level security that the view reads, by itself or through others, and whose owner is not bound. */
function unboundTable(schema: Schema, view: View): Table | undefined {
  const waiting = [...view.reads];
  const seen = new Set(waiting);
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const table = schema.tables.get(key);
    if (table !== undefined && table.rowSecurity.enabled && !table.rowSecurity.forced) return table;
    const inner = schema.views.get(key);
    // A materialized view holds rows of its own; one that is reported itself is mended there.
    if (inner === undefined || inner.materialized || !asksCaller(inner)) continue;
    for (const next of inner.reads) {
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return undefined;
}
