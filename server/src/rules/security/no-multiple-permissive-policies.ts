/** Several permissive policies that PostgreSQL must all try for the same rows. */
import type { Policy, Table } from "../../model/schema.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";
import { appliesTo } from "./policyConditions.ts";

export const noMultiplePermissivePolicies = defineRule({
  id: "no-multiple-permissive-policies",
  aliases: ["rls-multiple-permissive"],
  group: "schema",
  category: "security",
  severity: "information",
  preset: "strict",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Have one permissive policy for a role and a command.",
  why: `Permissive policies are joined by OR. PostgreSQL evaluates each of them for the rows that the others refuse, an OR
over several columns keeps it from using an index, and who may do what has to be read together from all of them.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createpolicy.html"],
  *checkTable(table) {
    if (!table.rowSecurity.enabled || table.policies.length < 2) return;
    for (const { policies, commands, role } of overlaps(table)) {
      const [, ...others] = policies;
      const last = policies.at(-1);
      if (last === undefined) continue;
      yield {
        at: last.origins,
        subject: `${table.key}.${last.name}`,
        message: `${policies.length} permissive policies of ${say(table)} are for ${commands.join(", ").toUpperCase()} by ${role}: any of them is enough.`,
        related: [policies[0], ...others.slice(0, -1)].flatMap((policy) =>
          policy === undefined ? [] : [{ at: policy.origins, message: `${policy.name} is one of them.` }],
        ),
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, is_public boolean NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE POLICY published ON deal FOR SELECT USING (is_public);
--            ^^^^^^^^^ 2 permissive policies of deal are for SELECT by public: any of them is enough.
`,
      },
    ],
    good: [
      {
        title: "For different commands, for different roles, or restrictive",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, is_public boolean NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON deal FOR SELECT TO app USING (is_public);
CREATE POLICY writing ON deal FOR INSERT TO app WITH CHECK (NOT is_public);
CREATE POLICY others ON deal FOR SELECT TO anon USING (is_public);
CREATE POLICY tenant ON deal AS RESTRICTIVE USING (org_id = (SELECT current_setting('app.org_id')::int));
`,
      },
    ],
  },
});

const commands = ["select", "insert", "update", "delete"] as const;

interface Overlap {
  readonly role: string;
  readonly commands: string[];
  readonly policies: readonly Policy[];
}

/** The groups of policies that are for one role and the same commands; each group once. */
function overlaps(table: Table): readonly Overlap[] {
  const permissive = table.policies.filter((policy) => policy.permissive);
  const roles = new Set(permissive.flatMap((policy) => policy.roles));
  const found = new Map<string, Overlap>();
  for (const command of commands) {
    for (const role of roles) {
      const policies = permissive.filter(
        (policy) => appliesTo(policy, command) && (policy.roles.includes(role) || policy.roles.includes("public")),
      );
      if (policies.length < 2) continue;
      const key = policies.map(({ name }) => name).join("\n");
      const known = found.get(key);
      if (known === undefined) found.set(key, { role, commands: [command], policies });
      else if (!known.commands.includes(command)) known.commands.push(command);
    }
  }
  return [...found.values()];
}
