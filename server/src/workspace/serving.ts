/** Which project an SQL file is about that belongs to none: queries, scripts and seeds lie near the schema they are for. */
import { dirname } from "node:path";
import { pathOfUri } from "../prisma/fileUris.ts";
import { type Project, urisOf } from "./projects.ts";
import { isWithin } from "./searching.ts";

/** The projects of the same workspace folder whose files are nearest to `uri`: one, or several that are equally near. */
export function nearestProjects(uri: string, projects: readonly Project[]): readonly Project[] {
  const path = pathOf(uri);
  if (path === undefined) return [];
  let nearest: Project[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const project of projects) {
    const own = pathOfUri(urisOf(project)[0] ?? "");
    if (own === undefined || project.folder === undefined || !isWithin(project.folder, path)) continue;
    const distance = stepsUp(dirname(path), own);
    if (distance > least) continue;
    nearest = distance < least ? [project] : [...nearest, project];
    least = distance;
  }
  return nearest;
}

/** Whether it lies in no folder: a text that was never saved. */
export function isNowhere(uri: string): boolean {
  return pathOf(uri) === undefined;
}

/** A cell lies where its notebook does. */
function pathOf(uri: string): string | undefined {
  return pathOfUri(uri.replace(/^vscode-notebook-cell:(?:\/\/[^/]*)?(\/[^#?]*).*$/, "file://$1"));
}

/** How many folders one has to go up from `folder` until `path` lies below. */
function stepsUp(folder: string, path: string): number {
  let steps = 0;
  for (let around = folder; !isWithin(around, path) && dirname(around) !== around; around = dirname(around)) steps++;
  return steps;
}
