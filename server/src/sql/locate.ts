/** Which SQL files of a workspace define a schema, and in which order they run. */

export interface SqlHistory {
  readonly kind: "prisma" | "supabase" | "numbered" | "schema" | "loose";
  /** The folder that holds it, `/`-separated as in the paths given. */
  readonly root: string;
  /** In the order they run. */
  readonly files: readonly string[];
}

export interface SqlLocateSettings {
  /** Globs of files that define the schema; empty means: find them. */
  readonly include: readonly string[];
  /** Globs of files to leave alone. */
  readonly exclude: readonly string[];
}

/** The histories among `paths`; `peek` gives the beginning of a file, or undefined when it cannot be read. */
export function locateHistories(
  _paths: readonly string[],
  _peek: (path: string) => string | undefined,
  _settings: SqlLocateSettings,
): SqlHistory[] {
  return [];
}
