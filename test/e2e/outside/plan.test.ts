/** Plans, in the window of a real VS Code: as a person asks for one, reads it, runs it, compares it, and as axe looks at it. */
import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { root } from "../../../scripts/support/paths.ts";
import { expectEventually } from "../support/eventually.ts";
import { type ExtensionsFolder, installVsix, packagedOnce } from "../support/installedExtension.ts";
import { violations } from "../support/axe.ts";
import { Workbench } from "../support/workbench.ts";

/** Rows of which few are lost: a common value and a rare one are found in different ways. */
const migration = `CREATE TABLE accounts (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE deals (id int PRIMARY KEY, status text NOT NULL, account int NOT NULL REFERENCES accounts, about text);
INSERT INTO accounts SELECT g, 'account ' || g FROM generate_series(1, 900) g;
INSERT INTO deals SELECT g, CASE WHEN g % 500 = 0 THEN 'lost' ELSE 'open' END, g % 900 + 1, repeat('x', 200) FROM generate_series(1, 20000) g;
CREATE INDEX deals_status ON deals (status);
ANALYZE;
`;
const queries = `-- deals of an account
SELECT deals.id, accounts.name
FROM deals
JOIN accounts ON accounts.id = deals.account
WHERE deals.account = 7
ORDER BY deals.id
LIMIT 20;

SELECT about FROM deals WHERE status = :status;

SELECT nothing FROM nowhere;
`;

describe("The plan of a query", () => {
  let extensions: ExtensionsFolder | undefined;
  let folder: string;
  let window: Workbench | undefined;
  let shown: string | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "plan-"));
    extensions = await installVsix((await packagedOnce()).path);
    await mkdir(join(folder, "shop/migrations"), { recursive: true });
    await mkdir(join(folder, "shop/queries"));
    await writeFile(join(folder, "shop/migrations/0001_deals.sql"), migration);
    await writeFile(join(folder, "shop/queries/deals.sql"), queries);
    const golden = await readFile(join(root, "test/fixtures/plans/05-misestimate-join.json"), "utf8");
    await writeFile(join(folder, "shop/join.plan.json"), golden);
    await writeFile(join(folder, "shop/torn.plan.json"), golden.slice(0, 900));
    const hostile = { "Node Type": "Seq Scan", "Relation Name": "<img src=x onerror=alert(1)>", Alias: "<script>alert(1)</script>", "Startup Cost": 0, "Total Cost": 9, "Plan Rows": 1, "Plan Width": 1, Filter: "(a = '</style><script>alert(1)</script>'::text)" };
    await writeFile(join(folder, "shop/hostile.plan.json"), JSON.stringify([{ "Query Text": "SELECT '<img src=x onerror=alert(1)>'", Plan: hostile }]));
    await cp(join(root, "examples/crm"), join(folder, "crm"), { recursive: true });
  });
  after(async () => {
    await window?.close();
    await extensions?.remove();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await window?.screenshot(`failed-${this.currentTest.title.replaceAll(/\W+/g, "-")}`);
  });

  /** A window on the folder `name` without editors: the one that is there, when it shows that folder. */
  async function open(name: string): Promise<Workbench> {
    if (window !== undefined && shown === name) {
      await window.runCommand("View: Close All Editors");
      await window.page.locator(".tab").first().waitFor({ state: "detached" });
      return window;
    }
    await window?.close();
    assert.ok(extensions, "the package could not be installed");
    shown = name;
    window = await Workbench.open({ extensionsFolder: extensions.path, open: join(folder, name), settings: { "workbench.colorTheme": "Default Dark Modern" } });
    return window;
  }

  /** From the palette, with the cursor on the line of a word. */
  async function explain(workbench: Workbench, word: string, command = "Database Architect: Explain This Query"): Promise<Locator> {
    await workbench.page.locator(".monaco-editor .view-line", { hasText: word }).first().click();
    await workbench.runCommand(command);
    return workbench.webview("");
  }

  async function opened(workbench: Workbench): Promise<Workbench> {
    await workbench.openFile("deals.sql");
    await workbench.page.locator("[id='status.languageStatus']").first().waitFor();
    return workbench;
  }

  describe("on the scratch database", () => {
    let shop: Workbench;
    before(async () => {
      shop = await opened(await open("shop"));
    });

    it("opens from the palette: the nodes, and what they tell", async () => {
      const view = await explain(shop, "JOIN accounts");
      await view.locator(".tree .rows .row").first().waitFor();
      await shop.page.locator(".tab.active", { hasText: "Plan: deals.sql:2" }).waitFor();
      assert.match(await view.locator(".tree .rows .row").first().innerText(), /Limit/);
      await view.locator(".insight", { hasText: "deals is read whole" }).waitFor();
      await shop.screenshot("plan-dark");
    });

    it("marks the part of the query that a node carries out", async () => {
      const view = shop.webview("");
      await view.locator(".tree .rows .row", { hasText: /Seq Scan\s*on deals/ }).click();
      await expectEventually("the marks", async () => (await view.locator(".query mark").allInnerTexts()).join(" ").includes("deals.account = 7"));
      await shop.page.keyboard.press("ArrowUp");
      await view.locator(".nodeTitle", { hasText: /Seq Scan\s*on accounts/ }).waitFor();
    });

    it("is run when that is asked, and kept", async () => {
      const view = shop.webview("");
      await view.locator(".toolbar button", { hasText: "Explain Analyze" }).click();
      await view.locator(".strip", { hasText: "Execution" }).waitFor();
      await view.locator("[role=tab]", { hasText: "Kept (2)" }).click(); // as it was planned, and as it ran
      await shop.screenshot("plan-analyzed");
      await view.locator(".kept input").last().check();
      await view.locator("button", { hasText: "Compare with the Plan Shown" }).click();
      await view.locator(".picture.pair").waitFor();
      await shop.screenshot("plan-compared");
    });

    it("is drawn as an icicle and as a table as well", async () => {
      const view = shop.webview("");
      await view.locator(".mainColumn [role=tab]", { hasText: "as it is" }).first().click();
      await view.locator("button[aria-label=Icicle]").click();
      await view.locator("canvas.icicle").click({ position: { x: 30, y: 12 } });
      await shop.screenshot("plan-icicle");
      await view.locator("button[aria-label=Table]").click();
      assert.ok((await view.locator(".textTable tbody tr").count()) >= 4);
      await shop.screenshot("plan-table");
      await view.locator("button[aria-label=Tree]").click();
    });

    it("writes the index that it asks for into a new migration", async () => {
      const view = shop.webview("");
      await view.locator("[role=tab]", { hasText: "Insights" }).click();
      await view.locator("button", { hasText: "Write Index" }).first().click();
      await view.locator("button", { hasText: "Written" }).waitFor();
      await expectEventually("the migration", async () => (await readdir(join(folder, "shop/migrations"))).length === 2);
    });

    it("says that a plan has become worse than one that was kept", async () => {
      const view = shop.webview("");
      const again = view.locator(".toolbar button", { hasText: /^Explain$/ });
      await again.click();
      await view.locator(".tree .rows .row", { hasText: /Index Scan|Bitmap/ }).first().waitFor();
      const made = (await readdir(join(folder, "shop/migrations"))).find((name) => name !== "0001_deals.sql");
      assert.ok(made !== undefined);
      await rm(join(folder, "shop/migrations", made), { recursive: true });
      await expectEventually("the plan without the index", async () => {
        await again.click();
        await again.waitFor(); // hidden while something goes on
        return (await view.locator(".tree .rows .row", { hasText: /Seq Scan\s*on deals/ }).count()) > 0;
      });
      await view.locator(".insight", { hasText: "where the stored plan had" }).waitFor();
      await shop.screenshot("plan-regressed");
    });

    it("leads back to the query", async () => {
      await shop.webview("").locator("button[aria-label='Go to the query']").click();
      await shop.page.locator(".tab.active[aria-label^='deals.sql']").waitFor();
      await expectEventually("the selection", async () => (await shop.page.locator("[id='status.editor.selection']").innerText()).includes("selected"));
    });

    it("says that a rare value is found in another way, and shows both side by side", async () => {
      const view = await explain(shop, "SELECT about");
      await view.locator(".banner", { hasText: "For a rare value PostgreSQL plans this query differently" }).waitFor();
      await view.locator(".side [role=tab]", { hasText: "Values" }).click();
      await view.locator(".chip", { hasText: "lost" }).click();
      await shop.screenshot("plan-values");
      await view.locator("button", { hasText: "Show side by side" }).click();
      await view.locator(".picture.pair").waitFor();
      await shop.screenshot("plan-common-rare");
      await view.locator(".side [role=tab]", { hasText: "Values" }).click();
      await view.locator("button", { hasText: "Run with These" }).click();
      await view.locator(".strip", { hasText: "Execution" }).waitFor();
      assert.match(await view.locator(".side [role=tab][aria-selected=true]").innerText(), /Values/);
    });

    it("says what PostgreSQL objects to, and where", async () => {
      const view = await explain(shop, "SELECT nothing");
      await view.locator(".banner.problem", { hasText: 'relation "nowhere" does not exist' }).waitFor();
      assert.equal(await view.locator(".query .wrong").innerText(), "n");
      await shop.screenshot("plan-problem");
    });

    it("is there again after a reload of the window, without a question to anybody", async () => {
      await shop.page.reload();
      await shop.webview("").locator("main[data-revision]").waitFor({ timeout: 180_000 }); // the extension host starts anew
      await shop.webview("").locator(".banner.problem, .tree .rows .row").first().waitFor();
    });
  });

  describe("that somebody brings", () => {
    let shop: Workbench;
    before(async () => {
      shop = await open("shop");
      await shop.page.locator(".activitybar [aria-label^='Database Architect']").first().waitFor();
      await shop.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    });

    it("opens from a .plan.json, in the light", async () => {
      const file = shop.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "join.plan.json" });
      const row = shop.webview("").locator(".tree .rows .row", { hasText: "Bitmap Heap Scan" });
      // Until the workbench knows the editors of its extensions it opens everything as text.
      await expectEventually("The plan as a picture", async () => {
        await file.dblclick();
        const isThere = await row.waitFor({ timeout: 5_000 }).then(() => true, () => false);
        if (!isThere) await shop.runCommand("View: Close All Editors");
        return isThere;
      });
      await row.click();
      await shop.setTheme("Default Light Modern");
      await shop.screenshot("plan-light");
    });

    it("keeps hostile names as text", async () => {
      let hasAlerted = false;
      shop.page.on("dialog", (dialog) => {
        hasAlerted = true;
        void dialog.dismiss();
      });
      await shop.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "hostile.plan.json" }).dblclick();
      const view = shop.webview("<img src=x");
      await view.locator(".tree .rows .row").first().click();
      await shop.screenshot("plan-hostile");
      assert.equal(await view.locator("img").count(), 0);
      assert.equal(await view.locator("script").count(), 1);
      assert.equal(hasAlerted, false);
    });

    it("says what is wrong with a plan that is torn off", async () => {
      await shop.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "torn.plan.json" }).dblclick();
      await shop.webview("").locator(".banner.problem", { hasText: "it is not whole" }).waitFor();
    });

    it("is pasted from the clipboard", async () => {
      await shop.page.evaluate("navigator.clipboard.writeText('Seq Scan on pasted  (cost=0.00..35.50 rows=2550 width=4)\\n')");
      await shop.runCommand("Database Architect: Paste Plan");
      await shop.webview("pasted").locator(".tree .rows .row", { hasText: "on pasted" }).waitFor();
    });
  });

  describe("has nothing that axe objects to", () => {
    let shop: Workbench;
    before(async () => {
      shop = await open("shop");
      await opened(shop);
      await explain(shop, "JOIN accounts");
    });

    for (const theme of ["Default Dark Modern", "Default Light Modern", "Default High Contrast", "Default High Contrast Light"] as const) {
      it(`in the theme ${theme}`, async () => {
        const view = shop.webview("");
        await view.locator(".tree .rows .row", { hasText: "deals" }).first().click();
        await shop.setTheme(theme);
        assert.deepEqual(await violations(shop), []);
        await shop.screenshot(`plan-${theme.toLowerCase().replaceAll(" ", "-")}`);
        for (const tab of ["Insights", "Kept"]) {
          await view.locator("[role=tab]", { hasText: tab }).click();
          assert.deepEqual(await violations(shop), [], tab);
        }
        for (const picture of ["Icicle", "Table"]) {
          await view.locator(`button[aria-label=${picture}]`).click();
          assert.deepEqual(await violations(shop), [], picture);
        }
        await view.locator("button[aria-label=Tree]").click();
      });
    }
  });
});
