/** `databaseArchitect/erd/sources`: what there is a diagram of, in a file, a folder or the whole workspace. */
import { dirname, join } from "node:path";
import { erdFilePath } from "../../../../protocol/src/erdFile.ts";
import type { ErdSourceListing, ErdSourcesParams } from "../../../../protocol/src/erd.ts";
import { pathOfUri, uriOfPath } from "../../prisma/fileUris.ts";
import { type Project, urisOf } from "../../workspace/projects.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import { ownUri } from "../../workspace/workspace.ts";

export function* listErdSources(snapshot: Snapshot, params: ErdSourcesParams): Steps<readonly ErdSourceListing[]> {
  const projects = params.uri === undefined ? yield* snapshot.projects() : yield* projectsAt(ownUri(params.uri), snapshot);
  return projects.map(listingOf);
}

/** Those that a file belongs to or is about; those that a folder holds or lies in. */
function* projectsAt(uri: string, snapshot: Snapshot): Steps<readonly Project[]> {
  const all = yield* snapshot.projects();
  const exact = all.filter((project) => project.id === uri);
  const folder = uri.endsWith("/") ? uri : `${uri}/`;
  const inside = all.filter((project) => urisOf(project).some((one) => one.startsWith(folder)));
  const found = exact.length > 0 ? exact : inside;
  return found.length > 0 ? found : yield* snapshot.projectsServing(uri);
}

function listingOf(project: Project): ErdSourceListing {
  const home = homeOf(project);
  const source = { kind: "project", uri: project.id } as const;
  if (home === undefined) return { source, title: project.name };
  return { source, title: project.name, positionsUri: uriOfPath(join(home, erdFilePath)) };
}

/** The folder that a project's own files belong in; undefined for a document outside of the workspace. */
function homeOf({ folder, prisma, history, schemaUris }: Project): string | undefined {
  if (folder === undefined) return undefined;
  if (prisma !== undefined) return prisma.root;
  const schema = schemaUris[0] === undefined ? undefined : pathOfUri(schemaUris[0]);
  if (schema !== undefined) return dirname(schema);
  if (history === undefined) return folder;
  const isFile = history.kind === "schema" || history.kind === "loose";
  return isFile || history.root === folder ? history.root : dirname(history.root);
}
