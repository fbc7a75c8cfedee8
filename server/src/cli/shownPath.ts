/** File URIs as paths for people and tools. */
import { relative } from "node:path";
import { pathOfUri } from "../prisma/fileUris.ts";

/** Relative to `folder` where it lies below, `/`-separated. */
export function shownPath(uri: string, folder: string): string {
  const path = pathOfUri(uri);
  if (path === undefined) return uri;
  const way = relative(folder, path);
  return (way === "" || way.startsWith("..") ? path : way).replaceAll("\\", "/");
}
