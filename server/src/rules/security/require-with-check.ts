/** Policies whose WITH CHECK forgets what their USING holds, so that a row can be moved out of sight of its owner. */
import type { Policy, Table } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";
import { heldColumns, isAlwaysTrue } from "./policyConditions.ts";

export const requireWithCheck = defineRule({
  id: "require-with-check",
  aliases: ["rls-with-check-missing"],
  group: "schema",
  category: "security",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Check written rows for what the policy demands of rows that are read.",
  why: `USING says which rows a session may touch, WITH CHECK what they may become. A WITH CHECK that does not name the
tenant lets a session give its rows to another tenant, or plant rows there. Without any WITH CHECK, USING holds for
both; a WITH CHECK of its own replaces it.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createpolicy.html"],
  *checkTable(table) {
    for (const policy of table.policies) {
      const hole = policy.withCheck === undefined || !policy.permissive ? undefined : holeOf(table, policy);
      if (hole === undefined) continue;
      const { column, reading } = hole;
      yield {
        at: policy.origins,
        subject: subjectOfPart(table, policy.name),
        message: `Policy ${policy.name} of ${say(table)} lets a row be ${policy.command === "insert" ? "added to" : "moved to"} another ${column}.`,
        ...(reading === policy ? {} : { related: [{ at: reading.origins, message: `Rows are read by ${column} here.` }] }),
        fix: fixFor(table, policy, reading),
      };
    }
  },
  examples: {
    bad: [
      {
        title: "The row may be one's own before, and anybody's afterwards",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, amount int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal
--            ^^^^^^ Policy tenant of deal lets a row be moved to another org_id.
  USING (org_id = (SELECT current_setting('app.org_id')::int))
  WITH CHECK (amount > 0);
`,
        fixed: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, amount int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal
  USING (org_id = (SELECT current_setting('app.org_id')::int))
  WITH CHECK ((amount > 0) AND (org_id = (SELECT current_setting('app.org_id')::int)));
`,
      },
      {
        title: "Rows may be added anywhere",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, amount int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON deal FOR SELECT USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE POLICY adding ON deal FOR INSERT WITH CHECK (amount > 0);
--            ^^^^^^ Policy adding of deal lets a row be added to another org_id.
`,
        fixed: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, amount int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY reading ON deal FOR SELECT USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE POLICY adding ON deal FOR INSERT WITH CHECK ((amount > 0) AND (org_id = (SELECT current_setting('app.org_id')::int)));
`,
      },
    ],
    good: [
      {
        title: "Without WITH CHECK, USING holds for both; a restrictive policy holds it for all; a check may ask in another way",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, amount int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE TABLE note (id int PRIMARY KEY, org_id int NOT NULL, body text NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON note AS RESTRICTIVE USING (org_id = (SELECT current_setting('app.org_id')::int));
CREATE POLICY short ON note USING (org_id = (SELECT current_setting('app.org_id')::int)) WITH CHECK (length(body) < 100);
CREATE TABLE task (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE task ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON task
  USING (org_id = (SELECT current_setting('app.org_id')::int))
  WITH CHECK (EXISTS (SELECT FROM deal WHERE deal.org_id = task.org_id));
`,
      },
    ],
  },
});

/** A column that is held when rows are read and is not when they are written, with the policy that holds it. */
function holeOf(table: Table, policy: Policy): { readonly column: string; readonly reading: Policy } | undefined {
  const isInsert = policy.command === "insert";
  if (!isInsert && policy.command !== "all" && policy.command !== "update") return undefined;
  // Who may add anything is told by no-always-true-policy.
  if (isInsert && isAlwaysTrue(policy.withCheck)) return undefined;
  const reading = isInsert
    ? table.policies.filter(({ permissive, command }) => permissive && (command === "select" || command === "all"))
    : [policy];
  // Where several policies let rows be read, no single one says whose they are.
  const [one, ...others] = reading;
  if (one === undefined || others.length > 0) return undefined;
  const column = heldColumns(table, one.using).find((held) => !mentions(policy, held) && !isHeldForAll(table, policy, held));
  return column === undefined ? undefined : { column, reading: one };
}

function mentions({ withCheck }: Policy, column: string): boolean {
  return withCheck !== undefined && new RegExp(`(?<![\\w$])${column.replaceAll(/[^\w]/g, "\\$&")}(?![\\w$])`, "i").test(withCheck.text);
}

/** Whether a restrictive policy, which every written row must fulfil, holds it. */
function isHeldForAll(table: Table, policy: Policy, column: string): boolean {
  return table.policies.some(
    (other) =>
      !other.permissive &&
      (other.command === "all" || other.command === policy.command) &&
      heldColumns(table, other.withCheck ?? other.using).includes(column),
  );
}

function fixFor(table: Table, policy: Policy, reading: Policy): Fix | undefined {
  const { withCheck } = policy;
  if (reading.using === undefined || withCheck === undefined) return undefined;
  const both = isAlwaysTrue(withCheck) ? reading.using.text : `(${withCheck.text}) AND (${reading.using.text})`;
  return {
    title: `Check what is written by ${policy.name} as what is read`,
    safety: "review",
    intent: { do: "setPolicy", table, policy, withCheck: both },
  };
}
