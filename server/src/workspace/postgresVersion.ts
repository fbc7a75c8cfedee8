/** Which PostgreSQL a schema is for: what was set, else what a dump among its files says, else a version still common. */
import type { TextFile } from "./textFile.ts";

/** When nobody says: old enough to be in use, new enough to be maintained. */
const assumed = 15;

/** What is wrong with a value that is no version. */
export const postgresVersions = "must be a major version of PostgreSQL, such as 16";

/** A major version; 9 stands for all of 9.x. */
export function isPostgresVersion(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 9 && value <= 99;
}

/** Major version. Of several dumps in a history, the last one that says counts. */
export function postgresVersionOf(stated: number | undefined, history: readonly TextFile[]): number {
  if (stated !== undefined) return stated;
  for (const file of history.toReversed()) {
    const version = dumpedFrom(file);
    if (version !== undefined) return version;
  }
  return assumed;
}

const versions = new WeakMap<TextFile, number | "unsaid">();

function dumpedFrom(file: TextFile): number | undefined {
  let version = versions.get(file);
  if (version === undefined) {
    const digits = dumpedFromPattern.exec(file.text.slice(0, headLength))?.[1];
    version = digits !== undefined && isPostgresVersion(Number(digits)) ? Number(digits) : "unsaid";
    versions.set(file, version);
  }
  return version === "unsaid" ? undefined : version;
}

/** pg_dump says so at the top, below comments that a tool or a person may have put there. */
const headLength = 4096;

/** `-- Dumped from database version 16.3 (Debian 16.3-1.pgdg120+1)`. https://www.postgresql.org/docs/current/app-pgdump.html */
const dumpedFromPattern = /^-- Dumped from database version (\d+)/m;
