import assert from "node:assert/strict";
import { type CodeLens, commands, type Diagnostic, extensions, type Hover, languages, MarkdownString, NotebookCellData, NotebookCellKind, NotebookData, type Uri, window, workspace } from "vscode";
import { fixtureUri, openFixture, replace, restoreFixtures, until } from "../support/editor.ts";

const path = "src/customers.ts";
const source = "export const q = (prisma: any, least: string) => prisma.$queryRaw`SELECT id, name FROM \"Customer\" WHERE id > ${least}`;\n";

describe("The type check of queries", function () {
  this.timeout(240_000);
  afterEach(restoreFixtures);

  it("shows PostgreSQL's error in a template, takes it back, and tells the types on hover", async () => {
    await workspace.fs.writeFile(fixtureUri("shop", path), Buffer.from(source.replace("> ${least}", "> now()")));
    const document = await openFixture("shop", path);
    await until(languages.onDidChangeDiagnostics, "PostgreSQL's error", () => postgres(document.uri).length > 0, () => JSON.stringify(languages.getDiagnostics(document.uri)));
    const [error] = postgres(document.uri);
    assert.equal(document.getText(error?.range), ">");
    assert.match(error?.message ?? "", /^operator does not exist: uuid > timestamp with time zone/);
    await replace(document, "now()", "${least}");
    await until(languages.onDidChangeDiagnostics, "the end of the error", () => postgres(document.uri).length === 0, () => JSON.stringify(languages.getDiagnostics(document.uri)));
    const hovers = async (): Promise<string> => {
      const found = await commands.executeCommand<Hover[]>("vscode.executeHoverProvider", document.uri, document.positionAt(document.getText().indexOf("least}")));
      return found.flatMap(({ contents }) => contents.map((content) => (content instanceof MarkdownString ? content.value : ""))).join("\n");
    };
    let told = "";
    for (let tries = 0; tries < 100 && !told.includes("$1 least"); tries++) {
      told = await hovers();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.match(told, /\$1 least {2}uuid/);
    const lenses = await commands.executeCommand<CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 5);
    assert.ok(lenses.some(({ command }) => command?.command === "databaseArchitect.explainQuery" && command.title === "Explain"));
  });

  it("shows PostgreSQL's error in an SQL cell of a notebook, and a lens over the query", async () => {
    const query = 'SELECT id FROM "Customer"\nWHERE id > now();';
    // The extension that reads Jupyter's notebooks is not a part of every VS Code: where it is missing, this stands in for it.
    const cell = new NotebookCellData(NotebookCellKind.Code, query, "sql");
    const standIn = { deserializeNotebook: () => new NotebookData([cell]), serializeNotebook: () => new Uint8Array() };
    const serializer = extensions.getExtension("vscode.ipynb") === undefined ? workspace.registerNotebookSerializer("jupyter-notebook", standIn) : undefined;
    const uri = fixtureUri("shop", "queries/customers.ipynb");
    const cells = [{ cell_type: "code", metadata: { vscode: { languageId: "sql" } }, source: [query], outputs: [], execution_count: null }];
    await workspace.fs.writeFile(uri, Buffer.from(JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 })));
    const notebook = await workspace.openNotebookDocument(uri);
    await window.showNotebookDocument(notebook);
    const { document } = notebook.cellAt(0);
    assert.equal(document.languageId, "sql");
    await until(languages.onDidChangeDiagnostics, "PostgreSQL's error in the cell", () => postgres(document.uri).length > 0, () => JSON.stringify(languages.getDiagnostics(document.uri)));
    const [error] = postgres(document.uri);
    assert.equal(document.getText(error?.range), ">");
    const lenses = await commands.executeCommand<CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 5);
    assert.ok(lenses.some(({ command }) => command?.command === "databaseArchitect.explainQuery"));
    await commands.executeCommand("workbench.action.closeAllEditors");
    serializer?.dispose();
  });
});

function postgres(uri: Uri): Diagnostic[] {
  return languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === "PostgreSQL");
}
