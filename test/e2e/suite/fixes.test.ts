import assert from "node:assert/strict";
import { CodeActionKind, commands, Range, workspace, type CodeAction, type Diagnostic, type TextDocument } from "vscode";
import { actionsAt, apply, codeOf, findingsWhen, fixtureUri, hasCode, lacksCode, openFixture, restoreFixtures } from "../support/editor.ts";

describe("A fix", () => {
  afterEach(restoreFixtures);

  it("for one finding removes it and nothing else", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    const before = await findingsWhen(document.uri, "The missing index", hasCode("require-index-on-foreign-key"));
    await apply(await quickFix(document, "require-index-on-foreign-key", /^Add an index/));
    assert.match(document.getText(), /@@index\(\[customerId\]\)/);
    const after = await findingsWhen(document.uri, "The end of the finding", lacksCode("require-index-on-foreign-key"));
    assert.deepEqual(codes(after), codes(before).filter((code) => code !== "require-index-on-foreign-key"));
  });

  it("in SQL is SQL, in a new migration where the history goes on", async () => {
    const document = await openFixture("depot", "migrations/001_init.sql");
    await findingsWhen(document.uri, "The missing index", hasCode("require-index-on-foreign-key"));
    await apply(await quickFix(document, "require-index-on-foreign-key", /^Add an index/));
    await findingsWhen(document.uri, "The end of the finding", lacksCode("require-index-on-foreign-key"));
    const written = workspace.textDocuments.filter((one) => /CREATE INDEX/i.test(one.getText()));
    assert.deepEqual(
      written.map((one) => one.uri.path.split("/").at(-2)),
      ["migrations"],
    );
    assert.notEqual(written[0]?.uri.toString(), document.uri.toString());
  });

  it("for a whole file makes every safe one", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    await findingsWhen(document.uri, "The missing index", hasCode("require-index-on-foreign-key"));
    const whole = new Range(document.positionAt(0), document.positionAt(document.getText().length));
    const kind = CodeActionKind.SourceFixAll.append("databaseArchitect").value;
    const [fixAll] = await commands.executeCommand<CodeAction[]>("vscode.executeCodeActionProvider", document.uri, whole, kind);
    assert.ok(fixAll, "no fix-all is offered");
    await apply(fixAll);
    await findingsWhen(document.uri, "The end of the finding", lacksCode("require-index-on-foreign-key"));
  });

  it("for the workspace reaches files that are not open", async () => {
    const schema = await openFixture("shop", "prisma/schema.prisma");
    const migration = await workspace.openTextDocument(fixtureUri("depot", "migrations/001_init.sql"));
    await findingsWhen(schema.uri, "The missing index", hasCode("require-index-on-foreign-key"));
    await commands.executeCommand("databaseArchitect.fixAllInWorkspace");
    await findingsWhen(schema.uri, "The end of the finding in the schema", lacksCode("require-index-on-foreign-key"));
    await findingsWhen(migration.uri, "The end of the finding in the migration", lacksCode("require-index-on-foreign-key"));
  });

  it("may be to say why not: a suppression silences the finding", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    await findingsWhen(document.uri, "The float", hasCode("no-float-money"));
    await apply(await quickFix(document, "no-float-money", /ignore|suppress|disable/i));
    await findingsWhen(document.uri, "Silence", lacksCode("no-float-money"));
  });
});

async function quickFix(document: TextDocument, code: string, title: RegExp): Promise<CodeAction> {
  const finding = (await findingsWhen(document.uri, code, hasCode(code))).find((one) => codeOf(one) === code);
  assert.ok(finding);
  const actions = await actionsAt(document, finding.range);
  const found = actions.find((action) => title.test(action.title));
  assert.ok(found, `offered are ${actions.map((action) => action.title).join("; ")}`);
  return found;
}

function codes(findings: readonly Diagnostic[]): string[] {
  return findings.map(codeOf).toSorted();
}
