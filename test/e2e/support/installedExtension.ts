/** The packaged extension, installed as a person would install it: from a `.vsix`, by VS Code's own command line. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../scripts/support/command.ts";
import { packageExtension, type ExtensionPackage } from "../../../scripts/support/vsix.ts";
import { installServer } from "../../../scripts/vscode/install.ts";

export interface ExtensionsFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/** A new extensions folder with the package `vsix` in it. */
export async function installVsix(vsix: string): Promise<ExtensionsFolder> {
  const path = await mkdtemp(join(tmpdir(), "extensions-"));
  const { node, serverMain } = await installServer();
  await run(node, [serverMain, "--accept-server-license-terms", "--extensions-dir", path, "--install-extension", vsix], { output: "quiet" });
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

let packaged: Promise<ExtensionPackage> | undefined;

/** The package of this working tree, made once in a run. */
export function packagedOnce(): Promise<ExtensionPackage> {
  return (packaged ??= packageExtension());
}
