/** The setting `databaseArchitect.schemas`: which of the schemas that were found count, and which files are one schema. */
import { dirname, join } from "node:path";
import type { PrismaProject } from "../prisma/locate.ts";
import { globMatcher } from "../text/glob.ts";
import { relativePath } from "./searching.ts";

/**
 * The projects that `stated` names, relative to `root`: a path of a folder makes all its files one schema, a glob picks
 * from what was found. `files` are the `.prisma` files of the workspace folder; every one is in a located project.
 */
export function statedSchemas(
  located: readonly PrismaProject[],
  stated: readonly string[],
  root: string,
  files: readonly string[],
): readonly PrismaProject[] {
  const projects = stated.flatMap((schema) => {
    const matches = globMatcher([schema]);
    const own = files.filter(matches);
    const isPattern = /[*?[{]/.test(schema);
    if (isPattern || own.length === 1)
      return located
        .filter((project) => project.schemaFiles.some((file) => matches(relativePath(root, file))))
        .map((project) => within(project, matches, root));
    const paths = own.map((file) => join(root, file));
    const base =
      located.find((project) => project.provider !== undefined && project.schemaFiles.some((file) => paths.includes(file))) ??
      located.find((project) => project.schemaFiles.some((file) => paths.includes(file)));
    return base === undefined ? [] : [{ ...base, schemaPath: join(root, schema), schemaFiles: paths }];
  });
  return [...new Map(projects.map((project) => [project.schemaPath, project])).values()];
}

/** A project may have more files than are named. */
function within(project: PrismaProject, matches: (path: string) => boolean, root: string): PrismaProject {
  const schemaFiles = project.schemaFiles.filter((file) => matches(relativePath(root, file)));
  const isPart = schemaFiles.length < project.schemaFiles.length;
  const [first] = schemaFiles;
  return !isPart || first === undefined
    ? project
    : { ...project, schemaPath: schemaFiles.length === 1 ? first : dirname(first), schemaFiles };
}
