/** Which extensions the embedded PostgreSQL has. What it lacks is named, never faked. */
import { platformExtensions } from "./platforms.ts";

/** Name to the archive in the folder `extensions`, where the two differ. */
const archives: ReadonlyMap<string, string> = new Map([
  ...["autoinc", "insert_username", "moddatetime", "refint"].map((name) => [name, "spi"] as const),
]);

const available: ReadonlySet<string> = new Set([
  ...archives.keys(),
  ..."amcheck bloom btree_gin btree_gist citext cube dict_int dict_xsyn earthdistance file_fdw fuzzystrmatch hstore intarray isn lo ltree".split(" "),
  ..."pageinspect pg_buffercache pg_freespacemap pg_stat_statements pg_trgm pg_uuidv7 pg_visibility pgcrypto pgmq seg tablefunc tcn".split(" "),
  ..."tsm_system_rows tsm_system_time unaccent uuid-ossp vector".split(" "),
]);

const required: ReadonlyMap<string, string> = new Map([["earthdistance", "cube"]]);

/** Part of every PostgreSQL. */
const builtIn: ReadonlySet<string> = new Set(["plpgsql"]);

export interface WantedExtensions {
  /** To load, with what they need in their turn; sorted. */
  readonly available: readonly string[];
  /** What the statements create and the embedded PostgreSQL does not have; sorted. */
  readonly lacking: readonly string[];
}

/** The extensions that the statements create. */
export function wantedExtensions(statements: readonly string[]): WantedExtensions {
  const names = new Set(statements.flatMap((statement) => (isOfPlatform(statement) ? [] : (createdExtension(statement) ?? []))));
  const found = [...names].filter((name) => available.has(name));
  return {
    available: [...new Set(found.flatMap((name) => [name, required.get(name) ?? name]))].sort(),
    lacking: [...names].filter((name) => !available.has(name) && !builtIn.has(name)).sort(),
  };
}

/** The extension a `CREATE EXTENSION` statement is about; undefined for other statements. */
export function createdExtension(statement: string): string | undefined {
  const [, quoted, plain] = pattern.exec(statement) ?? [];
  return quoted ?? plain?.toLowerCase();
}

/** Whether it creates, if need be, an extension that a hosting platform has created before: there it does nothing. What the extension brings is not to be had here. */
export function isOfPlatform(statement: string): boolean {
  const name = createdExtension(statement);
  return name !== undefined && platformExtensions.has(name) && !available.has(name) && /\bif\s+not\s+exists\b/i.test(statement);
}

/** Whether all it does is to drop an extension that was never there. */
export function dropsLackingExtension(statement: string): boolean {
  const [, quoted, plain] = dropping.exec(statement) ?? [];
  const name = quoted ?? plain?.toLowerCase();
  return name !== undefined && !available.has(name) && !builtIn.has(name);
}

export function archiveOf(extension: string): string {
  return `${archives.get(extension) ?? extension}.tar.gz`;
}

/** Comments may stand before the statement and between its words. */
const gap = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*(?:[^*]|\*(?!/))*\*/)`;
const pattern = new RegExp(`^${gap}*create${gap}+extension${gap}+(?:if${gap}+not${gap}+exists${gap}+)?(?:"([^"]+)"|([a-z_][\\w$]*))`, "i");
const dropping = new RegExp(`^${gap}*drop${gap}+extension${gap}+(?:if${gap}+exists${gap}+)?(?:"([^"]+)"|([a-z_][\\w$]*))(?:${gap}+(?:cascade|restrict))?${gap}*;?${gap}*$`, "i");
