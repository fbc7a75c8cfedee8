/** Starts VS Code's server on a free loopback port and stops it with everything it started, also when this process ends early. */
import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { ScriptError } from "../support/terminal.ts";
import type { ServerInstall } from "./install.ts";

export type Settings = Readonly<Record<string, unknown>>;

export interface ServerOptions {
  readonly install: ServerInstall;
  /** Where user data, logs and settings live. A temporary folder, removed on stop, when not given. */
  readonly dataFolder?: string;
  /** A temporary folder when not given. */
  readonly extensionsFolder?: string;
  /** Added to the quiet defaults below. */
  readonly settings?: Settings;
  /** Lets the page's query name extensions under development and tests to run, and reports their end; notification toasts are not shown. */
  readonly testDriver?: boolean;
  /** Of VS Code's own extensions only what a database architect sees: starts in two thirds of the time. */
  readonly fewBuiltinExtensions?: boolean;
  /** Off means: every folder is trusted. */
  readonly workspaceTrust?: boolean;
  readonly logFile?: string;
  /** A free one when not given. */
  readonly port?: number;
}

export interface RunningServer {
  readonly port: number;
  /** With a closing slash. */
  readonly url: string;
  readonly dataFolder: string;
  /** Resolves when the server has ended by itself or was stopped. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** No network, no promotion, no chat: only what is asked for. */
const quietSettings: Settings = {
  "chat.agentHost.enabled": false,
  "chat.disableAIFeatures": true,
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "git.enabled": false,
  "git.openRepositoryInParentFolders": "never",
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
};

const fewExtensions = ["javascript", "json", "json-language-features", "markdown-basics", "markdown-language-features", "sql", "theme-defaults", "theme-seti", "typescript-basics"];

/** Time for a slow machine's cold start. */
const startTimeoutMs = 90_000;

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const temporary = await mkdtemp(join(tmpdir(), "vsc-")); // a short path: it holds sockets
  const dataFolder = options.dataFolder ?? join(temporary, "server");
  const userFolder = join(dataFolder, "data", "User");
  await mkdir(userFolder, { recursive: true });
  await writeSettings(join(userFolder, "settings.json"), { ...quietSettings, ...options.settings }, options.dataFolder === undefined);
  const port = options.port ?? (await freePort());
  const args = serverArguments(options, dataFolder, port);
  if (options.fewBuiltinExtensions === true) args.push("--builtin-extensions-dir", await linkFew(options.install.builtinExtensions, join(temporary, "builtin")));
  const child = spawn(options.install.node, args, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true, // a process group of its own, so that stop() ends extension hosts and language servers too
    env: { ...process.env, XDG_RUNTIME_DIR: temporary },
  });
  const stopNow = (): void => killGroup(child, "SIGKILL");
  const forget = stopWithThisProcess(stopNow);
  const ended = new Promise<void>((resolve) => child.on("close", () => resolve()));
  await listening(child, options.logFile).catch((error: unknown) => {
    stopNow();
    throw error;
  });
  const stop = async (): Promise<void> => {
    killGroup(child, "SIGTERM");
    const timer = setTimeout(stopNow, 3000);
    await ended;
    clearTimeout(timer);
    stopNow(); // whatever of the group outlived its leader
    forget();
    await rm(temporary, { recursive: true, force: true, maxRetries: 8, retryDelay: 100 });
  };
  let stopping: Promise<void> | undefined;
  return { port, url: `http://127.0.0.1:${port}/`, dataFolder, ended, stop: () => (stopping ??= stop()) };
}

function serverArguments(options: ServerOptions, dataFolder: string, port: number): string[] {
  const args = [options.install.serverMain, "--host", "127.0.0.1", "--port", String(port), "--without-connection-token"];
  args.push("--accept-server-license-terms", "--telemetry-level", "off", "--disable-experiments", "--enable-remote-auto-shutdown");
  args.push("--server-data-dir", dataFolder, "--user-data-dir", join(dataFolder, "data"));
  args.push("--extensions-dir", options.extensionsFolder ?? join(dataFolder, "extensions"));
  if (options.workspaceTrust !== true) args.push("--disable-workspace-trust");
  if (options.testDriver === true) args.push("--enable-smoke-test-driver");
  return args;
}

async function linkFew(from: string, folder: string): Promise<string> {
  await mkdir(folder);
  for (const name of fewExtensions) await symlink(join(from, name), join(folder, name));
  return folder;
}

/** A person's own changes to the settings of a kept data folder stay. */
async function writeSettings(path: string, settings: Settings, overwrite: boolean): Promise<void> {
  await writeFile(path, `${JSON.stringify(settings, null, 2)}\n`, { flag: overwrite ? "w" : "wx" }).catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  });
}

function listening(child: ChildProcess, logFile: string | undefined): Promise<void> {
  const log = logFile === undefined ? undefined : createWriteStream(logFile);
  return new Promise((resolve, reject) => {
    let printed = "";
    const timer = setTimeout(() => reject(new ScriptError(`VS Code's server did not answer within ${startTimeoutMs / 1000} s:\n${printed.slice(-2000)}`)), startTimeoutMs);
    const read = (chunk: Buffer): void => {
      log?.write(chunk);
      if (printed.length < 100_000) printed += chunk.toString();
      if (!printed.includes("Web UI available at")) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.on("error", (error) => reject(error));
    child.on("close", (code) => {
      clearTimeout(timer);
      log?.end();
      reject(new ScriptError(`VS Code's server ended with ${code ?? "a signal"}:\n${printed.slice(-2000)}`));
    });
  });
}

/** Calls `stopNow` when this process ends, also by a signal that nobody else here handles. Returns what takes that back. */
function stopWithThisProcess(stopNow: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) return; // whoever else listens decides how to end
    stopNow();
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  process.on("exit", stopNow);
  for (const signal of signals) process.on(signal, onSignal);
  return () => {
    process.off("exit", stopNow);
    for (const signal of signals) process.off(signal, onSignal);
  };
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error; // gone already
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === "object" ? resolve(address.port) : reject(new Error("no free port"))));
    });
  });
}
