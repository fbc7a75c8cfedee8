/** Draws `media/icon.png`, which the Marketplace needs as a bitmap, from `media/icon.svg`. Run by hand after a change of the drawing. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./support/paths.ts";
import { runMain } from "./support/terminal.ts";
import { findBrowser, launchBrowser } from "./vscode/browser.ts";

const size = 256;

await runMain(async () => {
  const svg = await readFile(join(root, "media/icon.svg"), "utf8");
  const browser = await launchBrowser(await findBrowser());
  try {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    await page.setContent(`<style>html, body { margin: 0 } svg { display: block; width: ${size}px }</style>${svg}`);
    await page.screenshot({ path: join(root, "media/icon.png"), omitBackground: true });
  } finally {
    await browser.close();
  }
  return 0;
});
