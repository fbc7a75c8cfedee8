/** Settings from wherever they come, parsed once: what cannot be understood keeps its default and becomes a complaint. */
import * as v from "valibot";
import { aboutSetting, oneOf } from "../rules/complaint.ts";
import { presets } from "../rules/rule.ts";
import { isGlob } from "../text/glob.ts";
import { defaultSettings, type Settings } from "../../../protocol/src/settings.ts";
import { isMigrationCount, migrationCounts } from "./migrations.ts";
import { isPostgresVersion, postgresVersions } from "./postgresVersion.ts";

export interface ParsedSettings {
  readonly settings: Settings;
  /** Whole sentences for people, one for each value that is not understood. */
  readonly complaints: readonly string[];
}

const entries = {
  enable: v.boolean("must be true or false"),
  preset: v.picklist(presets, `must be ${oneOf(presets)}`),
  rules: v.record(v.string(), v.unknown(), "must be an object of rule ids"),
  schemas: v.array(v.string("must be a list of texts"), "must be a list of texts"),
  migrations: v.array(v.string("must be a list of texts"), "must be a list of texts"),
  exclude: v.array(v.string("must be a list of texts"), "must be a list of texts"),
  prismaValidation: v.picklist(["auto", "on", "off"], 'must be "auto", "on" or "off"'),
  postgresVersion: v.pipe(v.number(postgresVersions), v.check((value) => isPostgresVersion(value), postgresVersions)),
  newestMigrations: v.pipe(v.number(migrationCounts), v.check((value) => isMigrationCount(value), migrationCounts)),
  typeCheck: v.boolean("must be true or false"),
  codeLens: v.boolean("must be true or false"),
  inlayHintActions: v.boolean("must be true or false"),
  inlayHintTypes: v.picklist(["off", "surprising", "all"], 'must be "off", "surprising" or "all"'),
  inlayHintIndexes: v.boolean("must be true or false"),
  inlayHintLocks: v.boolean("must be true or false"),
  debounce: v.pipe(
    v.number("must be a number of milliseconds"),
    v.minValue(0, "must be 0 or more"),
    v.maxValue(5000, "must be at most 5000"),
  ),
} as const;

/**
 * The settings in `value`: the object under `databaseArchitect`, with nested keys. Missing values and `null` (an editor's
 * word for "not set") take their default.
 */
export function parseSettings(value: unknown): ParsedSettings {
  if (value === undefined || value === null) return { settings: defaultSettings, complaints: [] };
  if (!isRecord(value)) {
    return { settings: defaultSettings, complaints: ["The setting databaseArchitect must be an object. The defaults are used."] };
  }
  const complaints: string[] = [];
  const read = <K extends keyof typeof entries>(key: K): v.InferOutput<(typeof entries)[K]> | undefined => {
    const given = value[key];
    if (given === undefined || given === null) return undefined;
    const parsed = v.safeParse(entries[key], given);
    if (parsed.success) return parsed.output;
    complaints.push(aboutSetting({ path: [key], about: "value", says: parsed.issues[0].message }));
    return undefined;
  };
  /** Patterns that cannot be read are left out. */
  const readGlobs = (key: "schemas" | "migrations" | "exclude"): readonly string[] =>
    (read(key) ?? defaultSettings[key]).filter((glob) => {
      if (isGlob(glob)) return true;
      complaints.push(`The setting databaseArchitect.${key} has a pattern that cannot be read: ${glob}. It is left out.`);
      return false;
    });
  const settings: Settings = {
    enable: read("enable") ?? defaultSettings.enable,
    preset: read("preset") ?? defaultSettings.preset,
    rules: read("rules") ?? defaultSettings.rules,
    schemas: readGlobs("schemas"),
    migrations: readGlobs("migrations"),
    exclude: readGlobs("exclude"),
    prismaValidation: read("prismaValidation") ?? defaultSettings.prismaValidation,
    postgresVersion: read("postgresVersion") ?? defaultSettings.postgresVersion,
    newestMigrations: read("newestMigrations") ?? defaultSettings.newestMigrations,
    typeCheck: read("typeCheck") ?? defaultSettings.typeCheck,
    codeLens: read("codeLens") ?? defaultSettings.codeLens,
    inlayHintActions: read("inlayHintActions") ?? defaultSettings.inlayHintActions,
    inlayHintTypes: read("inlayHintTypes") ?? defaultSettings.inlayHintTypes,
    inlayHintIndexes: read("inlayHintIndexes") ?? defaultSettings.inlayHintIndexes,
    inlayHintLocks: read("inlayHintLocks") ?? defaultSettings.inlayHintLocks,
    debounce: read("debounce") ?? defaultSettings.debounce,
  };
  return { settings, complaints };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
