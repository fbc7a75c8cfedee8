/** `database-architect.jsonc` through the protocol: what is wrong in it, and what it changes while it is typed or saved. */
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ClientCapabilities, WorkspaceDiagnosticReport } from "vscode-languageserver-protocol/node";
import { watchedFiles } from "../../server/src/lsp/capabilities.ts";
import { requireIndexOnForeignKey } from "../../server/src/rules/indexes/require-index-on-foreign-key.ts";
import { LspClient, pushCapabilities } from "../support/lspClient.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";
import { shop } from "./shop.ts";

const file = "database-architect.jsonc";
const off = '{ "rules": { "require-index-on-foreign-key": "off" } }\n';

describe("The configuration file in an editor", () => {
  let client: LspClient;
  let folder: string;
  let uri: (path: string) => string;

  beforeEach(async () => {
    folder = temporaryFolder({ ...shop.files, [file]: "{ }\n" });
    uri = (path) => pathToFileURL(join(folder, path)).href;
    client = await start();
  });
  afterEach(() => client.stop());

  const start = (capabilities?: ClientCapabilities): Promise<LspClient> => {
    const initializationOptions = { settings: { prismaValidation: "off", debounce: 0 } };
    const options = { folders: [folder], initializationOptions, ...(capabilities === undefined ? {} : { capabilities }) };
    return LspClient.inProcess(options, { rules: [requireIndexOnForeignKey] });
  };

  it("is told what is wrong in it, where it is wrong", async () => {
    await client.open(uri(file), '{\n  // ours\n  "rules": { "no-flaot-money": "off" }\n}\n');
    assert.deepEqual(await client.pull(uri(file)), [
      {
        range: { start: { line: 2, character: 13 }, end: { line: 2, character: 29 } },
        severity: 1,
        code: "configuration",
        source: "Database Architect",
        message: '"no-flaot-money" is no rule. Did you mean no-float-money?',
      },
    ]);
    await client.change(uri(file), "flaot", "float");
    assert.deepEqual(await client.pull(uri(file)), []);
  });

  it("holds while it is typed, and the editor is asked to look at the other files again", async () => {
    await client.open(uri(shop.schema));
    await client.open(uri(file));
    assert.equal((await client.pull(uri(shop.schema))).length, 1);
    const before = client.refreshes;
    await client.change(uri(file), "{ }\n", off);
    assert.deepEqual(await client.pull(uri(shop.schema)), []);
    await client.until(() => client.refreshes > before, "A request to look again");
  });

  it("holds when it is saved, made or deleted outside of the editor", async () => {
    await client.open(uri(shop.schema));
    writeFiles(folder, { [file]: off });
    await client.tellFiles({ uri: uri(file), type: 2 });
    assert.deepEqual(await client.pull(uri(shop.schema)), []);
    rmSync(join(folder, file));
    await client.tellFiles({ uri: uri(file), type: 3 });
    assert.equal((await client.pull(uri(shop.schema))).length, 1);
    writeFiles(folder, { [`prisma/${file}`]: off });
    await client.tellFiles({ uri: uri(`prisma/${file}`), type: 1 });
    assert.deepEqual(await client.pull(uri(shop.schema)), []);
  });

  it("is reported with all other files though nobody has opened it", async () => {
    writeFiles(folder, { [file]: '{ "preset": 1 }' });
    await client.tellFiles({ uri: uri(file), type: 2 });
    const { items } = await client.connection.sendRequest<WorkspaceDiagnosticReport>("workspace/diagnostic", { previousResultIds: [] });
    const own = items.find((item) => item.uri === uri(file));
    assert.deepEqual(own?.kind === "full" ? own.items.map(({ message }) => message) : undefined, [
      'preset must be "recommended", "strict" or "all".',
    ]);
  });

  it("is made or changed by an action that turns a rule off for the team", async () => {
    const disable = async (path: string, type: 1 | 2 = 2): Promise<string | undefined> => {
      const actions = await client.actions(uri(shop.schema), "account   Account");
      const action = actions.find(({ title }) => title.startsWith("Disable require-index-on-foreign-key in "));
      await client.applyAndTell(action?.edit);
      await client.tellFiles({ uri: uri(path), type });
      assert.deepEqual(await client.pull(uri(shop.schema)), []);
      return action?.title;
    };
    await client.open(uri(shop.schema));
    await client.open(uri(file), '{\n  // ours\n  "rules": {}\n}\n');
    assert.equal(await disable(file), `Disable require-index-on-foreign-key in ${file}`);
    assert.equal(client.text(uri(file)), '{\n  // ours\n  "rules": {\n    "require-index-on-foreign-key": "off"\n  }\n}\n');
    await client.close(uri(file));
    writeFiles(folder, { [`prisma/${file}`]: "{}\n" });
    await client.tellFiles({ uri: uri(`prisma/${file}`), type: 1 });
    assert.equal(await disable(`prisma/${file}`), `Disable require-index-on-foreign-key in prisma/${file}`);
    for (const path of [file, `prisma/${file}`]) {
      rmSync(join(folder, path));
      await client.tellFiles({ uri: uri(path), type: 3 });
    }
    assert.equal(await disable(file, 1), `Disable require-index-on-foreign-key in ${file}`);
    assert.equal(readFileSync(join(folder, file), "utf8"), '{\n  "rules": {\n    "require-index-on-foreign-key": "off"\n  }\n}\n');
  });

  it("is no schema: everything else that is asked about it is answered with nothing", async () => {
    await client.open(uri(file), off);
    const textDocument = { uri: uri(file) };
    const position = { line: 0, character: 5 };
    const range = { start: position, end: position };
    for (const [method, params] of [
      ["textDocument/hover", { textDocument, position }],
      ["textDocument/definition", { textDocument, position }],
      ["textDocument/references", { textDocument, position, context: { includeDeclaration: true } }],
      ["textDocument/completion", { textDocument, position }],
      ["textDocument/documentSymbol", { textDocument }],
      ["textDocument/codeLens", { textDocument }],
      ["textDocument/inlayHint", { textDocument, range }],
      ["textDocument/codeAction", { textDocument, range, context: { diagnostics: [] } }],
    ] as const) {
      const answer: unknown = await client.connection.sendRequest(method, params);
      const isNothing = answer === null || (Array.isArray(answer) && answer.length === 0) || JSON.stringify(answer).includes('"items":[]');
      assert.ok(isNothing, `${method}: ${JSON.stringify(answer)}`);
    }
  });

  it("is among the files that the editor is asked to watch", () => {
    assert.ok(watchedFiles.watchers.some(({ globPattern }) => globPattern === `**/${file}`));
  });

  it("changes what an editor shows that does not ask", async () => {
    await client.stop();
    client = await start(pushCapabilities);
    const last = (path: string): number | undefined => client.published.findLast((one) => one.uri === uri(path))?.diagnostics.length;
    await client.open(uri(shop.schema));
    await client.open(uri(file));
    await client.until(() => last(shop.schema) === 1, "A finding");
    await client.change(uri(file), "{ }\n", off);
    await client.until(() => last(shop.schema) === 0, "Silence");
    await client.change(uri(file), '"off"', '"loud"');
    await client.until(() => last(shop.schema) === 1 && last(file) === 1, "The finding again, and a complaint");
  });
});
