/** Names in PostgreSQL: keys of the model's maps, folding, the 63-byte limit, quoting for SQL text. */

/** NAMEDATALEN - 1: longer names are truncated silently. https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */
export const maxNameBytes = 63;

/** The key of a table, view, type or sequence: `schema.name`. */
export function keyOf(schema: string, name: string): string {
  return `${schema}.${name}`;
}

/** The name as PostgreSQL keeps it: cut to 63 bytes at a character boundary. */
export function truncateName(name: string): string {
  if (name.length * 3 <= maxNameBytes || Buffer.byteLength(name) <= maxNameBytes) return name;
  let bytes = 0;
  let result = "";
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxNameBytes) break;
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
