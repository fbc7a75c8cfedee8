/** Completion as an editor asks for it. */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type ClientCapabilities,
  CompletionItemKind,
  type CompletionItem,
  type CompletionList,
  InsertTextFormat,
} from "vscode-languageserver-protocol/node";
import { fullCapabilities, LspClient } from "../support/lspClient.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";

const settings = { prismaValidation: "off" };
const withSnippets: ClientCapabilities = {
  ...fullCapabilities,
  textDocument: { ...fullCapabilities.textDocument, completion: { completionItem: { snippetSupport: true } } },
};

for (const sample of ["crm", "crm-legacy"]) {
  describe(`Completion in ${sample}`, () => {
    let client: LspClient;
    let folder: string;
    const uri = (path: string): string => pathToFileURL(join(folder, path)).href;
    beforeEach(() => {
      folder = temporaryFolder({});
      cpSync(fileURLToPath(new URL(`../../examples/${sample}/`, import.meta.url)), folder, { recursive: true });
    });
    afterEach(() => client.stop());

    const connect = async (environment: object = {}, capabilities = withSnippets): Promise<void> => {
      client = await LspClient.inProcess({ folders: [folder], initializationOptions: { settings, ...environment }, capabilities });
    };
    /** What is offered at the `|` of the text of a document. */
    const complete = async (path: string, marked: string): Promise<readonly CompletionItem[]> => {
      await client.open(uri(path), marked.replace("|", ""));
      const before = marked.slice(0, marked.indexOf("|")).split("\n");
      const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
      const list: CompletionList = await client.connection.sendRequest("textDocument/completion", {
        textDocument: { uri: uri(path) },
        position,
      });
      return list.items;
    };
    const contacts = sample === "crm" ? "contacts" : '"Contact"';

    it("offers the project's tables and columns in a query beside it", async () => {
      await connect();
      const tables = await complete("queries/new.sql", "SELECT * FROM |");
      assert.equal(tables.find(({ label }) => label === contacts)?.kind, CompletionItemKind.Class);
      const columns = await complete("queries/other.sql", `SELECT c.|\nFROM ${contacts} AS c`);
      const email = columns.find(({ label }) => label === "email");
      assert.equal(email?.kind, CompletionItemKind.Field);
      assert.ok(email.textEdit !== undefined && "range" in email.textEdit);
      assert.deepEqual(email.textEdit.range, { start: { line: 0, character: 9 }, end: { line: 0, character: 9 } });
    });

    it("offers attributes in Prisma, as snippets where the editor takes them", async () => {
      await connect();
      const text = "model Added {\n  id Int @|\n}\n";
      const path = sample === "crm" ? "prisma/schema/added.prisma" : "prisma/schema.prisma";
      const snippet = (await complete(path, text)).find(({ label }) => label === "@default");
      assert.equal(snippet?.insertTextFormat, InsertTextFormat.Snippet);
      await client.stop();
      await connect({}, fullCapabilities);
      const plain = (await complete(path, text)).find(({ label }) => label === "@default");
      assert.equal(plain?.textEdit?.newText, "@default()");
    });

    it("leaves Prisma to its own extension", async () => {
      await connect({ prismaExtensionInstalled: true });
      assert.deepEqual(await complete("prisma/schema/added.prisma", "model Added {\n  id Int @|\n}\n"), []);
    });
  });
}
