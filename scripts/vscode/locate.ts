/** Which VS Code this machine has: a desktop one named, found or downloaded; else the server and web workbench of `install.ts`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { downloadAndUnzipVSCode, SilentReporter } from "@vscode/test-electron";
import { findOnPath } from "../support/command.ts";
import { root } from "../support/paths.ts";
import { note, ScriptError, step } from "../support/terminal.ts";

/** The stand-in for the executable, for machines without a desktop. */
const standIn = join(root, "scripts/vscode/code.mjs");

/** What `runTests` of @vscode/test-electron is given. */
export async function executableForTests(): Promise<string> {
  return named() ?? (await downloaded()) ?? standIn;
}

/** An executable that opens windows, or `undefined` where there can be none. */
export async function executableForPeople(): Promise<string | undefined> {
  return named() ?? (hasDesktop() ? findOnPath("code") : undefined) ?? (await downloaded());
}

function named(): string | undefined {
  const path = process.env["VSCODE_EXECUTABLE"];
  if (path === undefined || path === "") return undefined;
  if (!existsSync(path)) throw new ScriptError(`VSCODE_EXECUTABLE says ${path}, and there is no such file.`);
  return path;
}

/** A machine without a screen, and one that is offline, gets the server instead. */
async function downloaded(): Promise<string | undefined> {
  if (!hasDesktop()) return undefined;
  step("Looking for a desktop VS Code to download (once)");
  try {
    return await downloadAndUnzipVSCode({ version: "stable", reporter: new SilentReporter(), cachePath: join(root, ".vscode-real/desktop") });
  } catch (error) {
    note(`None could be downloaded: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function hasDesktop(): boolean {
  if (process.platform !== "linux") return true;
  return (process.env["DISPLAY"] ?? "") !== "" || (process.env["WAYLAND_DISPLAY"] ?? "") !== "";
}
