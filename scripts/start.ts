/**
 * `npm start`: builds, and opens both samples with the extension in a real VS Code: a desktop one where there is one, else
 * VS Code's server with its web workbench, whose address is printed. `--server` takes the server even so; `--check` stops
 * again once everything answered, for tests.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { run, tryRun } from "./support/command.ts";
import { root } from "./support/paths.ts";
import { seededSample } from "./support/seededSample.ts";
import { note, runMain, ScriptError, step } from "./support/terminal.ts";
import { installServer } from "./vscode/install.ts";
import { linkedExtensions } from "./vscode/linkedExtensions.ts";
import { executableForPeople } from "./vscode/locate.ts";
import { startServer, type RunningServer } from "./vscode/server.ts";

const workspaceFile = join(root, "examples/database-architect.code-workspace");
const isCheck = process.argv.includes("--check");

await runMain(async () => {
  step("Building the extension");
  await run(process.execPath, ["esbuild.mjs"], { cwd: root, output: "show" });
  if (!isCheck) {
    step("Filling the sample's database with 200,000 rows; the first time takes half a minute");
    await seededSample();
  }
  if (!existsSync(workspaceFile)) throw new ScriptError(`${workspaceFile} is missing.`);
  const executable = process.argv.includes("--server") ? undefined : await executableForPeople();
  return executable === undefined ? openInBrowser() : openOnDesktop(executable);
});

async function openOnDesktop(executable: string): Promise<number> {
  step(`Opening the samples in ${executable}`);
  const args = [`--extensionDevelopmentPath=${root}`, "--new-window", workspaceFile];
  if (isCheck) return (await tryRun(executable, ["--version"], { output: "show" })).code ?? 1;
  const child = spawn(executable, args, { stdio: "ignore", detached: true, shell: process.platform === "win32" });
  await new Promise<void>((resolve, reject) => {
    child.on("error", (cause) => reject(new ScriptError(`${executable} could not be started: ${cause.message}`, { cause })));
    child.on("spawn", resolve);
  });
  child.unref();
  note("The window “[Extension Development Host]” is the one to look at. It stays open when this ends.");
  return 0;
}

async function openInBrowser(): Promise<number> {
  const install = await installServer();
  const home = join(root, ".vscode-real");
  step("Starting VS Code's server");
  const server = await startServer({
    install,
    dataFolder: join(home, "user"),
    extensionsFolder: await linkedExtensions(join(home, "extensions")),
    logFile: join(home, "server.log"),
    workspaceTrust: false,
    ...(process.env["PORT"] === undefined ? {} : { port: Number(process.env["PORT"]) }),
  });
  const stopped = stopOnSignals(server);
  const address = `${server.url}?${new URLSearchParams({ workspace: workspaceFile }).toString()}`;
  if (isCheck) {
    try {
      await checkPage(address);
    } finally {
      await server.stop();
    }
    return 0;
  }
  step("Open this address in a browser on this machine:");
  note(address);
  note("Ctrl-C stops the server.");
  await Promise.race([stopped, server.ended]);
  await server.stop();
  return 0;
}

function stopOnSignals(server: RunningServer): Promise<void> {
  return new Promise((resolve, reject) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.once(signal, () => {
        step("Stopping VS Code's server");
        server.stop().then(resolve, reject);
      });
    }
  });
}

async function checkPage(address: string): Promise<void> {
  const response = await fetch(address);
  const page = await response.text();
  if (!response.ok || !page.includes("vscode-workbench-web-configuration")) throw new ScriptError(`${address} answered ${response.status} without the workbench.`);
  note(`${address} answers with the workbench.`);
}
