/** What axe says of a page in the window of VS Code, all levels. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { Frame } from "playwright-core";
import type { Workbench } from "./workbench.ts";

/** Colours on their way from one theme to the next are nobody's choice. */
const settled = "Promise.all(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished.catch(() => undefined))).then(() => undefined)";
const look =
  "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html, failureSummary }) => html.slice(0, 150) + ' ' + failureSummary).join(' | ')))";

/** Of the page that a panel of this extension shows. Axe comes in past the page's policy, which is the point of the policy. */
export async function violations(workbench: Workbench): Promise<string[]> {
  for (const frame of workbench.page.frames()) {
    if ((await frame.locator("main[data-revision]").count()) > 0) return violationsIn(frame);
  }
  throw new Error("There is no page to look at.");
}

/** Of one of several such pages. */
export async function violationsIn(frame: Frame): Promise<string[]> {
  if ((await frame.evaluate("typeof axe")) === "undefined") await frame.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  await frame.evaluate(settled);
  const found = await frame.evaluate(look);
  assert.ok(Array.isArray(found));
  return found.map(String);
}
