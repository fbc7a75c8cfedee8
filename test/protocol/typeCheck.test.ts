import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CodeLensRequest, CodeLensResolveRequest, type Diagnostic, HoverRequest } from "vscode-languageserver-protocol/node";
import { Labs } from "../../server/src/lab/labs.ts";
import { schemaEngineWorker } from "../../server/src/workspace/assets.ts";
import { LspClient } from "../support/lspClient.ts";
import { scratchOptions } from "../support/scratch.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { shop } from "./shop.ts";

const query = "queries/deals.sql";
const program = "src/deals.ts";

describe("The type check of queries", function () {
  this.timeout(240_000);

  let client: LspClient | undefined;
  let folder = "";

  afterEach(async () => {
    await client?.stop();
    client = undefined;
  });

  async function start(files: Readonly<Record<string, string>>, settings: object = {}): Promise<LspClient> {
    folder = temporaryFolder({ ...shop.files, ...files });
    const scratch = await scratchOptions();
    const labs = new Labs({ scratch, schemaEngine: { worker: schemaEngineWorker, assets: scratch.assets } });
    client = await LspClient.inProcess({ folders: [folder], settings: { "": { prismaValidation: "off", ...settings } }, initializationOptions: { explainsQueries: true, settings: { prismaValidation: "off", ...settings } } }, { labs });
    return client;
  }

  const uriOf = (path: string): string => pathToFileURL(join(folder, path)).href;

  async function postgres(path: string, isThere: (diagnostics: readonly Diagnostic[]) => boolean): Promise<readonly Diagnostic[]> {
    for (const end = Date.now() + 30_000; ; ) {
      const { refreshes } = own();
      const found = (await own().pull(uriOf(path))).filter(({ source }) => source === "PostgreSQL");
      if (isThere(found)) return found;
      assert.ok(Date.now() < end, JSON.stringify(await own().pull(uriOf(path))));
      await own().until(() => own().refreshes > refreshes, "the server's word that there is news", 30_000);
    }
  }

  function own(): LspClient {
    assert.ok(client !== undefined);
    return client;
  }

  async function hover(path: string, place: string): Promise<string | undefined> {
    const { start } = own().rangeOf(uriOf(path), place);
    const found = await own().connection.sendRequest(HoverRequest.type, { textDocument: { uri: uriOf(path) }, position: { line: start.line, character: start.character + 1 } });
    return found !== null && typeof found.contents === "object" && "value" in found.contents ? found.contents.value : undefined;
  }

  function textAt(path: string, { range }: Diagnostic): string {
    const lines = own().text(uriOf(path)).split("\n");
    assert.equal(range.start.line, range.end.line);
    return lines[range.start.line]?.slice(range.start.character, range.end.character) ?? "";
  }

  it("shows PostgreSQL's own error where it stands, with its hint, and takes it back", async () => {
    const text = 'SELECT 1 FROM "Deal" WHERE id = 1;\n\n-- type\nSELECT * FROM "Deal"\nWHERE "accountId" = now();\n';
    await (await start({ [query]: text })).open(uriOf(query));
    const [found, ...others] = await postgres(query, (all) => all.length > 0);
    assert.equal(others.length, 0);
    assert.ok(found !== undefined);
    assert.equal(found.code, "42883");
    assert.match(String(found.message), /^operator does not exist: bigint = timestamp with time zone\nNo operator matches/);
    assert.equal(textAt(query, found), "=");
    await own().change(uriOf(query), "now()", "5");
    assert.deepEqual(await postgres(query, (all) => all.length === 0), []);
    await own().change(uriOf(query), "= 5", "= 'x'");
    const [again] = await postgres(query, (all) => all.length > 0);
    assert.equal(again?.code, "22P02");
    assert.equal(textAt(query, again), "'x'");
  });

  it("does not say again what is said already", async () => {
    await (await start({ [query]: 'SELECT nome FROM "Deal";\nSELECT id + now() FROM "Deal";\nSELECT FROM WHERE;\n' })).open(uriOf(query));
    const found = await postgres(query, (all) => all.length > 0);
    assert.deepEqual(found.map(({ code }) => code), ["42883"]);
    const all = await own().pull(uriOf(query));
    assert.deepEqual(all.map(({ code }) => code).sort(), ["42883", "sql-syntax", "sql-undefined-column"]);
  });

  it("knows templates, strings and fragments of programs", async () => {
    const text = [
      'const open = Prisma.sql`"accountId" = ${account}`;',
      'const a = prisma.$queryRaw`SELECT id FROM "Deal" WHERE ${open} AND length(id) > ${least}`;',
      'const b = pool.query("SELECT id FROM \\"Deal\\" WHERE id = $1 AND missing = $2", [1, 2]);',
      'const c = prisma.$queryRaw`SELECT id FROM "Deal" ${where}`;',
      'const d = prisma.$queryRaw`SELECT id FROM "Deal" WHERE FROM`;',
    ].join("\n");
    await (await start({ [program]: text })).open(uriOf(program));
    const found = await postgres(program, (all) => all.length > 0);
    assert.deepEqual(found.map((each) => [each.code, each.range.start.line, textAt(program, each)]), [
      ["42883", 1, "length"],
      ["42703", 2, "missing"],
      ["42601", 4, "FROM"],
    ]);
  });

  it("knows the SQL cells of notebooks, with lens and hover", async () => {
    await start({});
    const cell = `vscode-notebook-cell:${join(folder, "queries/book.ipynb")}#W2sZmlsZQ%3D%3D`;
    const other = `vscode-notebook-cell:${join(folder, "queries/book.ipynb")}#W3sZmlsZQ%3D%3D`;
    await own().connection.sendNotification("textDocument/didOpen", { textDocument: { uri: cell, languageId: "sql", version: 1, text: '-- deals\nSELECT id FROM "Deal" WHERE id > now();\n' } });
    await own().connection.sendNotification("textDocument/didOpen", { textDocument: { uri: other, languageId: "sql", version: 1, text: 'SELECT id FROM "Deal" WHERE id > :least;\n' } });
    const pulled = async (uri: string): Promise<readonly Diagnostic[]> => (await own().pull(uri)).filter(({ source }) => source === "PostgreSQL");
    for (const end = Date.now() + 60_000; (await pulled(cell)).length === 0; ) {
      const { refreshes } = own();
      assert.ok(Date.now() < end);
      await own().until(() => own().refreshes > refreshes, "news of a cell", 30_000);
    }
    assert.deepEqual((await pulled(cell)).map(({ code, range }) => [code, range.start.line, range.start.character]), [["42883", 1, 31]]);
    assert.deepEqual(await pulled(other), []);
    const lenses = (await own().connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: cell } })) ?? [];
    assert.deepEqual(lenses.map(({ range }) => range.start.line), [1]);
    const told = await own().connection.sendRequest(HoverRequest.type, { textDocument: { uri: other }, position: { line: 0, character: 35 } });
    assert.match(JSON.stringify(told), /\$1 least {2}bigint/);
  });

  it("follows the schema", async () => {
    await (await start({ [query]: 'SELECT id + note FROM "Deal";\n' })).open(uriOf(query));
    await own().open(uriOf(shop.migration));
    await own().change(uriOf(shop.migration), '"accountId" BIGINT NOT NULL,', '"accountId" BIGINT NOT NULL, note timestamptz,');
    const [found] = await postgres(query, (all) => all.length > 0);
    assert.match(String(found?.message), /bigint \+ timestamp with time zone/);
  });

  it("is quiet, and says so, while the schema has errors", async () => {
    const files = { [shop.migration]: "", [shop.schema]: shop.files[shop.schema].replace("accountId BigInt", "accountId Nothing"), [query]: "SELECT id + now() FROM \"Deal\";\n" };
    await (await start(files)).open(uriOf(query));
    await own().until(() => own().statuses.some(({ notices }) => notices.some((notice) => /not type-checked|without some of its schema/.test(notice))), "a notice", 30_000);
    assert.deepEqual((await own().pull(uriOf(query))).filter(({ source }) => source === "PostgreSQL"), []);
  });

  it("tells on hover what goes in and what comes out", async () => {
    const text = "SELECT id, \"accountId\" + :more AS sum, 'a' AS a FROM \"Deal\" WHERE id > :least;\nSELECT now() + 1;\n";
    const source = 'const a = prisma.$queryRaw<Row[]>`SELECT d.id FROM "Account" a LEFT JOIN "Deal" d ON d.id = a.id WHERE a.id = ${account.id}`;';
    await (await start({ [query]: text, [program]: source })).open(uriOf(query));
    await own().open(uriOf(program));
    await postgres(query, (all) => all.length > 0);
    assert.equal(await hover(query, "SELECT id"), "**Query: 2 parameters, 3 columns**\n\n```sql\n($1 more bigint,\n $2 least bigint)\n→ id bigint not null,\n  sum bigint,\n  a text\n```");
    assert.equal(await hover(query, ":least"), "**Parameter, as PostgreSQL takes it**\n\n```sql\n$2 least  bigint\n```");
    for (let tries = 0; tries < 400 && (await hover(program, "$queryRaw")) === undefined; tries++) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await hover(program, "$queryRaw"), "**Query: 1 parameter, 1 column**\n\n```sql\n($1 account.id bigint)\n→ id bigint\n```");
    assert.equal(await hover(program, "account.id}"), "**Parameter, as PostgreSQL takes it**\n\n```sql\n$1 account.id  bigint\n```");
    assert.equal(await hover(program, "const a"), undefined);
  });

  it("goes with a lens over each query, and menus learn whether there is one", async () => {
    const text = 'SELECT 1 FROM "Deal";\n\nTRUNCATE "Deal";\nUPDATE "Deal" SET id = :id;\n\n\n-- nothing\n';
    await (await start({ [query]: text }, { typeCheck: false })).open(uriOf(query));
    const document = { uri: uriOf(query) };
    const lenses = (await own().connection.sendRequest(CodeLensRequest.type, { textDocument: document })) ?? [];
    assert.deepEqual(lenses.map(({ range }) => range.start.line), [0, 3]);
    const [, second] = lenses;
    assert.ok(second !== undefined);
    const resolved = await own().connection.sendRequest(CodeLensResolveRequest.type, second);
    assert.deepEqual(resolved.command, { title: "Explain", command: "databaseArchitect.explainQuery", arguments: [document.uri, text.indexOf("UPDATE")] });
    const here = (place: string): Promise<unknown> => own().connection.sendRequest("databaseArchitect/queriesHere", { textDocument: document, start: text.indexOf(place), end: text.indexOf(place) });
    assert.deepEqual(await here("1 FROM"), { isHere: true, count: 2 });
    assert.deepEqual(await here("\n\n-- nothing"), { isHere: false, count: 2 });
  });

  it("is switched off by a setting", async () => {
    await (await start({ [query]: 'SELECT id + now() FROM "Deal";\n' }, { typeCheck: false })).open(uriOf(query));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    assert.deepEqual(await own().pull(uriOf(query)), []);
  });
});
