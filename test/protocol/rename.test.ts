/** Renaming as an editor asks for it. */
import assert from "node:assert/strict";
import { cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { PrepareRenameResult, WorkspaceEdit } from "vscode-languageserver-protocol/node";
import { fullCapabilities, LspClient } from "../support/lspClient.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { shop } from "./shop.ts";

const initializationOptions = { settings: { prismaValidation: "off" } };

describe("Rename", () => {
  let client: LspClient;
  let folder: string;
  const uri = (path: string): string => pathToFileURL(join(folder, path)).href;
  afterEach(() => client.stop());

  const connect = async (): Promise<void> => {
    client = await LspClient.inProcess({ folders: [folder], initializationOptions });
  };
  const at = (path: string, place: string) => ({ textDocument: { uri: uri(path) }, position: client.rangeOf(uri(path), place).start });
  const prepare = (path: string, place: string): Promise<PrepareRenameResult | null> =>
    client.connection.sendRequest("textDocument/prepareRename", at(path, place));
  const rename = (path: string, place: string, newName: string): Promise<WorkspaceEdit | null> =>
    client.connection.sendRequest("textDocument/rename", { ...at(path, place), newName });

  it("of a field keeps its column, and no rule or migration has anything new to say", async () => {
    folder = temporaryFolder(shop.files);
    await connect();
    await client.open(uri(shop.schema));
    const before = (await client.pull(uri(shop.migration))).map(({ message }) => message);
    assert.deepEqual(await prepare(shop.schema, "accountId]"), {
      range: { start: { line: 13, character: 39 }, end: { line: 13, character: 48 } },
      placeholder: "accountId",
    });
    await client.applyAndTell((await rename(shop.schema, "accountId]", "payerId")) ?? undefined);
    assert.match(
      client.text(uri(shop.schema)),
      /payerId BigInt @map\("accountId"\)\n\n {2}account {3}Account @relation\(fields: \[payerId\]/,
    );
    assert.deepEqual(
      (await client.pull(uri(shop.migration))).map(({ message }) => message),
      before,
    );
  });

  it("of a model in a schema of several files edits each of them and no migration", async () => {
    folder = temporaryFolder({});
    cpSync(fileURLToPath(new URL("../../examples/crm/", import.meta.url)), folder, { recursive: true });
    await connect();
    const schema = "prisma/schema";
    const path = `${schema}/${readdirSync(join(folder, schema)).find((name) => readFileSync(join(folder, schema, name), "utf8").includes("\nmodel Contact {"))}`;
    await client.open(uri(path));
    const edit = await rename(path, "Contact {", "Person");
    const edited = (edit?.documentChanges ?? []).flatMap((change) => ("textDocument" in change ? [change.textDocument.uri] : []));
    assert.ok(edited.length > 2 && edited.every((one) => one.startsWith(uri(schema))), edited.join("\n"));
    await client.applyAndTell(edit ?? undefined);
    for (const name of readdirSync(join(folder, schema)))
      assert.doesNotMatch(client.text(uri(`${schema}/${name}`)), /\bContact(?:\[\]|\?)?\s/);
  });

  it("is refused with a sentence where it cannot be", async () => {
    folder = temporaryFolder(shop.files);
    await connect();
    await client.open(uri(shop.schema));
    await client.open(uri(shop.migration));
    await assert.rejects(prepare(shop.migration, '"Deal"'), /Names in SQL are the database's/);
    await assert.rejects(prepare(shop.schema, "provider"), /Models, fields, enums and their values can be renamed here/);
    await assert.rejects(rename(shop.schema, "Deal {", "Account"), /has a model Account already/);
    await assert.rejects(rename(shop.schema, "Deal {", 'Deal"; DROP'), /is no name in Prisma/);
  });

  it("is offered without preparation to a client that knows none", async () => {
    folder = temporaryFolder(shop.files);
    client = await LspClient.inProcess({
      folders: [folder],
      initializationOptions,
      capabilities: { ...fullCapabilities, textDocument: { ...fullCapabilities.textDocument, rename: {} } },
    });
    assert.equal(client.result.capabilities.renameProvider, true);
  });
});
