/** The HTML file of a diagram, opened in a real browser: nothing of a schema runs in it, and everything in it can be used. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { findBrowser, launchBrowser } from "../../../scripts/vscode/browser.ts";
import { diagramOf } from "../../../server/src/erd/diagramOf.ts";
import { exportText } from "../../../server/src/erd/exports/exportText.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { digestOf } from "../../../server/src/workspace/digest.ts";
import { hostileNames, hostileSql } from "../../support/hostileNames.ts";
import { parseSqlText } from "../../support/schemas.ts";
import { temporaryFolder } from "../../support/temporaryFolder.ts";

describe("The HTML file of a diagram", function () {
  this.timeout(60_000);

  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  before(async () => {
    await loadSqlParser();
    browser = await launchBrowser(await findBrowser());
  });
  after(() => browser.close());

  for (const palette of ["light", "dark"] as const) {
    describe(`in ${palette} colours`, () => {
      before(async () => {
        const diagram = diagramOf(parseSqlText(hostileSql).schema, { title: 'a </title><b>"title"' });
        const folder = temporaryFolder({ "erd.html": exportText(diagram, "html", { palette, digest: digestOf }) });
        page = await browser.newPage();
        complaints.length = 0;
        page.on("console", (message) => complaints.push(message.text()));
        page.on("pageerror", (error) => complaints.push(String(error)));
        page.on("dialog", (dialog) => complaints.push(dialog.message()));
        page.on("request", (request) => {
          if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) complaints.push(request.url());
        });
        await page.goto(pathToFileURL(join(folder, "erd.html")).href);
      });
      after(() => page.close());

      it("shows every name as text, runs and loads nothing of them", async () => {
        assert.deepEqual(complaints, []);
        assert.equal(await page.title(), 'a </title><b>"title"');
        assert.equal(await page.locator("img, script:not(body > script)").count(), 0);
        const listed = await page.locator("details h2").allTextContents();
        for (const name of hostileNames) assert.ok(listed.includes(name === " " ? '" "' : name), JSON.stringify(name));
      });

      it("finds, goes there, and says so", async () => {
        const viewBox = (): Promise<string | null> => page.locator(".stage svg").getAttribute("viewBox");
        const before = await viewBox();
        await page.getByRole("searchbox", { name: "Search" }).fill("onerror");
        assert.match((await page.locator("output").textContent()) ?? "", /^1 of 2: /);
        await page.keyboard.press("Enter");
        assert.match((await page.locator("output").textContent()) ?? "", /^2 of 2: /);
        assert.notEqual(await viewBox(), before);
        await page.getByRole("searchbox", { name: "Search" }).fill("no such thing");
        assert.equal(await page.locator("output").textContent(), "Nothing found");
        await page.keyboard.press("Escape");
        assert.equal(await viewBox(), before);
      });

      it("moves by keyboard, buttons, wheel and pointer", async () => {
        const viewBox = (): Promise<string | null> => page.locator(".stage svg").getAttribute("viewBox");
        const seen = [await viewBox()];
        const look = async (): Promise<void> => {
          const now = await viewBox();
          assert.ok(!seen.includes(now), `${now} was seen before`);
          seen.push(now);
        };
        await page.locator(".stage").focus();
        await page.keyboard.press("+");
        await look();
        await page.keyboard.press("ArrowRight");
        await look();
        await page.getByRole("button", { name: "Zoom in" }).click();
        await look();
        await page.mouse.move(400, 400);
        await page.mouse.wheel(0, -200);
        await page.waitForFunction(`document.querySelector(".stage svg").getAttribute("viewBox") !== ${JSON.stringify(seen.at(-1))}`);
        await look();
        await page.mouse.down();
        await page.mouse.move(450, 420);
        await page.mouse.up();
        await look();
        await page.getByRole("button", { name: "Show all" }).click();
        assert.equal(await viewBox(), seen[0]);
      });

      it("has nothing that axe finds fault with", async () => {
        await page.locator("summary").click();
        // As code of this test, which the page's policy does not hold back.
        await page.evaluate(readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8"));
        const faults = await page.evaluate("axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))");
        assert.deepEqual(faults, []);
      });
    });
  }
});
