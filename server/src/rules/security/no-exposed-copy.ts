/** Materialized views and foreign tables that others may read: row-level security cannot protect either. */
import type { Schema, Table, View } from "../../model/schema.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";
import { apiRoles, rightsOn } from "./protection.ts";

export const noExposedCopy = defineRule({
  id: "no-exposed-copy",
  aliases: ["matview-or-foreign-table-exposed"],
  group: "schema",
  category: "security",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Give nobody rights on a copy of protected rows that cannot be protected itself.",
  why: `A materialized view holds what its owner saw when it was refreshed, and a foreign table what the other server
sends: neither can have row-level security. Whoever may read it sees the rows of everybody.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-createpolicy.html",
    "https://www.postgresql.org/docs/current/sql-creatematerializedview.html",
  ],
  *checkSchema(schema) {
    for (const view of schema.views.values()) {
      if (!view.materialized) continue;
      const table = protectedTable(schema, view);
      const role = table === undefined ? undefined : readerOf(schema, view, () => true);
      if (table === undefined || role === undefined) continue;
      yield {
        at: view.origins,
        subject: view.key,
        message: `${say(view)} keeps rows of ${say(table)} where its policies do not reach, and ${role} may read it.`,
        related: [{ at: table.origins, message: `${say(table)} has row-level security.` }],
      };
    }
  },
  *checkTable(table, schema) {
    if (table.kind !== "foreign") return;
    const role = readerOf(schema, table, (grantee) => apiRoles.has(grantee) || grantee === "public");
    if (role === undefined) return;
    yield {
      at: table.origins,
      subject: table.key,
      message: `Foreign table ${say(table)} cannot have row-level security, and ${role} may read it.`,
    };
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE MATERIALIZED VIEW deals AS SELECT org_id, count(*) FROM deal GROUP BY org_id;
--                       ^^^^^ deals keeps rows of deal where its policies do not reach, and app may read it.
GRANT SELECT ON deals TO app;
`,
      },
      {
        sql: `CREATE EXTENSION postgres_fdw;
CREATE SERVER billing FOREIGN DATA WRAPPER postgres_fdw;
CREATE FOREIGN TABLE invoice (id int) SERVER billing;
--                   ^^^^^^^ Foreign table invoice cannot have row-level security, and anon may read it.
GRANT SELECT ON invoice TO anon;
`,
      },
    ],
    good: [
      {
        title: "Nobody else may read it, or it holds nothing that was protected",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE MATERIALIZED VIEW deals AS SELECT org_id, count(*) FROM deal GROUP BY org_id;
CREATE TABLE country (id int PRIMARY KEY);
CREATE MATERIALIZED VIEW countries AS SELECT id FROM country;
GRANT SELECT ON countries TO app;
`,
      },
    ],
  },
});

function readerOf(schema: Schema, { key }: Pick<Table, "key">, isMeant: (grantee: string) => boolean): string | undefined {
  const right = rightsOn(schema, key).find(
    ({ grantee, privileges }) => privileges.includes("SELECT") && grantee !== "service_role" && isMeant(grantee),
  );
  return right?.grantee === "public" ? "everybody" : right?.grantee;
}

function protectedTable(schema: Schema, view: View): Table | undefined {
  const waiting = [...view.reads];
  const seen = new Set(waiting);
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    const table = schema.tables.get(key);
    if (table?.rowSecurity.enabled === true && table.policies.length > 0) return table;
    for (const next of schema.views.get(key)?.reads ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      waiting.push(next);
    }
  }
  return undefined;
}
