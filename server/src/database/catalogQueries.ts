/**
 * The queries that read a catalog, as named constants: one a kind of object, over all objects at once. Objects that belong
 * to extensions or to PostgreSQL itself are left out. For PostgreSQL 13 to 18; what a query needs a later version for
 * stands in a variant. https://www.postgresql.org/docs/current/catalogs.html
 */
import type { CatalogQueryName } from "../model/catalogRows.ts";

export interface CatalogQuery {
  /** Later versions first; the first one the server is new enough for is sent. `since` is a `server_version_num`. */
  readonly variants: readonly { readonly since: number; readonly text: string }[];
  /** Whether it takes the two parameters of the schema filter: schemas wanted (null: all), schemas not wanted. */
  readonly isFiltered: boolean;
}

const oldestServer = 130000;

function filtered(text: string): CatalogQuery {
  return { variants: [{ since: oldestServer, text }], isFiltered: true };
}

function unfiltered(text: string): CatalogQuery {
  return { variants: [{ since: oldestServer, text }], isFiltered: false };
}

/** `text` is given the expression that reads the newer column, and what stands for it on servers without that column. */
function filteredSince(since: number, newer: string, older: string, text: (column: string) => string): CatalogQuery {
  const variants = [
    { since, text: text(newer) },
    { since: oldestServer, text: text(older) },
  ];
  return { variants, isFiltered: true };
}

/** The schemas that are read. */
const visible = `visible AS (
  SELECT n.oid, n.nspname
  FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND ($1::text[] IS NULL OR n.nspname = ANY ($1::text[]))
    AND n.nspname <> ALL ($2::text[])
)`;

function isOwn(catalog: string, object: string): string {
  return `NOT EXISTS (
    SELECT FROM pg_depend e WHERE e.classid = '${catalog}'::regclass AND e.objid = ${object} AND e.objsubid = 0 AND e.deptype = 'e'
  )`;
}

/** The relations that are read, by `relkind`. */
function ownRelations(kinds: string): string {
  return `WITH ${visible}, own AS (
  SELECT c.*, n.nspname
  FROM pg_class c JOIN visible n ON n.oid = c.relnamespace
  WHERE c.relkind IN (${kinds}) AND ${isOwn("pg_class", "c.oid")} AND ${isOwn("pg_type", "c.reltype")}
)`;
}

const tablesAndViews = "'r', 'p', 'f', 'v', 'm'";

function comment(catalog: string, object: string): string {
  return `(SELECT d.description FROM pg_description d WHERE d.classoid = '${catalog}'::regclass AND d.objoid = ${object} AND d.objsubid = 0)`;
}

/** Column names for an array or vector of attribute numbers, in its order. */
function columnNames(numbers: string, relation: string): string {
  return `ARRAY(
    SELECT a.attname::text
    FROM unnest(${numbers}) WITH ORDINALITY u (number, position)
    JOIN pg_attribute a ON a.attrelid = ${relation} AND a.attnum = u.number
    ORDER BY u.position
  )`;
}

/** Of an index key; null when it is the default one. */
function operatorClass(oid: string): string {
  return `(SELECT o.opcname FROM pg_opclass o WHERE o.oid = ${oid} AND NOT o.opcdefault)`;
}

/** Of an index key; null when it is its column's (`a`), or the database's for an expression: pg_collation has that as 100. */
function collation(oid: string): string {
  return `(SELECT l.collname FROM pg_collation l WHERE l.oid = ${oid} AND l.oid <> COALESCE(a.attcollation, 100))`;
}

const namespaces = filtered(`
WITH ${visible}
SELECT n.nspname AS name, NULLIF(${comment("pg_namespace", "n.oid")}, 'standard public schema') AS comment
FROM visible n
WHERE ${isOwn("pg_namespace", "n.oid")}
ORDER BY 1`);

const types = unfiltered(`
SELECT t.oid, n.nspname AS schema, t.typname AS name, t.typtype AS kind, e.oid AS element
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
ORDER BY t.oid`);

const enums = filtered(`
WITH ${visible}
SELECT n.nspname AS schema, t.typname AS name,
  ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder) AS values,
  ${comment("pg_type", "t.oid")} AS comment
FROM pg_type t JOIN visible n ON n.oid = t.typnamespace
WHERE t.typtype = 'e' AND ${isOwn("pg_type", "t.oid")}
ORDER BY 1, 2`);

const domains = filtered(`
WITH ${visible}
SELECT t.oid, n.nspname AS schema, t.typname AS name, t.typbasetype AS "baseType", t.typtypmod AS modifier,
  t.typnotnull AS "notNull", pg_get_expr(t.typdefaultbin, 0) AS "default", ${comment("pg_type", "t.oid")} AS comment
FROM pg_type t JOIN visible n ON n.oid = t.typnamespace
WHERE t.typtype = 'd' AND ${isOwn("pg_type", "t.oid")}
ORDER BY 2, 3`);

const relations = filtered(`
${ownRelations(`${tablesAndViews}, 'c'`)}
SELECT c.oid, c.nspname AS schema, c.relname AS name, c.relkind AS kind, c.relpersistence AS persistence,
  c.relrowsecurity AS "rowSecurity", c.relforcerowsecurity AS "rowSecurityForced",
  COALESCE(c.reloptions, '{}') AS options,
  CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END AS definition,
  pg_get_expr(c.relpartbound, c.oid) AS "partitionBound",
  ARRAY(SELECT i.inhparent FROM pg_inherits i WHERE i.inhrelid = c.oid ORDER BY i.inhseqno) AS parents,
  CASE c.relkind WHEN 'c' THEN ${comment("pg_type", "c.reltype")} ELSE ${comment("pg_class", "c.oid")} END AS comment
FROM own c
ORDER BY 2, 3`);

const partitionKeys = filtered(`
${ownRelations("'p'")}
SELECT p.partrelid AS relation, p.partstrat AS strategy,
  (
    SELECT jsonb_agg(jsonb_build_object(
      'column', a.attname,
      'operatorClass', ${operatorClass("p.partclass[k.position - 1]")},
      'collation', ${collation("p.partcollation[k.position - 1]")}
    ) ORDER BY k.position)
    FROM unnest(p.partattrs) WITH ORDINALITY k (number, position)
    LEFT JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = k.number AND k.number <> 0
  ) AS keys,
  pg_get_expr(p.partexprs, p.partrelid) AS expressions
FROM pg_partitioned_table p JOIN own c ON c.oid = p.partrelid
ORDER BY 1`);

const columns = filtered(`
${ownRelations(`${tablesAndViews}, 'c'`)}
SELECT a.attrelid AS relation, a.attname AS name, a.atttypid AS type, a.atttypmod AS modifier, a.attnotnull AS "notNull",
  pg_get_expr(f.adbin, f.adrelid) AS expression, a.attidentity AS identity, a.attgenerated AS generated,
  l.collname AS collation, d.description AS comment
FROM pg_attribute a
JOIN own c ON c.oid = a.attrelid
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
LEFT JOIN pg_collation l ON l.oid = a.attcollation AND a.attcollation <> t.typcollation
LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attrelid, a.attnum`);

/** Leaves out the rows that PostgreSQL adds to a foreign key for each partition of the referenced table. */
const constraints = filteredSince(
  150000,
  "k.confdelsetcols",
  "NULL::int2[]",
  (onDeleteSetColumns) => `
${ownRelations("'r', 'p', 'f'")}
SELECT NULLIF(k.conrelid, 0) AS relation, NULLIF(k.contypid, 0) AS domain, k.conname AS name, k.contype AS kind,
  ${columnNames("k.conkey", "k.conrelid")} AS columns,
  pg_get_expr(k.conbin, k.conrelid) AS expression, k.convalidated AS validated, k.connoinherit AS "noInherit",
  k.condeferrable AS deferrable, k.condeferred AS "initiallyDeferred",
  rn.nspname AS "referencedSchema", r.relname AS "referencedTable",
  ${columnNames("k.confkey", "k.confrelid")} AS "referencedColumns",
  k.confdeltype AS "onDelete", k.confupdtype AS "onUpdate",
  CASE WHEN cardinality(${onDeleteSetColumns}) > 0 THEN ${columnNames(onDeleteSetColumns, "k.conrelid")} END AS "onDeleteSetColumns",
  k.confmatchtype AS match, NULLIF(k.conindid, 0) AS index,
  ARRAY(
    SELECT o.oprname::text
    FROM unnest(k.conexclop) WITH ORDINALITY u (operator, position) JOIN pg_operator o ON o.oid = u.operator
    ORDER BY u.position
  ) AS operators,
  ${comment("pg_constraint", "k.oid")} AS comment
FROM pg_constraint k
LEFT JOIN pg_class r ON r.oid = k.confrelid
LEFT JOIN pg_namespace rn ON rn.oid = r.relnamespace
WHERE k.contype IN ('p', 'u', 'f', 'c', 'x')
  AND (
    k.conrelid IN (SELECT oid FROM own)
    OR k.contypid IN (SELECT t.oid FROM pg_type t JOIN visible n ON n.oid = t.typnamespace WHERE ${isOwn("pg_type", "t.oid")})
  )
  AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = k.conparentid AND p.conrelid = k.conrelid)
ORDER BY k.conrelid, k.conname`,
);

const indexes = filteredSince(
  150000,
  "i.indnullsnotdistinct",
  "false",
  (nullsNotDistinct) => `
${ownRelations("'r', 'p', 'f', 'm'")}
SELECT i.indexrelid AS oid, i.indrelid AS relation, x.relname AS name, m.amname AS method,
  i.indisunique AS unique, i.indisprimary AS primary, i.indisvalid AS valid, ${nullsNotDistinct} AS "nullsNotDistinct",
  pg_get_expr(i.indpred, i.indrelid) AS predicate, k.conname AS constraint,
  (
    SELECT jsonb_agg(jsonb_build_object(
      'column', a.attname,
      'expression', CASE WHEN u.number = 0 THEN pg_get_indexdef(i.indexrelid, u.position::int, false) END,
      'operatorClass', ${operatorClass("i.indclass[u.position - 1]")},
      'collation', ${collation("i.indcollation[u.position - 1]")},
      'descending', i.indoption[u.position - 1] & 1 <> 0,
      'nullsFirst', i.indoption[u.position - 1] & 2 <> 0
    ) ORDER BY u.position)
    FROM unnest(i.indkey) WITH ORDINALITY u (number, position)
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.number AND u.number <> 0
    WHERE u.position <= i.indnkeyatts
  ) AS keys,
  ARRAY(
    SELECT a.attname::text
    FROM unnest(i.indkey) WITH ORDINALITY u (number, position)
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = u.number
    WHERE u.position > i.indnkeyatts
    ORDER BY u.position
  ) AS include,
  ${comment("pg_class", "x.oid")} AS comment
FROM pg_index i
JOIN own c ON c.oid = i.indrelid
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_am m ON m.oid = x.relam
LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')
ORDER BY i.indrelid, x.relname`,
);

const sequences = filtered(`
${ownRelations("'S'")}
SELECT c.nspname AS schema, c.relname AS name, s.seqtypid AS type, s.seqincrement::text AS increment,
  (
    SELECT jsonb_build_object('schema', n.nspname, 'table', t.relname, 'column', a.attname)
    FROM pg_depend d
    JOIN pg_class t ON t.oid = d.refobjid
    JOIN pg_namespace n ON n.oid = t.relnamespace
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
    WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
    LIMIT 1
  ) AS owner,
  ${comment("pg_class", "c.oid")} AS comment
FROM own c JOIN pg_sequence s ON s.seqrelid = c.oid
ORDER BY 1, 2`);

/** Without the constructors that come and go with a range type. */
const routines = filtered(`
WITH ${visible}
SELECT n.nspname AS schema, p.proname AS name, p.prokind AS kind, p.proargtypes::oid[] AS "argumentTypes",
  NULLIF(p.prorettype, 0) AS returns, l.lanname AS language, p.provolatile AS volatility, p.prosecdef AS "securityDefiner",
  COALESCE(p.proconfig, '{}') AS settings, ${comment("pg_proc", "p.oid")} AS comment,
  ARRAY(
    SELECT COALESCE(p.proargnames[i], '') FROM generate_series(1, COALESCE(array_length(p.proargmodes, 1), p.pronargs)) i
    WHERE p.proargmodes IS NULL OR p.proargmodes[i] IN ('i', 'b', 'v') ORDER BY i
  ) AS "argumentNames",
  CASE WHEN l.lanname NOT IN ('c', 'internal') AND p.prokind <> 'a' THEN NULLIF(p.prosrc, '') END AS body,
  (p.proacl IS NULL OR EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0 AND a.privilege_type = 'EXECUTE')) AS "isPublic"
FROM pg_proc p
JOIN visible n ON n.oid = p.pronamespace
JOIN pg_language l ON l.oid = p.prolang
WHERE ${isOwn("pg_proc", "p.oid")}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')
ORDER BY 1, 2, p.proargtypes::text`);

/**
 * A trigger's condition is in no column by itself: `pg_get_expr` refuses OLD and NEW. Triggers that a partition has from
 * its parent are left out.
 */
const triggers = filtered(`
${ownRelations(tablesAndViews)}
SELECT t.tgrelid AS relation, t.tgname AS name, t.tgtype AS type, t.tgenabled AS enabled, t.tgconstraint <> 0 AS "isConstraint",
  t.tgdeferrable AS deferrable, t.tginitdeferred AS "initiallyDeferred",
  ${columnNames("t.tgattr", "t.tgrelid")} AS "updateOf",
  CASE WHEN t.tgqual IS NOT NULL THEN
    substring(pg_get_triggerdef(t.oid, false) FROM ' WHEN \\((.*)\\) EXECUTE (?:FUNCTION|PROCEDURE) ')
  END AS condition,
  n.nspname AS "routineSchema", p.proname AS "routineName", encode(t.tgargs, 'hex') AS arguments,
  ${comment("pg_trigger", "t.oid")} AS comment
FROM pg_trigger t
JOIN own c ON c.oid = t.tgrelid
JOIN pg_proc p ON p.oid = t.tgfoid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE NOT t.tgisinternal AND t.tgparentid = 0
ORDER BY t.tgrelid, t.tgname`);

const policies = filtered(`
${ownRelations("'r', 'p', 'f'")}
SELECT p.polrelid AS relation, p.polname AS name, p.polpermissive AS permissive, p.polcmd AS command,
  ARRAY(SELECT r.rolname::text FROM pg_roles r WHERE r.oid = ANY (p.polroles) ORDER BY 1) AS roles,
  pg_get_expr(p.polqual, p.polrelid) AS "using", pg_get_expr(p.polwithcheck, p.polrelid) AS "withCheck",
  ${comment("pg_policy", "p.oid")} AS comment
FROM pg_policy p JOIN own c ON c.oid = p.polrelid
ORDER BY p.polrelid, p.polname`);

/** Without the ones every new database has: their identifiers are below 16384. */
const extensions = unfiltered(`
SELECT e.extname AS name, n.nspname AS schema, ${comment("pg_extension", "e.oid")} AS comment
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
WHERE e.oid >= 16384
ORDER BY 1`);

const viewReads = filtered(`
${ownRelations("'v', 'm'")}
SELECT DISTINCT c.oid AS view, n.nspname AS schema, t.relname AS name
FROM own c
JOIN pg_rewrite r ON r.ev_class = c.oid
JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> c.oid
JOIN pg_class t ON t.oid = d.refobjid AND t.relkind IN (${tablesAndViews})
JOIN pg_namespace n ON n.oid = t.relnamespace
ORDER BY 1, 2, 3`);

/** Leaves out what owners and, by default, everybody may do anyway, and who has no more than initdb granted. */
const grants = filtered(`
WITH ${visible}, object AS (
  SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, n.nspname AS schema, c.relname AS name, NULL::name AS "column",
    NULL::oid[] AS "argumentTypes", c.relowner AS owner, c.relacl AS acl, 'pg_class'::regclass AS catalog, c.oid
  FROM pg_class c JOIN visible n ON n.oid = c.relnamespace WHERE ${isOwn("pg_class", "c.oid")}
  UNION ALL
  SELECT 'column', n.nspname, c.relname, a.attname, NULL, c.relowner, a.attacl, NULL, NULL
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN visible n ON n.oid = c.relnamespace WHERE ${isOwn("pg_class", "c.oid")}
  UNION ALL
  SELECT 'routine', n.nspname, p.proname, NULL, p.proargtypes::oid[], p.proowner, p.proacl, 'pg_proc'::regclass, p.oid
  FROM pg_proc p JOIN visible n ON n.oid = p.pronamespace WHERE ${isOwn("pg_proc", "p.oid")}
  UNION ALL
  SELECT 'type', n.nspname, t.typname, NULL, NULL, t.typowner, t.typacl, 'pg_type'::regclass, t.oid
  FROM pg_type t JOIN visible n ON n.oid = t.typnamespace WHERE ${isOwn("pg_type", "t.oid")}
  UNION ALL
  SELECT 'schema', v.nspname, '', NULL, NULL, n.nspowner, n.nspacl, 'pg_namespace'::regclass, n.oid
  FROM visible v JOIN pg_namespace n ON n.oid = v.oid WHERE ${isOwn("pg_namespace", "n.oid")}
  UNION ALL
  SELECT 'database', b.datname, '', NULL, NULL, b.datdba, b.datacl, NULL, NULL
  FROM pg_database b WHERE b.datname = current_database()
  UNION ALL
  SELECT 'default', COALESCE(v.nspname, '*'),
    CASE a.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END,
    NULL, NULL, a.defaclrole, a.defaclacl, NULL, NULL
  FROM pg_default_acl a LEFT JOIN visible v ON v.oid = a.defaclnamespace WHERE a.defaclnamespace = 0 OR v.oid IS NOT NULL
)
SELECT o.kind, o.schema, o.name, o."column", o."argumentTypes", r.rolname AS grantee,
  array_agg(a.privilege_type ORDER BY a.privilege_type) AS privileges, a.is_grantable AS grantable
FROM object o
CROSS JOIN LATERAL aclexplode(o.acl) a
LEFT JOIN pg_roles r ON r.oid = a.grantee
CROSS JOIN LATERAL (
  SELECT EXISTS (
    SELECT FROM pg_init_privs i CROSS JOIN LATERAL aclexplode(i.initprivs) b
    WHERE i.classoid = o.catalog AND i.objoid = o.oid AND i.objsubid = 0 AND b.grantee = a.grantee AND b.privilege_type = a.privilege_type
  ) AS "isInitial"
) i
WHERE o.acl IS NOT NULL AND a.grantee <> o.owner
  AND NOT (a.grantee = 0 AND (
    o.kind = 'routine' AND a.privilege_type = 'EXECUTE'
    OR o.kind = 'type' AND a.privilege_type = 'USAGE'
    OR o.kind = 'database' AND a.privilege_type IN ('CONNECT', 'TEMPORARY')
    OR o.kind = 'default' AND (o.name = 'functions' AND a.privilege_type = 'EXECUTE' OR o.name = 'types' AND a.privilege_type = 'USAGE')
  ))
GROUP BY o.kind, o.schema, o.name, o."column", o."argumentTypes", r.rolname, a.is_grantable
HAVING NOT bool_and(i."isInitial")
ORDER BY o.kind, o.schema, o.name, o."column", r.rolname`);

const server = unfiltered(`
SELECT current_setting('server_version_num')::int AS "versionNumber", current_setting('server_version') AS version, current_database() AS database`);

/** Every query a session can send while it reads a catalog, by name. */
export const catalogQueries: { readonly [Name in CatalogQueryName]: CatalogQuery } = {
  server,
  namespaces,
  types,
  enums,
  domains,
  relations,
  partitionKeys,
  columns,
  constraints,
  indexes,
  sequences,
  routines,
  triggers,
  policies,
  extensions,
  viewReads,
  grants,
};
