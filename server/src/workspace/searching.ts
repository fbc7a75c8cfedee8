/** Looks through a workspace folder for schema, SQL and configuration files, within bounds, a few folders at a time. */
import { join, relative, sep } from "node:path";
import { configurationFile } from "../../../protocol/src/settings.ts";
import type { FileHost } from "../text/fileHost.ts";
import type { Steps } from "./steps.ts";

export interface Searched {
  /** Relative to the folder, `/`-separated, sorted. */
  readonly sql: readonly string[];
  readonly prisma: readonly string[];
  readonly configurations: readonly string[];
  /** What a person should know: whole sentences. */
  readonly notices: readonly string[];
}

/** More files than this of either kind are not looked at. */
const maxFiles = 5000;
const maxDepth = 32;

/**
 * The `.sql`, `.prisma` and configuration files below `root`, an absolute path. Links are followed, but never out of the folder or in a
 * circle. `isExhausted` tells that the host lists no further folders.
 */
export function* search(host: FileHost, root: string, isExhausted: () => boolean): Steps<Searched> {
  const sql: string[] = [];
  const prisma: string[] = [];
  const configurations: string[] = [];
  const notices: string[] = [];
  const realRoot = host.realPath(root);
  if (realRoot === undefined) return { sql, prisma, configurations, notices: [`The folder ${root} cannot be read.`] };
  const seen = new Set<string>();
  const folders = [{ path: root, real: realRoot, depth: 0 }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    yield;
    if (seen.has(folder.real)) continue;
    seen.add(folder.real);
    const entries = host.list(folder.path);
    if (entries === undefined) {
      if (!isExhausted()) notices.push(`The folder ${folder.path} cannot be read; what it holds was left out.`);
      continue;
    }
    for (const { name, kind, isLink } of entries) {
      const path = join(folder.path, name);
      // Most are no links, and then the real path needs no look at the disk.
      const real = isLink === false ? join(folder.real, name) : host.realPath(path);
      if (real === undefined || !isWithin(realRoot, real)) continue;
      if (kind === "folder" && folder.depth < maxDepth) folders.push({ path, real, depth: folder.depth + 1 });
      else if (kind === "file" && name.endsWith(".sql")) sql.push(relativePath(root, path));
      else if (kind === "file" && name.endsWith(".prisma")) prisma.push(relativePath(root, path));
      else if (kind === "file" && name === configurationFile) configurations.push(relativePath(root, path));
    }
  }
  if (isExhausted())
    notices.push(
      `${root} has too many folders; the search for schemas stopped. Open a smaller folder, or use the setting databaseArchitect.exclude.`,
    );
  return {
    sql: bounded(sql, "SQL", root, notices),
    prisma: bounded(prisma, "Prisma", root, notices),
    configurations: configurations.sort(),
    notices,
  };
}

/** Whether `path` is `folder` or below it. Both absolute. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** `/`-separated, whatever the system. */
export function relativePath(from: string, to: string): string {
  return relative(from, to).split(sep).join("/");
}

function bounded(paths: string[], kind: string, root: string, notices: string[]): readonly string[] {
  paths.sort();
  if (paths.length > maxFiles) notices.push(`${root} has ${paths.length} ${kind} files; the first ${maxFiles} are read.`);
  return paths.slice(0, maxFiles);
}
