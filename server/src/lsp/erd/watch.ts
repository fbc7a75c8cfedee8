/** Tells the client which diagrams changed, soon after typing pauses: only of those that were asked for. */
import type { Connection } from "vscode-languageserver/node";
import { type ErdChangedParams, erdChanged } from "../../../../protocol/src/erd.ts";
import { finishInSlices, unlessAbandoned } from "../../workspace/steps.ts";
import type { Workspace } from "../../workspace/workspace.ts";
import type { ErdDiagrams } from "./diagrams.ts";

/** Milliseconds without a change: shorter than for diagnostics, for somebody is looking, and an edit costs what it changes. */
const pause = 20;

export interface ErdWatchOptions {
  readonly connection: Connection;
  readonly workspace: Workspace;
  readonly diagrams: ErdDiagrams;
  log(what: string, error: unknown): void;
}

export class ErdWatch {
  readonly #options: ErdWatchOptions;
  #timer: NodeJS.Timeout | undefined;
  #isDisposed = false;

  constructor(options: ErdWatchOptions) {
    this.#options = options;
  }

  /** Something may have changed. */
  wake(): void {
    clearTimeout(this.#timer);
    if (!this.#isDisposed && !this.#options.diagrams.isEmpty) this.#timer = setTimeout(() => void this.#look(), pause);
  }

  dispose(): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
  }

  async #look(): Promise<void> {
    const { connection, workspace, diagrams, log } = this.#options;
    const snapshot = workspace.snapshot();
    const isStale = (): boolean => this.#isDisposed || workspace.snapshot() !== snapshot;
    try {
      const uris = await unlessAbandoned(finishInSlices(diagrams.changed(snapshot), isStale));
      if (uris !== undefined && uris.length > 0) await connection.sendNotification(erdChanged, { uris } satisfies ErdChangedParams);
    } catch (error) {
      log("the diagrams", error);
    }
  }
}
