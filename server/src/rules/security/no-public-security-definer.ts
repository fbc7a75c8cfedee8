/** SECURITY DEFINER routines that everybody may call, and that do not ask who calls. */
import type { Routine } from "../../model/schema.ts";
import { lookup } from "../../model/lookup.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noPublicSecurityDefiner = defineRule({
  id: "no-public-security-definer",
  aliases: ["security-definer-executable"],
  group: "schema",
  category: "security",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Let only those call a SECURITY DEFINER function whom it is for.",
  why: `Everybody may execute a new function, and this one acts with its owner's rights, past policies and rights of the
caller. Revoking EXECUTE from PUBLIC and granting it to whom it is for takes two lines.`,
  sources: [
    "https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY",
    "https://www.postgresql.org/docs/current/ddl-priv.html",
  ],
  *checkSchema(schema) {
    for (const routine of schema.routines.values()) {
      if (!routine.securityDefiner || !routine.isPublic || isTrigger(routine) || asksWhoCalls(routine)) continue;
      if (isCalledByPolicy(schema, routine.name)) continue;
      yield {
        at: routine.origins,
        subject: routine.key,
        message: `Everybody may call ${say(routine)}, which runs with its owner's rights.`,
        fix: {
          title: "Revoke EXECUTE from PUBLIC",
          safety: "review",
          intent: { do: "revoke", on: routine, privileges: ["EXECUTE"], from: "public", stated: routine.origins },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE account (id int PRIMARY KEY, credit int NOT NULL);
CREATE FUNCTION add_credit(account_id int, amount int) RETURNS void
--              ^^^^^^^^^^ Everybody may call add_credit, which runs with its owner's rights.
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ UPDATE account SET credit = credit + amount WHERE id = account_id $$;
`,
        fixed: `CREATE TABLE account (id int PRIMARY KEY, credit int NOT NULL);
CREATE FUNCTION add_credit(account_id int, amount int) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ UPDATE account SET credit = credit + amount WHERE id = account_id $$;
REVOKE EXECUTE ON FUNCTION add_credit(integer, integer) FROM PUBLIC;
`,
      },
    ],
    good: [
      {
        title: "Nobody calls a trigger function; one asks who calls; one is for a role; policies call one",
        sql: `CREATE TABLE account (id int PRIMARY KEY, owner name NOT NULL);
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS 'BEGIN RETURN NEW; END';
CREATE FUNCTION my_account() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
  AS $$ SELECT id FROM account WHERE owner = session_user $$;
CREATE FUNCTION clear() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'DELETE FROM account';
REVOKE ALL ON FUNCTION clear FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clear TO app;
CREATE FUNCTION is_open(account_id int) RETURNS boolean LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS 'SELECT $1 > 0';
ALTER TABLE account ENABLE ROW LEVEL SECURITY;
CREATE POLICY open ON account USING (is_open(id));
`,
      },
    ],
  },
});

function isTrigger({ returns }: Routine): boolean {
  return returns?.name === "trigger" || returns?.name === "event_trigger";
}

/** It may then let everybody do no more than he may. */
function asksWhoCalls({ body }: Routine): boolean {
  return body === undefined || caller.test(body);
}

/** Whoever a policy is for must be able to call what it calls. */
const isCalledByPolicy = lookup((schema) => {
  const called = new Set<string>();
  for (const { policies } of schema.tables.values()) {
    for (const { using, withCheck } of policies) {
      for (const condition of [using, withCheck]) {
        for (const [name = ""] of condition?.text.toLowerCase().matchAll(/(?<![\w$])[\w$]+(?="?\s{0,9}\()/g) ?? []) called.add(name);
      }
    }
  }
  return (name): boolean => called.has(name.toLowerCase());
});

const caller = /\b(?:auth\s*\.\s*(?:uid|jwt|role|email)|session_user|current_setting|pg_has_role|current_role)\b/i;
