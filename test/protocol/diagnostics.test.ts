/** Diagnostics through the protocol: asked for, sent, and kept up with typing. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Diagnostic, WorkspaceDiagnosticReport } from "vscode-languageserver-protocol/node";
import { LspClient, pushCapabilities } from "../support/lspClient.ts";
import { temporaryFolder, writeFiles } from "../support/temporaryFolder.ts";
import { shop } from "./shop.ts";

const codes = (diagnostics: readonly Diagnostic[]): readonly unknown[] => diagnostics.map((diagnostic) => diagnostic.code);

describe("Diagnostics that are asked for", () => {
  let client: LspClient;
  let folder: string;
  let uri: (path: string) => string;

  beforeEach(async () => {
    folder = temporaryFolder(shop.files);
    uri = (path) => pathToFileURL(join(folder, path)).href;
    client = await LspClient.inProcess({ folders: [folder], initializationOptions: { settings: { prismaValidation: "off" } } });
  });
  afterEach(() => client.stop());

  it("come with the rule, a link to the manual, a message and the exact range", async () => {
    await client.open(uri(shop.schema));
    const [diagnostic, ...others] = await client.pull(uri(shop.schema));
    assert.deepEqual(others, []);
    assert.deepEqual(
      { ...diagnostic, relatedInformation: undefined },
      {
        range: { start: { line: 13, character: 2 }, end: { line: 13, character: 9 } },
        severity: 2,
        code: "require-index-on-foreign-key",
        codeDescription: {
          href: "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
        },
        source: "Database Architect",
        message: "Foreign key Deal(accountId) has no index.",
        data: { subject: "public.Deal(accountId)" },
        relatedInformation: undefined,
      },
    );
  });

  it("link to the page of the rule in our own client, which opens it without a network", async () => {
    await client.stop();
    client = await LspClient.inProcess({
      folders: [folder],
      initializationOptions: { opensRulePages: true, settings: { prismaValidation: "off" } },
    });
    const [diagnostic] = await client.pull(uri(shop.schema));
    assert.equal(diagnostic?.codeDescription?.href, "database-architect-rule:/require-index-on-foreign-key.md");
  });

  it("are as many as the client shows: the gravest, and one that says how many are left out", async () => {
    const tables = Array.from({ length: 6 }, (_, i) => `CREATE TABLE t${i} (id int PRIMARY KEY, price float8, at timestamp);`);
    writeFiles(folder, { "other/schema.sql": [...tables, "CREATE TABLE t0 (id int);", ""].join("\n") });
    const all = await LspClient.inProcess({ folders: [join(folder, "other")] });
    const some = await LspClient.inProcess({ folders: [join(folder, "other")], initializationOptions: { maxDiagnostics: 5 } });
    const whole = await all.pull(uri("other/schema.sql"));
    const shown = await some.pull(uri("other/schema.sql"));
    await all.stop();
    await some.stop();
    assert.ok(whole.length > 12, `${whole.length} in all`);
    assert.equal(shown.length, 5);
    const severityOf = ({ severity }: Diagnostic): number => severity ?? 0;
    const gravest = whole
      .map(severityOf)
      .sort((a, b) => a - b)
      .slice(0, 4);
    assert.deepEqual(
      shown
        .slice(0, 4)
        .map(severityOf)
        .sort((a, b) => a - b),
      gravest,
    );
    assert.equal(gravest[0], 1);
    assert.match(String(shown[4]?.message), new RegExp(`^${whole.length - 4} further findings of this file`));
  });

  it("point to where the same thing is stated in SQL", async () => {
    await client.open(uri(shop.schema));
    const [diagnostic] = await client.pull(uri(shop.schema));
    const [related] = diagnostic?.relatedInformation ?? [];
    assert.equal(related?.location.uri, uri(shop.migration));
    assert.equal(related?.message, "Stated in SQL too.");
  });

  it("keep up with typing", async () => {
    await client.open(uri(shop.schema));
    await client.change(uri(shop.schema), "  accountId BigInt\n", "  accountId BigInt\n\n  @@index([accountId])\n");
    assert.deepEqual(codes(await client.pull(uri(shop.schema))), ["require-migration"]);
    await client.change(uri(shop.schema), "\n  @@index([accountId])\n", "");
    assert.deepEqual(codes(await client.pull(uri(shop.schema))), ["require-index-on-foreign-key"]);
  });

  it("keep up with several cursors, in whatever order they come", async () => {
    await client.open(uri(shop.schema));
    const edit = (line: number, start: number, end: number, text: string): object => ({
      range: { start: { line, character: start }, end: { line, character: end } },
      text,
    });
    const changes = [edit(0, 0, 0, "// above\n\n"), edit(15, 2, 9, "customer"), edit(0, 3, 8, "over")];
    await client.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: uri(shop.schema), version: 2 },
      contentChanges: changes,
    });
    const [diagnostic] = await client.pull(uri(shop.schema));
    assert.deepEqual(diagnostic?.range, { start: { line: 15, character: 2 }, end: { line: 15, character: 10 } });
  });

  it("are not made of a version that comes too late", async () => {
    await client.open(uri(shop.schema));
    const send = (version: number, text: string): Promise<void> =>
      client.connection.sendNotification("textDocument/didChange", {
        textDocument: { uri: uri(shop.schema), version },
        contentChanges: [{ text }],
      });
    await send(3, "");
    await send(2, "model Broken {");
    assert.deepEqual(await client.pull(uri(shop.schema)), []);
  });

  it("are not sent twice: the same list has the same name, also after a restart", async () => {
    await client.open(uri(shop.schema));
    const report = await client.report(uri(shop.schema));
    assert.equal((await client.report(uri(shop.schema), report.resultId)).kind, "unchanged");
    await client.stop();
    client = await LspClient.inProcess({ folders: [folder], initializationOptions: { settings: { prismaValidation: "off" } } });
    await client.open(uri(shop.schema));
    assert.equal((await client.report(uri(shop.schema), report.resultId)).kind, "unchanged");
    await client.change(uri(shop.schema), "Deal[]", "Deal[] // moved nothing");
    assert.equal((await client.report(uri(shop.schema), report.resultId)).kind, "unchanged");
    await client.change(uri(shop.schema), "model Account", "\nmodel Account");
    assert.equal((await client.report(uri(shop.schema), report.resultId)).kind, "full");
  });

  it("of one file follow from changes in another", async () => {
    await client.open(uri(shop.schema));
    await client.open(uri(shop.migration));
    await client.change(uri(shop.migration), "-- end", 'CREATE INDEX by_account ON "Deal" ("accountId") WHERE "accountId" IS NOT NULL;');
    assert.deepEqual(await client.pull(uri(shop.schema)), []);
  });

  it("say what PostgreSQL's parser says, where it says it", async () => {
    await client.open(uri(shop.query));
    assert.deepEqual(await client.pull(uri(shop.query)), []);
    await client.change(uri(shop.query), "FROM", "FRM");
    const [diagnostic] = await client.pull(uri(shop.query));
    assert.equal(diagnostic?.severity, 1);
    assert.match(String(diagnostic?.message), /syntax error/);
    assert.equal(diagnostic?.range.start.line, 0);
  });

  it("of documents that are compared or previewed are none", async () => {
    const git = uri(shop.schema).replace("file:", "git:");
    await client.open(git, shop.files[shop.schema]);
    assert.deepEqual(await client.pull(git), []);
  });

  it("of a document that no folder holds are made of its text alone", async () => {
    await client.open("untitled:Untitled-1.sql", "CREATE TABLE a (id integer);");
    assert.deepEqual(codes(await client.pull("untitled:Untitled-1.sql")), ["require-primary-key"]);
  });

  it("understand the spelling of addresses that the editor prefers", async () => {
    const spelled = uri(shop.schema).replace("schema.prisma", "schem%61.prisma");
    await client.open(spelled, shop.files[shop.schema]);
    assert.deepEqual(codes(await client.pull(spelled)), ["require-index-on-foreign-key"]);
  });
});

describe("Diagnostics of the whole workspace", () => {
  let client: LspClient;
  let folder: string;
  let uri: (path: string) => string;
  const ask = (previousResultIds: { uri: string; value: string }[] = []): Promise<WorkspaceDiagnosticReport> =>
    client.connection.sendRequest("workspace/diagnostic", { previousResultIds });

  beforeEach(async () => {
    folder = temporaryFolder({ ...shop.files, "prisma/migrations/20240102000000_b/migration.sql": 'CREATE TABLE "log" ("at" timestamp);' });
    uri = (path) => pathToFileURL(join(folder, path)).href;
    client = await LspClient.inProcess({ folders: [folder], initializationOptions: { settings: { prismaValidation: "off" } } });
  });
  afterEach(() => client.stop());

  it("tell about files that are not open, and keep silent about clean ones", async () => {
    const { items } = await ask();
    const found = items.map((item) => [item.uri, item.kind === "full" ? codes(item.items) : item.kind]);
    assert.deepEqual(found, [
      [uri(shop.schema), ["require-index-on-foreign-key"]],
      [uri("prisma/migrations/20240102000000_b/migration.sql"), ["prefer-timestamptz", "require-migration", "require-primary-key"]],
    ]);
  });

  it("are sent again only where they changed", async () => {
    const { items } = await ask();
    const again = await ask(items.flatMap((item) => (item.resultId === undefined ? [] : [{ uri: item.uri, value: item.resultId }])));
    assert.deepEqual(
      again.items.map((item) => item.kind),
      ["unchanged", "unchanged"],
    );
  });

  it("of a file that was deleted become none", async () => {
    const { items } = await ask();
    const path = "prisma/migrations/20240102000000_b";
    rmSync(join(folder, path), { recursive: true });
    await client.tellFiles({ uri: uri(path), type: 3 });
    const again = await ask(items.flatMap((item) => (item.resultId === undefined ? [] : [{ uri: item.uri, value: item.resultId }])));
    const gone = again.items.find((item) => item.uri === uri(`${path}/migration.sql`));
    assert.deepEqual(gone?.kind === "full" ? gone.items : gone, []);
    await client.until(() => client.refreshes > 0, "A request to ask again");
  });

  it("of a file that was made are found", async () => {
    await ask();
    writeFiles(folder, { "prisma/migrations/20240103000000_c/migration.sql": 'CREATE TABLE "late" ("id" integer);' });
    await client.tellFiles({ uri: uri("prisma/migrations/20240103000000_c/migration.sql"), type: 1 });
    const { items } = await ask();
    assert.ok(items.some((item) => item.uri === uri("prisma/migrations/20240103000000_c/migration.sql")));
  });
});

describe("Diagnostics that are sent", () => {
  let client: LspClient;
  let uri: (path: string) => string;
  const last = (path: string): { readonly version?: number; readonly diagnostics: readonly Diagnostic[] } | undefined =>
    client.published.findLast((one) => one.uri === uri(path));

  beforeEach(async () => {
    const folder = temporaryFolder(shop.files);
    uri = (path) => pathToFileURL(join(folder, path)).href;
    client = await LspClient.inProcess({
      folders: [folder],
      capabilities: pushCapabilities,
      initializationOptions: { settings: { prismaValidation: "off", debounce: 0 } },
    });
  });
  afterEach(() => client.stop());

  it("are offered only to a client that does not ask for them", () => {
    assert.equal(client.result.capabilities.diagnosticProvider, undefined);
  });

  it("come without a question, with the version they are about", async () => {
    await client.open(uri(shop.schema));
    await client.until(() => last(shop.schema)?.version === 1, "Diagnostics of version 1");
    assert.deepEqual(codes(last(shop.schema)?.diagnostics ?? []), ["require-index-on-foreign-key"]);
    await client.change(uri(shop.schema), "  accountId BigInt\n", "  accountId BigInt\n\n  @@index([accountId])\n");
    await client.until(() => last(shop.schema)?.version === 2, "Diagnostics of version 2");
    assert.deepEqual(codes(last(shop.schema)?.diagnostics ?? []), ["require-migration"]);
  });

  it("never go back to an older version", async () => {
    await client.open(uri(shop.schema));
    for (let at = 0; at < 20; at++) await client.change(uri(shop.schema), "model Account", `// ${at}\nmodel Account`);
    await client.until(() => last(shop.schema)?.version === 21, "Diagnostics of version 21");
    const versions = client.published.filter((one) => one.uri === uri(shop.schema)).map((one) => one.version ?? 0);
    assert.deepEqual(
      versions,
      [...versions].sort((a, b) => a - b),
    );
  });

  it("of a closed file stay, and are taken back when it goes", async () => {
    await client.open(uri(shop.schema));
    await client.until(() => (last(shop.schema)?.diagnostics.length ?? 0) === 1, "A finding");
    await client.close(uri(shop.schema));
    await client.until(() => last(shop.schema)?.version === undefined, "Diagnostics of the file on the disk");
    assert.equal(last(shop.schema)?.diagnostics.length, 1);
  });
});
