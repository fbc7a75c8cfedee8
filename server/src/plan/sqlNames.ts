/** Names as SQL, as PostgreSQL prints them: in quotes where they need some. */

export function tableName({ schema, name }: { readonly schema: string | undefined; readonly name: string }): string {
  return schema === undefined || schema === "public" ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}

/** Names that need no quotes are left as people write them. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** Of PostgreSQL 18, those that cannot name a table or column. https://www.postgresql.org/docs/18/sql-keywords-appendix.html */
const reserved: ReadonlySet<string> = new Set(
  "all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning right select session_user similar some symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window with".split(
    " ",
  ),
);
