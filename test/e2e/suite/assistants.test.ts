import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { CancellationTokenSource, extensions, LanguageModelTextPart, lm } from "vscode";
import { mcpServers } from "../../../client/src/assistants/mcpServer.ts";
import { assistantTools, editorToolName } from "../../../protocol/src/assistant.ts";
import { findingsWhen, openFixture, restoreFixtures } from "../support/editor.ts";

const ownTools = assistantTools.map(editorToolName);

describe("Assistants", () => {
  afterEach(restoreFixtures);

  it("find the tools among VS Code's", () => {
    const found = lm.tools.filter(({ name }) => ownTools.includes(name));
    assert.deepEqual(found.map(({ name }) => name).toSorted(), ownTools.toSorted());
    for (const { description, inputSchema } of found) {
      assert.ok(description.length > 100);
      assert.ok(inputSchema !== undefined);
    }
  });

  it("are answered by the language server, and told what to do when they ask for what is not there", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    await findingsWhen(document.uri, "A finding", (findings) => findings.length > 0);
    assert.match(await invoke("list_findings", { file: "prisma/schema.prisma" }), /"total": [1-9]/);
    await assert.rejects(invoke("describe_table", { name: "Nowhere" }), /There is no table or view "Nowhere"/);
  });

  it("may start the MCP server with VS Code's own Node", async () => {
    const extension = extensions.getExtension("database-architect.database-architect");
    assert.ok(extension);
    const [server, ...others] = mcpServers(extension);
    assert.ok(server);
    assert.deepEqual(others, []);
    const environment = Object.fromEntries(Object.entries(server.env).map(([name, value]) => [name, String(value)]));
    const process = spawn(server.command, server.args, { cwd: server.cwd?.fsPath, env: { ...globalThis.process.env, ...environment }, stdio: ["pipe", "pipe", "inherit"] });
    const ended = new Promise((resolve) => process.once("close", resolve));
    const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } };
    process.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params })}\n`);
    const line = await new Promise<string>((resolve) => createInterface(process.stdout).once("line", resolve));
    assert.match(line, /"serverInfo":\{"name":"database-architect"/);
    process.stdin.end();
    assert.equal(await ended, 0);
  });
});

async function invoke(tool: (typeof assistantTools)[number], input: object): Promise<string> {
  const { content } = await lm.invokeTool(editorToolName(tool), { input, toolInvocationToken: undefined }, new CancellationTokenSource().token);
  return content.map((part) => (part instanceof LanguageModelTextPart ? part.value : "")).join("");
}
