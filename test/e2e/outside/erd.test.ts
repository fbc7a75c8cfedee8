/** The diagram, in the window of a real VS Code: as a person opens it, reads it, types beside it, and as axe looks at it. */
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expectEventually } from "../support/eventually.ts";
import { root } from "../../../scripts/support/paths.ts";
import { installVsix, packagedOnce, type ExtensionsFolder } from "../support/installedExtension.ts";
import { violations } from "../support/axe.ts";
import { Workbench } from "../support/workbench.ts";

const hostileSchema = `datasource db {
  provider = "postgresql"
}

model Evil {
  id   Int    @id
  name String @map("<script>alert(1)</script>")

  @@map("<img src=x onerror=alert(1)>")
}

model Long {
  id Int @id

  @@map("a_table_with_a_name_of_sixty_three_characters_as_long_as_can_be")
}

model Wide {
  id Int @id
${Array.from({ length: 400 }, (_, i) => `  reading${i} Float?`).join("\n")}
}

${Array.from({ length: 50 }, (_, i) => `model Ring${i} {\n  id     Int    @id\n  nextId Int\n  next   Ring${(i + 1) % 50} @relation("ring${i}", fields: [nextId], references: [id])\n  last   Ring${(i + 49) % 50}[] @relation("ring${(i + 49) % 50}")\n}`).join("\n\n")}
`;

describe("The diagram", () => {
  let extensions: ExtensionsFolder | undefined;
  let folder: string;
  let window: Workbench | undefined;
  let opened: string | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "erd-"));
    extensions = await installVsix((await packagedOnce()).path);
    await cp(join(root, "examples/crm"), join(folder, "crm"), { recursive: true });
    await cp(join(root, "examples/crm-legacy"), join(folder, "crm-legacy"), { recursive: true });
    await cp(join(root, "test/e2e/fixtures/shop"), join(folder, "hostile"), { recursive: true });
    await writeFile(join(folder, "hostile/prisma/schema.prisma"), hostileSchema);
  });
  after(async () => {
    await extensions?.remove();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await window?.screenshot(`failed-${this.currentTest.title.replaceAll(/\W+/g, "-")}`);
  });

  /** A window on the folder `name` without editors: the one that is there, when it shows that folder. */
  async function open(name: string): Promise<Workbench> {
    if (window !== undefined && opened === name) {
      await window.runCommand("View: Close All Editors");
      await window.page.locator(".tab").first().waitFor({ state: "detached" });
      return window;
    }
    await window?.close();
    assert.ok(extensions, "the package could not be installed");
    opened = name;
    window = await Workbench.open({ extensionsFolder: extensions.path, open: join(folder, name), settings: { "workbench.colorTheme": "Default Dark Modern", "editor.autoClosingBrackets": "never" } });
    return window;
  }

  async function openErd(name: string, file: string): Promise<Workbench> {
    const workbench = await open(name);
    await workbench.openFile(file);
    await workbench.page.locator(".codelens-decoration a").first().waitFor();
    await workbench.runCommand("Database Architect: Open ERD");
    await workbench.webview("").locator("main[data-revision]").waitFor();
    return workbench;
  }

  after(async () => window?.close());

  describe("of the sample", () => {
    let crm: Workbench;
    before(async () => {
      crm = await openErd("crm", "sales.prisma");
    });

    it("opens from the palette and draws every table", async () => {
      await crm.screenshot("erd-dark");
      await crm.webview("").locator("button[aria-label='Table list']").click();
      assert.match(await crm.webview("").locator(".list h2").first().innerText(), /^53 tables$/);
      await crm.webview("").locator("button[aria-label='Table list']").click();
    });

    it("finds a table, selects it, and goes to its definition with Enter", async () => {
      const view = crm.webview("");
      await view.locator(".search").fill("pipelines");
      await view.locator("[role=option]").first().waitFor();
      await crm.page.keyboard.press("Enter");
      await view.locator(".box.selected[data-key='public.pipelines']").waitFor();
      await crm.screenshot("erd-selected");
      await crm.page.keyboard.press("Enter");
      await crm.page.locator(".tab.active", { hasText: "sales.prisma" }).waitFor();
      await expectEventually("the cursor on the model", async () => (await crm.page.locator("[id='status.editor.selection']").innerText()).includes("Ln 29"));
    });

    it("follows what is typed, and keeps the last picture while a line is half typed", async () => {
      const view = crm.webview("");
      const press = async (...keys: readonly string[]): Promise<void> => {
        for (const key of keys) await crm.page.keyboard.press(key);
      };
      await press("End", "Enter");
      await crm.page.keyboard.insertText('  shoeSize Int? @map("shoe_size")');
      await view.locator("[data-column=shoe_size]").waitFor();
      await press("ArrowUp", "End", "Backspace"); // the model's brace
      await view.locator(".notice", { hasText: "Showing the last picture that could be drawn. There is a syntax error in sales.prisma" }).waitFor();
      assert.equal(await view.locator(".box[data-key='public.pipelines'] [data-column=shoe_size]").count(), 1, "half-typed text took something away");
      await crm.page.keyboard.insertText("{");
      await view.locator(".notice").waitFor({ state: "hidden" });
      await press("ArrowDown", "ControlOrMeta+Shift+k");
      await view.locator("[data-column=shoe_size]").waitFor({ state: "detached" });
    });

    it("shows what deleting a row takes with it, until Escape", async () => {
      const view = crm.webview("");
      await view.locator(".box[data-key='public.pipelines'] .head").click({ button: "right" });
      await view.locator(".menu button", { hasText: "Simulate Delete" }).click();
      await view.locator(".box.deleted.root[data-key='public.pipelines']").waitFor();
      assert.match(await view.locator(".filters").innerText(), /pipelines/);
      await view.locator("button[aria-label^='Fit']").click();
      await crm.screenshot("erd-delete");
      await view.locator(".canvas").focus();
      await crm.page.keyboard.press("Escape");
      await view.locator(".filters").waitFor({ state: "hidden" });
    });

    it("saves an image of itself", async () => {
      const view = crm.webview("");
      await view.locator("button[aria-label^='Export']").click();
      await view.locator(".menu button", { hasText: "PNG" }).click();
      await crm.page.locator(".quick-input-title", { hasText: "Export the Diagram as PNG" }).waitFor();
      await expectEventually("a name for the image", async () => (await crm.page.locator(".quick-input-widget input[type=text]").first().inputValue()).endsWith(".png"));
      await crm.page.keyboard.press("Enter");
      await expectEventually("the image", async () => (await readdir(join(folder, "crm"))).some((name) => name.endsWith(".png")));
    });

    it("saves itself as a PDF", async () => {
      const view = crm.webview("");
      await view.locator("button[aria-label^='Export']").click();
      await view.locator(".menu button", { hasText: "PDF" }).click();
      await crm.page.locator(".quick-input-title", { hasText: "Export the Diagram as PDF" }).waitFor();
      await expectEventually("a name for the file", async () => (await crm.page.locator(".quick-input-widget input[type=text]").first().inputValue()).endsWith(".pdf"));
      await crm.page.keyboard.press("Enter");
      await expectEventually("the PDF", async () => (await readFile(join(folder, "crm/crm.pdf"), "latin1").catch(() => "")).endsWith("%%EOF\n"));
    });

    it("is worked with by keyboard alone: from table to table, hidden, shown again, a menu", async () => {
      const view = crm.webview("");
      await view.locator(".search").fill("pipelines");
      await view.locator("[role=option]").first().waitFor();
      await crm.page.keyboard.press("Enter");
      await view.locator(".box.selected[data-key='public.pipelines']").waitFor();
      await crm.page.keyboard.press("Delete");
      await view.locator(".filters", { hasText: "1 hidden" }).waitFor();
      await view.locator(".filters button").press("Enter");
      await view.locator(".filters").waitFor({ state: "hidden" });
      await view.locator(".canvas").focus();
      await crm.page.keyboard.press("ArrowRight");
      await view.locator(".box.selected:not([data-key='public.pipelines'])").first().waitFor();
      await view.locator(".search").fill("pipelines");
      await view.locator("[role=option]").first().waitFor();
      await crm.page.keyboard.press("Enter");
      await view.locator(".box.selected[data-key='public.pipelines']").waitFor();
      await view.locator(".canvas").focus();
      await crm.page.keyboard.press("Shift+F10");
      await view.locator(".menu button", { hasText: "Add Column…" }).waitFor();
      await crm.page.keyboard.press("Escape");
      await view.locator(".menu").waitFor({ state: "detached" });
    });

    it("keeps what is dragged in a file, until it is arranged anew", async () => {
      const view = crm.webview("");
      await view.locator(".search").fill("pipelines");
      await view.locator("[role=option]").first().waitFor();
      await crm.page.keyboard.press("Enter");
      const head = view.locator(".box.selected[data-key='public.pipelines'] .head");
      await head.waitFor();
      await head.hover();
      await crm.page.mouse.down();
      const at = await head.boundingBox();
      assert.ok(at);
      await crm.page.mouse.move(at.x + 100, at.y + 60, { steps: 5 });
      await crm.page.mouse.up();
      const kept = async (): Promise<string> => (await readFile(join(folder, "crm/.database-architect/erd.json"), "utf8").catch(() => "")).trim();
      await expectEventually("the place in the file", async () => (await kept()).includes('"public.pipelines"'));
      await view.locator("button[aria-label^='Arrange']").click();
      await expectEventually("no file", async () => (await kept()) === "");
    });

    it("is there again after a reload of the window", async () => {
      // In a browser the workbench writes down what a page keeps every few seconds, and nothing on the way out.
      await expectEventually("the selection among what the workbench keeps", () => crm.keeps(/selection[^}]{0,60}public\.pipelines/));
      await crm.page.reload();
      await crm.webview("").locator("main[data-revision]").waitFor({ timeout: 180_000 }); // the extension host starts anew
      await crm.webview("").locator(".box.selected[data-key='public.pipelines']").waitFor();
    });
  });

  it("treats hostile names as text", async () => {
    const workbench = await openErd("hostile", "schema.prisma");
    const view = workbench.webview("");
    let hasAlerted = false;
    workbench.page.on("dialog", (dialog) => {
      hasAlerted = true;
      void dialog.dismiss();
    });
    await view.locator(".box[data-key='public.<img src=x onerror=alert(1)>']").waitFor();
    await view.locator("button[aria-label='Table list']").click();
    await workbench.screenshot("erd-hostile");
    assert.match(await view.locator(".list h2").first().innerText(), /^53 tables$/);
    await view.locator(".search").fill("reading399");
    await view.locator("[role=option]").first().waitFor();
    await workbench.page.keyboard.press("Enter");
    const [row, stage] = [view.locator(".box.selected[data-key='public.Wide'] [data-column=reading399]"), view.locator(".canvas")];
    await row.waitFor();
    await expectEventually("the column in sight", async () => {
      const [of, within] = [await row.boundingBox(), await stage.boundingBox()];
      return of !== null && within !== null && of.x >= within.x && of.y >= within.y && of.x + of.width <= within.x + within.width && of.y + of.height <= within.y + within.height;
    });
    await workbench.screenshot("erd-wide");
    assert.equal(await view.locator("img").count(), 0);
    assert.equal(await view.locator("script").count(), 1);
    assert.equal(hasAlerted, false);
  });

  it("says so when there are no tables yet", async () => {
    await writeFile(join(folder, "hostile/prisma/schema.prisma"), 'datasource db {\n  provider = "postgresql"\n}\n');
    const workbench = await open("hostile");
    await workbench.openFile("schema.prisma");
    await workbench.page.locator(".editor-actions [aria-label^='Open ERD']").first().click();
    await workbench.webview("").locator(".empty", { hasText: "defines no tables yet" }).waitFor();
    await workbench.screenshot("erd-empty");
    await writeFile(join(folder, "hostile/prisma/schema.prisma"), 'datasource db {\n  provider = "postgresql"\n}\n\nmodel {\n');
    await workbench.webview("").locator(".empty", { hasText: "There is a syntax error in schema.prisma" }).waitFor();
    await workbench.screenshot("erd-unreadable");
  });

  it("shows what differs between two migrations, beside the diagram of the files", async () => {
    await mkdir(join(folder, "history/migrations"), { recursive: true });
    await writeFile(join(folder, "history/migrations/001_users.sql"), "CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL);\n");
    await writeFile(join(folder, "history/migrations/002_posts.sql"), "CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint NOT NULL REFERENCES users);\nALTER TABLE users DROP COLUMN email;\n");
    const workbench = await openErd("history", "002_posts.sql");
    await workbench.page.locator(".tab", { hasText: "002_posts.sql" }).click();
    await workbench.runCommand("Database Architect: Compare Schemas");
    await workbench.choose("Compare Schemas (1/2)", "001_users.sql");
    await workbench.choose("Compare Schemas (2/2)", "The files as they are");
    const view = workbench.webview("");
    await view.locator(".box.added[data-key='public.posts']").waitFor();
    await view.locator(".box.changed[data-key='public.users']").waitFor();
    await workbench.screenshot("erd-difference");
    assert.equal(await workbench.page.locator(".tab", { hasText: "ERD: " }).count(), 2, "both diagrams are open");
  });

  it("opens from the explorer, for a folder of migrations", async () => {
    const workbench = await open("history");
    const row = workbench.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "migrations" }).first();
    const item = workbench.page.locator(".monaco-menu .action-label", { hasText: "Open ERD" }).first();
    await expectEventually("the menu's item, once the server runs", async () => {
      await workbench.page.keyboard.press("Escape");
      await row.click({ button: "right" });
      return item.waitFor({ timeout: 2000 }).then(() => true, () => false);
    });
    await item.click();
    await workbench.webview("").locator(".box[data-key='public.posts']").waitFor();
  });

  describe("has nothing that axe objects to", () => {
    let legacy: Workbench;
    before(async () => {
      legacy = await openErd("crm-legacy", "schema.prisma");
      const view = legacy.webview("");
      await view.locator(".canvas").focus();
      await legacy.page.keyboard.press("ArrowRight");
      await view.locator(".details").waitFor();
    });

    for (const theme of ["Default Dark Modern", "Default Light Modern", "Default High Contrast", "Default High Contrast Light"] as const) {
      it(`in the theme ${theme}`, async () => {
        const list = legacy.webview("").locator("button[aria-label='Table list']");
        await legacy.setTheme(theme);
        await legacy.screenshot(`erd-${theme.toLowerCase().replaceAll(" ", "-")}`);
        await list.click();
        assert.deepEqual(await violations(legacy), []);
        await list.click();
      });
    }
  });
});
