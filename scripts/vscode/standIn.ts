/**
 * Behaves like VS Code's desktop executable as far as `runTests` of @vscode/test-electron uses it: opens a folder, a
 * workspace file or a file with extensions under development, runs a test module inside the extension host, passes on
 * what it prints and ends with its code. Underneath are VS Code's own server, web workbench and extension host, and a
 * headless Chromium.
 */
import { existsSync, statSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import process from "node:process";
import { format } from "node:util";
import { tryRun } from "../support/command.ts";
import { root } from "../support/paths.ts";
import { runMain, ScriptError } from "../support/terminal.ts";
import { findBrowser, launchBrowser } from "./browser.ts";
import { installServer } from "./install.ts";
import { startServer, type Settings } from "./server.ts";

/** How long a suite may take before it counts as hung. */
const suiteTimeoutMs = Number(process.env["VSCODE_TEST_TIMEOUT_S"] ?? 300) * 1000;

/** What the workbench itself prints on every start here, none of it about this extension. */
const workbenchNoise =
  /ChatModelSelection|AgentHost|AccountPolicyGate|Creating a socket|connection token|reconnection-grace-time|workbench contribution|Service Worker\] registration|open-vsx|authentication provider|additional builtin extensions cache|No search provider|could not locate the bindings file|Could not locate the bindings file|native-watchdog|spdlog|Settings not included in settingsLayout/;

interface Launch {
  readonly development: string[];
  tests?: string;
  folderOrWorkspace?: string;
  file?: string;
  extensionsFolder?: string;
  userDataFolder?: string;
  workspaceTrust: boolean;
  /** Arguments for the server's own command line: `--install-extension`, `--list-extensions`. */
  readonly extensionCommands: string[];
}

await runMain(async () => {
  const launch = parseArguments(process.argv.slice(2));
  return launch.extensionCommands.length > 0 ? manageExtensions(launch) : runSuite(launch);
});
process.exit(); // the browser's pipes would keep a failed start alive

function parseArguments(args: readonly string[]): Launch {
  const launch: Launch = { development: [], extensionCommands: [], workspaceTrust: true };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    const [, name, inline] = /^--([\w-]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const value = (): string => inline ?? args[++at] ?? "";
    if (name === undefined) {
      const path = resolve(arg);
      if (!arg.endsWith(".code-workspace") && existsSync(path) && statSync(path).isFile()) launch.file = path;
      else launch.folderOrWorkspace = path;
    } else if (name === "extensionDevelopmentPath") launch.development.push(resolve(value()));
    else if (name === "extensionTestsPath") launch.tests = createRequire(import.meta.url).resolve(resolve(value()));
    else if (name === "extensions-dir") launch.extensionsFolder = resolve(value());
    else if (name === "user-data-dir") launch.userDataFolder = resolve(value());
    else if (name === "disable-workspace-trust") launch.workspaceTrust = false;
    else if (name === "install-extension") launch.extensionCommands.push(arg, ...(inline === undefined ? [value()] : []));
    else if (name === "list-extensions" || name === "show-versions" || name === "version") launch.extensionCommands.push(arg);
  }
  return launch;
}

async function manageExtensions(launch: Launch): Promise<number> {
  const install = await installServer();
  const extensions = launch.extensionsFolder === undefined ? [] : ["--extensions-dir", launch.extensionsFolder];
  const args = [install.serverMain, ...launch.extensionCommands, ...extensions, "--accept-server-license-terms"];
  return (await tryRun(install.node, args, { output: "show" })).code ?? 1;
}

async function runSuite(launch: Launch): Promise<number> {
  if (launch.tests === undefined) throw new ScriptError("This stand-in runs tests: --extensionTestsPath is missing. To open a window, use `npm start`.");
  const install = await installServer();
  const browserPath = await findBrowser();
  const artifacts = join(root, "test-artifacts");
  await mkdir(artifacts, { recursive: true });
  const server = await startServer({
    install,
    testDriver: true,
    fewBuiltinExtensions: true,
    workspaceTrust: launch.workspaceTrust,
    settings: await userSettings(launch),
    logFile: join(artifacts, "vscode-server.log"),
    ...(launch.extensionsFolder === undefined ? {} : { extensionsFolder: launch.extensionsFolder }),
  });
  const browser = await launchBrowser(browserPath);
  const stop = async (): Promise<void> => {
    await browser.close();
    await server.stop();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => void stop().finally(() => process.exit(130)));
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const ended = new Promise<number>((done) => {
      void page.exposeFunction("codeAutomationExit", (code: number) => done(code));
      page.on("crash", () => done(failed("The page crashed.")));
    });
    await page.exposeFunction("codeAutomationLog", (type: string, args: unknown[]) => printLog(type, format(...args)));
    page.on("pageerror", (error) => process.stderr.write(`[page] ${error.message}\n`));
    await page.goto(`${server.url}?${pageQuery(launch, server.port)}`);
    const timedOut = new Promise<number>((done) => {
      setTimeout(() => {
        void page
          .screenshot({ path: join(artifacts, "timeout.png") })
          .catch((error: unknown) => process.stderr.write(`no screenshot: ${String(error)}\n`))
          .finally(() => done(failed(`The suite did not end within ${suiteTimeoutMs / 1000} s; see test-artifacts/timeout.png.`)));
      }, suiteTimeoutMs).unref();
    });
    return await Promise.race([ended, timedOut]);
  } finally {
    await stop();
  }
}

/** The settings a desktop VS Code would read from `--user-data-dir`. */
async function userSettings(launch: Launch): Promise<Settings> {
  if (launch.userDataFolder === undefined) return {};
  const path = join(launch.userDataFolder, "User", "settings.json");
  if (!existsSync(path)) return {};
  const parsed: unknown = JSON.parse(await readFile(path, "utf8"));
  return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
}

/** With the test driver on, the workbench takes these from the page's query as the desktop takes them from the command line. */
function pageQuery(launch: Launch, port: number): URLSearchParams {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${path}`;
  const payload = launch.development.map((path) => ["extensionDevelopmentPath", remote(path)]);
  if (launch.tests !== undefined) payload.push(["extensionTestsPath", remote(launch.tests)]);
  if (launch.file !== undefined) payload.push(["openFile", remote(launch.file)]);
  payload.push(["skipWelcome", "true"], ["skipReleaseNotes", "true"]);
  const query = new URLSearchParams({ payload: JSON.stringify(payload) });
  const opened = launch.folderOrWorkspace;
  if (opened === undefined) query.set("ew", "true");
  else query.set(opened.endsWith(".code-workspace") ? "workspace" : "folder", opened);
  return query;
}

function printLog(type: string, text: string): void {
  if (process.env["VERBOSE"] === undefined && workbenchNoise.test(text)) return;
  (type === "error" || type === "warn" ? process.stderr : process.stdout).write(`${text}\n`);
}

function failed(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}
