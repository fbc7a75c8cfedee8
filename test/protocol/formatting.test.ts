/** Formatting as an editor asks for it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Range, TextEdit } from "vscode-languageserver-protocol/node";
import { applyEdits } from "../../server/src/text/edit.ts";
import { LineIndex } from "../../server/src/text/lineIndex.ts";
import { fullCapabilities, LspClient } from "../support/lspClient.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { shop } from "./shop.ts";

const options = { tabSize: 2, insertSpaces: true };
const settings = { prismaValidation: "off" };

describe("Formatting", () => {
  let client: LspClient;
  let folder: string;
  let uri: (path: string) => string;
  beforeEach(() => {
    folder = temporaryFolder(shop.files);
    uri = (path) => pathToFileURL(join(folder, path)).href;
  });
  afterEach(() => client.stop());

  const connect = async (environment: object = {}, capabilities = fullCapabilities): Promise<void> => {
    client = await LspClient.inProcess({ folders: [folder], initializationOptions: { settings, ...environment }, capabilities });
  };
  const format = (path: string): Promise<TextEdit[] | null> =>
    client.connection.sendRequest("textDocument/formatting", { textDocument: { uri: uri(path) }, options });
  const formatRange = (path: string, range: Range): Promise<TextEdit[] | null> =>
    client.connection.sendRequest("textDocument/rangeFormatting", { textDocument: { uri: uri(path) }, options, range });
  const after = (path: string, edits: readonly TextEdit[] | null): string => {
    const text = client.text(uri(path));
    const lines = new LineIndex(text);
    return applyEdits(
      text,
      (edits ?? []).map(({ range, newText }) => ({
        span: { start: lines.offset(range.start), end: lines.offset(range.end) },
        text: newText,
      })),
    );
  };

  it("of a query breaks and indents it", async () => {
    await connect();
    await client.open(uri(shop.query));
    assert.equal(after(shop.query, await format(shop.query)), 'SELECT\n  *\nFROM\n  "Deal"\nWHERE\n  "accountId" = $1;\n');
  });

  it("of a range formats its statement only", async () => {
    await connect();
    const text = "SELECT   1;\nSELECT   2;\n";
    await client.open(uri(shop.query), text);
    assert.equal(after(shop.query, await formatRange(shop.query, client.rangeOf(uri(shop.query), "2"))), "SELECT   1;\nSELECT\n  2;\n");
  });

  it("of a Prisma schema is the schema engine's", async () => {
    await connect();
    await client.open(uri(shop.schema), shop.files[shop.schema].replace("  accountId BigInt", "accountId     BigInt"));
    assert.match(after(shop.schema, await format(shop.schema)), /\n {2}accountId BigInt\n\n {2}account Account @relation/);
  });

  it("of a Prisma schema is left to Prisma's own extension, and of a half-typed one to nobody", async () => {
    await connect({ prismaExtensionInstalled: true });
    await client.open(uri(shop.schema), shop.files[shop.schema].replace("  accountId BigInt", "accountId     BigInt"));
    assert.equal(await format(shop.schema), null);
    await client.stop();
    await connect();
    await client.open(uri(shop.schema), shop.files[shop.schema].replace("references: [id]", "references: [id"));
    assert.equal(await format(shop.schema), null);
  });

  it("is offered for each language by a client that can be told which, and at once to the others", async () => {
    await connect();
    assert.equal(client.result.capabilities.documentFormattingProvider, true);
    await client.stop();
    const dynamic = { dynamicRegistration: true };
    await connect(
      {},
      { ...fullCapabilities, textDocument: { ...fullCapabilities.textDocument, formatting: dynamic, rangeFormatting: dynamic } },
    );
    assert.equal(client.result.capabilities.documentFormattingProvider, undefined);
    const selectors = (): readonly string[] =>
      client.registrations
        .filter(({ method }) => method === "textDocument/formatting")
        .map(({ registerOptions }) =>
          JSON.stringify(registerOptions?.documentSelector.map(({ language }: { language: string }) => language)),
        );
    await client.until(() => selectors().length === 1, "A formatter");
    assert.deepEqual(selectors(), ['["sql","prisma"]']);
    await client.tellEnvironment({ prismaExtensionInstalled: true, workspaceTrusted: true });
    await client.until(() => selectors().length === 2, "Another formatter");
    assert.equal(selectors()[1], '["sql"]');
  });
});
