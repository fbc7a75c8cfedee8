import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { root } from "../../../scripts/support/paths.ts";
import { writeFigure } from "../support/figures.ts";

describe("npm start, without a desktop", () => {
  it("builds, says what it does, and serves the samples at the address it prints", async () => {
    const started = performance.now();
    const { code, printed } = await ended(startScript("--check"));
    assert.equal(code, 0, printed);
    assert.match(printed, /Building the extension/);
    assert.match(printed, /http:\/\/127\.0\.0\.1:\d+\/\?workspace=\S+ answers with the workbench/);
    await writeFigure("a second `npm start` until the page answers", `${((performance.now() - started) / 1000).toFixed(1)} s`);
  });

  it("ends on Ctrl-C and leaves nothing running", async () => {
    const child = startScript();
    let printed = "";
    const address = await new Promise<string>((resolve, reject) => {
      child.stdout?.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
        const [, found] = /(http:\/\/\S+)/.exec(printed) ?? [];
        if (found !== undefined && printed.includes("Ctrl-C")) resolve(found);
      });
      child.on("exit", () => reject(new Error(`it ended early:\n${printed}`)));
    });
    assert.equal((await fetch(address)).ok, true);
    assert.ok(child.pid !== undefined);
    const end = ended(child);
    process.kill(-child.pid, "SIGINT"); // as a terminal does: to everything in the foreground
    assert.equal((await end).code, 0);
    await assert.rejects(fetch(address), "the server still answers");
  });
});

/** In a process group of its own, as a shell starts it. */
function startScript(...args: readonly string[]): ChildProcess {
  const command = [join(root, "scripts/run.mjs"), "scripts/start.ts", "--server", ...args];
  return spawn(process.execPath, command, { cwd: root, detached: true, stdio: ["ignore", "pipe", "pipe"] });
}

function ended(child: ChildProcess): Promise<{ code: number | null; printed: string }> {
  let printed = "";
  child.stdout?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, printed })));
}
