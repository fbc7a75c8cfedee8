import assert from "node:assert/strict";
import { commands, MarkdownString, type DocumentSymbol, type Hover } from "vscode";
import { codeOf, findingsWhen, hasCode, openFixture } from "../support/editor.ts";

describe("Reading a schema", () => {
  it("gives an outline: models with their fields", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    await findingsWhen(document.uri, "A finding", (findings) => findings.length > 0);
    const symbols = await commands.executeCommand<DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", document.uri);
    const order = symbols.find((symbol) => symbol.name === "Order");
    assert.ok(order, `the outline has ${symbols.map((symbol) => symbol.name).join(", ")}`);
    assert.deepEqual(
      order.children.map((field) => field.name),
      ["id", "customerId", "customer", "total", "placedAt"],
    );
    assert.equal(document.getText(order.selectionRange), "Order");
  });

  it("gives an outline of SQL: tables with their columns", async () => {
    const document = await openFixture("depot", "migrations/001_init.sql");
    await findingsWhen(document.uri, "A finding", (findings) => findings.length > 0);
    const symbols = await commands.executeCommand<DocumentSymbol[]>("vscode.executeDocumentSymbolProvider", document.uri);
    assert.ok(JSON.stringify(symbols).includes("shelf"), JSON.stringify(symbols));
  });

  it("says in the hover of a finding why it matters, and where the manual says so", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    const findings = await findingsWhen(document.uri, "The missing index", hasCode("require-index-on-foreign-key"));
    const finding = findings.find((one) => codeOf(one) === "require-index-on-foreign-key");
    assert.ok(finding);
    const hovers = await commands.executeCommand<Hover[]>("vscode.executeHoverProvider", document.uri, finding.range.start);
    const text = hovers.flatMap((hover) => hover.contents.map((content) => (content instanceof MarkdownString ? content.value : JSON.stringify(content)))).join("\n");
    assert.match(text, /indexes the referenced side/);
    assert.match(text, /https:\/\/www\.postgresql\.org\/docs\//);
  });
});
