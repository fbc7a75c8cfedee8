/** Quick fixes through the protocol: offered where they belong, applied as an editor would, and then there is nothing left. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CodeAction } from "vscode-languageserver-protocol/node";
import { fixAllInWorkspace } from "../../protocol/src/requests.ts";
import { fullCapabilities, LspClient } from "../support/lspClient.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { shop } from "./shop.ts";

const place = "account   Account";
const titles = (actions: readonly CodeAction[]): readonly string[] => actions.map((action) => action.title);

/** Two foreign keys without an index, and one that is on the same table: its fix wants the same place. */
const two = `datasource db {
  provider = "postgresql"
}

model Account {
  id    BigInt    @id
  deals Deal[]
  notes Note[]
}

model Deal {
  id        BigInt     @id
  accountId BigInt
  account   Account @relation(fields: [accountId], references: [id], onDelete: Cascade)
  notes     Note[]
}

model Note {
  id        BigInt      @id
  accountId BigInt
  dealId    BigInt
  account   Account  @relation(fields: [accountId], references: [id], onDelete: Cascade)
  deal      Deal     @relation(fields: [dealId], references: [id], onDelete: Cascade)
  writtenAt DateTime
}
`;

describe("Code actions", () => {
  let client: LspClient;
  let uri: (path: string) => string;
  const start = async (files: Readonly<Record<string, string>>, capabilities = fullCapabilities): Promise<void> => {
    const folder = temporaryFolder(files);
    uri = (path) => pathToFileURL(join(folder, path)).href;
    client = await LspClient.inProcess({
      folders: [folder],
      capabilities,
      initializationOptions: { settings: { prismaValidation: "off" } },
    });
  };
  afterEach(() => client.stop());

  it("are the fix, the fix for the workspace, and three ways to disable the rule", async () => {
    await start(shop.files);
    await client.open(uri(shop.schema));
    const actions = await client.actions(uri(shop.schema), place);
    assert.deepEqual(titles(actions), [
      "Add an index on accountId",
      "Fix all require-index-on-foreign-key findings in the workspace",
      "Disable require-index-on-foreign-key here",
      "Disable require-index-on-foreign-key for this file",
      "Disable require-index-on-foreign-key in database-architect.jsonc",
    ]);
    assert.deepEqual(
      actions.map((action) => action.isPreferred === true),
      [true, false, false, false, false],
    );
    for (const action of actions)
      assert.deepEqual(
        action.diagnostics?.map((diagnostic) => diagnostic.code),
        ["require-index-on-foreign-key"],
      );
  });

  it("are none where there is no finding", async () => {
    await start(shop.files);
    await client.open(uri(shop.schema));
    assert.deepEqual(await client.actions(uri(shop.schema), "model Account"), []);
  });

  it("that fix silence the finding, over the version they are about", async () => {
    await start(shop.files);
    await client.open(uri(shop.schema));
    const [fix] = await client.actions(uri(shop.schema), place);
    const [change] = fix?.edit?.documentChanges ?? [];
    assert.deepEqual(change !== undefined && "textDocument" in change ? change.textDocument : undefined, {
      uri: uri(shop.schema),
      version: 1,
    });
    await client.applyAndTell(fix?.edit);
    assert.match(client.text(uri(shop.schema)), /@@index\(\[accountId\]\)/);
    assert.deepEqual((await client.pull(uri(shop.schema))).map(({ code }) => code), ["require-migration"]);
  });

  it("write the way back of a migration that lacks one, for what it does", async () => {
    const second = "prisma/migrations/20240201000000_b/migration.sql";
    await start({ ...shop.files, "prisma/migrations/20240101000000_a/down.sql": 'DROP TABLE "Deal";\nDROP TABLE "Account";\n', [second]: 'ALTER TABLE "Deal" ADD COLUMN "note" TEXT;\n' });
    await client.open(uri(second));
    const offered = (await client.actions(uri(second), "ALTER")).find(({ title }) => title === "Write the way back");
    assert.equal(offered?.edit, undefined);
    const taken = await client.connection.sendRequest<CodeAction>("codeAction/resolve", offered);
    const [create, text] = taken.edit?.documentChanges ?? [];
    assert.deepEqual(create, { kind: "create", uri: uri("prisma/migrations/20240201000000_b/down.sql"), options: { ignoreIfExists: true } });
    assert.match(JSON.stringify(text), /ALTER TABLE \\"Deal\\" DROP COLUMN \\"note\\";/);
  });

  it("that disable a rule here leave a comment that suppresses this finding and asks for a reason", async () => {
    await start({ "package.json": "{}", [shop.schema]: two });
    await client.open(uri(shop.schema));
    const before = await client.pull(uri(shop.schema));
    const disable = (await client.actions(uri(shop.schema), place)).find((action) => action.title.endsWith("here"));
    await client.applyAndTell(disable?.edit);
    assert.match(
      client.text(uri(shop.schema)),
      /^ {2}\/\/ database-architect-ignore require-index-on-foreign-key: TODO: say why\n {2}account/m,
    );
    const after = await client.pull(uri(shop.schema));
    assert.deepEqual(
      after.filter((one) => one.code === "require-index-on-foreign-key").length,
      before.filter((one) => one.code === "require-index-on-foreign-key").length - 1,
    );
    assert.ok(after.some((one) => one.code === "require-suppression-reason"));
    await client.change(uri(shop.schema), "TODO: say why", "accounts are never deleted");
    assert.ok(!(await client.pull(uri(shop.schema))).some((one) => one.code === "require-suppression-reason"));
  });

  it("that disable a rule for the file silence every finding of it", async () => {
    await start({ "package.json": "{}", [shop.schema]: two });
    await client.open(uri(shop.schema));
    const disable = (await client.actions(uri(shop.schema), place)).find((action) => action.title.endsWith("for this file"));
    await client.applyAndTell(disable?.edit);
    assert.ok(!(await client.pull(uri(shop.schema))).some((one) => one.code === "require-index-on-foreign-key"));
  });

  it("fix all of a rule in the file when chosen, though several want the same place", async () => {
    await start({ "package.json": "{}", [shop.schema]: two });
    await client.open(uri(shop.schema));
    const action = (await client.actions(uri(shop.schema), place)).find(
      (one) => one.title === "Fix all require-index-on-foreign-key findings in this file",
    );
    assert.ok(action !== undefined && action.edit === undefined, "The edit is computed when the action is chosen.");
    const resolved = await client.connection.sendRequest<CodeAction>("codeAction/resolve", action);
    await client.applyAndTell(resolved.edit);
    assert.equal(client.text(uri(shop.schema)).match(/@@index/g)?.length, 3);
    assert.deepEqual(
      (await client.pull(uri(shop.schema))).map((one) => one.code),
      ["prefer-timestamptz"],
    );
  });

  it("come with their edit for a client that cannot ask for it later", async () => {
    const { resolveSupport: _, ...codeAction } = fullCapabilities.textDocument?.codeAction ?? {};
    await start(
      { "package.json": "{}", [shop.schema]: two },
      { ...fullCapabilities, textDocument: { ...fullCapabilities.textDocument, codeAction } },
    );
    await client.open(uri(shop.schema));
    const action = (await client.actions(uri(shop.schema), place)).find(
      (one) => one.title === "Fix all require-index-on-foreign-key findings in this file",
    );
    await client.applyAndTell(action?.edit);
    assert.equal(client.text(uri(shop.schema)).match(/@@index/g)?.length, 3);
  });

  it("on save fix what is safe, and nothing that needs a person's eye", async () => {
    await start({ "package.json": "{}", [shop.schema]: two });
    await client.open(uri(shop.schema));
    const actions = await client.actions(uri(shop.schema), "datasource", ["source.fixAll"]);
    assert.deepEqual(
      actions.map((action) => action.kind),
      ["source.fixAll.databaseArchitect"],
    );
    await client.applyAndTell(actions[0]?.edit);
    const { items } = await client.connection.sendRequest<{ items: { code: string }[] }>("textDocument/diagnostic", {
      textDocument: { uri: uri(shop.schema) },
    });
    assert.ok(
      items.every((item) => item.code !== "require-index-on-foreign-key"),
      JSON.stringify(items),
    );
    assert.deepEqual(titles(await client.actions(uri(shop.schema), "datasource", ["source.fixAll"])), []);
  });

  it("for a history write a new migration, for what has run is not edited", async () => {
    await start({ "package.json": "{}", [shop.migration]: shop.files[shop.migration] });
    await client.open(uri(shop.migration));
    const [fix] = await client.actions(uri(shop.migration), '"Deal_accountId_fkey"');
    const changes = fix?.edit?.documentChanges ?? [];
    assert.deepEqual(
      changes.map((change) => ("kind" in change ? change.kind : "edit")),
      ["create", "edit"],
    );
    const made = changes.flatMap((change) => ("kind" in change && change.kind === "create" ? [change.uri] : []))[0] ?? "";
    assert.match(made, /\/prisma\/migrations\/\d{14}_database_architect_fixes\/migration\.sql$/);
    client.apply(fix?.edit);
    assert.match(client.text(made), /^CREATE INDEX/m);
    await client.tellFiles({ uri: made, type: 1 });
    assert.deepEqual(
      (await client.pull(uri(shop.migration))).map((one) => one.code),
      [],
    );
  });

  it("that need a new file are not offered to a client that makes none", async () => {
    const workspace = { ...fullCapabilities.workspace, workspaceEdit: { documentChanges: true } };
    await start({ "package.json": "{}", [shop.migration]: shop.files[shop.migration] }, { ...fullCapabilities, workspace });
    await client.open(uri(shop.migration));
    const actions = await client.actions(uri(shop.migration), '"Deal_accountId_fkey"');
    assert.deepEqual(titles(actions), ["Disable require-index-on-foreign-key here", "Disable require-index-on-foreign-key for this file"]);
  });

  it("fix the whole workspace by a command or a request, as one edit, and say how much", async () => {
    await start({ "a/schema.prisma": two, "b/schema.prisma": shop.files[shop.schema] });
    await client.open(uri("a/schema.prisma"));
    const done = await client.connection.sendRequest<{ fixed: number; remaining: number }>(fixAllInWorkspace, {});
    assert.ok(done.fixed >= 4, JSON.stringify(done));
    assert.match(client.text(uri("b/schema.prisma")), /@@index\(\[accountId\]\)/);
    assert.equal(client.text(uri("a/schema.prisma")).match(/@@index/g)?.length, 3);
  });

  it("of one rule in the workspace leave the findings of other rules", async () => {
    await start({ "a/schema.prisma": two, "b/schema.prisma": shop.files[shop.schema] });
    await client.open(uri("a/schema.prisma"));
    const action = (await client.actions(uri("a/schema.prisma"), place)).find((one) => one.title.endsWith("in the workspace"));
    const { command, arguments: given } = action?.command ?? { command: "", arguments: [] };
    const done = await client.connection.sendRequest<{ fixed: number; remaining: number }>("workspace/executeCommand", {
      command,
      arguments: given,
    });
    assert.deepEqual(done, { fixed: 4, remaining: 0 });
    assert.ok(!client.text(uri("a/schema.prisma")).includes("Timestamptz"));
  });
});
