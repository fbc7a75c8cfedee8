/** Functions of the session that a policy calls for every row anew. */
import type { Expression, Policy, Table } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule, type Fix } from "../rule.ts";
import { inSelects, type SessionCall, sessionCalls } from "./policyConditions.ts";

export const preferSubselectInPolicy = defineRule({
  id: "prefer-subselect-in-policy",
  aliases: ["rls-initplan"],
  group: "schema",
  category: "security",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Put calls that have one value for the whole query into a sub-select.",
  why: `PostgreSQL evaluates a policy's condition for each row, and current_setting() or auth.uid() with it. As a
sub-select, (SELECT auth.uid()), it is evaluated once and its value used for all of them; on large tables that is the
difference between milliseconds and seconds.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
    "https://supabase.com/docs/guides/database/postgres/row-level-security#call-functions-with-select",
  ],
  *checkTable(table) {
    for (const policy of table.policies) {
      const [call] = [...callsPerRow(policy.using), ...callsPerRow(policy.withCheck)];
      if (call === undefined) continue;
      yield {
        at: policy.origins,
        subject: subjectOfPart(table, policy.name),
        message: `Policy ${policy.name} of ${say(table)} calls ${call.text.slice(0, call.text.indexOf("("))}() for every row.`,
        fix: fixFor(table, policy),
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = current_setting('app.org_id')::int);
--            ^^^^^^ Policy tenant of deal calls current_setting() for every row.
`,
        fixed: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id'))::int);
`,
      },
      {
        title: "Both conditions of a Supabase policy",
        sql: `CREATE SCHEMA auth;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
CREATE TABLE note (id int PRIMARY KEY, user_id uuid NOT NULL, shared boolean NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own notes" ON note FOR UPDATE USING (shared OR auth.uid() = user_id) WITH CHECK (auth.uid() = user_id);
--            ^^^^^^^^^^^ Policy own notes of note calls auth.uid() for every row.
`,
        fixed: `CREATE SCHEMA auth;
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT NULL::uuid';
CREATE TABLE note (id int PRIMARY KEY, user_id uuid NOT NULL, shared boolean NOT NULL);
ALTER TABLE note ENABLE ROW LEVEL SECURITY;
CREATE POLICY "own notes" ON note FOR UPDATE USING (shared OR (SELECT auth.uid()) = user_id) WITH CHECK ((SELECT auth.uid()) = user_id);
`,
      },
    ],
    good: [
      {
        title: "In a sub-select already, with a value of the row, or in a string",
        sql: `CREATE TABLE deal (id int PRIMARY KEY, org_id int NOT NULL, setting text NOT NULL);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deal USING (org_id = (SELECT current_setting('app.org_id', true)::int));
CREATE POLICY by_setting ON deal FOR SELECT USING (current_setting(setting, true) = 'on');
CREATE POLICY by_name ON deal FOR SELECT USING (setting = 'current_setting(''a'')');
`,
      },
    ],
  },
});

function callsPerRow(condition: Expression | undefined): readonly SessionCall[] {
  return condition === undefined ? none : sessionCalls(condition).filter(({ isInSelect }) => !isInSelect);
}

const none: readonly SessionCall[] = [];

/** Functions of the session have one value within a query: the condition means the same. */
function fixFor(table: Table, policy: Policy): Fix {
  const changed = (condition: Expression | undefined): string | undefined => {
    const calls = callsPerRow(condition);
    return condition === undefined || calls.length === 0 ? undefined : inSelects(condition, calls);
  };
  const [using, withCheck] = [changed(policy.using), changed(policy.withCheck)];
  return {
    title: `Call it once a query in ${policy.name}`,
    safety: "safe",
    intent: {
      do: "setPolicy",
      table,
      policy,
      ...(using === undefined ? {} : { using }),
      ...(withCheck === undefined ? {} : { withCheck }),
    },
  };
}
