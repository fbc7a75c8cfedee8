import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { commands, languages, type Uri } from "vscode";
import { findingsOf, findingsWhen, openFixture, until } from "../support/editor.ts";

describe("The language server", () => {
  it("restarts on command: a new process, the same findings", async () => {
    const { uri } = await openFixture("shop", "prisma/schema.prisma");
    const before = (await findingsWhen(uri, "A finding", (findings) => findings.length > 0)).length;
    const [old] = await serverProcesses();
    await commands.executeCommand("databaseArchitect.restartServer");
    await findingsWhen(uri, "The findings again", (findings) => findings.length === before);
    const [fresh, ...others] = await serverProcesses();
    assert.ok(old !== undefined && fresh !== undefined && fresh !== old);
    assert.deepEqual(others, []);
  });

  it("comes back by itself when it is killed", async () => {
    const { uri } = await openFixture("shop", "prisma/schema.prisma");
    const before = (await findingsWhen(uri, "A finding", (findings) => findings.length > 0)).length;
    const [old] = await serverProcesses();
    assert.ok(old !== undefined);
    const gone = emptied(uri);
    process.kill(old, "SIGKILL");
    await gone;
    const started = performance.now();
    await findingsWhen(uri, "The findings again", (findings) => findings.length === before);
    console.log(`      findings are back ${(performance.now() - started).toFixed(0)} ms after the kill`);
    const [fresh] = await serverProcesses();
    assert.notEqual(fresh, old);
  });
});

/** Resolves when a lost connection has taken the findings away. */
function emptied(uri: Uri): Promise<void> {
  return until(languages.onDidChangeDiagnostics, "The end of the old findings", () => findingsOf(uri).length === 0, () => `${findingsOf(uri).length} findings`);
}

/** The ids of the server's processes that this extension host started. */
async function serverProcesses(): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid=,args="]);
  return stdout.split("\n").flatMap((line) => {
    const [pid = "", parent = "", ...command] = line.trim().split(/\s+/);
    return Number(parent) === process.pid && command.join(" ").includes("dist/server.js") ? [Number(pid)] : [];
  });
}
