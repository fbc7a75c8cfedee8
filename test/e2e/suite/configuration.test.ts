import assert from "node:assert/strict";
import { commands, CompletionItemKind, window, workspace, type CompletionList, type TextDocument } from "vscode";
import { codeOf, findingsWhen, fixtureUri, hasCode, lacksCode, openFixture, patienceMs, replace, restoreFixtures, until } from "../support/editor.ts";

const file = "database-architect.jsonc";

describe("The configuration file", () => {
  afterEach(async () => {
    await commands.executeCommand("workbench.action.closeAllEditors");
    await restoreFixtures();
  });

  async function openConfiguration(text: string): Promise<TextDocument> {
    const uri = fixtureUri("shop", file);
    await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document);
    // Of a file that was open a moment ago, the editor still has the old text.
    await until(workspace.onDidChangeTextDocument, "The text", () => document.getText() === text, () => document.getText());
    return document;
  }

  it("changes findings while it is typed", async () => {
    const schema = await openFixture("shop", "prisma/schema.prisma");
    await findingsWhen(schema.uri, "The float", hasCode("no-float-money"));
    const configuration = await openConfiguration("{\n}\n");
    await replace(configuration, "{\n", '{\n  "rules": { "no-float-money": "off" }\n');
    await findingsWhen(schema.uri, "Silence", lacksCode("no-float-money"));
    await replace(configuration, '"off"', '"warning"');
    await findingsWhen(schema.uri, "The float again", hasCode("no-float-money"));
    await configuration.save();
  });

  it("is told what is wrong in it, where it is wrong", async () => {
    const configuration = await openConfiguration('{\n  "preset": "hard"\n}\n');
    const [finding] = await findingsWhen(configuration.uri, "A complaint", (findings) => findings.length > 0);
    assert.ok(finding);
    assert.deepEqual([codeOf(finding), configuration.getText(finding.range)], ["configuration", '"hard"']);
  });

  it("is JSON with comments, and VS Code knows what may be in it", async () => {
    const configuration = await openConfiguration('{\n  \n  "rules": {\n    \n  }\n}\n');
    assert.equal(configuration.languageId, "jsonc");
    // VS Code reads the text and the schema of such a file in its own time.
    const keys = await offered(configuration, "{\n  ", "preset");
    for (const key of ["ignore", "overrides", "postgresVersion", "preset"]) assert.ok(keys.includes(key), keys.join());
    const rules = await offered(configuration, '"rules": {\n    ', "no-float-money");
    assert.ok(!rules.includes("float-for-money"), rules.join());
  });
});

/** The completions behind the first `before`, once `awaited` is among them: VS Code reads such a file and its schema in its own time. */
async function offered(document: TextDocument, before: string, awaited: string): Promise<string[]> {
  const at = document.positionAt(document.getText().indexOf(before) + before.length);
  for (const end = performance.now() + patienceMs; ; ) {
    const list = await commands.executeCommand<CompletionList>("vscode.executeCompletionItemProvider", document.uri, at);
    const labels = list.items.flatMap(({ kind, label }) =>
      kind === CompletionItemKind.Property ? [typeof label === "string" ? label : label.label] : [],
    );
    if (labels.includes(awaited)) return labels;
    assert.ok(performance.now() < end, `${awaited} is not among ${labels.join()}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
