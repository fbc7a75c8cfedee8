/** Names in PostgreSQL: keys of the model's maps, folding, the 63-byte limit, quoting for SQL text. */

/** NAMEDATALEN - 1: longer names are truncated silently. https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
export const maxNameBytes = 63;

/** The key of a table, view, type or sequence: `schema.name`. */
export function keyOf(schema: string, name: string): string {
  return `${schema}.${name}`;
}

/** The name as PostgreSQL keeps it: cut to 63 bytes, or fewer, at a character boundary. */
export function truncateName(name: string, maxBytes = maxNameBytes): string {
  if (name.length * 3 <= maxBytes || Buffer.byteLength(name) <= maxBytes) return name;
  let bytes = 0;
  let result = "";
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    result += character;
  }
  return result;
}

/**
 * The identifier as SQL text, always quoted: the one way an identifier enters SQL that we write.
 *
 * @throws RangeError for names PostgreSQL cannot hold: empty, over 63 bytes, or with a NUL character.
 */
export function quoteIdentifier(name: string): string {
  if (name === "" || name.includes("\0") || Buffer.byteLength(name) > maxNameBytes) {
    throw new RangeError(`${JSON.stringify(name)} cannot be a PostgreSQL identifier: it must have 1 to ${maxNameBytes} bytes and no NUL.`);
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** The identifier as SQL text, quoted only where it must be: for SQL that people will read. Same errors as `quoteIdentifier`. */
export function sqlIdentifier(name: string): string {
  const quoted = quoteIdentifier(name);
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !keywords.has(name) ? name : quoted;
}

/** A test whether a name is one of `names`, case and underscores aside: `tenant_id`, `tenantId` and `TenantID` are one. */
export function anyOfNames(names: readonly string[]): (name: string) => boolean {
  const wanted = new Set(names.map(bare));
  const initials = new Set([...wanted, "_"].flatMap((name) => [name.charCodeAt(0), name.toUpperCase().charCodeAt(0)]));
  // Most names are out by their first letter, without a new string.
  return (name) => initials.has(name.charCodeAt(0)) && wanted.has(bare(name));
}

function bare(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/**
 * Words that are no column or table name, or not everywhere one: the reserved ones, and those that may not name a
 * function or a type. https://www.postgresql.org/docs/current/sql-keywords-appendix.html
 */
const keywords: ReadonlySet<string> = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char character check " +
    "coalesce collate collation column concurrently constraint create cross current_catalog current_date current_role current_schema " +
    "current_time current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists extract false " +
    "fetch float for foreign freeze from full grant greatest group grouping having ilike in initially inner inout int integer intersect " +
    "interval into is isnull join json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar " +
    "json_serialize json_table json_value lateral leading least left like limit localtime localtimestamp merge_action national natural " +
    "nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision " +
    "primary real references returning right row select session_user setof similar smallint some substring symmetric system_user table " +
    "tablesample then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose when where " +
    "window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable"
  ).split(" "),
);
