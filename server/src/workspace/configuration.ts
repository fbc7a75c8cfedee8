/**
 * `database-architect.jsonc`, read: what a team says about the files below it, the same to every editor and to the
 * command line. What cannot be understood says nothing and becomes a problem at its place; the rest holds, so the file
 * works while it is typed.
 */
import { isDeepStrictEqual } from "node:util";
import { below, type Complaint, inPlace, oneOf } from "../rules/complaint.ts";
import { type Preset, presets } from "../rules/rule.ts";
import { parseRuleChanges, type RuleChanges } from "../rules/settings.ts";
import { isGlob } from "../text/glob.ts";
import { nearestName } from "../text/nearestName.ts";
import type { Problem } from "../text/problem.ts";
import { readJsonc } from "./jsonc.ts";
import { isMigrationCount, migrationCounts } from "./migrations.ts";
import { isPostgresVersion, postgresVersions } from "./postgresVersion.ts";

/** Globs are relative to the folder that the file lies in. */
export interface Configuration {
  readonly preset: Preset | undefined;
  readonly rules: RuleChanges;
  /** For findings shown in certain files; a later one leads. */
  readonly overrides: readonly Override[];
  /** Files that are read, and about which nothing is said. */
  readonly ignore: readonly string[];
  readonly postgresVersion: number | undefined;
  /** How many migrations at the end of a history the rules about migrations check. */
  readonly newestMigrations: number | undefined;
}

export interface Override {
  readonly files: readonly string[];
  readonly rules: RuleChanges;
}

export interface ReadConfiguration {
  readonly configuration: Configuration;
  readonly problems: readonly Problem[];
}

/** `previous` is what the file said before: a text that means the same gives the same object. */
export function readConfiguration(text: string, previous?: ReadConfiguration): ReadConfiguration {
  const json = readJsonc(text);
  const complaints: Complaint[] = [];
  const configuration = parse(json.value, complaints);
  return {
    configuration: isDeepStrictEqual(configuration, previous?.configuration) && previous !== undefined ? previous.configuration : configuration,
    problems: [
      ...json.problems,
      ...complaints.map((complaint): Problem => {
        const span = json.spanOf(complaint.path, complaint.about === "name" ? "key" : "value");
        return { span, message: inPlace(complaint), severity: "error", code: "configuration" };
      }),
    ],
  };
}

const known = ["$schema", "preset", "rules", "overrides", "ignore", "postgresVersion", "newestMigrations"] as const;

function parse(value: unknown, complaints: Complaint[]): Configuration {
  if (value !== undefined && !isRecord(value)) complaints.push({ path: [], about: "value", says: "must be an object" });
  const given = isRecord(value) ? value : {};
  complainAboutOthers(given, known, [], complaints);
  return {
    preset: parsePreset(given["preset"], complaints),
    rules: parseRules(given["rules"], ["rules"], complaints),
    overrides: parseOverrides(given["overrides"], complaints),
    ignore: parseGlobs(given["ignore"], ["ignore"], complaints),
    postgresVersion: parseVersion(given["postgresVersion"], complaints),
    newestMigrations: parseCount(given["newestMigrations"], complaints),
  };
}

function parsePreset(given: unknown, complaints: Complaint[]): Preset | undefined {
  const preset = presets.find((one) => one === given);
  if (preset === undefined && given !== undefined)
    complaints.push({ path: ["preset"], about: "value", says: `must be ${oneOf(presets)}` });
  return preset;
}

function parseRules(given: unknown, path: Complaint["path"], complaints: Complaint[]): RuleChanges {
  const parsed = parseRuleChanges(given);
  complaints.push(...parsed.complaints.map((complaint) => below(path, complaint)));
  return parsed.changes;
}

function parseOverrides(given: unknown, complaints: Complaint[]): readonly Override[] {
  return parseList(given, ["overrides"], "must be a list of objects with files and rules", complaints).flatMap((item, at) => {
    const path = ["overrides", at];
    if (!isRecord(item)) {
      complaints.push({ path, about: "value", says: "must have files and rules in each item" });
      return [];
    }
    complainAboutOthers(item, ["files", "rules"], path, complaints);
    if (item["files"] === undefined) complaints.push({ path, about: "value", says: "must say in each item for which files it is" });
    const files = parseGlobs(item["files"], [...path, "files"], complaints);
    return [{ files, rules: parseRules(item["rules"], [...path, "rules"], complaints) }];
  });
}

function parseGlobs(given: unknown, path: Complaint["path"], complaints: Complaint[]): readonly string[] {
  return parseList(given, path, "must be a list of globs", complaints).flatMap((item, at) => {
    if (typeof item === "string" && isGlob(item)) return [item];
    complaints.push({ path: [...path, at], about: "value", says: "must be a list of globs, and this is none" });
    return [];
  });
}

function parseList(given: unknown, path: Complaint["path"], says: string, complaints: Complaint[]): readonly unknown[] {
  if (Array.isArray(given)) return given;
  if (given !== undefined) complaints.push({ path, about: "value", says });
  return [];
}

function parseVersion(given: unknown, complaints: Complaint[]): number | undefined {
  if (isPostgresVersion(given)) return given;
  if (given !== undefined) complaints.push({ path: ["postgresVersion"], about: "value", says: postgresVersions });
  return undefined;
}

function parseCount(given: unknown, complaints: Complaint[]): number | undefined {
  if (isMigrationCount(given)) return given;
  if (given !== undefined) complaints.push({ path: ["newestMigrations"], about: "value", says: migrationCounts });
  return undefined;
}

function complainAboutOthers(
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
  path: Complaint["path"],
  complaints: Complaint[],
): void {
  for (const name of Object.keys(given)) {
    if (names.includes(name)) continue;
    complaints.push({ path: [...path, name], about: "name", says: "is not known here", suggestion: nearestName(name, names) });
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
