/**
 * The settings of the product, all under `databaseArchitect.`. `package.json` contributes the same list; the server
 * parses what arrives (`server/src/workspace/settings.ts`), and the command line reads `.vscode/settings.json`.
 */

/** What the server works with, complete. */
export interface Settings {
  /** Whether anything is checked at all. */
  readonly enable: boolean;
  /** How much is switched on before single rules are set: `recommended`, `strict` or `all`. */
  readonly preset: PresetName;
  /** By rule id: `"off"`, a severity, or `{ severity?, options? }`. Parsed by `rules/settings.ts`. */
  readonly rules: Readonly<Record<string, unknown>>;
  /**
   * Prisma schema files or folders, relative to the workspace folder; globs are understood. Empty means: find them as
   * Prisma does.
   */
  readonly schemas: readonly string[];
  /** Globs of SQL files that define the schema, relative to the workspace folder. Empty means: find them. */
  readonly migrations: readonly string[];
  /** Globs of files and folders to leave alone, relative to the workspace folder. */
  readonly exclude: readonly string[];
  /** The schema engine's own validation of Prisma schemas; `auto`: only without Prisma's own extension. */
  readonly prismaValidation: "auto" | "on" | "off";
  /** Major version of the PostgreSQL that the schema is for; null: what the migrations say, else 15. */
  readonly postgresVersion: number | null;
  /** So many migrations at the end of a history are checked by the rules about migrations: those before them have run. */
  readonly newestMigrations: number;
  /** Whether a scratch PostgreSQL with the project's schema is asked about queries of open documents; it takes 200 MB while it runs. */
  readonly typeCheck: boolean;
  /** Relations and findings above models and CREATE TABLE. */
  readonly codeLens: boolean;
  /** Default referential actions, where a relation states none. */
  readonly inlayHintActions: boolean;
  /** The type of a column behind a scalar of Prisma: of none, of those that most people would guess wrong, of all. */
  readonly inlayHintTypes: "off" | "surprising" | "all";
  /** The index behind a primary key or a unique key, where it is not named. */
  readonly inlayHintIndexes: boolean;
  /** What a statement of a migration keeps others from. */
  readonly inlayHintLocks: boolean;
  /** Milliseconds without typing before expensive background work starts. */
  readonly debounce: number;
}

export type PresetName = "recommended" | "strict" | "all";

export const defaultSettings: Settings = {
  enable: true,
  preset: "recommended",
  rules: {},
  schemas: [],
  migrations: [],
  exclude: [],
  prismaValidation: "auto",
  postgresVersion: null,
  newestMigrations: 3,
  typeCheck: true,
  codeLens: true,
  inlayHintActions: true,
  inlayHintTypes: "surprising",
  inlayHintIndexes: false,
  inlayHintLocks: true,
  debounce: 150,
};

/** The file of a workspace that says the same to everybody; parsed by `server/src/workspace/configuration.ts`. */
export const configurationFile = "database-architect.jsonc";

/** The section that holds them, in the editor's settings and in `.vscode/settings.json`. */
export const settingsSection = "databaseArchitect";
