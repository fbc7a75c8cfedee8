/** A text constant of SQL, with `standard_conforming_strings` on as it is since PostgreSQL 9.1: a backslash is a backslash. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
