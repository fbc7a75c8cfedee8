/** What a workspace is at one moment: immutable, made anew by every change. */
import { aboutSetting, below } from "../rules/complaint.ts";
import { parseRuleChanges } from "../rules/settings.ts";
import type { Settings } from "../../../protocol/src/settings.ts";
import { globMatcher } from "../text/glob.ts";
import type { Environment, Language } from "./change.ts";
import type { Disk } from "./disk.ts";
import type { RuleLayer } from "./rulesInForce.ts";
import { isWithin } from "./searching.ts";
import { parseSettings } from "./settings.ts";
import type { TextFile } from "./textFile.ts";
import type { TypeChecked } from "./typeChecks.ts";
import type { Validated } from "./validation.ts";

export interface OpenDocument {
  readonly file: TextFile;
  readonly language: Language;
  /** As the editor spells it: systems and editors escape different characters. */
  readonly editorUri: string;
}

export interface FolderSettings {
  readonly settings: Settings;
  readonly rules: RuleLayer;
  readonly complaints: readonly string[];
  /** Of a path relative to the workspace folder. */
  isExcluded(path: string): boolean;
}

export interface State {
  readonly revision: number;
  /** By URI. */
  readonly documents: ReadonlyMap<string, OpenDocument>;
  readonly disk: Disk;
  /** Absolute paths. */
  readonly roots: readonly string[];
  /** Absolute path of a folder above roots, up to which configuration files hold for them too. */
  readonly top: string | undefined;
  /** What a command line says about the rules, over everything else. */
  readonly commandLine: RuleLayer | undefined;
  readonly settings: FolderSettings;
  /** Of workspace folders with their own, by absolute path. */
  readonly folderSettings: ReadonlyMap<string, FolderSettings>;
  readonly environment: Environment;
  /** The schema engine's last answer, by project. */
  readonly validated: ReadonlyMap<string, Validated>;
  /** What databases built from projects said to queries, by project. */
  readonly typeChecked: ReadonlyMap<string, TypeChecked>;
  /** Hashes of schemas that kept the engine busy until it was stopped. */
  readonly quarantined: ReadonlySet<string>;
  /** Another value whenever a document or the disk changed in a way that may change what the projects are. */
  readonly layout: number;
}

export function parseFolderSettings(value: unknown): FolderSettings {
  const { settings, complaints } = parseSettings(value);
  const rules = parseRuleChanges(settings.rules);
  const aboutRules = rules.complaints.map((complaint) => aboutSetting(below(["rules"], complaint)));
  return {
    settings,
    rules: { preset: settings.preset, rules: rules.changes },
    complaints: [...complaints, ...aboutRules],
    isExcluded: globMatcher(settings.exclude),
  };
}

/** The settings that hold for a path: those of the innermost workspace folder around it. */
export function settingsAt(state: State, path: string | undefined): FolderSettings {
  if (path === undefined) return state.settings;
  const folder = folderAround(state.roots, path);
  return (folder === undefined ? undefined : state.folderSettings.get(folder)) ?? state.settings;
}

/** The innermost of `roots` that holds `path`. */
export function folderAround(roots: readonly string[], path: string): string | undefined {
  return roots.filter((root) => isWithin(root, path)).sort((a, b) => b.length - a.length)[0];
}
