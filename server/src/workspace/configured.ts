/** What the configuration files of a workspace say at one moment: read, and laid over the editor's settings. */
import { join } from "node:path";
import { configurationFile } from "../../../protocol/src/settings.ts";
import { pathOfUri, uriOfPath } from "../prisma/fileUris.ts";
import type { Problem } from "../text/problem.ts";
import type { ProjectRules } from "./checkedProject.ts";
import { readConfiguration, type ReadConfiguration } from "./configuration.ts";
import type { Memory } from "./memory.ts";
import { type Project, urisOf } from "./projects.ts";
import { readFile } from "./reading.ts";
import { type PlacedConfiguration, RulesInForce } from "./rulesInForce.ts";
import { relativePath } from "./searching.ts";
import { folderAround, settingsAt, type State } from "./state.ts";
import type { Steps } from "./steps.ts";

/** A configuration file that is there, or could be made. */
export interface ConfigurationTarget {
  readonly uri: string;
  /** Its path below the workspace folder. */
  readonly name: string;
  /** Undefined when it would have to be made. */
  readonly text: string | undefined;
}

export class Configured {
  readonly #state: State;
  readonly #memory: Memory;
  readonly #paths: () => Steps<readonly string[]>;

  /** `paths` finds the configuration files. */
  constructor(state: State, memory: Memory, paths: () => Steps<readonly string[]>) {
    this.#state = state;
    this.#memory = memory;
    this.#paths = paths;
  }

  *inForce(): Steps<RulesInForce> {
    const state = this.#state;
    const { settings, folderSettings, roots, commandLine } = state;
    const configurations: PlacedConfiguration[] = [];
    for (const path of yield* this.#paths()) {
      const read = yield* this.#read(uriOfPath(path));
      if (read !== undefined) configurations.push({ path, configuration: read.configuration });
    }
    const files = configurations.flatMap(({ path, configuration }) => [path, configuration]);
    return yield* this.#memory.rulesInForce.get([settings, folderSettings, roots, commandLine, ...files], function* (previous) {
      return new RulesInForce({ configurations, commandLine, editorAt: (path) => settingsAt(state, path).rules }, previous);
    });
  }

  *rulesOf(project: Project): Steps<ProjectRules> {
    const inForce = yield* this.inForce();
    const first = urisOf(project)[0] ?? project.id;
    const { settings } = settingsAt(this.#state, pathOfUri(first));
    const configuration = inForce.configurationOver(first)?.configuration;
    return {
      settingsOf: (uri) => inForce.settingsOf(uri),
      postgresVersion: configuration?.postgresVersion ?? settings.postgresVersion ?? undefined,
      newestMigrations: this.#state.commandLine?.newestMigrations ?? configuration?.newestMigrations ?? settings.newestMigrations,
    };
  }

  /** What is wrong in a configuration file; nothing for any other file. */
  *problemsOf(uri: string): Steps<readonly Problem[]> {
    if (!(yield* this.#paths()).some((path) => uriOfPath(path) === uri)) return [];
    return (yield* this.#read(uri))?.problems ?? [];
  }

  /** The one over a file, or the one that could be made in its workspace folder; undefined for a file that lies in none. */
  *targetFor(uri: string): Steps<ConfigurationTarget | undefined> {
    const path = pathOfUri(uri);
    const folder = path === undefined ? undefined : folderAround(this.#state.roots, path);
    if (folder === undefined) return undefined;
    const own = (yield* this.inForce()).configurationOver(uri)?.path ?? join(folder, configurationFile);
    const read = readFile(uriOfPath(own), this.#state, this.#memory.texts);
    return { uri: uriOfPath(own), name: relativePath(folder, own), text: read.ok ? read.file.text : undefined };
  }

  /** Undefined for one that cannot be read. */
  *#read(uri: string): Steps<ReadConfiguration | undefined> {
    const read = readFile(uri, this.#state, this.#memory.texts);
    if (!read.ok) return undefined;
    const { text } = read.file;
    return yield* this.#memory.configuration(uri).get([text], function* (previous) {
      return readConfiguration(text, previous);
    });
  }
}
