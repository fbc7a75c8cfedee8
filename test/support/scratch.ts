/** Scratch databases for tests, from the same parts as in the product. */
import { pathToFileURL } from "node:url";
import { scratchAssets } from "../../scripts/support/scratchAssets.mjs";
import type { ScratchOptions } from "../../server/src/scratch/scratchDatabase.ts";
import { scratchWorker } from "../../server/src/workspace/assets.ts";

export async function scratchOptions(): Promise<ScratchOptions> {
  const assets = pathToFileURL(`${await scratchAssets()}/`);
  return { worker: scratchWorker, assets };
}
