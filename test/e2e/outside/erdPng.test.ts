/** Diagrams as images, and words as pictures for documents that have no font for them, drawn in a real browser under the policy of a webview. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import * as v from "valibot";
import { root } from "../../../scripts/support/paths.ts";
import { findBrowser, launchBrowser } from "../../../scripts/vscode/browser.ts";
import { diagramOf } from "../../../server/src/erd/diagramOf.ts";
import { svgOf } from "../../../server/src/erd/svg.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { hostileSql } from "../../support/hostileNames.ts";
import { parseSqlText } from "../../support/schemas.ts";

describe("An image of a diagram", function () {
  this.timeout(60_000);

  let browser: Browser;
  let page: Page;
  const png = async (svg: string, scale: number): Promise<Buffer> => Buffer.from(String(await page.evaluate(`images.pngOf(${JSON.stringify(svg)}, ${scale})`)), "base64");
  /** Of its header. */
  const sizeOf = (image: Buffer): readonly [number, number] => [image.readUInt32BE(16), image.readUInt32BE(20)];
  const sizeIn = (svg: string): readonly [number, number] => {
    const [, width, height] = /^<svg [^>]* width="(\d+)[\d.]*" height="(\d+)/.exec(svg) ?? [];
    return [Number(width), Number(height)];
  };

  before(async () => {
    await loadSqlParser();
    browser = await launchBrowser(await findBrowser());
    page = await browser.newPage();
    const policy = "default-src 'none'; img-src data:";
    await page.setContent(`<!doctype html><meta http-equiv="Content-Security-Policy" content="${policy}"><title>images</title>`);
    const contents = 'export * from "./png.ts"; export * from "./lettering.ts";';
    const built = await build({ stdin: { contents, resolveDir: join(root, "media", "erd"), loader: "ts" }, bundle: true, write: false, format: "iife", globalName: "images" });
    await page.evaluate(`${built.outputFiles[0]?.text ?? ""}; globalThis.images = images;`);
  });
  after(() => browser.close());

  it("has the picture's size, times the scale, whatever its names hold", async () => {
    const svg = svgOf(diagramOf(parseSqlText(hostileSql).schema, { title: "hostile" }), { palette: "light" });
    const [width, height] = sizeIn(svg);
    assert.ok(width > 100 && height > 100);
    const image = await png(svg, 1);
    assert.equal(image.toString("latin1", 1, 4), "PNG");
    assert.deepEqual(sizeOf(image), [width, height]);
    assert.ok(image.length > 20_000, `${image.length} bytes are no picture`);
  });

  it("is as large as browsers draw, where it would be larger", async () => {
    const large = '<svg xmlns="http://www.w3.org/2000/svg" width="40000" height="4000" viewBox="0 0 40000 4000"><rect width="40000" height="4000" fill="red"/></svg>';
    const [width, height] = sizeOf(await png(large, 2));
    assert.ok(width <= 16_384 && Math.abs(width / height - 10) < 0.1, `${width} × ${height}`);
  });

  it("has pictures for words that the machine has a font for, and for no others", async () => {
    const words = ["größe", "no\u{10fffe}", "i\ufe0f"];
    const letterings = v.parse(v.array(v.looseObject({ text: v.string(), advance: v.number(), columns: v.number(), rows: v.number(), pixels: v.string(), data: v.string() })), await page.evaluate(`images.letteringsOf(${JSON.stringify(words)})`));
    assert.deepEqual(letterings.map(({ text, pixels }) => [text, pixels]), [["größe", "mask"], ["i\ufe0f", "mask"]]);
    for (const { text, advance, columns, rows, data } of letterings) {
      const mask = Buffer.from(data, "base64");
      assert.equal(mask.length, Math.ceil(columns / 8) * rows);
      assert.ok(mask.some((byte) => byte !== 0) && !mask.every((byte) => byte !== 0), text);
      assert.ok(advance > 0 && columns > advance * 64, `${text}: ${advance} ems, ${columns} columns`);
    }
  });
});
