/** The tools for assistants as Visual Studio Code's client asks for them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CancellationTokenSource, LSPErrorCodes, ResponseError } from "vscode-languageserver-protocol/node";
import { type AssistantAnswer, runAssistantTool } from "../../protocol/src/assistant.ts";
import { LspClient } from "../support/lspClient.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { shop } from "./shop.ts";

describe("A tool for assistants, asked of the language server", () => {
  let client: LspClient;
  let uri: string;
  beforeEach(async () => {
    const folder = temporaryFolder(shop.files);
    uri = pathToFileURL(join(folder, shop.schema)).href;
    client = await LspClient.inProcess({ folders: [folder], initializationOptions: { settings: { prismaValidation: "off" } } });
  });
  afterEach(() => client.stop());

  const ask = (params: unknown): Promise<AssistantAnswer> => client.connection.sendRequest(runAssistantTool, params);
  const total = async (): Promise<unknown> => JSON.parse((await ask({ tool: "list_findings", input: {} })).text);

  it("knows what is typed and not saved", async () => {
    assert.match(JSON.stringify(await total()), /"total":1,.*require-index-on-foreign-key/);
    await client.open(uri);
    await client.change(uri, "account   Account", "@@index([accountId])\n  account   Account");
    assert.match(JSON.stringify(await total()), /"total":1,.*Deal_accountId_idx is in no migration/);
    assert.match((await ask({ tool: "describe_table", input: { name: "Deal" } })).text, /CREATE INDEX \\"Deal_accountId_idx\\"/);
  });

  it("answers with an error what it cannot do, however it is asked", async () => {
    assert.deepEqual(await ask({ tool: "describe_table", input: { name: "Dael" } }), {
      text: 'There is no table or view "Dael". Near to it are "Deal".',
      isError: true,
    });
    for (const params of [{}, { tool: 1 }, { tool: "check_schema", input: 1 }]) assert.equal((await ask(params)).isError, true);
  });

  it("is cancelled like any request", async () => {
    const source = new CancellationTokenSource();
    const asked = client.connection.sendRequest(runAssistantTool, { tool: "check_schema", input: {} }, source.token);
    source.cancel();
    await assert.rejects(asked, (error) => error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled);
  });
});
