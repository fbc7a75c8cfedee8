/** SECURITY DEFINER routines that look names up wherever their caller says. */
import type { Routine } from "../../model/schema.ts";
import { sqlIdentifier } from "../../model/names.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";

export const requireSearchPath = defineRule({
  id: "require-search-path",
  aliases: ["security-definer-search-path"],
  group: "schema",
  category: "security",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Fix the search path of every SECURITY DEFINER function.",
  why: `The function runs with its owner's rights and looks unqualified names up in the caller's search path: whoever can
create a table or a function somewhere, even a temporary one, can put his own in the place of what is meant.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY"],
  *checkSchema(schema) {
    for (const routine of schema.routines.values()) {
      if (!routine.securityDefiner || routine.settings.has("search_path") || !looksNamesUp(routine)) continue;
      yield {
        at: routine.origins,
        subject: routine.key,
        message: `SECURITY DEFINER ${routine.kind} ${say(routine)} has no search_path of its own.`,
        fix: {
          title: `Look names up in ${routine.schema} only`,
          safety: "review",
          intent: { do: "setRoutineSetting", routine, setting: "search_path", value: `${sqlIdentifier(routine.schema)}, pg_temp` },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE account (id int PRIMARY KEY, password_hash text NOT NULL);
CREATE FUNCTION check_password(account_id int, hash text) RETURNS boolean
--              ^^^^^^^^^^^^^^ SECURITY DEFINER function check_password has no search_path of its own.
  LANGUAGE sql SECURITY DEFINER
  AS $$ SELECT EXISTS (SELECT FROM account WHERE id = account_id AND password_hash = hash) $$;
`,
        fixed: `CREATE TABLE account (id int PRIMARY KEY, password_hash text NOT NULL);
CREATE FUNCTION check_password(account_id int, hash text) RETURNS boolean
  LANGUAGE sql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$ SELECT EXISTS (SELECT FROM account WHERE id = account_id AND password_hash = hash) $$;
`,
      },
      {
        title: "Replaced later, which forgets the setting",
        sql: `CREATE PROCEDURE clean(int, text[]) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS 'BEGIN END';
--               ^^^^^ SECURITY DEFINER procedure clean has no search_path of its own.
CREATE OR REPLACE PROCEDURE clean(int, text[]) LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END';
`,
        fixed: `CREATE PROCEDURE clean(int, text[]) LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS 'BEGIN END';
CREATE OR REPLACE PROCEDURE clean(int, text[]) LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END';
ALTER PROCEDURE clean(integer, text[]) SET search_path = public, pg_temp;
`,
      },
    ],
    good: [
      {
        title: "It has one, runs with its caller's rights, or its names were looked up when it was made",
        sql: `CREATE TABLE account (id int PRIMARY KEY);
CREATE FUNCTION a() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT count(*)::int FROM public.account $$;
CREATE FUNCTION b() RETURNS int LANGUAGE sql AS $$ SELECT count(*)::int FROM account $$;
CREATE FUNCTION c() RETURNS bigint LANGUAGE sql SECURITY DEFINER BEGIN ATOMIC SELECT count(*) FROM account; END;
`,
      },
    ],
  },
});

/** What is kept as a parse tree or written in C does not look names up when it runs. */
function looksNamesUp({ body }: Routine): boolean {
  return body !== undefined;
}
