/** The package, installed into a real VS Code and looked at through its window: nothing here can activate the extension but VS Code. */
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { run } from "../../../scripts/support/command.ts";
import { root } from "../../../scripts/support/paths.ts";
import { writeFigure } from "../support/figures.ts";
import { installVsix, packagedOnce, type ExtensionsFolder } from "../support/installedExtension.ts";
import { Workbench, type WorkbenchOptions } from "../support/workbench.ts";

describe("The installed package", () => {
  let extensions: ExtensionsFolder | undefined;
  let folder: string;
  let window: Workbench | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "installed-"));
    extensions = await installVsix((await packagedOnce()).path);
    await cp(join(root, "test/e2e/fixtures"), folder, { recursive: true });
    await cp(join(root, "examples/crm-legacy"), join(folder, "crm-legacy"), { recursive: true });
  });
  after(async () => {
    await extensions?.remove();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await window?.screenshot(`failed-${this.currentTest.title.replaceAll(/\W+/g, "-")}`);
  });

  function installed(): string {
    assert.ok(extensions, "the package could not be installed");
    return extensions.path;
  }

  /** One window at a time. */
  async function open(options: Omit<WorkbenchOptions, "extensionsFolder"> & { readonly extensionsFolder?: string }): Promise<Workbench> {
    await close();
    window = await Workbench.open({ extensionsFolder: installed(), ...options });
    return window;
  }
  async function close(): Promise<void> {
    await window?.close();
    window = undefined;
  }

  describe("with the legacy CRM, in a dark theme", () => {
    let crm: Workbench;
    before(async () => {
      crm = await open({ open: join(folder, "crm-legacy"), settings: { "workbench.colorTheme": "Default Dark Modern" } });
    });
    after(close);

    it("shows findings in the text and in the Problems view", async () => {
      const started = performance.now();
      await crm.openFile("schema.prisma");
      await crm.squiggle().waitFor();
      await writeFigure("from “Go to File” to the first squiggle in the sample", `${(performance.now() - started).toFixed(0)} ms`);
      await crm.runCommand("Problems: Focus on Problems View");
      await crm.problems("Database Architect").first().waitFor();
      await crm.reveal("model Opportunity");
      await crm.screenshot("findings-dark");
    });

    it("is activated in a time that VS Code itself tells", async () => {
      const time = await crm.activationTime("Database Architect");
      assert.match(time, /\d+ms$/);
      await writeFigure("activation, as “Show Running Extensions” says", time);
    });
  });

  describe("with two small projects, in a light theme", () => {
    let shop: Workbench;
    before(async () => {
      shop = await open({ open: join(folder, "fixtures.code-workspace"), settings: { "workbench.colorTheme": "Default Light Modern" } });
      await shop.openFile("schema.prisma");
      await shop.squiggle().waitFor();
      await shop.screenshot("findings-light");
    });
    after(close);

    it("explains a finding where the pointer or the cursor is", async () => {
      await shop.clickWord("customer");
      await shop.runCommand("Show or Focus Hover");
      await shop.page.locator(".monaco-hover:visible", { hasText: "indexes the referenced side" }).waitFor();
      await shop.screenshot("hover-light");
      await shop.page.keyboard.press("Escape");
    });

    it("offers its fixes, and ways to say why not", async () => {
      await shop.clickWord("customer");
      await shop.runCommand("Quick Fix...");
      await shop.page.locator(".action-widget", { hasText: "Add an index on customer_id" }).waitFor();
      await shop.screenshot("quick-fixes-light");
      await shop.page.keyboard.press("Escape");
    });

    it("says in the status item what it found", async () => {
      assert.match(await shop.languageStatus("2 projects"), /2 projects: \w+, \w+/);
      await shop.screenshot("status-light");
      await shop.page.keyboard.press("Escape");
    });

    it("opens the page of a rule from the Problems view, and from there those of the others, without a network", async () => {
      await shop.runCommand("Problems: Focus on Problems View");
      await shop.problems("no-float-money").locator("a", { hasText: "no-float-money" }).click();
      await shop.webview("Do not keep money in float columns").locator("a", { hasText: /^Types$/ }).click();
      await shop.webview("A rule is on from its preset upwards").locator("a", { hasText: /^prefer-uuid-type$/ }).click();
      await shop.webview("Keep UUIDs in columns of type uuid").waitFor();
      await shop.screenshot("rule-page-from-problems");
    });

    it("opens the page of a rule from the palette", async () => {
      await shop.runCommand("Database Architect: Open Rule Documentation");
      await shop.choose("Open Rule Documentation", "require-primary-key");
      await shop.webview("Give every table a primary key").waitFor();
      await shop.screenshot("rule-page-light");
    });
  });

  describe("elsewhere", () => {
    afterEach(close);

    it("shows findings in a lone schema file that only its language gives away", async () => {
      await mkdir(join(folder, "lone"));
      await cp(join(root, "test/e2e/fixtures/shop/prisma/schema.prisma"), join(folder, "lone/shop.prisma"));
      const lone = await open({ open: join(folder, "lone") });
      await lone.openFile("shop.prisma");
      await lone.squiggle().waitFor();
    });

    it("leaves syntax errors to Prisma's own extension when that is installed, and says so", async () => {
      const both = await beside(installed(), { name: "prisma", publisher: "Prisma", version: "0.0.1", engines: { vscode: "*" } });
      try {
        const shop = await open({ open: join(folder, "fixtures.code-workspace"), extensionsFolder: both });
        await shop.openFile("schema.prisma");
        await shop.squiggle().waitFor();
        await shop.languageStatus("Prisma's extension shows syntax errors");
        await shop.screenshot("status-prisma");
        await close();
      } finally {
        await rm(both, { recursive: true, force: true, maxRetries: 5 });
      }
    });

    it("gives up on a server that ends five times, says so, and starts it again when asked", async () => {
      const shop = await open({ open: join(folder, "shop") });
      await shop.openFile("schema.prisma");
      await shop.squiggle().waitFor();
      for (let killed = 0, last = 0; killed < 5; killed++) {
        last = await otherProcess(installed(), last);
        await shop.languageStatus("shop (2 models"); // it answers: a server that ends while it starts is another story
        process.kill(last, "SIGKILL");
      }
      await shop.languageStatus("Database Architect stopped");
      await shop.screenshot("status-stopped");
      await shop.page.locator(".hover-language-status a", { hasText: "Restart" }).click();
      await shop.squiggle().waitFor();
    });

    it("shows findings in a workspace that is not trusted", async () => {
      const shop = await open({ open: join(folder, "shop"), workspaceTrust: true });
      await shop.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
      await shop.openFile("schema.prisma");
      await shop.squiggle().waitFor();
    });
  });
});

/** A copy of an extensions folder with one more extension in it, that does nothing. */
async function beside(extensionsFolder: string, manifest: { readonly name: string; readonly publisher: string; readonly version: string; readonly engines: object }): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "extensions-"));
  await cp(extensionsFolder, copy, { recursive: true });
  await rm(join(copy, "extensions.json"), { force: true }); // VS Code makes its list anew from the folders
  const added = join(copy, `${manifest.publisher}.${manifest.name}-${manifest.version}`.toLowerCase());
  await mkdir(added);
  await writeFile(join(added, "package.json"), JSON.stringify(manifest));
  return copy;
}

/** The id of the language server's process that belongs to this extensions folder, once it is not `last`. */
async function otherProcess(extensionsFolder: string, last: number): Promise<number> {
  for (const end = performance.now() + 60_000; performance.now() < end; ) {
    const lines = (await run("ps", ["-A", "-o", "pid=,args="], { output: "quiet" })).split("\n");
    const pid = Number.parseInt(lines.find((line) => line.includes(extensionsFolder) && line.includes("dist/server.js"))?.trim() ?? "0", 10);
    if (pid !== 0 && pid !== last) return pid;
    await setTimeout(100);
  }
  throw new Error("no language server was started within 60 s");
}
