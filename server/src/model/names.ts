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
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !reserved.has(name) && !notFunctions.has(name) ? name : quoted;
}

/** A test whether a name is one of `names`, case and underscores aside: `tenant_id`, `tenantId` and `TenantID` are one. */
export function anyOfNames(names: readonly string[]): (name: string) => boolean {
  const wanted = new Set(names.map(bare));
  const initials = new Set([...wanted, "_"].flatMap((name) => [name.charCodeAt(0), name.toUpperCase().charCodeAt(0)]));
  // Most names are out by their first letter, without a new string.
  return (name) => initials.has(name.charCodeAt(0)) && wanted.has(bare(name));
}

/** The words of a name, in lower case: `totalAmount2`, `total_amount_2` and `TOTAL_AMOUNT_2` are total, amount, 2. */
export function wordsOf(name: string): readonly string[] {
  return (name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|\P{ASCII}+/gu) ?? []).map((word) => word.toLowerCase());
}

function bare(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

/** Whether it can name a table or a column only in quotes. */
export function isReservedName(name: string): boolean {
  return reserved.has(name);
}

/**
 * Words that are no column or table name: the reserved ones, also those that may name a function or a type.
 * test/truth/names.test.ts holds them to PostgreSQL. https://www.postgresql.org/docs/current/sql-keywords-appendix.html
 */
const reserved: ReadonlySet<string> = new Set(
  (
    "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column " +
    "concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp " +
    "current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having " +
    "ilike in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not " +
    "notnull null offset on only or order outer overlaps placing primary references returning right select session_user similar " +
    "some symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window " +
    "with"
  ).split(" "),
);

/** Words that are no function or type name, so not everywhere a column's. */
const notFunctions: ReadonlySet<string> = new Set(
  (
    "between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int integer " +
    "interval json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table " +
    "json_value least merge_action national nchar none normalize nullif numeric out overlay position precision real row setof " +
    "smallint substring time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest " +
    "xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable"
  ).split(" "),
);
