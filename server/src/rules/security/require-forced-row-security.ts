/** Policies that bind everybody but the tables' owner, where the application may be the owner. */
import { doubtAbout } from "../../model/queries.ts";
import type { Policy, Schema, Table } from "../../model/schema.ts";
import { lookup } from "../../model/lookup.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";
import { hasSupabaseApi, tablesThatForce } from "./protection.ts";

export const requireForcedRowSecurity = defineRule({
  id: "require-forced-row-security",
  aliases: ["rls-not-forced"],
  group: "schema",
  category: "security",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Force row-level security on the owner where the application may be the owner.",
  why: `Policies do not bind the owner of a table. An application that connects as the role that ran the migrations, as
Prisma does by default, sees every row of every tenant. FORCE binds the owner too; superusers and roles with BYPASSRLS
stay free.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-rowsecurity.html", "https://www.postgresql.org/docs/current/sql-altertable.html"],
  *checkTable(table, schema) {
    const { enabled, forced } = table.rowSecurity;
    if (!enabled || forced || table.policies.length === 0 || !table.complete || table.partitionOf !== undefined) return;
    const others = tablesThatForce(schema, "");
    const isForOwner = others === 0 && mustBeForOwner(table, schema);
    if (others === 0 && !isForOwner) return;
    const reason = isForOwner ? "and nobody else is given rights on it" : `as ${others} other tables do`;
    yield {
      at: table.origins,
      subject: table.key,
      message: isForOwner
        ? `The policies of ${say(table)} do not bind its owner, ${reason}.`
        : `${say(table)} does not force row-level security on its owner, ${reason}.`,
      doubt: doubtAbout(schema, table) ?? (isForOwner ? "Rights may be granted elsewhere." : undefined),
      fix: {
        title: `Force row-level security on the owner of ${say(table)}`,
        safety: "review",
        intent: { do: "setRowSecurity", table, forced: true },
      },
    };
  },
  examples: {
    bad: [
      {
        title: "The policy asks for the application's own setting, and only the owner may read the table",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
--           ^^^^ The policies of deal do not bind its owner, and nobody else is given rights on it.
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
`,
        fixed: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
ALTER TABLE deal FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
`,
      },
      {
        title: "The others do",
        sql: `CREATE TABLE account (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON account USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE contact (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE contact ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON contact USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
--           ^^^^ deal does not force row-level security on its owner, as 2 other tables do.
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
`,
        fixed: `CREATE TABLE account (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE account ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON account USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE contact (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE contact ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON contact USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
ALTER TABLE deal FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
`,
      },
    ],
    good: [
      {
        title: "The application has a role of its own",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
GRANT SELECT ON deal TO app;
`,
      },
      {
        title: "The policy is for a role, or asks who is connected",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal TO app USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE note (id int PRIMARY KEY, owner name NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON note USING (owner = current_user);
`,
      },
    ],
  },
});

/** Policies that ask for a setting of the application, for everybody, in a schema that gives nobody but the owner any right. */
function mustBeForOwner(table: Table, schema: Schema): boolean {
  if (hasSupabaseApi(schema, "") || !isNothingGranted(schema, "")) return false;
  return table.policies.every(({ roles }) => roles.every((role) => role === "public")) && table.policies.some(asksApplication);
}

/** Settings of the application have a dot in their names. */
function asksApplication({ using, withCheck }: Policy): boolean {
  return [using, withCheck].some((condition) => condition !== undefined && /\bcurrent_setting\('\w+\.\w/.test(condition.canonical));
}

const isNothingGranted = lookup((schema) => {
  const isNothing = !schema.grants.some(({ objectKind }) => objectKind === "table" || objectKind === "default");
  return () => isNothing;
});
