/**
 * Which code a statement would run, though it is only explained: the planner calls functions whose result it takes for
 * constant, and a function can do anything. Asks the catalog about everything that the statement names, through views,
 * policies, generated columns, operators and casts.
 */
import { deniedFunctionsPattern } from "../sql/deniedFunctions.ts";
import type { ExplainableStatement } from "../sql/explainable.ts";
import type { Connection } from "./connection.ts";

export interface RunningCode {
  /** Functions in a language such as SQL or PL/pgSQL, as `schema.name`: whatever they do, planning may do. */
  readonly userCode: readonly string[];
  /** Built-in functions with effects or a new result each time. */
  readonly volatile: readonly string[];
  /** Views that call what is never explained. */
  readonly deniedViews: readonly string[];
}

/** @throws DatabaseError as a query does. */
export async function runningCode(connection: Connection, statement: ExplainableStatement): Promise<RunningCode> {
  const values = [
    statement.functions.map(({ schema }) => schema ?? null),
    statement.functions.map(({ name }) => name),
    statement.relations.map(({ schema }) => schema ?? null),
    statement.relations.map(({ name }) => name),
    statement.columns,
    statement.operators,
    statement.types,
    statement.writes,
    // \m and \M: the borders of a word. PostgreSQL has no (?:…) in a POSIX pattern, but takes it in its own flavour.
    `\\m(${deniedFunctionsPattern})\\M`,
  ];
  const found: { [Kind in keyof RunningCode]: string[] } = { userCode: [], volatile: [], deniedViews: [] };
  for (const row of await connection.query(codeQuery, values)) {
    const { kind, name } = parsed(row);
    found[kind].push(name);
  }
  return found;
}

function parsed(row: unknown): { kind: keyof RunningCode; name: string } {
  const field = (name: string): unknown => (typeof row === "object" && row !== null ? Reflect.get(row, name) : undefined);
  const kind = field("kind");
  const name = field("name");
  if ((kind === "userCode" || kind === "volatile" || kind === "deniedViews") && typeof name === "string") return { kind, name };
  throw new Error("The query for running code gave a row of another shape.");
}

/** Volatile by their nature, and without any effect. */
const harmless = "random|random_normal|gen_random_uuid|uuid_generate_v\\w+|uuidv\\w+|clock_timestamp|statement_timestamp|timeofday";

/**
 * `code` are functions that are not compiled into PostgreSQL or into an extension. What depends on a built-in function
 * leaves no trace in pg_depend, therefore the search in the text of views.
 */
const codeQuery = `
WITH RECURSIVE code AS (
  SELECT p.oid, n.nspname || '.' || p.proname AS name
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  WHERE l.lanname NOT IN ('internal', 'c') AND p.oid >= 16384
), called AS (
  SELECT p.oid, p.proname, p.provolatile
  FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
  JOIN pg_catalog.pg_proc p ON p.proname = wanted.name
  JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
  WHERE wanted.schema = n.nspname OR wanted.schema IS NULL AND pg_catalog.pg_function_is_visible(p.oid)
), relation (oid) AS (
  SELECT c.oid
  FROM unnest($3::text[], $4::text[]) AS wanted (schema, name)
  JOIN pg_catalog.pg_class c ON c.relname = wanted.name
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE wanted.schema = n.nspname OR wanted.schema IS NULL AND pg_catalog.pg_table_is_visible(c.oid)
  UNION
  SELECT related.oid
  FROM relation
  CROSS JOIN LATERAL (
    SELECT d.refobjid AS oid
    FROM pg_catalog.pg_rewrite w
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
    WHERE w.ev_class = relation.oid
    UNION ALL
    SELECT d.refobjid
    FROM pg_catalog.pg_policy y
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_policy'::regclass AND d.objid = y.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass
    WHERE y.polrelid = relation.oid
    UNION ALL
    SELECT i.inhrelid FROM pg_catalog.pg_inherits i WHERE i.inhparent = relation.oid
  ) AS related
), object (class, oid) AS (
  SELECT 'pg_catalog.pg_rewrite'::regclass, w.oid FROM pg_catalog.pg_rewrite w JOIN relation r ON r.oid = w.ev_class
  UNION ALL SELECT 'pg_catalog.pg_policy'::regclass, y.oid FROM pg_catalog.pg_policy y JOIN relation r ON r.oid = y.polrelid
  UNION ALL SELECT 'pg_catalog.pg_attrdef'::regclass, a.oid FROM pg_catalog.pg_attrdef a JOIN relation r ON r.oid = a.adrelid
  UNION ALL SELECT 'pg_catalog.pg_class'::regclass, i.indexrelid FROM pg_catalog.pg_index i JOIN relation r ON r.oid = i.indrelid
  UNION ALL SELECT 'pg_catalog.pg_constraint'::regclass, k.oid FROM pg_catalog.pg_constraint k JOIN relation r ON r.oid = k.conrelid
  UNION ALL SELECT 'pg_catalog.pg_constraint'::regclass, k.oid FROM pg_catalog.pg_constraint k WHERE k.contypid <> 0
  UNION ALL SELECT 'pg_catalog.pg_trigger'::regclass, t.oid FROM pg_catalog.pg_trigger t JOIN relation r ON r.oid = t.tgrelid WHERE $8 AND NOT t.tgisinternal
), used (oid) AS (
  SELECT oid FROM called
  UNION
  SELECT p.oid
  FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_type t ON t.oid = p.proargtypes[0] AND t.typtype IN ('c', 'p')
  WHERE p.proname = ANY ($5::text[]) AND p.pronargs >= 1
  UNION
  SELECT o.oprcode FROM pg_catalog.pg_operator o WHERE o.oprname = ANY ($6::text[])
  UNION
  SELECT c.castfunc
  FROM pg_catalog.pg_cast c
  JOIN pg_catalog.pg_type t ON t.oid = c.casttarget
  WHERE c.castcontext <> 'e' OR t.typname = ANY ($7::text[])
  UNION
  SELECT d.refobjid FROM object o JOIN pg_catalog.pg_depend d ON d.classid = o.class AND d.objid = o.oid AND d.refclassid = 'pg_catalog.pg_proc'::regclass
  UNION
  SELECT p.oprcode
  FROM object o
  JOIN pg_catalog.pg_depend d ON d.classid = o.class AND d.objid = o.oid AND d.refclassid = 'pg_catalog.pg_operator'::regclass
  JOIN pg_catalog.pg_operator p ON p.oid = d.refobjid
)
SELECT 'userCode' AS kind, code.name FROM code WHERE code.oid IN (SELECT oid FROM used)
UNION
SELECT 'volatile', called.proname::text
FROM called
WHERE called.provolatile = 'v' AND called.proname !~ '^(${harmless})$' AND called.oid NOT IN (SELECT oid FROM code)
UNION
SELECT 'deniedViews', r.oid::regclass::text
FROM relation r
JOIN pg_catalog.pg_class c ON c.oid = r.oid AND c.relkind = 'v' AND c.oid >= 16384
WHERE pg_catalog.pg_get_viewdef(r.oid) ~* $9
ORDER BY 1, 2`;
