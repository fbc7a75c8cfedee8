import assert from "node:assert/strict";
import {
  commands,
  MarkdownString,
  Position,
  Range,
  type CodeLens,
  type DocumentSymbol,
  type Hover,
  type InlayHint,
  type Location,
} from "vscode";
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
    const text = hovers
      .flatMap((hover) => hover.contents.map((content) => (content instanceof MarkdownString ? content.value : JSON.stringify(content))))
      .join("\n");
    assert.match(text, /indexes the referenced side/);
    assert.match(text, /https:\/\/www\.postgresql\.org\/docs\//);
  });

  it("says what a field is in PostgreSQL's words, and where it is used", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    await findingsWhen(document.uri, "A finding", (findings) => findings.length > 0);
    const at = document.positionAt(document.getText().indexOf("customerId"));
    const hovers = await commands.executeCommand<Hover[]>("vscode.executeHoverProvider", document.uri, at);
    const text = hovers
      .flatMap((hover) => hover.contents.map((content) => (content instanceof MarkdownString ? content.value : JSON.stringify(content))))
      .join("\n");
    assert.match(text, /customer_id uuid NOT NULL -- "Order", field customerId/);
    const places = await commands.executeCommand<Location[]>("vscode.executeReferenceProvider", document.uri, at);
    assert.deepEqual(
      places.map((place) => document.getText(place.range)),
      ["customerId", "customerId"],
    );
  });

  it("leads from a lens over a model to its relations, in a peek view", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    await findingsWhen(document.uri, "A finding", (findings) => findings.length > 0);
    const lenses = await commands.executeCommand<CodeLens[]>("vscode.executeCodeLensProvider", document.uri, 20);
    const relations = lenses.find((lens) => lens.command?.title === "Relations: 0 out, 1 in")?.command;
    assert.ok(relations, lenses.map((lens) => lens.command?.title).join("; "));
    assert.ok(lenses.some((lens) => /^\d+ findings?$/.test(lens.command?.title ?? "")));
    await commands.executeCommand(relations.command, ...(relations.arguments ?? []));
    await commands.executeCommand("closeReferenceSearch");
  });

  it("hints at nothing that the schema says itself", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    await findingsWhen(document.uri, "A finding", (findings) => findings.length > 0);
    const whole = new Range(new Position(0, 0), document.positionAt(document.getText().length));
    assert.deepEqual(await commands.executeCommand<InlayHint[]>("vscode.executeInlayHintProvider", document.uri, whole), []);
  });
});
