/**
 * A workspace folder and what may be reached from it: paths that leave it, also through symbolic links, are refused, and
 * links that lead in circles end.
 */
import { join, relative, resolve, sep } from "node:path";
import type { FileEntry, FileHost } from "../text/fileHost.ts";

/** More folders than this are not looked into: it would be somebody's home folder, or the root of a disk. */
const maxFolders = 20_000;
/** Folders with what others wrote or a tool made. */
const ignoredFolders: ReadonlySet<string> = new Set(["node_modules", "bower_components", "vendor", "dist", "build", "out", "coverage", "target"]);

export type Reached = { readonly ok: true; readonly path: string } | { readonly ok: false; readonly reason: string };

export class WorkspaceFolder {
  readonly path: string;
  readonly #host: FileHost;
  readonly #realPath: string | undefined;

  constructor(host: FileHost, path: string) {
    this.#host = host;
    this.path = resolve(path);
    this.#realPath = host.realPath(this.path);
  }

  /** The absolute path that `text` means in the folder `from`; refused when it leads out of the workspace folder. */
  reach(from: string, text: string): Reached {
    if (text.includes("\0")) return refuse("it contains a NUL character");
    if (/^(?:\\\\|\/\/)/.test(text)) return refuse("it names another machine");
    const path = resolve(from, text);
    if (!isInside(this.path, path)) return refuse(`it leads out of the workspace folder ${this.path}`);
    return this.#reallyInside(path) ? { ok: true, path } : refuse(`a symbolic link leads out of the workspace folder ${this.path}`);
  }

  /** Every folder below, this one first, parents before children, each once however it is linked. */
  *folders(): Generator<{ readonly path: string; readonly entries: readonly FileEntry[] }> {
    yield* this.#walk(this.path, new Set(), isSearched);
  }

  /** The `.prisma` files at or below a folder, sorted by path. */
  prismaFiles(folder: string): string[] {
    const files: string[] = [];
    for (const { path, entries } of this.#walk(folder, new Set(), () => true)) {
      for (const entry of entries) {
        if (entry.kind === "file" && entry.name.endsWith(".prisma") && this.#reallyInside(join(path, entry.name), entry)) files.push(join(path, entry.name));
      }
    }
    return files.sort();
  }

  *#walk(folder: string, seen: Set<string>, isWanted: (name: string) => boolean): Generator<{ path: string; entries: readonly FileEntry[] }> {
    const waiting = [folder];
    for (let path = waiting.pop(); path !== undefined && seen.size < maxFolders; path = waiting.pop()) {
      const real = this.#host.realPath(path);
      if (real === undefined || seen.has(real) || this.#realPath === undefined || !isInside(this.#realPath, real)) continue;
      seen.add(real);
      const entries = this.#host.list(path) ?? [];
      yield { path, entries };
      const below = entries.filter((entry) => entry.kind === "folder" && isWanted(entry.name));
      for (const entry of below.toReversed()) waiting.push(join(path, entry.name));
    }
  }

  /** Whether the path lies inside once links are followed. What does not exist leads nowhere. */
  #reallyInside(path: string, entry?: FileEntry): boolean {
    if (entry?.isLink === false) return true;
    const real = this.#host.realPath(path);
    return real === undefined || (this.#realPath !== undefined && isInside(this.#realPath, real));
  }
}

function isSearched(name: string): boolean {
  return !name.startsWith(".") && !ignoredFolders.has(name);
}

/** Whether `path` is `folder` or lies below it; by the names alone. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && resolve(folder, way) === path);
}

function refuse(reason: string): Reached {
  return { ok: false, reason };
}
