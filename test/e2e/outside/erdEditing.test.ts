/** What a person changes in diagrams, in the window of a real VS Code: two projects side by side, by keyboard and by pointer, back in the texts. */
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame } from "playwright-core";
import { startPostgres, type RunningPostgres, type TestDatabase } from "../../support/postgres.ts";
import { violationsIn } from "../support/axe.ts";
import { expectEventually } from "../support/eventually.ts";
import { installVsix, packagedOnce, type ExtensionsFolder } from "../support/installedExtension.ts";
import { Workbench } from "../support/workbench.ts";

const files: Readonly<Record<string, string>> = {
  "both.code-workspace": JSON.stringify({ folders: [{ path: "shop" }, { path: "depot" }] }),
  "shop/package.json": '{ "name": "shop" }',
  "shop/prisma/schema.prisma": `datasource db {
  provider = "postgresql"
}

model Customer {
  id   Int    @id
  name String
}

model Order {
  id         Int @id
  customerId Int
}
`,
  "depot/migrations/001_shelves.sql": `CREATE TABLE shelves (id bigint PRIMARY KEY, label text NOT NULL);
CREATE TABLE parts (id bigint PRIMARY KEY, shelf_id bigint NOT NULL);
`,
};

const conflict = `{
  "version": 1,
  "positions": {
<<<<<<< HEAD
    "public.Customer": { "x": 40, "y": 60 }
=======
    "public.Customer": { "x": 80, "y": 100 }
>>>>>>> main
  }
}
`;

describe("The diagram, edited", () => {
  let extensions: ExtensionsFolder | undefined;
  let folder: string;
  let window: Workbench;
  let postgres: RunningPostgres | undefined;
  let database: TestDatabase | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "erd-editing-"));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, path, ".."), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    extensions = await installVsix((await packagedOnce()).path);
    const settings = { "workbench.colorTheme": "Default Light Modern", "files.autoSave": "afterDelay", "files.autoSaveDelay": 100, "workbench.sideBar.location": "right" };
    window = await Workbench.open({ extensionsFolder: extensions.path, open: join(folder, "both.code-workspace"), settings });
    await window.page.setViewportSize({ width: 1600, height: 900 });
  });
  after(async () => {
    await window?.close();
    await database?.drop();
    await postgres?.stop();
    await extensions?.remove();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await window?.screenshot(`failed-${this.currentTest.title.replaceAll(/\W+/g, "-")}`);
  });

  /** The page that shows a box, whichever webview it is in. */
  async function panelOf(key: string): Promise<Frame> {
    let found: Frame | undefined;
    await expectEventually(`a diagram with ${key}`, async () => {
      for (const frame of window.page.frames()) {
        const count = await frame.locator(`.box[data-key="${key}"]`).count().catch(() => 0);
        if (count > 0) found = frame;
      }
      return found !== undefined;
    });
    assert.ok(found);
    return found;
  }

  async function select(panel: Frame, typed: string, key: string): Promise<void> {
    await panel.locator(".search").fill(typed);
    await panel.locator("[role=option]").first().waitFor();
    await panel.locator(".search").press("Enter");
    await panel.locator(`.box.selected[data-key="${key}"]`).waitFor();
  }

  /** By keys alone: the menu of what is selected, and down to the item. */
  async function chooseInMenu(panel: Frame, label: string): Promise<void> {
    await panel.locator(".canvas").focus();
    await window.page.keyboard.press("Shift+F10");
    await panel.locator(".menu button:focus").waitFor();
    const focused = (): Promise<string> => panel.locator(".menu button:focus").innerText();
    const [first] = [await focused()];
    while (!(await focused()).includes(label)) {
      await window.page.keyboard.press("ArrowDown");
      assert.notEqual(await focused(), first, `${label} is not in the menu`);
    }
    await window.page.keyboard.press("Enter");
    await panel.locator(".menu").waitFor({ state: "detached" });
  }

  const text = (path: string): Promise<string> => readFile(join(folder, path), "utf8").catch(() => "");
  const schemaHas = (pattern: RegExp): Promise<void> => expectEventually(`${pattern} in the schema`, async () => pattern.test(await text("shop/prisma/schema.prisma")));

  it("of two projects is in two panels at once, each of which follows its own text", async () => {
    await window.openFile("001_shelves.sql");
    await window.page.locator(".codelens-decoration a").first().waitFor();
    await window.runCommand("Database Architect: Open ERD");
    await panelOf("public.shelves");
    await window.runCommand("View: Focus First Editor Group");
    await window.openFile("schema.prisma");
    await window.page.locator(".codelens-decoration a", { hasText: "Show in ERD" }).last().click();
    // Beside the text are two tabs now: one goes to a column of its own, so that both are seen.
    await (await panelOf("public.Order")).locator(".box.selected[data-key='public.Order']").waitFor();
    await window.page.locator(".tab", { hasText: "ERD: shop" }).click();
    await window.page.keyboard.press("ControlOrMeta+Alt+ArrowRight");
    await expectEventually("a third group", async () => (await window.page.locator(".editor-group-container").count()) === 3);
    await window.page.locator(".tab", { hasText: "ERD: depot" }).click();
    const shop = await panelOf("public.Order");
    const depot = await panelOf("public.shelves");
    assert.notEqual(shop, depot);
    await window.runCommand("View: Focus First Editor Group");
    await window.page.keyboard.press("ControlOrMeta+End");
    await window.page.keyboard.insertText("\nmodel Note {\n  id Int @id\n}\n");
    await panelOf("public.Note");
    assert.equal(await depot.locator(".box").count(), 2);
    await window.screenshot("erd-two-panels");
  });

  it("adds a column by keyboard", async () => {
    const panel = await panelOf("public.Order");
    await select(panel, "Order", "public.Order");
    await chooseInMenu(panel, "Add Column…");
    await window.page.keyboard.insertText("paidAt");
    await window.page.keyboard.press("Tab");
    await panel.locator(".form input").nth(1).fill("timestamptz");
    await window.page.keyboard.press("Enter");
    await panel.locator(".box[data-key='public.Order'] [data-column=paidAt]").waitFor();
    await schemaHas(/ {2}paidAt {5}DateTime\? @db\.Timestamptz\n/);
  });

  it("adds a relation by keyboard: both sides and the index, taken back by one undo", async () => {
    const panel = await panelOf("public.Order");
    await select(panel, "Order.customerId", "public.Order");
    await chooseInMenu(panel, "Add Relation…");
    assert.equal(await panel.locator(".form select").nth(1).inputValue(), "public.Customer");
    await window.screenshot("erd-add-relation");
    assert.deepEqual(await violationsIn(panel), []);
    await panel.locator(".form button").press("Enter");
    await panel.locator(".relation[data-key^='public.Order.']").waitFor();
    await schemaHas(/@relation\(fields: \[customerId\], references: \[id\][^]*@@index\(\[customerId\]\)/);
    assert.match(await text("shop/prisma/schema.prisma"), /Order\[\]/);
    await window.runCommand("View: Focus First Editor Group");
    await window.page.keyboard.press("ControlOrMeta+z");
    await panel.locator(".relation[data-key^='public.Order.']").waitFor({ state: "detached" });
    await schemaHas(/^(?![^]*(?:@relation|@@index|Order\[\]))/);
  });

  it("renames inline, and keeps the name in the database", async () => {
    const panel = await panelOf("public.Customer");
    await select(panel, "Customer.name", "public.Customer");
    await panel.locator(".canvas").press("F2");
    await panel.locator(".form input").fill("fullName");
    await panel.locator(".form input").press("Enter");
    await schemaHas(/fullName String @map\("name"\)/);
    await select(panel, "Customer", "public.Customer");
    await panel.locator(".canvas").press("F2");
    await panel.locator(".form input").fill("Buyer");
    await panel.locator(".form input").press("Enter");
    await schemaHas(/model Buyer \{[^}]*@@map\("Customer"\)/);
  });

  it("says why a name is none", async () => {
    const panel = await panelOf("public.Customer");
    await panel.locator(".canvas").press("F2");
    await panel.locator(".form input").fill("Order");
    await panel.locator(".form input").press("Enter");
    await panel.locator(".notice", { hasText: "Order" }).waitFor();
    await schemaHas(/model Buyer \{/);
  });

  it("adds the relation from a column to the table that it is dragged to, in a new migration", async () => {
    const panel = await panelOf("public.parts");
    const [from, to] = [panel.locator(".box[data-key='public.parts'] [data-column=shelf_id]"), panel.locator(".box[data-key='public.shelves'] .head")];
    const [start, end] = [await from.boundingBox(), await to.boundingBox()];
    assert.ok(start !== null && end !== null);
    await window.page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
    await window.page.mouse.down();
    await window.page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 8 });
    await window.screenshot("erd-drag-relation");
    await window.page.mouse.up();
    await panel.locator(".relation[data-key^='public.parts.']").waitFor();
    await expectEventually("a second migration", async () => (await readdir(join(folder, "depot/migrations"))).length === 2);
    const [first = "", second = ""] = (await readdir(join(folder, "depot/migrations"))).sort();
    await expectEventually("its text", async () => /FOREIGN KEY \(shelf_id\) REFERENCES shelves[^]*CREATE INDEX/.test(await text(`depot/migrations/${second}`)));
    assert.equal(await text(`depot/migrations/${first}`), files["depot/migrations/001_shelves.sql"]);
    assert.equal(second, "002_relate_parts_to_shelves.sql");
  });

  it("moves a box by keyboard, and writes over no file of positions that somebody broke", async () => {
    await mkdir(join(folder, "shop/.database-architect"), { recursive: true });
    await writeFile(join(folder, "shop/.database-architect/erd.json"), conflict);
    const toast = window.page.locator(".notification-toast", { hasText: "has conflicts of a merge in it" }).first();
    await toast.waitFor();
    const panel = await panelOf("public.Customer");
    const placeOf = (key: string): Promise<string | null> => panel.locator(`.box[data-key="${key}"]`).getAttribute("transform");
    await expectEventually("the later side's place", async () => (await placeOf("public.Customer")) === "translate(80 100)");
    await select(panel, "Customer", "public.Customer");
    await chooseInMenu(panel, "Move");
    await panel.locator(".notice", { hasText: "arrow keys move it" }).waitFor();
    await window.page.keyboard.press("ArrowRight");
    await window.page.keyboard.press("ArrowDown");
    await expectEventually("the box moved", async () => (await placeOf("public.Customer")) === "translate(100 120)");
    await window.page.keyboard.press("Enter");
    await panel.locator(".notice", { hasText: "Nothing is written to it until it is mended" }).waitFor();
    assert.equal(await text("shop/.database-architect/erd.json"), conflict);
    await window.screenshot("erd-broken-positions");
    await writeFile(join(folder, "shop/.database-architect/erd.json"), '{ "version": 1, "positions": { "public.Order": { "x": 300, "y": 500 } } }');
    await expectEventually("the mended place", async () => (await placeOf("public.Order")) === "translate(300 500)");
    assert.equal(await placeOf("public.Customer"), "translate(100 120)", "what was moved meanwhile stays");
    await chooseInMenu(panel, "Move");
    await window.page.keyboard.press("ArrowLeft");
    await window.page.keyboard.press("Enter");
    await expectEventually("both in the file", async () => (await text("shop/.database-architect/erd.json")) === '{\n  "version": 1,\n  "positions": {\n    "public.Customer": { "x": 80, "y": 120 },\n    "public.Order": { "x": 300, "y": 500 }\n  }\n}\n');
  });

  it("is read in the list by keyboard, where nobody loses their place", async () => {
    const panel = await panelOf("public.Customer");
    await panel.locator("button[aria-label='Table list']").press("Enter");
    const entry = panel.locator(".list .entry", { hasText: "Order" });
    await entry.press("Enter");
    await panel.locator(".box.selected[data-key='public.Order']").waitFor();
    const part = panel.locator(".list .part", { hasText: "customerId" });
    await part.press("Enter");
    await panel.locator(".details h3", { hasText: "customerId" }).waitFor();
    assert.deepEqual(await violationsIn(panel), []);
    assert.equal(await part.evaluate((element) => element === element.ownerDocument.activeElement), true);
    await panel.locator("button[aria-label='Table list']").press("Enter");
  });
  it("has on it how large its tables are in a database", async () => {
    postgres = await startPostgres(18);
    database = await postgres.createDatabase();
    const client = await database.client();
    await client.query(`CREATE TABLE "Order" (id int PRIMARY KEY); INSERT INTO "Order" SELECT generate_series(1, 1234)`);
    await client.query("ANALYZE");
    await window.runCommand("Database Architect: Add Connection");
    await window.choose("Add Connection", "Paste an address");
    await window.page.locator(".quick-input-widget input[placeholder^='postgresql://']").fill(database.url);
    await window.page.keyboard.press("Enter");
    await window.page.locator(".notification-toast", { hasText: /PostgreSQL 18\./ }).first().waitFor();
    const panel = await panelOf("public.Order");
    await panel.locator("button[aria-label='What is shown']").press("Enter");
    await panel.locator(".menu button", { hasText: "Size and Rows from a Database…" }).press("Enter");
    const size = panel.locator(".box[data-key='public.Order'] text", { hasText: /1\.2 ?k rows, \d+ kB/i });
    const question = window.page.locator(".quick-input-title", { hasText: "Show Sizes and Rows" });
    await expectEventually("the sizes", async () => {
      if (await question.isVisible()) await window.page.keyboard.press("Enter");
      return (await size.count()) > 0;
    });
    await window.screenshot("erd-sizes");
  });

  it("is saved as an image, and as a PDF that has or tells of every name", async () => {
    await window.runCommand("View: Focus First Editor Group");
    await window.page.locator(".tab", { hasText: "schema.prisma" }).click();
    await window.page.keyboard.press("ControlOrMeta+End");
    await window.page.keyboard.insertText('\nmodel Line {\n  id Int @id\n\n@@map("注文")\n}\n');
    const panel = await panelOf("public.注文");
    const save = async (format: string, file: string): Promise<Buffer> => {
      await panel.locator("button[aria-label='Export']").press("Enter");
      await panel.locator(".menu button", { hasText: format }).press("Enter");
      await window.page.locator(".quick-input-title", { hasText: `Export the Diagram as ${format}` }).waitFor();
      await expectEventually("a name for the file", async () => (await window.page.locator(".quick-input-widget input[type=text]").first().inputValue()).endsWith(file));
      await window.page.keyboard.press("Enter");
      await expectEventually(file, async () => (await readFile(join(folder, "shop", file)).catch(() => "")).length > 0);
      return readFile(join(folder, "shop", file));
    };
    const image = await save("PNG", "shop.png");
    assert.equal(image.toString("latin1", 1, 4), "PNG");
    assert.ok(image.readUInt32BE(16) > 300 && image.readUInt32BE(20) > 300, `${image.readUInt32BE(16)} × ${image.readUInt32BE(20)}`);
    const told = window.page.locator(".notification-toast", { hasText: "This machine has no font for some of the names in 注文" });
    const document = await save("PDF", "shop.pdf");
    if (!document.includes("/Subtype/Image")) await told.waitFor();
  });
  it("is in both panels again after a reload of the window", async () => {
    await window.page.reload();
    assert.notEqual(await panelOf("public.Order"), await panelOf("public.shelves"));
  });
});
