/** Routines that set a setting of the application for the whole session. */
import { closingToken, type SqlToken, sqlTokens } from "../../edits/sql/sqlText.ts";
import { memoised } from "../../model/memoised.ts";
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

/** The first setting of the application, which has a dot in its name, that stays when the transaction ends. */
const settingIn = memoised((routine: Routine): { readonly setting: string; readonly at: Origins } | undefined => {
  const { body } = routine;
  if (body === undefined || !maySet.test(body)) return undefined;
  const tokens = sqlTokens(body, { start: 0, end: body.length });
  for (const [i, token] of tokens.entries()) {
    const setting = token.text === "SET_CONFIG" ? calledWith(tokens, i) : token.text === "SET" ? setTo(tokens, i, body) : undefined;
    if (setting !== undefined) return { setting, at: originInBody(routine, token.span) };
  }
  return undefined;
});

const maySet = /\bset_config\b|\bset\s+(?:session\s+)?\w+\s*\.\s*\w/i;

/** `set_config('app.tenant_id', …, false)`. */
function calledWith(tokens: readonly SqlToken[], at: number): string | undefined {
  const close = tokens[at + 1]?.text === "(" ? closingToken(tokens, at + 1) : undefined;
  if (close === undefined || tokens[close - 1]?.text !== "FALSE" || tokens[close - 2]?.text !== ",") return undefined;
  return /^'(\w+\.[\w.]+)'$/.exec(tokens[at + 2]?.text ?? "")?.[1];
}

/** `SET app.tenant_id = …` as a statement; in UPDATE, SET stands behind the table. */
function setTo(tokens: readonly SqlToken[], at: number, body: string): string | undefined {
  const before = tokens[at - 1]?.text;
  if (before !== undefined && before !== ";" && !/^(?:BEGIN|THEN|ELSE|LOOP)$/.test(before)) return undefined;
  const first = tokens[at + 1]?.text === "SESSION" ? at + 2 : at + 1;
  const [name, dot, last, to] = tokens.slice(first, first + 4);
  if (name === undefined || dot?.text !== "." || last === undefined || (to?.text !== "=" && to?.text !== "TO")) return undefined;
  return body.slice(name.span.start, last.span.end);
}
