/** Databases in the window of a real VS Code, as a person makes them known and looks at them; afterwards no password is anywhere. */
import assert from "node:assert/strict";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { root } from "../../../scripts/support/paths.ts";
import { startPostgres, type RunningPostgres, type TestDatabase } from "../../support/postgres.ts";
import { crm } from "../../support/samples.ts";
import { installVsix, packagedOnce, type ExtensionsFolder } from "../support/installedExtension.ts";
import { Workbench } from "../support/workbench.ts";

const canary = "canary-9vX-right";
const wrong = "canary-9vX-wrong";

describe("Databases in the editor", () => {
  let extensions: ExtensionsFolder | undefined;
  let folder: string;
  let postgres: RunningPostgres;
  let database: TestDatabase;
  let window: Workbench;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "connections-"));
    extensions = await installVsix((await packagedOnce()).path);
    await cp(join(root, "examples/crm"), join(folder, "crm"), { recursive: true });
    postgres = await startPostgres(18, { shared_preload_libraries: "pg_stat_statements" });
    database = await postgres.createDatabase();
    const client = await database.client();
    for (const { text } of crm.migrations) await client.query(text);
    await client.query(`CREATE EXTENSION pg_stat_statements; CREATE ROLE canary LOGIN PASSWORD '${canary}'; GRANT pg_read_all_data, pg_read_all_stats TO canary`);
    await client.query("ANALYZE");
    await client.query("SELECT a.name, count(*) FROM accounts a JOIN opportunities o ON o.account_id = a.id GROUP BY a.name ORDER BY 2 DESC LIMIT 20");
    const { host } = new URL(database.url);
    await writeFile(join(folder, "crm/.env"), `# local\nDATABASE_URL="postgresql://canary:${canary}@${host}/${database.name}?schema=public"\n`);
    await writeFile(join(folder, "crm/queries/largest-accounts.sql"), "SELECT a.name, count(*)\nFROM accounts a\nJOIN opportunities o ON o.account_id = a.id\nGROUP BY a.name ORDER BY 2 DESC LIMIT 20;\n");
    window = await Workbench.open({ extensionsFolder: extensions.path, open: join(folder, "crm"), settings: { "workbench.colorTheme": "Default Dark Modern" } });
    await window.openFile("sales.prisma");
    await window.page.locator(".codelens-decoration a").first().waitFor();
  });
  after(async () => {
    await window?.close();
    await extensions?.remove();
    await database?.drop();
    await postgres?.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await window?.screenshot(`failed-${this.currentTest.title.replaceAll(/\W+/g, "-")}`);
  });

  const row = (text: string | RegExp): Locator => window.page.locator(".pane-body .monaco-list-row", { hasText: text }).first();
  const open = async (text: string | RegExp): Promise<void> => {
    await row(text).click();
    await window.page.keyboard.press("ArrowRight");
  };
  const toast = (text: string | RegExp): Locator => window.page.locator(".notification-toast", { hasText: text }).first();
  const clearToasts = (): Promise<void> => window.runCommand("Notifications: Clear All Notifications");
  const statusBar = (text: string): Locator => window.page.locator("#status\\.database-architect\\.database-architect\\.databaseArchitect\\.target, [id*='databaseArchitect.target']", { hasText: text }).first();

  it("are shown with the address that a file has, which nobody has agreed to", async () => {
    await window.page.locator(".activitybar .action-item a[aria-label^='Database Architect']").click();
    await row("DATABASE_URL").waitFor();
    assert.match(await row("DATABASE_URL").innerText(), /\.env · 127\.0\.0\.1:\d+\/test_\w+ · not connected/);
    await window.screenshot("databases-found");
  });

  it("are connected to after one question that names file, variable and host", async () => {
    await row("DATABASE_URL").click();
    const dialog = window.page.locator(".monaco-dialog-box");
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Connect to 127\.0\.0\.1:\d+\/test_\w+ as canary\?[^]*DATABASE_URL in \.env names it/);
    await window.screenshot("databases-question");
    await dialog.locator(".monaco-button", { hasText: "Connect" }).click();
    await toast(/PostgreSQL 18\./).waitFor();
    await row("@127.0.0.1").waitFor();
    await statusBar("· dev").waitFor();
  });

  it("have schemas, tables with sizes and rows, columns and indexes with their use", async () => {
    await clearToasts();
    await open("@127.0.0.1");
    await row("public").waitFor();
    await open("public");
    await row(/^accounts/).waitFor();
    assert.match(await row(/^accounts/).innerText(), /\d+ kB/);
    await open(/^accounts/);
    await row("Indexes").waitFor();
    await row("primary key").waitFor();
    await row(/never used since/).waitFor();
    await window.screenshot("databases-dark");
  });

  it("have their slow statements", async () => {
    await row("public").click();
    await window.page.keyboard.press("ArrowLeft");
    await open("Slow statements");
    await row(/ × 1 ?SELECT a\.name/).waitFor();
    await window.screenshot("databases-statements");
  });

  it("plan and run a query of a file, in the plan panel, which names the database", async () => {
    await window.openFile("largest-accounts.sql");
    await window.page.locator(".monaco-editor .view-line", { hasText: "JOIN opportunities" }).first().click();
    await window.runCommand("Database Architect: Explain This Query");
    const view = window.webview("");
    await view.locator(".tree .rows .row").first().waitFor();
    assert.match(await view.locator(".toolbar .target").innerText(), /127\.0\.0\.1[^]*dev/);
    await view.locator(".toolbar button", { hasText: "Explain Analyze" }).click();
    await view.locator(".strip", { hasText: "Execution" }).waitFor();
    await view.locator("[role=tab]", { hasText: "Kept (2)" }).waitFor();
    await window.screenshot("plan-on-database");
    await window.runCommand("View: Close All Editors");
  });

  it("are production at all times once a person said so", async () => {
    await window.runCommand("Database Architect: Set Environment");
    await window.choose("Set Environment", "test_");
    await window.choose("Set Environment", "production");
    await statusBar("PRODUCTION").waitFor();
    await row("production").waitFor();
    await window.screenshot("databases-production");
  });

  it("that refuse say why and what to do, and one that does not encrypt is not spoken to", async () => {
    const { port } = new URL(database.url);
    await add(`postgresql://canary:${wrong}@127.0.0.1:${port}/${database.name}`);
    await toast(/password authentication failed for user "canary"\. Check the user name and the password/).waitFor();
    await window.screenshot("databases-wrong-password");
    await clearToasts();
    await add(`postgresql://canary:${wrong}@127.0.0.1:${port}/${database.name}?sslmode=require`);
    await toast(/does not support SSL|does not encrypt/).waitFor();
    await clearToasts();
    await add(`postgresql://canary:${wrong}@127.0.0.1:1/${database.name}`);
    await toast(/ECONNREFUSED[^]*Is the server running/).waitFor();
    await clearToasts();
  });

  it("say while an address is typed what is wrong with it", async () => {
    await beginToAdd();
    await window.page.locator(".quick-input-widget input").fill(`postgresql://canary:${wrong}#1@localhost/shop`);
    await window.page.keyboard.press("Enter");
    await window.page.locator(".quick-input-message", { hasText: "The password in the address holds #" }).waitFor();
    await window.page.keyboard.press("Escape");
  });

  it("can be read in a light theme", async () => {
    await window.runCommand("Preferences: Toggle between Light/Dark Themes");
    await window.page.locator(".monaco-workbench.vs").waitFor();
    await open("public");
    await row(/^accounts/).waitFor();
    await window.screenshot("databases-light");
  });

  // Logs and traces: `test/database/secrets.test.ts`; this VS Code writes none to files.
  it("leave no password in settings, state, storage or on the page", async () => {
    const texts = [...(await textsBelow(window.dataFolder)), ...(await textsBelow(extensions?.path ?? ""))];
    assert.ok(texts.some(({ text }) => text.includes("editor.minimap.enabled")), "the settings are there");
    assert.deepEqual(texts.filter(({ text }) => text.includes(canary) || text.includes(wrong)).map(({ path }) => path), []);
    const page = await window.page.content();
    assert.ok(!page.includes(canary) && !page.includes(wrong));
  });

  async function beginToAdd(): Promise<void> {
    await window.runCommand("Database Architect: Add Connection");
    await window.choose("Add Connection", "Paste an address");
    await window.page.locator(".quick-input-widget input[placeholder^='postgresql://']").waitFor();
  }

  async function add(address: string): Promise<void> {
    await beginToAdd();
    await window.page.locator(".quick-input-widget input").fill(address);
    await window.page.keyboard.press("Enter");
  }
});

async function textsBelow(folder: string): Promise<readonly { readonly path: string; readonly text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (path) => ({ path, text: await readFile(path, "latin1") })));
}
