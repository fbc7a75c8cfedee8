/** The scratch database of the project that a query is about: where it is explained when there is no database. */
import { join } from "node:path";
import { type Lab, Labs } from "../lab/labs.ts";
import { pathOfUri } from "../prisma/fileUris.ts";
import { schemaEngineWorker, scratchAssets, scratchWorker } from "../workspace/assets.ts";
import type { CheckedProject } from "../workspace/checkedProject.ts";
import { type Project, urisOf } from "../workspace/projects.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { finish } from "../workspace/steps.ts";
import { Engine, type EngineOptions } from "./engine.ts";

/** The project that the query is about, and its files. */
export interface Surrounding {
  readonly snapshot: Snapshot;
  readonly project: Project;
  readonly checked: CheckedProject;
}

export type OpenedScratch = (Lab & { readonly surrounding: Surrounding; close(): Promise<void> }) | { readonly ok: false; readonly reason: string };

/** `path` is of the query: the project nearest to it is built, with the rows that `seeded`, a folder of clusters, has for it. Must be closed. */
export async function openScratch(path: string, options: EngineOptions, cacheFolder: string | undefined, signal: AbortSignal, seeded?: string): Promise<OpenedScratch> {
  const found = await projectAround(path, options);
  if (!found.ok) return found;
  const { surrounding } = found;
  const cache = cacheFolder === undefined ? undefined : join(cacheFolder, "scratch");
  const labs = new Labs({ scratch: { worker: scratchWorker, assets: scratchAssets, cache, seeded }, schemaEngine: { worker: schemaEngineWorker, assets: scratchAssets } });
  const lab = await labs.database(surrounding.checked, signal);
  if (lab.ok) return { ...lab, surrounding, close: () => labs.close() };
  await labs.close();
  return lab;
}

/** The project nearest to a file. */
export async function projectAround(path: string, options: EngineOptions): Promise<{ readonly ok: true; readonly surrounding: Surrounding } | { readonly ok: false; readonly reason: string }> {
  const opened = await Engine.open(options);
  if (!opened.ok) return opened;
  const { workspace, scope } = opened.engine;
  await opened.engine.dispose();
  const snapshot = workspace.snapshot();
  const project = nearest(finish(snapshot.projects()).filter((each) => urisOf(each).length > 0), path);
  if (project === undefined) {
    const hint = "Without any, say which database to ask: --url postgresql://…";
    return { ok: false, reason: `There are no migrations in ${scope.roots.join(", ")} to build a scratch database from, and no Prisma schema. ${hint}` };
  }
  return { ok: true, surrounding: { snapshot, project, checked: finish(snapshot.check(project)) } };
}

/** The one with the most folders in common with the query. */
function nearest(projects: readonly Project[], path: string): Project | undefined {
  const shared = (project: Project): number => Math.max(0, ...urisOf(project).map((uri) => commonFolders(pathOfUri(uri) ?? "", path)));
  return projects.toSorted((a, b) => shared(b) - shared(a))[0];
}

function commonFolders(a: string, b: string): number {
  const [first, second] = [a.split(/[\\/]/), b.split(/[\\/]/)];
  let count = 0;
  while (count < Math.min(first.length, second.length) && first[count] === second[count]) count++;
  return count;
}
