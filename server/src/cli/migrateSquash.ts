/** `migrate squash`: files alone; databases are told by `migrate resolve --applied`. */
import { relative } from "node:path";
import { planSquash } from "../migrations/run/squash.ts";
import { couldNot, type Ended, type MigrateContext } from "./migrateContext.ts";
import type { RunArguments } from "./migrateRunArguments.ts";
import { foldOptionsOf } from "../workspace/check.ts";
import { scratchAssets, scratchWorker } from "../workspace/assets.ts";

export interface SquashSurroundings {
  /** A file or a folder with all it holds. */
  remove?(path: string): void;
}

export async function squashMigrations(given: RunArguments, { history, project, surroundings }: MigrateContext, { remove }: SquashSurroundings): Promise<Ended> {
  const { folder, create } = surroundings;
  const planned = await planSquash(history, given.to, { scratch: { worker: scratchWorker, assets: scratchAssets }, foldOptions: foldOptionsOf(project) });
  if (!planned.ok) return couldNot(planned.reason);
  const plan = planned.value;
  const shown = (path: string): string => relative(folder, path);
  const told = (lines: readonly string[], status: number, isDone: boolean): Ended => ({ status, output: given.format === "json" ? `${JSON.stringify({ plan, isDone }, undefined, 2)}\n` : `${lines.join("\n")}\n`, complaints: [] });
  const lines = [`${plan.name} in place of ${plan.replaced.length} migrations.`, ...plan.files.map(({ path }) => `writes ${shown(path)}`), ...plan.removes.map((path) => `removes ${shown(path)}`), ...plan.notes];
  if (given.isDryRun) return told([...lines, "A dry run: nothing was changed."], 0, false);
  if (!given.saysYes || remove === undefined) return told([...lines, "Say --yes to do that. Nothing was changed."], 1, false);
  try {
    for (const { path, text } of plan.files) create(path, text);
    for (const path of plan.removes) remove(path);
  } catch (error) {
    return couldNot(`It broke off: ${error instanceof Error ? error.message : String(error)}. What is there now, git status says.`);
  }
  return told(lines, 0, true);
}
