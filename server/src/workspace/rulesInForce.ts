/**
 * Which settings of the rules hold in a file. Laid one over the other: the preset, the editor's settings, the nearest
 * configuration file above it, that one's overrides for it, the command line. The configuration file leads the editor's
 * settings so that a whole team, and the command line, sees the same.
 */
import { dirname } from "node:path";
import { pathOfUri } from "../prisma/fileUris.ts";
import type { Preset } from "../rules/rule.ts";
import { presetSettings, type RuleChanges, type RuleSettings, withRuleChanges } from "../rules/settings.ts";
import { globMatcher } from "../text/glob.ts";
import type { Configuration } from "./configuration.ts";
import { isWithin, relativePath } from "./searching.ts";

/** What one place says about rules as a whole. */
export interface RuleLayer {
  readonly preset: Preset | undefined;
  readonly rules: RuleChanges;
  /** How many of the newest migrations are looked at, over everything else. Of the command line only. */
  readonly newestMigrations?: number | undefined;
}

/** A configuration file: its absolute path, and what it says. */
export interface PlacedConfiguration {
  readonly path: string;
  readonly configuration: Configuration;
}

export interface RuleSources {
  /** In any order. */
  readonly configurations: readonly PlacedConfiguration[];
  readonly commandLine: RuleLayer | undefined;
  /** What the editor's settings say about the files of a path's workspace folder; the same object for all of them. */
  editorAt(path: string | undefined): RuleLayer;
}

export class RulesInForce {
  readonly #sources: RuleSources;
  readonly #groups: Group[] = [];
  readonly #earlierGroups: readonly Group[];
  readonly #byUri = new Map<string, RuleSettings | undefined>();

  /** What `previous` found from the same sources is found again as the same objects. */
  constructor(sources: RuleSources, previous: RulesInForce | undefined) {
    this.#sources = sources;
    this.#earlierGroups = previous === undefined ? [] : previous.#groups;
  }

  /** What holds for what is shown in a file. Undefined: nothing is said about it. */
  settingsOf(uri: string): RuleSettings | undefined {
    if (!this.#byUri.has(uri)) {
      const path = pathOfUri(uri);
      this.#byUri.set(uri, this.#groupOf(this.#sources.editorAt(path), this.configurationOver(uri)).settingsAt(path));
    }
    return this.#byUri.get(uri);
  }

  /** The nearest one above. */
  configurationOver(uri: string): PlacedConfiguration | undefined {
    const path = pathOfUri(uri);
    if (path === undefined) return undefined;
    return this.#sources.configurations
      .filter((one) => isWithin(dirname(one.path), path))
      .reduce<PlacedConfiguration | undefined>((nearest, one) => (one.path.length > (nearest?.path.length ?? 0) ? one : nearest), undefined);
  }

  #groupOf(editor: RuleLayer, placed: PlacedConfiguration | undefined): Group {
    const { commandLine } = this.#sources;
    const isIt = (group: Group): boolean => group.isOf(editor, placed, commandLine);
    let group = this.#groups.find(isIt);
    if (group === undefined) {
      group = this.#earlierGroups.find(isIt) ?? new Group(editor, placed, commandLine);
      this.#groups.push(group);
    }
    return group;
  }
}

/** Files that are under the same settings but for overrides. */
class Group {
  readonly #editor: RuleLayer;
  readonly #placed: PlacedConfiguration | undefined;
  readonly #commandLine: RuleLayer | undefined;
  readonly #base: RuleSettings;
  readonly #overrides: readonly { readonly rules: RuleChanges; matches(path: string): boolean }[];
  readonly #isIgnored: (path: string) => boolean;
  /** By which overrides match. */
  readonly #variants = new Map<string, RuleSettings>();

  constructor(editor: RuleLayer, placed: PlacedConfiguration | undefined, commandLine: RuleLayer | undefined) {
    const { preset, rules = noChanges, overrides = [], ignore = [] }: Partial<Configuration> = placed?.configuration ?? {};
    this.#editor = editor;
    this.#placed = placed;
    this.#commandLine = commandLine;
    const chosen = commandLine?.preset ?? preset ?? editor.preset ?? "recommended";
    this.#base = withRuleChanges(withRuleChanges(presetSettings(chosen), editor.rules), rules);
    this.#overrides = overrides.map((override) => ({ rules: override.rules, matches: globMatcher(override.files) }));
    this.#isIgnored = globMatcher(ignore);
  }

  isOf(editor: RuleLayer, placed: PlacedConfiguration | undefined, commandLine: RuleLayer | undefined): boolean {
    const isSameFile = this.#placed?.path === placed?.path && this.#placed?.configuration === placed?.configuration;
    return isSameFile && this.#editor === editor && this.#commandLine === commandLine;
  }

  settingsAt(path: string | undefined): RuleSettings | undefined {
    const relative = path === undefined || this.#placed === undefined ? "" : relativePath(dirname(this.#placed.path), path);
    if (this.#isIgnored(relative)) return undefined;
    const matching = this.#overrides.map(({ matches }) => matches(relative));
    const key = matching.join();
    let settings = this.#variants.get(key);
    if (settings === undefined) {
      const overridden = this.#overrides.filter((_, at) => matching[at] === true);
      const all = [...overridden.map(({ rules }) => rules), this.#commandLine?.rules ?? noChanges];
      settings = all.reduce(withRuleChanges, this.#base);
      this.#variants.set(key, settings);
    }
    return settings;
  }
}

const noChanges: RuleChanges = new Map();
