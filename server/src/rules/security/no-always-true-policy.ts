/** Policies that let everybody write every row. */
import { doubtAbout } from "../../model/queries.ts";
import type { Policy, Table } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";
import { isAlwaysTrue } from "./policyConditions.ts";
import { distinguishesUsers } from "./protection.ts";

export const noAlwaysTruePolicy = defineRule({
  id: "no-always-true-policy",
  aliases: ["rls-always-true"],
  group: "schema",
  category: "security",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Let no policy allow everybody to write every row.",
  why: `Policies are joined by OR: one that is always true makes all others of the table pointless. For reading, as of
published articles, that may be meant; for writing it lets whoever reaches the database change or delete everything.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-createpolicy.html",
    "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
  ],
  *checkTable(table, schema) {
    for (const policy of table.policies) {
      const who = policy.permissive && writesAnything(policy) ? everybodyIn(policy) : undefined;
      if (who === undefined || isNarrowed(table, policy)) continue;
      if (!isForStrangers(policy) && !distinguishesUsers(schema, "")) continue;
      yield {
        at: policy.origins,
        subject: subjectOfPart(table, policy.name),
        message: `Policy ${policy.name} lets ${who} ${deeds[policy.command]} ${policy.command === "insert" ? "any row of" : "every row of"} ${say(table)}.`,
        doubt: doubtAbout(schema, table) ?? doubtOf(policy),
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE POLICY deleting ON deal FOR DELETE USING (true);
--            ^^^^^^^^ Policy deleting lets everybody delete every row of deal.
`,
      },
      {
        title: "Everybody who has signed up, where users have rows of their own",
        sql: `CREATE TABLE note (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON note USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY "signed in" ON deal TO authenticated USING (true) WITH CHECK (true);
--            ^^^^^^^^^^^ Policy signed in lets every signed-in user change every row of deal.
`,
      },
    ],
    good: [
      {
        title: "Reading is for everybody, a role of staff may do anything, a restrictive policy narrows it",
        sql: `CREATE TABLE article (id int PRIMARY KEY);
ALTER TABLE article ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON article FOR SELECT USING (true);
CREATE POLICY staff ON article TO app USING (true);
CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON deal USING (true);
CREATE POLICY tenant ON deal AS RESTRICTIVE USING (org_id = (SELECT current_setting('app.org_id')::int));
`,
      },
      {
        title: "All users of this project share everything",
        sql: `CREATE TABLE article (id int PRIMARY KEY);
ALTER TABLE article ENABLE ROW LEVEL SECURITY;
CREATE POLICY users ON article TO authenticated USING (true);
`,
      },
    ],
  },
});

const deeds: Readonly<Record<Policy["command"], string>> = {
  all: "change",
  update: "change",
  delete: "delete",
  insert: "add",
  select: "read",
};

/** Whether it lets through whatever is written. */
function writesAnything({ command, using, withCheck }: Policy): boolean {
  if (command === "select") return false;
  return command === "insert" ? isAlwaysTrue(withCheck) : isAlwaysTrue(using);
}

/** Whom it lets, when that is everybody; a role of one's own may be meant to do everything. */
function everybodyIn({ roles }: Policy): string | undefined {
  if (roles.includes("public")) return "everybody";
  if (roles.includes("anon")) return "everybody, signed in or not,";
  return roles.includes("authenticated") ? "every signed-in user" : undefined;
}

function isForStrangers({ roles }: Policy): boolean {
  return roles.includes("public") || roles.includes("anon");
}

/** Forms take rows from strangers, and users may be meant to share a table. */
function doubtOf(policy: Policy): string | undefined {
  if (!isForStrangers(policy)) return "All users may be meant to share this table.";
  return policy.command === "insert" ? "Rows of a form may come from anybody." : undefined;
}

function isNarrowed(table: Table, { command }: Policy): boolean {
  return table.policies.some((other) => !other.permissive && (other.command === "all" || other.command === command));
}
