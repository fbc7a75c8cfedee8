/** A text as statements with PostgreSQL's own parse trees. Never throws; equal statements are parsed once. */
import { loadModule } from "libpg-query";
import type { SqlFile } from "./syntax.ts";

/** Loads PostgreSQL's parser; `parseSql` and everything below needs it once. Calling it again costs nothing. */
export function loadSqlParser(): Promise<void> {
  return loadModule();
}

/**
 * The statements of `text` with their trees and problems. `previous` is the same file as it was before an edit:
 * statements that did not change keep their identity.
 */
export function parseSql(uri: string, text: string, _previous?: SqlFile): SqlFile {
  return { uri, text, statements: [], problems: [], pending: [] };
}
