/** Rights that no application needs: GRANT ALL gives TRUNCATE, REFERENCES and TRIGGER besides. */
import { append } from "../../model/lists.ts";
import type { Grant, Schema, Table, View } from "../../model/schema.ts";
import { defineRule, type Fix } from "../rule.ts";

export const noExcessPrivileges = defineRule({
  id: "no-excess-privileges",
  aliases: ["excess-privileges"],
  group: "schema",
  category: "security",
  severity: "information",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Grant what is needed instead of ALL.",
  why: `ALL on a table includes TRUNCATE, which row-level security does not stop and DELETE triggers do not see, and
TRIGGER, which lets a role run its own code in the transactions of others.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-priv.html", "https://www.postgresql.org/docs/current/ddl-rowsecurity.html"],
  *checkSchema(schema) {
    for (const grants of byStatement(schema)) {
      const [first, ...others] = grants;
      if (first === undefined) continue;
      const excess = first.privileges.filter((privilege) => unneeded.has(privilege));
      const who = first.grantee === "public" ? "Everybody" : first.grantee;
      const what = others.length === 0 ? first.object.replace(/^public\./, "") : `${others.length + 1} tables`;
      yield {
        at: first.origins,
        subject: `${first.object}.${first.grantee}`,
        message: `${who} gets ${excess.join(", ")} on ${what}.`,
        fix: others.length === 0 ? fixFor(schema, first, excess) : undefined,
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE deal (id int PRIMARY KEY); GRANT ALL ON deal TO app;
--                                      ^^^^^ app gets REFERENCES, TRIGGER, TRUNCATE on deal.
`,
        fixed: `CREATE TABLE deal (id int PRIMARY KEY); GRANT ALL ON deal TO app;
REVOKE REFERENCES, TRIGGER, TRUNCATE ON deal FROM app;
`,
      },
    ],
    good: [
      {
        title: "What an application needs; and the roles of Supabase, which come with everything",
        sql: `CREATE TABLE deal (id int PRIMARY KEY);
GRANT SELECT, INSERT, UPDATE, DELETE ON deal TO app;
CREATE TABLE note (id int PRIMARY KEY);
GRANT ALL ON note TO authenticated;
`,
      },
    ],
  },
});

const unneeded = new Set(["REFERENCES", "TRIGGER", "TRUNCATE"]);

/** Supabase gives its own roles everything by default, and row-level security is what keeps them in. */
const platform = new Set(["anon", "authenticated", "service_role", "postgres", "supabase_admin", "supabase_auth_admin", "dashboard_user"]);

function isExcess({ objectKind, grantee, privileges }: Grant): boolean {
  return objectKind === "table" && !platform.has(grantee) && privileges.includes("TRUNCATE") && privileges.includes("TRIGGER");
}

/** Rights that one statement gave to one role: its origin is the same object in all of them. */
function byStatement(schema: Schema): readonly (readonly Grant[])[] {
  const known = new Map<Grant["origins"][0], Map<string, Grant[]>>();
  for (const grant of schema.grants) {
    if (!isExcess(grant)) continue;
    const [origin] = grant.origins;
    const byRole = known.get(origin) ?? new Map<string, Grant[]>();
    known.set(origin, byRole);
    append(byRole, grant.grantee, grant);
  }
  return [...known.values()].flatMap((byRole) => [...byRole.values()]);
}

function fixFor(schema: Schema, { object, grantee, origins }: Grant, privileges: readonly string[]): Fix | undefined {
  const on: Table | View | undefined = schema.tables.get(object) ?? schema.views.get(object);
  if (on === undefined) return undefined;
  return {
    title: `Revoke ${privileges.join(", ")} from ${grantee === "public" ? "PUBLIC" : grantee}`,
    safety: "review",
    intent: { do: "revoke", on, privileges, from: grantee, stated: origins },
  };
}
