/** The scratch databases as far as the language server needs them at its start: not at all. Loaded when first asked. */
import { join } from "node:path";
import type { LabAccess, LabAnswer, Labs } from "../lab/labs.ts";
import { schemaEngineWorker, scratchAssets, scratchWorker } from "../workspace/assets.ts";
import type { CheckedProject } from "../workspace/checkedProject.ts";

export class LaterLabs implements LabAccess {
  readonly #cacheFolder: string | undefined;
  readonly #seeded: string | undefined;
  #loading: Promise<Labs> | undefined;
  #loaded: Labs | undefined;
  #isClosed = false;

  /** `seeded` is a folder with clusters that have rows. */
  constructor(cacheFolder: string | undefined, seeded?: string) {
    this.#cacheFolder = cacheFolder;
    this.#seeded = seeded;
  }

  async database(project: CheckedProject, signal?: AbortSignal): Promise<LabAnswer> {
    if (this.#isClosed) return { ok: false, reason: "The server is about to end." };
    this.#loading ??= this.#load();
    return (await this.#loading).database(project, signal);
  }

  isUp(project: CheckedProject): boolean {
    return this.#loaded?.isUp(project) ?? false;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await (await this.#loading)?.close();
  }

  async #load(): Promise<Labs> {
    const { Labs } = await import("../lab/labs.ts");
    const cache = this.#cacheFolder === undefined ? undefined : join(this.#cacheFolder, "scratch");
    this.#loaded = new Labs({ scratch: { worker: scratchWorker, assets: scratchAssets, cache, seeded: this.#seeded }, schemaEngine: { worker: schemaEngineWorker, assets: scratchAssets } });
    return this.#loaded;
  }
}
