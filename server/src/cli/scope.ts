/** The files that a command line may read: what lies at and below the paths it names, and nothing else. */
import { basename, dirname, join, resolve } from "node:path";
import { configurationFile } from "../../../protocol/src/settings.ts";
import type { FileHost } from "../text/fileHost.ts";
import { isWithin } from "../workspace/searching.ts";

export interface Scope {
  /** Folders to search, none inside another; absolute. */
  readonly roots: readonly string[];
  /** Files that were named themselves; absolute. */
  readonly files: readonly string[];
  /** Reads only what was named, and configuration files around it. */
  readonly host: FileHost;
  /** Whether an absolute path is one that was named, or lies below one. */
  includes(path: string): boolean;
}

export type ScopeResult = { readonly ok: true; readonly scope: Scope } | { readonly ok: false; readonly reason: string };

/** `paths` are relative to `folder`. */
export function scopeOf(paths: readonly string[], folder: string, host: FileHost): ScopeResult {
  const absolute = paths.map((path) => resolve(folder, path));
  const files: string[] = [];
  const folders: string[] = [];
  for (const path of absolute) {
    const kind = host.stat(path);
    if (kind === "missing") return { ok: false, reason: `${path} does not exist.` };
    if (kind === "folder") folders.push(path);
    else if (kind === "other") return { ok: false, reason: `${path} cannot be read.` };
    else if (!/\.(?:prisma|sql)$/.test(path)) return { ok: false, reason: `${path} is neither a Prisma schema (.prisma) nor SQL (.sql).` };
    else files.push(path);
  }
  const candidates = [...new Set([...folders, ...files.map((file) => dirname(file))])];
  const roots = candidates.filter((root) => !candidates.some((other) => other !== root && isWithin(other, root)));
  const includes = (path: string): boolean => absolute.some((one) => isWithin(one, path));
  return { ok: true, scope: { roots, files, includes, host: limited(host, absolute, folder) } };
}

/** A folder around a named path shows only what leads there, and says how to check it. */
function limited(host: FileHost, named: readonly string[], top: string): FileHost {
  const isConfiguration = (path: string): boolean => basename(path) === configurationFile && isWithin(top, path);
  const isOpen = (path: string): boolean => named.some((one) => isWithin(one, path)) || isConfiguration(path);
  const leadsThere = (path: string): boolean => named.some((one) => isWithin(path, one));
  return {
    readText: (path) => (isOpen(path) ? host.readText(path) : { ok: false, reason: "missing" }),
    list(path) {
      if (isOpen(path)) return host.list(path);
      return leadsThere(path) ? host.list(path)?.filter(({ name }) => isOpen(join(path, name)) || leadsThere(join(path, name))) : undefined;
    },
    realPath: (path) => host.realPath(path),
    stat: (path) => (isOpen(path) || leadsThere(path) ? host.stat(path) : "missing"),
  };
}
