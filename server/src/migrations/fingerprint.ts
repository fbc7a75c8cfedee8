/**
 * A database's catalog as texts, in PostgreSQL's own words and without the model: columns, constraints, indexes, enums,
 * functions, triggers, policies, views, rules, statistics, privileges. Two databases with the same texts are the same but
 * for the order of columns, which stands apart.
 */
import * as v from "valibot";
import type { ScratchResult } from "../scratch/scratchDatabase.ts";
import type { ProofDatabase } from "./proofDatabase.ts";

/** Definition by kind and name, such as `column public.users.email`. */
export type Fingerprint = ReadonlyMap<string, string>;

export interface FingerprintDifference {
  /** One line for people. */
  readonly what: string;
  /** Nothing but the order of columns: those that come back stand last. */
  readonly isOrder: boolean;
}

export async function fingerprintOf(database: Pick<ProofDatabase, "alone">): Promise<ScratchResult<Fingerprint>> {
  return database.alone(async (query): Promise<ScratchResult<Fingerprint>> => {
    // Names are written in full where nothing is on the search path.
    for (const text of ["BEGIN", "SET LOCAL search_path = ''"]) {
      const begun = await query(text);
      if (!begun.ok) return begun;
    }
    // As one text: thousands of rows take as long to hand over as to find.
    const result = await query(`SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_array(concat_ws(' ', kind, name), coalesce(definition, ''))), '[]')::text AS found FROM (${fingerprintQuery}) AS f`);
    await query("ROLLBACK");
    if (!result.ok) return result;
    const [{ found }] = v.parse(answerSchema, result.value);
    return { ok: true, value: new Map(found) };
  });
}

export function fingerprintDifferences(before: Fingerprint, after: Fingerprint): readonly FingerprintDifference[] {
  const differences: FingerprintDifference[] = [];
  for (const [name, definition] of before) {
    const other = after.get(name);
    if (other === definition) continue;
    const isOrder = name.startsWith("column order ") && other !== undefined && sorted(other) === sorted(definition);
    // A column that came or went is told as itself.
    if (name.startsWith("column order ") && !isOrder) continue;
    differences.push({ what: other === undefined ? `${name} is missing` : `${name} was ${definition}, and is ${other}`, isOrder });
  }
  for (const [name, definition] of after) if (!before.has(name) && !name.startsWith("column order ")) differences.push({ what: `${name} is new: ${definition}`, isOrder: false });
  return differences;
}

function sorted(names: string): string {
  return names.split(", ").sort().join();
}

export const fingerprintSchema = v.array(v.tuple([v.string(), v.string()]));
const answerSchema = v.tuple([v.object({ found: v.pipe(v.string(), v.parseJson(), fingerprintSchema) })]);

/** Without what extensions bring along. */
const own = (catalog: string, oid: string): string => `NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.${catalog}'::pg_catalog.regclass AND e.objid = ${oid} AND e.deptype = 'e')`;
const users = "n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'";

export const fingerprintQuery = `
WITH relations AS (
  SELECT c.*, n.nspname || '.' || c.relname AS full_name FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE ${users} AND ${own("pg_class", "c.oid")}
)
SELECT 'schema' AS kind, n.nspname::text AS name, concat_ws(' ', nullif(n.nspacl::text, acldefault('n', n.nspowner)::text), obj_description(n.oid, 'pg_namespace')) AS definition
FROM pg_catalog.pg_namespace n WHERE ${users}
UNION ALL SELECT 'extension', extname, extversion FROM pg_catalog.pg_extension
UNION ALL SELECT 'relation', full_name, concat_ws(' ', relkind, relpersistence, relrowsecurity, relforcerowsecurity, relreplident, reloptions::text, nullif(relacl::text, acldefault(CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, relowner)::text), pg_get_partkeydef(oid), pg_get_expr(relpartbound, oid), obj_description(oid, 'pg_class'))
FROM relations WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c')
UNION ALL SELECT 'column', full_name || '.' || a.attname,
  concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END, pg_get_expr(d.adbin, d.adrelid), nullif(a.attidentity::text, ''), nullif(a.attgenerated::text, ''), a.attstorage::text, nullif(a.attcompression::text, ''), nullif(a.attstattarget, -1), CASE WHEN a.attcollation <> (SELECT typcollation FROM pg_catalog.pg_type WHERE oid = a.atttypid) THEN a.attcollation::regcollation::text END, a.attoptions::text, a.attacl::text, col_description(r.oid, a.attnum))
FROM relations r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = r.oid AND d.adnum = a.attnum
WHERE r.relkind IN ('r', 'p', 'f', 'm', 'v', 'c')
UNION ALL SELECT 'column order', full_name, string_agg(a.attname, ', ' ORDER BY a.attnum)
FROM relations r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE r.relkind IN ('r', 'p') GROUP BY full_name
UNION ALL SELECT 'constraint', coalesce(r.full_name, t.typname, '') || '.' || c.conname, concat_ws(' ', pg_get_constraintdef(c.oid), c.convalidated, obj_description(c.oid, 'pg_constraint'))
FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace LEFT JOIN relations r ON r.oid = c.conrelid LEFT JOIN pg_catalog.pg_type t ON t.oid = c.contypid
-- Since PostgreSQL 18 NOT NULL is a constraint with a name that nobody chose; the column says it.
WHERE ${users} AND c.contype <> 'n'
UNION ALL SELECT 'index', r.full_name, concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered, i.indisreplident, obj_description(i.indexrelid, 'pg_class')) FROM pg_catalog.pg_index i JOIN relations r ON r.oid = i.indexrelid
UNION ALL SELECT 'sequence', r.full_name, concat_ws(' ', format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmax, s.seqmin, s.seqcycle) FROM pg_catalog.pg_sequence s JOIN relations r ON r.oid = s.seqrelid
UNION ALL SELECT 'view', full_name, pg_get_viewdef(oid) FROM relations WHERE relkind IN ('v', 'm')
UNION ALL SELECT 'trigger', r.full_name || '.' || t.tgname, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled) FROM pg_catalog.pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL SELECT 'rule', r.full_name || '.' || w.rulename, pg_get_ruledef(w.oid) FROM pg_catalog.pg_rewrite w JOIN relations r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
UNION ALL SELECT 'policy', r.full_name || '.' || p.polname, concat_ws(' ', p.polcmd, p.polpermissive, p.polroles::text, pg_get_expr(p.polqual, p.polrelid), '/', pg_get_expr(p.polwithcheck, p.polrelid)) FROM pg_catalog.pg_policy p JOIN relations r ON r.oid = p.polrelid
UNION ALL SELECT 'statistics', n.nspname || '.' || s.stxname, pg_get_statisticsobjdef(s.oid) FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace WHERE ${users}
UNION ALL SELECT 'function', p.oid::regprocedure::text, concat_ws(' ', CASE WHEN p.prokind IN ('f', 'p', 'w') THEN pg_get_functiondef(p.oid) ELSE 'aggregate' END, nullif(p.proacl::text, acldefault('f', p.proowner)::text)) FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE ${users} AND ${own("pg_proc", "p.oid")}
UNION ALL SELECT 'enum', n.nspname || '.' || t.typname, (SELECT string_agg(quote_literal(enumlabel), ', ' ORDER BY enumsortorder) FROM pg_catalog.pg_enum WHERE enumtypid = t.oid) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'e' AND ${users} AND ${own("pg_type", "t.oid")}
UNION ALL SELECT 'domain', n.nspname || '.' || t.typname, concat_ws(' ', format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE t.typtype = 'd' AND ${users} AND ${own("pg_type", "t.oid")}
UNION ALL SELECT 'default privileges', concat_ws('.', a.defaclrole::regrole, n.nspname, a.defaclobjtype), a.defaclacl::text FROM pg_catalog.pg_default_acl a LEFT JOIN pg_catalog.pg_namespace n ON n.oid = a.defaclnamespace
UNION ALL SELECT 'event trigger', evtname, concat_ws(' ', evtevent, evtenabled, evtfoid::regprocedure) FROM pg_catalog.pg_event_trigger
`;
