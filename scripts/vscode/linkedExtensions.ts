/** An extensions folder whose only extension is this working tree, so that a rebuild needs no packaging: a link to the root. */
import { mkdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../support/paths.ts";

/** Makes `folder` anew and returns it. VS Code takes in what it finds there only when it has no list of its own yet. */
export async function linkedExtensions(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const manifest: unknown = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  await symlink(root, join(folder, folderName(manifest)), "junction");
  return folder;
}

/** "publisher.name-version", as VS Code names the folders itself. */
function folderName(manifest: unknown): string {
  if (typeof manifest === "object" && manifest !== null && "publisher" in manifest && "name" in manifest && "version" in manifest) {
    return `${String(manifest.publisher)}.${String(manifest.name)}-${String(manifest.version)}`;
  }
  throw new Error("package.json has no publisher, name or version");
}
