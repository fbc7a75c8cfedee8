/** A headless Chromium to show VS Code's web workbench in: the one that is there, or installed where that is possible. */
import { existsSync } from "node:fs";
import process from "node:process";
import { chromium, type Browser } from "playwright-core";
import { findOnPath, run } from "../support/command.ts";
import { installWithApt } from "../support/apt.ts";
import { note, ScriptError, step } from "../support/terminal.ts";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const applications = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];
const debianPackages = ["chromium", "fonts-dejavu-core", "fonts-liberation"];

/** The path of a Chromium, installing one with apt-get or Playwright when there is none. Throws ScriptError that says what to do. */
export async function findBrowser(): Promise<string> {
  const found = installedBrowser();
  if (found !== undefined) return found;
  for (const install of [() => installWithApt(debianPackages), installWithPlaywright]) {
    if (!(await install())) continue;
    const installed = installedBrowser();
    if (installed !== undefined) return installed;
  }
  throw new ScriptError(
    "The tests in a real VS Code need Chromium or Chrome, and it could not be installed here.\n" +
      `Install it (Debian, Ubuntu: \`apt-get install ${debianPackages.join(" ")}\`), or set CHROMIUM to its executable.`,
  );
}

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
}

function installedBrowser(): string | undefined {
  const named = process.env["CHROMIUM"];
  if (named !== undefined && named !== "") return named;
  for (const name of names) {
    const path = findOnPath(name);
    if (path !== undefined) return path;
  }
  return [...applications, chromium.executablePath()].find((path) => existsSync(path));
}

async function installWithPlaywright(): Promise<boolean> {
  step("Installing Chromium with Playwright");
  try {
    await run(process.execPath, ["node_modules/playwright-core/cli.js", "install", "chromium"], { output: "quiet" });
    return true;
  } catch (error) {
    note(error instanceof Error ? error.message : String(error));
    return false;
  }
}
