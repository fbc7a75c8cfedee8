/** Functions that put an argument into a statement's text without quoting it. */
import { say } from "../names.ts";
import { defineRule } from "../rule.ts";
import { unsafeArgument } from "./dynamicSql.ts";
import { originInBody } from "./routineBodies.ts";

export const noDynamicSqlInjection = defineRule({
  id: "no-dynamic-sql-injection",
  aliases: ["sql-injection-dynamic"],
  group: "schema",
  category: "security",
  severity: "warning",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Quote what goes into the text of a statement that is executed.",
  why: `Whoever chooses the argument chooses the statement: one with a quote or a semicolon in it runs whatever it says,
with the rights of the function's owner where it is SECURITY DEFINER. format() quotes names with %I and values with %L;
USING passes values without any quoting.`,
  sources: [
    "https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-QUOTE-LITERAL-EXAMPLE",
    "https://www.postgresql.org/docs/current/functions-string.html#FUNCTIONS-STRING-FORMAT",
  ],
  *checkSchema(schema) {
    for (const routine of schema.routines.values()) {
      const found = unsafeArgument(routine);
      if (found === undefined) continue;
      yield {
        at: originInBody(routine, found.span),
        subject: routine.key,
        message: found.isWhole
          ? `${say(routine)} executes its argument ${found.name} as it is.`
          : `${say(routine)} puts its argument ${found.name} into a statement without quoting it.`,
        doubt: routine.securityDefiner ? undefined : "It runs with its caller's rights: what it is given may be the caller's own.",
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE FUNCTION count_rows(table_name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  result bigint;
BEGIN
  EXECUTE 'SELECT count(*) FROM ' || table_name INTO result;
--                                   ^^^^^^^^^^ count_rows puts its argument table_name into a statement without quoting it.
  RETURN result;
END
$$;
`,
      },
      {
        title: "By format() with %s, in a variable",
        sql: `CREATE FUNCTION set_note(id int, note text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  statement text;
BEGIN
  statement := format('UPDATE deal SET note = ''%s'' WHERE id = %s', note, id);
  EXECUTE statement;
--        ^^^^^^^^^ set_note puts its argument note into a statement without quoting it.
END
$$;
`,
      },
    ],
    good: [
      {
        title: "Quoted, passed by USING, cast to what cannot hold SQL, or one of a list",
        sql: `CREATE FUNCTION touch(table_name text, note text, column_name text, sort text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF sort NOT IN ('asc', 'desc') THEN
    RAISE EXCEPTION 'asc or desc, not %', sort;
  END IF;
  EXECUTE format('UPDATE %I SET %I = %L', table_name, column_name, note);
  EXECUTE 'UPDATE ' || quote_ident(table_name) || ' SET note = $1' USING note;
  EXECUTE 'TRUNCATE ' || table_name::regclass;
  EXECUTE 'SELECT FROM deal ORDER BY id ' || sort;
END
$$;
`,
      },
    ],
  },
});
