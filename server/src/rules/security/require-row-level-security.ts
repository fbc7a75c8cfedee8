/** Tables without row-level security in a schema that protects others of their kind, or that an API serves. */
import type { Schema, Table } from "../../model/schema.ts";
import { doubtAbout } from "../../model/queries.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";
import { columnHeldElsewhere, forcesRowSecurity, isServedBySupabase } from "./protection.ts";

export const requireRowLevelSecurity = defineRule({
  id: "require-row-level-security",
  aliases: ["rls-missing"],
  group: "schema",
  category: "security",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Enable row-level security on every table that needs it as much as those that have it.",
  why: `One table without it is a hole in the wall around the others: every query that reaches it sees the rows of all
tenants. Supabase's API serves every table of the schema public to whoever holds the public key, unless row-level
security says which rows.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
    "https://supabase.com/docs/guides/database/postgres/row-level-security",
  ],
  *checkTable(table, schema) {
    if (table.rowSecurity.enabled || table.policies.length > 0 || !canBeProtected(table)) return;
    const evidence = evidenceAgainst(table, schema);
    if (evidence === undefined) return;
    yield {
      at: table.origins,
      subject: table.key,
      message: `${say(table)} has no row-level security, and ${evidence}.`,
      doubt: doubtAbout(schema, table),
      fix: {
        title: `Enable row-level security on ${say(table)}: no row is visible until it has a policy`,
        safety: "review",
        intent: { do: "setRowSecurity", table, enabled: true, ...(forcesRowSecurity(schema) ? { forced: true } : {}) },
      },
    };
  },
  examples: {
    bad: [
      {
        title: "Two tables hold the tenant to the session, the third one does not",
        sql: `CREATE TABLE account (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON account USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE contact (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE contact ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON contact USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
--           ^^^^ deal has no row-level security, and 2 tables let a session see its own org_id only.
`,
        fixed: `CREATE TABLE account (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON account USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE contact (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE contact ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON contact USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
`,
      },
      {
        title: "Supabase's API serves it",
        sql: `CREATE TABLE profile (id int PRIMARY KEY);
ALTER TABLE profile ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON profile FOR SELECT TO anon USING (true);
CREATE TABLE invitation (id int PRIMARY KEY);
--           ^^^^^^^^^^ invitation has no row-level security, and Supabase's API serves it.
`,
        fixed: `CREATE TABLE profile (id int PRIMARY KEY);
ALTER TABLE profile ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON profile FOR SELECT TO anon USING (true);
CREATE TABLE invitation (id int PRIMARY KEY);
ALTER TABLE invitation ENABLE ROW LEVEL SECURITY;
`,
      },
    ],
    good: [
      {
        title:
          "A table that all tenants share, one whose rows may have no tenant, one that a policy could not tell apart by its id, and a partition",
        sql: `CREATE TABLE account (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON account USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE organization (id int PRIMARY KEY);
ALTER TABLE organization ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON organization USING (id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE visit (org_id int NOT NULL, day date NOT NULL) PARTITION BY RANGE (day);
ALTER TABLE visit ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON visit USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE visit_2026 PARTITION OF visit FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
CREATE TABLE country (id int PRIMARY KEY);
CREATE TABLE job (id int PRIMARY KEY, org_id int);
`,
      },
      {
        title: "Nothing in this schema has row-level security",
        sql: `CREATE TABLE account (id int PRIMARY KEY, org_id int NOT NULL);
CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
`,
      },
    ],
  },
});

/** Rows of a partition are read through its parent, whose policies then hold. */
function canBeProtected(table: Table): boolean {
  return (
    table.kind !== "foreign" &&
    table.persistence !== "temporary" &&
    table.complete &&
    table.partitionOf === undefined &&
    table.name !== "_prisma_migrations"
  );
}

function evidenceAgainst(table: Table, schema: Schema): string | undefined {
  if (isServedBySupabase(schema, table)) return "Supabase's API serves it";
  const held = columnHeldElsewhere(schema, table.key);
  return held === undefined ? undefined : `${held.tables} tables let a session see its own ${held.column} only`;
}
