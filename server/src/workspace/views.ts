/** The files of the disk as a search sees them: with open documents in front, and without what is to be left alone. */
import { join } from "node:path";
import type { FileHost } from "../text/fileHost.ts";
import { relativePath } from "./searching.ts";

/** The texts of open documents, by absolute path, in front of what is saved. */
export function behindOpen(open: ReadonlyMap<string, string>, host: FileHost): FileHost {
  return {
    readText(path) {
      const text = open.get(path);
      return text === undefined ? host.readText(path) : { ok: true, text };
    },
    list: (path) => host.list(path),
    realPath: (path) => host.realPath(path),
    stat: (path) => (open.has(path) ? "file" : host.stat(path)),
  };
}

/** Without the files and folders below `root` that `isExcluded` names by their relative path. */
export function without(isExcluded: (path: string) => boolean, root: string, host: FileHost): FileHost {
  const isOpen = (path: string): boolean => path === root || !isExcluded(relativePath(root, path));
  return {
    readText: (path) => (isOpen(path) ? host.readText(path) : { ok: false, reason: "missing" }),
    list: (path) => (isOpen(path) ? host.list(path)?.filter(({ name }) => isOpen(join(path, name))) : undefined),
    realPath: (path) => host.realPath(path),
    stat: (path) => (isOpen(path) ? host.stat(path) : "missing"),
  };
}
