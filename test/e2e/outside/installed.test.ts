/** The package, installed into a real VS Code and looked at through its window: nothing here can activate the extension but VS Code. */
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../../../scripts/support/paths.ts";
import { packageExtension } from "../../../scripts/support/vsix.ts";
import { writeFigure } from "../support/figures.ts";
import { installVsix, type ExtensionsFolder } from "../support/installedExtension.ts";
import { Workbench, type WorkbenchOptions } from "../support/workbench.ts";

describe("The installed package", () => {
  let extensions: ExtensionsFolder;
  let folder: string;
  let workbench: Workbench | undefined;

  before(async () => {
    extensions = await installVsix((await packageExtension()).path);
    folder = await mkdtemp(join(tmpdir(), "installed-"));
    await cp(join(root, "test/e2e/fixtures"), folder, { recursive: true });
    await cp(join(root, "examples/crm-legacy"), join(folder, "crm-legacy"), { recursive: true });
  });
  after(async () => {
    await extensions.remove();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await workbench?.screenshot(`failed-${this.currentTest.title.replaceAll(/\W+/g, "-")}`);
    await workbench?.close();
    workbench = undefined;
  });

  async function open(options: Omit<WorkbenchOptions, "extensionsFolder">): Promise<Workbench> {
    workbench = await Workbench.open({ extensionsFolder: extensions.path, ...options });
    return workbench;
  }

  it("shows findings in a lone schema file that only its language gives away", async () => {
    const lone = join(folder, "lone");
    await mkdir(lone);
    await cp(join(root, "test/e2e/fixtures/shop/prisma/schema.prisma"), join(lone, "shop.prisma"));
    const window = await open({ open: lone });
    await window.openFile("shop.prisma");
    await window.squiggle().waitFor();
  });

  it("shows findings where they are and in the Problems view, in dark", async () => {
    const window = await open({ open: join(folder, "crm-legacy"), settings: { "workbench.colorTheme": "Default Dark Modern" } });
    const started = performance.now();
    await window.openFile("schema.prisma");
    await window.squiggle().waitFor();
    await writeFigure("first squiggle after opening the sample", `${(performance.now() - started).toFixed(0)} ms, with “Go to File” and drawing`);
    await window.runCommand("Problems: Focus on Problems View");
    await window.problems("has no index").first().waitFor();
    await window.screenshot("findings-dark");
    await writeFigure("activation as VS Code reports it", await window.activationTime("Database Architect"));
  });

  it("explains a finding in a hover and offers its fixes, in light", async () => {
    const window = await open({ open: join(folder, "fixtures.code-workspace"), settings: { "workbench.colorTheme": "Default Light Modern" } });
    await window.openFile("schema.prisma");
    await window.squiggle().waitFor();
    await window.screenshot("findings-light");
    await window.clickWord("customer");
    await window.runCommand("Show or Focus Hover");
    await window.page.locator(".monaco-hover:visible", { hasText: "indexes the referenced side" }).waitFor();
    await window.screenshot("hover-light");
    await window.page.keyboard.press("Escape");
    await window.page.keyboard.press("ControlOrMeta+.");
    await window.page.locator(".action-widget", { hasText: "Add an index on customer_id" }).waitFor();
    await window.screenshot("quick-fixes-light");
  });

  it("says in the status item what it found", async () => {
    const window = await open({ open: join(folder, "fixtures.code-workspace"), settings: { "workbench.colorTheme": "Default Dark Modern" } });
    await window.openFile("schema.prisma");
    await window.squiggle().waitFor();
    const status = await window.languageStatus("2 projects");
    assert.match(status, /shop/);
    await window.screenshot("status-dark");
  });

  it("leaves syntax errors to Prisma's own extension when that is installed, and says so", async () => {
    const beside = { name: "prisma", publisher: "Prisma", version: "0.0.1", engines: { vscode: "*" } };
    const both = await mkdtemp(join(tmpdir(), "extensions-"));
    try {
      await cp(extensions.path, both, { recursive: true });
      await rm(join(both, "extensions.json"), { force: true }); // VS Code makes the list anew from the folders
      await mkdir(join(both, "prisma.prisma-0.0.1"));
      await writeFile(join(both, "prisma.prisma-0.0.1/package.json"), JSON.stringify(beside));
      workbench = await Workbench.open({ extensionsFolder: both, open: join(folder, "fixtures.code-workspace") });
      await workbench.openFile("schema.prisma");
      await workbench.squiggle().waitFor();
      await workbench.languageStatus("Prisma's extension shows syntax errors");
    } finally {
      await workbench?.close();
      workbench = undefined;
      await rm(both, { recursive: true, force: true, maxRetries: 5 });
    }
  });

  it("shows findings in a workspace that is not trusted", async () => {
    const window = await open({ open: join(folder, "shop"), workspaceTrust: true });
    await window.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    await window.openFile("schema.prisma");
    await window.squiggle().waitFor();
  });

  it("shows what it can say of a rule, from the palette", async () => {
    const window = await open({ open: join(folder, "shop") });
    await window.openFile("schema.prisma");
    await window.squiggle().waitFor();
    await window.runCommand("Database Architect: Open Rule Documentation");
    const input = window.page.locator(".quick-input-widget input[type=text]");
    await window.page.locator(".quick-input-list .monaco-list-row", { hasText: "require-primary-key" }).waitFor();
    await input.fill("require-primary-key");
    await window.page.keyboard.press("Enter");
    await window.page.locator(".tab.active", { hasText: "require-primary-key" }).waitFor();
    await window.webview("Give every table").waitFor();
    await window.screenshot("rule-page");
  });
});
