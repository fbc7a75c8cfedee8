/** Which files of a history the rules about migrations are about, and how each is sent to PostgreSQL. */
import type { Sending } from "../model/migration/migration.ts";
import { migrationRules } from "../rules/registry.ts";
import type { RuleSettings } from "../rules/settings.ts";
import type { SqlFile } from "../sql/syntax.ts";
import type { History, Project } from "./projects.ts";

/** Where migrations lie, or would lie: in files with an order, which a runner goes by. */
export interface MigrationsPlace {
  readonly kind: "prisma" | "supabase" | "numbered";
  /** Absolute path of the folder that holds them; it may be missing as yet. */
  readonly root: string;
  /** In the order they run. */
  readonly uris: readonly string[];
}

/** Undefined where there are none and nobody would write any: SQL files without an order, documents on their own. */
export function migrationsPlaceOf({ history, prisma }: Pick<Project, "history" | "prisma">): MigrationsPlace | undefined {
  if (history !== undefined && history.kind !== "schema" && history.kind !== "loose") return { kind: history.kind, root: history.root, uris: history.uris };
  return prisma === undefined ? undefined : { kind: "prisma", root: prisma.migrationsPath, uris: [] };
}

/** What is wrong with a value that counts no migrations. */
export const migrationCounts = "must be a number of migrations, such as 3";

export function isMigrationCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

/** The last so many files of the history: what stands before has run, and what it did to others is over. */
export function newestOf(history: History | undefined, count: number): ReadonlySet<string> {
  // Files that state a schema in pieces are no steps.
  return new Set(count === 0 || history?.kind === "schema" ? [] : history?.uris.slice(-count));
}

/** Migrations without a way back, in a history where others have one: in a file beside them, or in their own second half. */
export function withoutWayBack(history: History | undefined, files: readonly SqlFile[]): ReadonlySet<string> {
  if (history === undefined || history.kind === "schema" || history.kind === "loose") return none;
  const hasOne = ({ uri, statements }: SqlFile): boolean => history.waysBack?.has(uri) === true || statements.some(({ section }) => section === "down");
  const without = files.filter((file) => !hasOne(file));
  return without.length === files.length ? none : new Set(without.map(({ uri }) => uri));
}

const none: ReadonlySet<string> = new Set();

const reduced = new WeakMap<RuleSettings, RuleSettings>();

/** The settings of a migration that has run: nothing is left to say about how. The same object for the same settings. */
export function withoutMigrationRules(settings: RuleSettings): RuleSettings {
  let without = reduced.get(settings);
  if (without === undefined) {
    const changed = new Map(settings);
    for (const { id } of migrationRules) {
      const setting = settings.get(id);
      if (setting !== undefined && setting.severity !== "off") changed.set(id, { ...setting, severity: "off" });
    }
    without = changed;
    reduced.set(settings, without);
  }
  return without;
}

/**
 * What sends the files of a project, by their form and by what stands in them. Prisma: 7.4 and newer split a script that
 * says CONCURRENTLY. Supabase sends a file as one batch. Files that nobody is known to run are run by psql.
 * https://supabase.com/docs/guides/deployment/database-migrations
 */
export function sendingOf(project: Pick<Project, "history" | "prisma">, uri: string, text: string): Sending {
  const { history, prisma } = project;
  if (history?.kind === "prisma") return prisma?.splitsMigrations === true ? "message unless concurrent" : "message";
  if (history?.kind === "supabase") return "transaction";
  if (/^[ \t]*--[ \t]*\+(?:goose|migrate)\b/im.test(text)) return /\+goose[ \t]+no[ \t]+transaction|notransaction/i.test(text) ? "each" : "transaction";
  if (/^[ \t]*--[ \t]*migrate:up\b/im.test(text)) return /migrate:up.*transaction:false/i.test(text) ? "each" : "transaction";
  return uri.endsWith(".up.sql") ? "message" : "each";
}
