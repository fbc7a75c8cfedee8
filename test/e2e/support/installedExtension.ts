/** The packaged extension, installed as a person would install it: from a `.vsix`, by VS Code's own command line. */
import { cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { run } from "../../../scripts/support/command.ts";
import { packageBuild, packageExtension, type ExtensionPackage } from "../../../scripts/support/vsix.ts";
import { installServer } from "../../../scripts/vscode/install.ts";

export interface ExtensionsFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** Where a run with several processes has them find what it packaged and installed for all of them. */
const packageVariable = "E2E_PACKAGE";
const extensionsVariable = "E2E_EXTENSIONS";

/** The package of the build that is there, installed once for all test processes that get `env`. */
export async function packageForAll(): Promise<ExtensionsFolder & { readonly env: Readonly<Record<string, string>> }> {
  const { path: vsix } = await packageBuild();
  const extensions = await install(vsix);
  return { ...extensions, env: { [packageVariable]: vsix, [extensionsVariable]: extensions.path } };
}

/** A new extensions folder with the package `vsix` in it. */
export async function installVsix(vsix: string): Promise<ExtensionsFolder> {
  const installed = process.env[extensionsVariable];
  return installed === undefined ? install(vsix) : copied(installed);
}

async function install(vsix: string): Promise<ExtensionsFolder> {
  const folder = await newFolder();
  const { node, serverMain } = await installServer();
  await run(node, [serverMain, "--accept-server-license-terms", "--extensions-dir", folder.path, "--install-extension", vsix], { output: "quiet" });
  return folder;
}

/** VS Code's list of what is installed has full paths. */
async function copied(installed: string): Promise<ExtensionsFolder> {
  const folder = await newFolder();
  await cp(installed, folder.path, { recursive: true });
  const list = join(folder.path, "extensions.json");
  await writeFile(list, (await readFile(list, "utf8")).replaceAll(installed, folder.path));
  return folder;
}

async function newFolder(): Promise<ExtensionsFolder> {
  const path = await mkdtemp(join(tmpdir(), "extensions-"));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

let packaged: Promise<ExtensionPackage> | undefined;

/** The package of this working tree, made once in a run. */
export function packagedOnce(): Promise<ExtensionPackage> {
  return (packaged ??= readyPackage());
}

async function readyPackage(): Promise<ExtensionPackage> {
  const path = process.env[packageVariable];
  return path === undefined ? packageExtension() : { path, bytes: (await stat(path)).size };
}
