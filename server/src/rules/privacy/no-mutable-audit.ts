/** Audit tables whose rows others than their owner may change. */
import { tagsOf } from "../../model/tags.ts";
import type { Table } from "../../model/schema.ts";
import { say, subjectOfPart, wordsOf } from "../names.ts";
import { defineRule } from "../rule.ts";
import { apiRoles, type Right, rightsOn } from "../security/protection.ts";

export const noMutableAudit = defineRule({
  id: "no-mutable-audit",
  aliases: ["audit-mutable"],
  group: "schema",
  category: "privacy",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Let nobody change or delete rows of an audit table.",
  why: `An audit trail that the application may rewrite proves nothing: whoever takes over the application removes his
own traces. It needs SELECT, and INSERT unless a trigger with its owner's rights writes for it.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-priv.html", "https://www.postgresql.org/docs/current/sql-revoke.html"],
  *checkTable(table, schema) {
    if (!isAudit(table)) return;
    for (const right of rightsOn(schema, table.key)) {
      const privileges = changing.filter((privilege) => right.privileges.split(", ").includes(privilege));
      if (privileges.length === 0 || isKeptOut(table, right)) continue;
      const who = right.grantee === "public" ? "everybody" : right.grantee;
      yield {
        at: right.origins,
        subject: subjectOfPart(table, right.grantee),
        message: `${who} may ${privileges.join(", ")} on ${say(table)}, which is to be kept as it was.`,
        related: [{ at: table.origins, message: `${say(table)} is an audit table.` }],
        fix: {
          title: `Revoke ${privileges.join(", ")} from ${right.grantee}`,
          safety: "review",
          intent: { do: "revoke", on: table, privileges, from: right.grantee, stated: right.origins },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE audit_log (id int PRIMARY KEY, what text NOT NULL); GRANT SELECT, INSERT, UPDATE, DELETE ON audit_log TO app;
--                                                               ^^^^^ app may UPDATE, DELETE on audit_log, which is to be kept as it was.
`,
        fixed: `CREATE TABLE audit_log (id int PRIMARY KEY, what text NOT NULL); GRANT SELECT, INSERT, UPDATE, DELETE ON audit_log TO app;
REVOKE UPDATE, DELETE ON audit_log FROM app;
`,
      },
      {
        title: "By its tag",
        sql: `CREATE TABLE ledger (id int PRIMARY KEY); GRANT INSERT, DELETE ON ledger TO app;
--                                        ^^^^^ app may DELETE on ledger, which is to be kept as it was.
COMMENT ON TABLE ledger IS '@append-only';
`,
        fixed: `CREATE TABLE ledger (id int PRIMARY KEY); GRANT INSERT, DELETE ON ledger TO app;
REVOKE DELETE ON ledger FROM app;
COMMENT ON TABLE ledger IS '@append-only';
`,
      },
    ],
    good: [
      {
        title: "Rows are added and read; another table is about audits",
        sql: `CREATE TABLE audit_log (id int PRIMARY KEY, what text NOT NULL);
GRANT SELECT, INSERT ON audit_log TO app;
CREATE TABLE audit_settings (id int PRIMARY KEY);
GRANT SELECT, UPDATE ON audit_settings TO app;
`,
      },
    ],
  },
});

const changing = ["UPDATE", "DELETE", "TRUNCATE"] as const;

/** `audit_log`, `AuditEvent`, `audit`; not `audit_settings`. */
function isAudit(table: Table): boolean {
  if (tagsOf(table).isAppendOnly) return true;
  const words = wordsOf(table.name);
  const last = words.at(-1) ?? "";
  return words.includes("audit") && (last === "audit" || records.has(last));
}

const records = new Set("log logs entry entries event events record records trail trails history".split(" "));

/** Supabase's roles have every right from the start, and policies keep them in. */
function isKeptOut(table: Table, { grantee }: Right): boolean {
  if (grantee === "service_role" || grantee === "postgres") return true;
  return (
    apiRoles.has(grantee) &&
    table.rowSecurity.enabled &&
    !table.policies.some(({ command }) => command !== "select" && command !== "insert")
  );
}
