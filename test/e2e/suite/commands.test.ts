import assert from "node:assert/strict";
import { commands, extensions, window } from "vscode";
import { findingsWhen, openFixture, patienceMs, restoreFixtures } from "../support/editor.ts";

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
      await answerQuestions(id, Promise.resolve(commands.executeCommand(id)));
    });
  }

  it("runs with no editor open as well", async () => {
    await commands.executeCommand("workbench.action.closeAllEditors");
    assert.equal(window.activeTextEditor, undefined);
    for (const id of contributedCommands()) await answerQuestions(id, Promise.resolve(commands.executeCommand(id)));
  });
});

/** Dismisses whatever a command asks, in a box or a notification, until it has ended. */
async function answerQuestions(id: string, finished: Promise<unknown>): Promise<void> {
  const dismissing = setInterval(() => {
    void commands.executeCommand("workbench.action.closeQuickOpen");
    void commands.executeCommand("notifications.clearAll");
  }, 100);
  let tooLong: NodeJS.Timeout | undefined;
  try {
    await Promise.race([finished, new Promise((_, reject) => (tooLong = setTimeout(() => reject(new Error(`${id} does not end.`)), patienceMs)))]);
  } finally {
    clearInterval(dismissing);
    clearTimeout(tooLong);
  }
}

function contributedCommands(): string[] {
  const manifest: unknown = extensions.getExtension("database-architect.database-architect")?.packageJSON;
  const found = [...JSON.stringify(manifest).matchAll(/"command":"(databaseArchitect\.\w+)"/g)].map(([, id = ""]) => id);
  assert.ok(found.length > 0);
  return [...new Set(found)];
}
