/**
 * Runs a TypeScript program of this repository: `node scripts/run.mjs scripts/test.ts unit`. Works in a clean clone with nothing but Node:
 * the dependencies are installed first when they are missing or are not those of package-lock.json.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import process from "node:process";

const root = fileURLToPath(new URL("..", import.meta.url));
const [program = "", ...args] = process.argv.slice(2);

if (!isNodeRecentEnough()) {
  console.error(`error: Node 20.19 or newer is needed; this is ${process.versions.node}.`);
  process.exit(1);
}
if (!existsSync(root + program)) {
  console.error(`error: there is no ${program}.`);
  process.exit(1);
}
if (!areDependenciesInstalled()) {
  console.log("==> Installing the dependencies, as package-lock.json pins them");
  // Not `npm ci`: it insists on the binaries for every other platform, which not every registry has.
  const code = await finished("npm", ["install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (code !== 0) process.exit(code);
}
process.exitCode = await finished(process.execPath, ["--import", "tsx", root + program, ...args]);

function isNodeRecentEnough() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 20 || (major === 20 && minor >= 19);
}

/** npm notes what it installed in a lock file of its own; optional packages of other platforms are not in it. */
function areDependenciesInstalled() {
  const installedLock = `${root}node_modules/.package-lock.json`;
  if (!existsSync(installedLock)) return false;
  const wanted = JSON.parse(readFileSync(`${root}package-lock.json`, "utf8")).packages;
  const installed = JSON.parse(readFileSync(installedLock, "utf8")).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === "") return true;
    const there = installed[path];
    return there === undefined ? optional === true : there.version === version;
  });
}

/** The exit code of a program that shares this terminal. Signals reach it too, and it decides when to end. */
function finished(command, commandArgs) {
  return new Promise((resolve) => {
    const child = spawn(command, commandArgs, { cwd: root, stdio: "inherit", shell: process.platform === "win32" && command === "npm" });
    process.on("SIGINT", () => undefined); // the terminal sends it to the child itself
    for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
    child.on("error", (error) => {
      console.error(`error: ${command} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
