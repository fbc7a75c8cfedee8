/** The server as a process, and as editors configure it: start, end, restart, folders, settings, other extensions. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Diagnostic } from "vscode-languageserver-protocol/node";
import { serverProgram } from "../support/entryPoints.ts";
import { fullCapabilities, LspClient } from "../support/lspClient.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { shop } from "./shop.ts";

const codes = (diagnostics: readonly Diagnostic[]): readonly unknown[] => diagnostics.map((diagnostic) => diagnostic.code);
const off = { settings: { prismaValidation: "off" } };
/** Not PostgreSQL's to judge: only the schema engine knows that this relation lacks its other side. */
const invalid = shop.files[shop.schema].replace("  deals Deal[]\n", "");

describe("The server as a process", function () {
  this.timeout(240_000);

  it("answers over its standard streams, is killed, and answers again when started anew", async () => {
    const folder = temporaryFolder(shop.files);
    const uri = pathToFileURL(join(folder, shop.schema)).href;
    const first = await LspClient.spawned({ folders: [folder], initializationOptions: off });
    await first.open(uri);
    assert.deepEqual(codes(await first.pull(uri)), ["require-index-on-foreign-key"]);
    first.process.kill("SIGKILL");
    await new Promise((resolve) => first.process.once("exit", resolve));
    await first.stop();
    const second = await LspClient.spawned({ folders: [folder], initializationOptions: off });
    await second.open(uri);
    assert.deepEqual(codes(await second.pull(uri)), ["require-index-on-foreign-key"]);
    await second.stop();
    assert.equal(second.process.exitCode, 0);
  });

  it("ends when the editor closes its streams", async () => {
    const child = spawn(process.execPath, [...serverProgram, "--stdio"], { stdio: ["pipe", "ignore", "inherit"] });
    child.stdin.end();
    const code = await new Promise((resolve) => child.once("exit", resolve));
    assert.equal(code, 1);
  });

  it("ends when the process that started it over node-ipc goes", async () => {
    const child = spawn(process.execPath, [...serverProgram, "--node-ipc"], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
    await new Promise<void>((resolve) => {
      child.once("message", () => resolve());
      child.send({ jsonrpc: "2.0", id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
    });
    child.disconnect();
    const code = await new Promise((resolve) => child.once("exit", resolve));
    assert.equal(code, 1);
  });

  it("says how it is to be started when it is not", async () => {
    const child = spawn(process.execPath, [...serverProgram], { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.on("data", (data: Buffer) => (said += data.toString()));
    const code = await new Promise((resolve) => child.once("exit", resolve));
    assert.equal(code, 2);
    assert.match(said, /--stdio/);
  });
});

describe("A session", function () {
  this.timeout(240_000);
  let client: LspClient | undefined;
  const start = async (...given: Parameters<typeof LspClient.inProcess>): Promise<LspClient> =>
    (client = await LspClient.inProcess(...given));
  afterEach(async () => {
    await client?.stop();
    client = undefined;
  });
  const uriIn = (folder: string, path: string): string => pathToFileURL(join(folder, path)).href;

  it("has one set of settings a folder", async () => {
    const a = temporaryFolder(shop.files);
    const b = temporaryFolder(shop.files);
    const base = { prismaValidation: "off" };
    const own = await start({
      folders: [a, b],
      settings: { "": base, [a]: base, [b]: { ...base, rules: { "require-index-on-foreign-key": "error" } } },
    });
    await own.open(uriIn(a, shop.schema));
    await own.open(uriIn(b, shop.schema));
    assert.deepEqual(
      (await own.pull(uriIn(a, shop.schema))).map((one) => one.severity),
      [2],
    );
    assert.deepEqual(
      (await own.pull(uriIn(b, shop.schema))).map((one) => one.severity),
      [1],
    );
  });

  it("follows its settings while it runs, and asks the editor to look again", async () => {
    const folder = temporaryFolder(shop.files);
    const uri = uriIn(folder, shop.schema);
    const own = await start({ folders: [folder], settings: { "": { prismaValidation: "off" } } });
    await own.open(uri);
    assert.equal((await own.pull(uri)).length, 1);
    own.settings = {
      "": { prismaValidation: "off" },
      [folder]: { prismaValidation: "off", rules: { "require-index-on-foreign-key": "off" } },
    };
    await own.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await own.until(() => own.refreshes > 0, "A request to look again");
    assert.deepEqual(await own.pull(uri), []);
    own.settings = { [folder]: { enable: false } };
    const before = own.refreshes;
    await own.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await own.until(() => own.refreshes > before, "A request to look again");
    assert.deepEqual(await own.pull(uri), []);
  });

  it("takes settings from an editor that sends them unasked", async () => {
    const folder = temporaryFolder(shop.files);
    const uri = uriIn(folder, shop.schema);
    const { configuration: _, ...workspace } = fullCapabilities.workspace ?? {};
    const own = await start({ folders: [folder], capabilities: { ...fullCapabilities, workspace }, initializationOptions: off });
    await own.open(uri);
    assert.equal((await own.pull(uri)).length, 1);
    const settings = { databaseArchitect: { rules: { "require-index-on-foreign-key": "off" } } };
    await own.connection.sendNotification("workspace/didChangeConfiguration", { settings });
    assert.deepEqual(await own.pull(uri), []);
  });

  it("says once in its status what it does not understand in the settings", async () => {
    const folder = temporaryFolder(shop.files);
    const own = await start({
      folders: [folder],
      settings: { "": { debounce: "soon", rules: { nonsense: "off" } }, [folder]: { debounce: "soon" } },
    });
    await own.until(() => own.statuses.some((status) => !status.busy && status.projects.length === 1), "A status");
    const notices = own.statuses.at(-1)?.notices ?? [];
    assert.deepEqual(notices, [
      "The setting databaseArchitect.debounce must be a number of milliseconds. Its default is used.",
      "The setting databaseArchitect.rules.nonsense is no rule. It is left out.",
    ]);
  });

  it("tells the editor which projects it found", async () => {
    const folder = temporaryFolder({ ...shop.files, "other/schema.sql": "CREATE TABLE a (id bigint PRIMARY KEY);" });
    const own = await start({ folders: [folder], initializationOptions: off });
    await own.until(() => own.statuses.some((status) => status.projects.length === 2), "A status with two projects");
    const projects = own.statuses
      .at(-1)
      ?.projects.map(({ name, models, migrations }) => ({ name: name.slice(name.indexOf("/")), models, migrations }));
    assert.deepEqual(projects, [
      { name: "/prisma", models: 2, migrations: 1 },
      { name: "/other/schema.sql", models: 0, migrations: 1 },
    ]);
  });

  it("takes in folders that are added, and forgets those that are removed", async () => {
    const a = temporaryFolder(shop.files);
    const b = temporaryFolder(shop.files);
    const folderOf = (path: string): { uri: string; name: string } => ({ uri: pathToFileURL(path).href, name: path });
    const own = await start({ folders: [a], initializationOptions: off });
    await own.until(() => own.statuses.at(-1)?.projects.length === 1, "One project");
    await own.connection.sendNotification("workspace/didChangeWorkspaceFolders", { event: { added: [folderOf(b)], removed: [] } });
    await own.until(() => own.statuses.at(-1)?.projects.length === 2, "Two projects");
    await own.connection.sendNotification("workspace/didChangeWorkspaceFolders", { event: { added: [], removed: [folderOf(a)] } });
    await own.until(() => own.statuses.at(-1)?.projects.length === 1, "One project");
    assert.ok(own.statuses.at(-1)?.projects[0]?.uri.startsWith(pathToFileURL(b).href));
  });

  it("checks the same in a restricted workspace: nothing of it is ever executed", async () => {
    const marker = "executed.txt";
    const config = `import { writeFileSync } from "node:fs"; writeFileSync(new URL(${JSON.stringify(marker)}, import.meta.url), ""); export default { schema: "prisma/schema.prisma" };`;
    const folder = temporaryFolder({ ...shop.files, "prisma.config.ts": config, ".env": "DATABASE_URL=postgres://secret" });
    const own = await start({ folders: [folder], initializationOptions: { ...off, workspaceTrusted: false } });
    await own.open(uriIn(folder, shop.schema));
    assert.deepEqual(codes(await own.pull(uriIn(folder, shop.schema))), ["require-index-on-foreign-key"]);
    await own.tellEnvironment({ prismaExtensionInstalled: false, workspaceTrusted: true });
    await own.pull(uriIn(folder, shop.schema));
    const { readdirSync } = await import("node:fs");
    assert.ok(!readdirSync(folder).includes(marker));
  });

  it("shows what the schema engine says, when typing has paused", async () => {
    const folder = temporaryFolder({ ...shop.files, [shop.schema]: invalid });
    const uri = uriIn(folder, shop.schema);
    const own = await start({ folders: [folder], settings: { "": { debounce: 10 } } });
    await own.open(uri);
    await own.until(() => own.refreshes > 0, "A request to look again", 30_000);
    const engine = (await own.pull(uri)).find((one) => /opposite relation field/.test(String(one.message)));
    assert.equal(engine?.severity, 1);
    assert.equal(engine?.range.start.line, 12);
    // What it said moves along until it says something else.
    await own.change(uri, "model Account", "// one line more\nmodel Account");
    assert.ok((await own.pull(uri)).some((one) => /opposite relation field/.test(String(one.message)) && one.range.start.line === 13));
    const before = own.refreshes;
    await own.change(uri, "  id    BigInt    @id\n", "  id    BigInt    @id\n  deals Deal[]\n");
    await own.until(() => own.refreshes > before, "A request to look again", 30_000);
    assert.deepEqual(codes(await own.pull(uri)), ["require-index-on-foreign-key"]);
  });

  it("leaves syntax to Prisma's own extension where that is installed, and says so", async () => {
    const folder = temporaryFolder({ ...shop.files, [shop.schema]: `${invalid}\nmodel {` });
    const uri = uriIn(folder, shop.schema);
    const own = await start({
      folders: [folder],
      initializationOptions: { prismaExtensionInstalled: true },
      settings: { "": { debounce: 0 } },
    });
    await own.open(uri);
    await own.until(() => own.statuses.some((status) => status.prismaSyntax === "prismaExtension"), "A status");
    assert.deepEqual(codes(await own.pull(uri)), ["require-index-on-foreign-key"]);
    const before = own.refreshes;
    await own.tellEnvironment({ prismaExtensionInstalled: false, workspaceTrusted: true });
    await own.until(() => own.refreshes > before + 1, "The schema engine's answer", 30_000);
    assert.ok((await own.pull(uri)).some((one) => one.severity === 1));
  });

  it("goes on when the schema engine's thread cannot start", async () => {
    const folder = temporaryFolder({ ...shop.files, [shop.schema]: invalid });
    const uri = uriIn(folder, shop.schema);
    const nowhere = new URL("file:///nowhere/prismaWorker.js");
    const own = await start({ folders: [folder], settings: { "": { debounce: 0 } } }, { workers: { prisma: nowhere, sql: nowhere } });
    await own.open(uri);
    assert.ok(codes(await own.pull(uri)).includes("require-index-on-foreign-key"));
    await own.change(uri, "  accountId BigInt\n", "  accountId BigInt\n\n  @@index([accountId])\n");
    assert.ok(!codes(await own.pull(uri)).includes("require-index-on-foreign-key"));
  });

  it("reads a statement that is too large to be parsed at once in the background", async () => {
    const columns = Array.from({ length: 1400 }, (_, at) => `c${at} integer NOT NULL DEFAULT 0`).join(", ");
    const folder = temporaryFolder({ "schema.sql": `CREATE TABLE small (id bigint PRIMARY KEY);\nCREATE TABLE large (${columns});\n` });
    const uri = uriIn(folder, "schema.sql");
    const own = await start({ folders: [folder], settings: { "": { debounce: 0 } } });
    await own.open(uri);
    assert.deepEqual(codes(await own.pull(uri)), []);
    await own.until(() => own.refreshes > 0, "A request to look again", 30_000);
    assert.ok(codes(await own.pull(uri)).includes("require-primary-key"));
  });
});
