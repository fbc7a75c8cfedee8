/** A history as its files are now, and what it takes to run it on a database. Read anew each time: what runs is what is saved. */
import { join } from "node:path";
import type { HistoryOnTarget, MigrationRefusal } from "../../../../protocol/src/migrations.ts";
import { type MigrationHistory, readHistory } from "../../migrations/history.ts";
import type { Answer, RunContext } from "../../migrations/run/runContext.ts";
import type { FileHost } from "../../text/fileHost.ts";
import { scratchAssets, scratchWorker } from "../../workspace/assets.ts";
import { foldOptionsOf } from "../../workspace/check.ts";
import type { CheckedProject } from "../../workspace/checkedProject.ts";
import { sendingOf } from "../../workspace/migrations.ts";
import type { Project } from "../../workspace/projects.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { finishInSlices } from "../../workspace/steps.ts";
import type { Serving } from "../handling.ts";
import { projectWithHistory } from "./openHistory.ts";

export interface OpenedHistoriesOptions {
  readonly serving: Serving;
  readonly files: FileHost;
  /** Of the client; what takes long to build is kept there. */
  readonly cacheFolder: string | undefined;
}

export interface Opened {
  readonly ok: true;
  readonly snapshot: Snapshot;
  readonly project: Project;
  readonly checked: CheckedProject;
  readonly history: MigrationHistory;
}

export class OpenedHistories {
  readonly #options: OpenedHistoriesOptions;

  constructor(options: OpenedHistoriesOptions) {
    this.#options = options;
  }

  async open(id: string): Promise<Opened | MigrationRefusal> {
    const snapshot = this.#options.serving.workspace.snapshot();
    const found = await projectWithHistory(snapshot, id);
    if (found === undefined) return { ok: false, reason: "These migrations are not in the workspace any more." };
    const { project, place } = found;
    const checked = await finishInSlices(snapshot.check(project), () => false);
    const history = readHistory(place, this.#options.files, (uri, text) => sendingOf(project, uri, text));
    return { ok: true, snapshot, project, checked, history };
  }

  async contextOf({ history, connection }: HistoryOnTarget, signal: AbortSignal): Promise<Answer<RunContext>> {
    const opened = await this.open(history);
    return opened.ok ? this.context(opened, connection, signal) : opened;
  }

  async context({ history, project }: Opened, connection: string, signal: AbortSignal): Promise<Answer<RunContext>> {
    const found = await this.#options.serving.connections.settingsOf(connection, signal);
    if (!found.ok) return { ok: false, reason: [found.reason, found.hint].filter((part) => part !== undefined).join(" ") };
    return { ok: true, value: { history, foldOptions: foldOptionsOf(project), settings: found.settings, environment: found.profile.environment, scratch: this.scratch() } };
  }

  scratch(): RunContext["scratch"] {
    const { cacheFolder } = this.#options;
    return { worker: scratchWorker, assets: scratchAssets, ...(cacheFolder === undefined ? {} : { cache: join(cacheFolder, "scratch") }) };
  }
}
