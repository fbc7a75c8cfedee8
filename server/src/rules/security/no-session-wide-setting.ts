/** Routines that set a setting of the application for the whole session. */
import type { Origins, Routine } from "../../model/schema.ts";
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";
import { originInBody } from "./routineBodies.ts";

export const noSessionWideSetting = defineRule({
  id: "no-session-wide-setting",
  aliases: ["rls-setting-not-local"],
  group: "schema",
  category: "security",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Let settings that policies read end with the transaction.",
  why: `A setting made with set_config(…, false), or SET without LOCAL, stays with the connection. Behind a pool the next
request gets that connection and, until it sets its own, the tenant of the one before.`,
  sources: [
    "https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SET",
    "https://www.postgresql.org/docs/current/sql-set.html",
  ],
  *checkSchema(schema) {
    for (const routine of schema.routines.values()) {
      const found = settingIn(routine);
      if (found === undefined) continue;
      yield {
        at: found.at,
        subject: routine.key,
        message: `${say(routine)} sets ${found.setting} for the whole session: a pooled connection carries it on.`,
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE FUNCTION use_tenant(tenant int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant_id', tenant::text, false);
--        ^^^^^^^^^^ use_tenant sets app.tenant_id for the whole session: a pooled connection carries it on.
END
$$;
`,
      },
      {
        sql: `CREATE PROCEDURE use_first() LANGUAGE plpgsql AS '
BEGIN
  SET app.tenant_id = 1;
--^^^ use_first sets app.tenant_id for the whole session: a pooled connection carries it on.
END';
`,
      },
    ],
    good: [
      {
        title: "For the transaction, in a comment, or a setting of PostgreSQL's own",
        sql: `CREATE FUNCTION use_tenant(tenant int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- not set_config('app.tenant_id', tenant::text, false)
  PERFORM set_config('app.tenant_id', tenant::text, true);
  PERFORM set_config('work_mem', '64MB', false);
  SET LOCAL app.user_id = 1;
  UPDATE pg_settings SET setting = 1 WHERE name = 'app.x';
END
$$;
`,
      },
    ],
  },
});

function settingIn(routine: Routine): { readonly setting: string; readonly at: Origins } | undefined {
  const { body } = routine;
  if (body === undefined || !maySet.test(body)) return undefined;
  const code = withoutComments(body);
  const match = forSession.exec(code);
  const setting = match?.groups?.["called"] ?? match?.groups?.["set"];
  if (match === null || setting === undefined) return undefined;
  const start = match.index + match[0].length - match[0].trimStart().length;
  return { setting, at: originInBody(routine, { start, end: start + (match.groups?.["called"] === undefined ? 3 : "set_config".length) }) };
}

const maySet = /\bset_config\s*\(|\bset\s+(?:session\s+)?\w+\.\w/i;

/** Settings of the application have a dot in their names. */
const forSession =
  /\bset_config\s*\(\s*'(?<called>\w+\.[\w.]+)'\s*,[^;]*?,\s*false\s*\)|(?<=^|[;\n]|\bbegin|\bthen|\belse|\bloop)\s*set\s+(?:session\s+)?(?<set>\w+\.[\w.]+)\s*(?:=|to\b)/i;

/** Comments as blanks: what stands behind them stays where it is. */
function withoutComments(body: string): string {
  return body.replaceAll(/--[^\n]*|\/\*[^]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, " "));
}
