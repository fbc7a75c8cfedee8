/** The extension's package: built for production, put together by vsce, which also says what is in it. */
import { stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { run } from "./command.ts";
import { root } from "./paths.ts";

const vsce = join(root, "node_modules/@vscode/vsce/vsce");

export interface ExtensionPackage {
  readonly path: string;
  readonly bytes: number;
}

export async function packageExtension(): Promise<ExtensionPackage> {
  await run(process.execPath, ["esbuild.mjs", "--production"], { cwd: root, output: "show" });
  return packageBuild();
}

/** The package of the build for production that is there. Everything is bundled, so vsce need not look into node_modules. */
export async function packageBuild(): Promise<ExtensionPackage> {
  const path = join(root, "database-architect.vsix");
  const args = ["package", "--no-dependencies", "--allow-missing-repository", "--no-rewrite-relative-links", "--out", path];
  await run(process.execPath, [vsce, ...args], { cwd: root, output: "quiet" });
  return { path, bytes: (await stat(path)).size };
}

/** The files that go into the package, relative to the root, in alphabetical order. */
export async function packagedFiles(): Promise<string[]> {
  const listed = await run(process.execPath, [vsce, "ls", "--no-dependencies"], { cwd: root, output: "quiet" });
  return listed.split("\n").filter((line) => line !== "" && !line.startsWith("npm warn")).sort();
}
