/**
 * `check --types`: PostgreSQL's own word on every query around a project, from an embedded one that holds the project's
 * schema. An option, because that PostgreSQL takes two seconds to start, four times as long as all other checks of a sample.
 */
import { join } from "node:path";
import { described, noticesOf } from "../lab/describe.ts";
import { Labs } from "../lab/labs.ts";
import { queryFiles } from "../migrations/workspaceQueries.ts";
import { uriOfPath } from "../prisma/fileUris.ts";
import { isProgram } from "../sql/queries/query.ts";
import type { FileHost } from "../text/fileHost.ts";
import { schemaEngineWorker, scratchAssets, scratchWorker } from "../workspace/assets.ts";
import { finish } from "../workspace/steps.ts";
import type { TypeCheck, TypeChecked } from "../workspace/typeChecks.ts";
import type { Workspace } from "../workspace/workspace.ts";

/**
 * Takes the answers for the queries of `uris`, and of the programs below `roots`, into the workspace; the programs that have
 * some. Databases are kept in `cacheFolder` for the next time.
 */
export async function checkTypes(workspace: Workspace, uris: readonly string[], { roots, host, cacheFolder }: { readonly roots: readonly string[]; readonly host: FileHost; readonly cacheFolder: string | undefined }): Promise<readonly string[]> {
  const snapshot = workspace.snapshot();
  const inPrograms = roots.flatMap((root) => queryFiles(root, "", host).filter(isProgram).map(uriOfPath));
  const programs = inPrograms.filter((uri) => finish(snapshot.queries(uri)).length > 0);
  const tasks = finish(snapshot.typeCheckTasks([...uris, ...programs]));
  if (tasks.length === 0) return programs;
  const cache = cacheFolder === undefined ? undefined : join(cacheFolder, "scratch");
  const labs = new Labs({ scratch: { worker: scratchWorker, assets: scratchAssets, cache }, schemaEngine: { worker: schemaEngineWorker, assets: scratchAssets } });
  const { signal } = new AbortController();
  try {
    for (const { project, checked, key, texts } of tasks) {
      const lab = await labs.database(checked, signal);
      const answers = new Map<string, TypeCheck>();
      if (lab.ok) for (const text of texts) answers.set(text, await described(lab, text, signal));
      const typeChecked: TypeChecked = lab.ok
        ? { key, answers, isLacking: lab.lacking.length > 0, isUnavailable: false, notices: noticesOf(project.name, lab) }
        : { key, answers, isLacking: false, isUnavailable: true, notices: [`Queries of ${project.name} are not type-checked. ${lab.reason}`] };
      workspace.applyChange({ kind: "typeChecked", project: project.id, typeChecked });
    }
  } finally {
    await labs.close();
  }
  return programs;
}
