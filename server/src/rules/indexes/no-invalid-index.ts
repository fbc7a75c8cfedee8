/** Definitions of indexes that PostgreSQL refuses. */
import { isImplied } from "../../model/queries.ts";
import type { Expression, Index, Schema, Table } from "../../model/schema.ts";
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noInvalidIndex = defineRule({
  id: "no-invalid-index",
  group: "schema",
  category: "indexes",
  severity: "error",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Do not ask of an index what its method, its types or its functions cannot do.",
  why: `CREATE INDEX fails, and with it the migration, in the middle where it is not one transaction. Each method supports
its own set of types and clauses, and expressions and conditions may only use functions that always give the same.`,
  sources: [
    "https://www.postgresql.org/docs/current/indexes-types.html",
    "https://www.postgresql.org/docs/current/sql-createindex.html",
    "https://www.postgresql.org/docs/current/xfunc-volatility.html",
  ],
  *checkTable(table, schema) {
    for (const index of table.indexes) {
      const problem = problemOf(schema, table, index);
      if (problem === undefined || isImplied(index) || index.origins[0].kind !== "sql") continue;
      yield {
        at: index.origins,
        subject: subjectOfPart(table, index.name),
        message: `Index ${index.name} on ${say(table)} fails: ${problem}.`,
      };
    }
  },
  examples: {
    bad: [
      {
        title: "What only a B-tree can do",
        sql: `CREATE TABLE page (id int PRIMARY KEY, url text, host text, tags text[]);
CREATE UNIQUE INDEX page_url ON page USING hash (url);
--                  ^^^^^^^^ Index page_url on page fails: a hash index cannot be unique.
CREATE INDEX page_host ON page USING hash (host, url);
--           ^^^^^^^^^ Index page_host on page fails: a hash index has one column.
CREATE INDEX page_tags ON page USING gin (tags) INCLUDE (url);
--           ^^^^^^^^^ Index page_tags on page fails: a gin index includes no columns.
CREATE INDEX page_order ON page USING gin (tags DESC);
--           ^^^^^^^^^^ Index page_order on page fails: a gin index has no order.
`,
      },
      {
        title: "Types without an order, or without parts",
        sql: `CREATE TABLE place (id int PRIMARY KEY, extra json, at point);
CREATE INDEX place_extra ON place (extra);
--           ^^^^^^^^^^^ Index place_extra on place fails: json (extra) has no operator class for btree.
CREATE INDEX place_at ON place (at);
--           ^^^^^^^^ Index place_at on place fails: point (at) has no operator class for btree.
CREATE INDEX place_words ON place USING gin (extra);
--           ^^^^^^^^^^^ Index place_words on place fails: json (extra) has no operator class for gin.
`,
      },
      {
        title: "Functions whose result depends on the moment or the session",
        sql: `CREATE TABLE session (id int PRIMARY KEY, first text, last text, expires_at timestamptz);
CREATE INDEX session_open ON session (id) WHERE expires_at > now();
--           ^^^^^^^^^^^^ Index session_open on session fails: now is not immutable.
CREATE INDEX session_words ON session USING gin (to_tsvector(last));
--           ^^^^^^^^^^^^^ Index session_words on session fails: to_tsvector without a configuration is not immutable.
CREATE INDEX session_name ON session (concat(first, ' ', last));
--           ^^^^^^^^^^^^ Index session_name on session fails: concat is not immutable.
CREATE INDEX session_day ON session (to_char(expires_at, 'YYYY-MM-DD'));
--           ^^^^^^^^^^^ Index session_day on session fails: to_char is not immutable.
CREATE INDEX session_today ON session (id) WHERE expires_at > CURRENT_DATE;
--           ^^^^^^^^^^^^^ Index session_today on session fails: current_date is not immutable.
`,
      },
    ],
    good: [
      {
        title: "The same as PostgreSQL takes it",
        sql: `CREATE TABLE page (id int PRIMARY KEY, url text, host text, tags text[], at point, extra jsonb, name text, "now" text, day date);
CREATE INDEX ON page USING hash (url);
CREATE INDEX ON page USING gin (tags, extra);
CREATE INDEX ON page USING gist (at) INCLUDE (url);
CREATE INDEX ON page (url DESC, host);
CREATE INDEX ON page USING gin (to_tsvector('english', name));
CREATE INDEX ON page ((url || ' ' || host));
CREATE INDEX ON page (id) WHERE "now" = 'now()';
CREATE INDEX ON page (lower(name)) WHERE day > '2026-01-01';
`,
      },
      {
        title: "A function of that name may be the project's own",
        sql: `CREATE FUNCTION concat_ws(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT $1 || $2';
CREATE TABLE person (id int PRIMARY KEY, first text, last text);
CREATE INDEX ON person (public.concat_ws(first, last));
`,
      },
    ],
  },
});

function problemOf(schema: Schema, table: Table, index: Index): string | undefined {
  return (
    problemOfMethod(index) ??
    problemOfTypes(table, index) ??
    (index.predicate === undefined ? undefined : problemOfExpression(schema, index.predicate)) ??
    problemOfKeys(schema, index)
  );
}

/** https://www.postgresql.org/docs/current/sql-createindex.html; a constraint of PostgreSQL 18 may be unique by GiST. */
function problemOfMethod({ method, unique, constraint, keys, include }: Index): string | undefined {
  if (method === "btree" || !builtIn.has(method)) return undefined;
  if (unique && constraint === undefined) return `a ${method} index cannot be unique`;
  if (keys.length > 1 && (method === "hash" || method === "spgist")) return `a ${method} index has one column`;
  if (include.length > 0 && method !== "gist" && method !== "spgist") return `a ${method} index includes no columns`;
  return keys.some((key) => key.direction === "desc") ? `a ${method} index has no order` : undefined;
}

const builtIn = new Set(["hash", "gin", "gist", "spgist", "brin"]);

function problemOfTypes(table: Table, { method, keys }: Index): string | undefined {
  const classless = withoutClass.get(method);
  if (classless === undefined) return undefined;
  for (const key of keys) {
    const column = key.column === undefined ? undefined : table.columns.get(key.column);
    if (column === undefined || key.operatorClass !== undefined || column.type.isArray || column.type.kind !== "base") continue;
    if (classless.has(column.type.name)) return `${column.type.name} (${column.name}) has no operator class for ${method}`;
  }
  return undefined;
}

/** Types that have none in PostgreSQL, nor in an extension that comes with it. */
const withoutClass: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ["btree", new Set(["json", "xml", "jsonpath", "point", "line", "lseg", "box", "path", "polygon", "circle"])],
  ["hash", new Set(["json", "xml", "jsonpath", "point", "line", "lseg", "box", "path", "polygon", "circle"])],
  ["gin", new Set(["json", "xml", "jsonpath", "point", "line", "lseg", "box", "path", "polygon", "circle"])],
]);

function problemOfKeys(schema: Schema, { keys }: Index): string | undefined {
  for (const { expression } of keys) {
    const problem = expression === undefined ? undefined : problemOfExpression(schema, expression);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOfExpression(schema: Schema, { text }: Expression): string | undefined {
  if (!changing.test(text)) return undefined;
  // What stands in quotes is no function.
  const code = text.replaceAll(/'(?:[^']|'')*'/g, "''").replaceAll(/"(?:[^"]|"")*"/g, '""');
  const name = firstChanging(code);
  if (name === undefined || isOwn(schema, name)) return undefined;
  return name === "to_tsvector" ? "to_tsvector without a configuration is not immutable" : `${name} is not immutable`;
}

/** Functions marked STABLE or VOLATILE in pg_proc, and the words that stand for some. */
const changing =
  /(?<![.\w])(?:(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|random|gen_random_uuid|nextval|concat|concat_ws|to_char|to_date|array_to_string|to_tsvector)\s*\(|(current_date|current_time|current_timestamp|localtime|localtimestamp|current_user|session_user)\b)/i;

const everyChanging = new RegExp(changing, "gi");

function firstChanging(code: string): string | undefined {
  for (const match of code.matchAll(everyChanging)) {
    const name = (match[1] ?? match[2] ?? "").toLowerCase();
    if (name !== "to_tsvector" || !hasComma(code, match.index + match[0].length)) return name;
  }
  return undefined;
}

/** Whether the call whose arguments begin at `from` has more than one. */
function hasComma(code: string, from: number): boolean {
  let depth = 0;
  for (let i = from; i < code.length && depth >= 0; i++) {
    const character = code[i];
    if (character === "," && depth === 0) return true;
    if (character === "(") depth += 1;
    else if (character === ")") depth -= 1;
  }
  return false;
}

/** A function of the project may have the name, and be immutable. */
function isOwn(schema: Schema, name: string): boolean {
  for (const routine of schema.routines.values()) if (routine.name === name) return true;
  return false;
}
