import assert from "node:assert/strict";
import { commands, extensions, window } from "vscode";
import { findingsWhen, openFixture, restoreFixtures } from "../support/editor.ts";

describe("Every command", () => {
  afterEach(restoreFixtures);

  it("is there", async () => {
    const registered = new Set(await commands.getCommands(true));
    for (const id of contributedCommands()) assert.ok(registered.has(id), id);
  });

  for (const id of contributedCommands()) {
    it(`runs from the palette, without arguments: ${id}`, async () => {
      const document = await openFixture("shop", "prisma/schema.prisma");
      await findingsWhen(document.uri, "A finding", (findings) => findings.length > 0);
      const finished = Promise.resolve(commands.executeCommand(id));
      await answerQuestions(finished);
    });
  }

  it("runs with no editor open as well", async () => {
    await commands.executeCommand("workbench.action.closeAllEditors");
    assert.equal(window.activeTextEditor, undefined);
    for (const id of contributedCommands()) await answerQuestions(Promise.resolve(commands.executeCommand(id)));
  });
});

/** Dismisses whatever a command asks, until it has ended. */
async function answerQuestions(finished: Promise<unknown>): Promise<void> {
  const dismissing = setInterval(() => void commands.executeCommand("workbench.action.closeQuickOpen"), 100);
  try {
    await finished;
  } finally {
    clearInterval(dismissing);
  }
}

function contributedCommands(): string[] {
  const manifest: unknown = extensions.getExtension("database-architect.database-architect")?.packageJSON;
  const found = [...JSON.stringify(manifest).matchAll(/"command":"(databaseArchitect\.\w+)"/g)].map(([, id = ""]) => id);
  assert.ok(found.length > 0);
  return [...new Set(found)];
}
