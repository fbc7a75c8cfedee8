/**
 * The diagram in a real VS Code, at 50, 300 and 1000 tables: how long until it is painted, from the click and from when
 * its page runs; beside it a page of another extension with nothing on it, opened by turns in the same window: what VS Code
 * itself takes. Then from a keystroke to the new picture, and how long frames take while the diagram is moved and zoomed.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Locator } from "playwright-core";
import { linkedExtensions } from "../scripts/vscode/linkedExtensions.ts";
import { Workbench } from "../test/e2e/support/workbench.ts";
import { type Row, round, shown, summarize } from "./statistics.ts";

const sizes = [50, 300, 1000];
const opened = 6;
const keystrokes = 12;

/** Needs a built `dist/`. */
export async function erdPanelBenchmark(_repository: string, folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of sizes) {
    const place = join(folder, `erd-${size}`);
    await mkdir(join(place, "shop/prisma"), { recursive: true });
    await writeFile(join(place, "shop/prisma/schema.prisma"), schemaOf(size));
    const extensionsFolder = await linkedExtensions(join(place, "extensions"));
    await writeEmptyPage(join(extensionsFolder, "bench.empty-page-1.0.0"));
    const window = await Workbench.open({ extensionsFolder, open: join(place, "shop") });
    try {
      rows.push(...(await rowsOf(window, size)));
    } finally {
      await window.close();
    }
  }
  return rows;
}

async function rowsOf(window: Workbench, size: number): Promise<Row[]> {
  await window.openFile("schema.prisma");
  await window.page.locator(".codelens-decoration a").first().waitFor();
  await delay(5000); // the checks that follow the first ones
  const erd: Opening[] = [];
  const empty: Opening[] = [];
  for (let i = 0; i < opened; i++) {
    empty.push(await open(window, "Open Empty Page", "main[data-empty]", true));
    erd.push(await open(window, "Open ERD", "main[data-revision]", i < opened - 1));
  }
  const [first, ...others] = erd;
  const [emptyFirst, ...emptyOthers] = empty;
  const shownMs = (value: number | undefined): string => (value === undefined ? "" : `${round(value)} ms`);
  const page = window.webview("").locator("main[data-revision]");
  const edits = await keystrokesIn(window, page);
  const frames = [...(await moved(page)), ...(await moved(page))];
  const late = frames.filter((taken) => taken > 33.4).length / frames.length;
  const what = (text: string): string => `ERD panel of ${size} tables: ${text}`;
  return [
    { what: what("first paint since its page runs, the first time"), ours: shownMs(first?.page), peer: shownMs(emptyFirst?.page), ratio: "beside an empty page" },
    { what: what("first paint since its page runs"), ours: shown(summarize(others.map((each) => each.page))), peer: shown(summarize(emptyOthers.map((each) => each.page))), ratio: "" },
    { what: what("first paint since the click, the first time"), ours: shownMs(first?.click), peer: shownMs(emptyFirst?.click), ratio: "" },
    { what: what("first paint since the click"), ours: shown(summarize(others.map((each) => each.click))), peer: shown(summarize(emptyOthers.map((each) => each.click))), ratio: "" },
    { what: what("a keystroke to the new picture"), ours: shown(summarize(edits.map((each) => each.whole))), peer: "", ratio: "" },
    { what: what("of that, the page's repaint"), ours: shown(summarize(edits.map((each) => each.page))), peer: "", ratio: "" },
    { what: what("frames while it is moved and zoomed"), ours: shown(summarize(frames)), peer: "", ratio: `${round(late * 100)} % above 33 ms` },
  ];
}

/** Milliseconds until the frame with the content is done. */
interface Opening {
  readonly click: number;
  readonly page: number;
}

async function open(window: Workbench, button: string, selector: string, closes: boolean): Promise<Opening> {
  await window.page.locator(`.editor-actions [aria-label^='${button}']`).first().hover(); // what finding it takes is not counted
  const clicked = Date.now();
  await window.page.mouse.down();
  await window.page.mouse.up();
  const page = window.webview("").locator(selector);
  await page.waitFor();
  const [begun = 0, painted = 0, origin = 0] = await numbers(page, `(async () => {
    const at = (name) => performance.getEntriesByName(name)[0]?.startTime;
    while (at("painted") === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
    return [at("begun"), at("painted"), performance.timeOrigin];
  })()`);
  if (closes) {
    await window.page.keyboard.press("ControlOrMeta+w");
    await page.waitFor({ state: "detached" });
    await delay(300);
  }
  return { page: painted - begun, click: origin + painted - clicked };
}

/** A column more in one table, again and again. */
async function keystrokesIn(window: Workbench, page: Locator): Promise<readonly { readonly whole: number; readonly page: number }[]> {
  const taken: { readonly whole: number; readonly page: number }[] = [];
  await window.page.locator(".view-line", { hasText: /^model.T0.\{/ }).first().click();
  for (let i = 0; i < keystrokes; i++) {
    await window.page.keyboard.press("End");
    await window.page.keyboard.press("Enter");
    await delay(1500);
    const typed = Date.now();
    await window.page.keyboard.insertText(`  added${i} Int?`);
    const [whole = 0, own = 0] = await numbers(page, `(async () => {
      const last = (name) => performance.timeOrigin + (performance.getEntriesByName(name).at(-1)?.startTime ?? 0);
      while (last("given") < ${typed} || last("painted") < last("given")) await new Promise((resolve) => setTimeout(resolve, 5));
      return [last("painted") - ${typed}, last("painted") - last("given")];
    })()`);
    taken.push({ whole, page: own });
  }
  return taken;
}

function moved(page: Locator): Promise<readonly number[]> {
  return numbers(page, moving());
}

async function numbers(page: Locator, script: string): Promise<readonly number[]> {
  const answer: unknown = await page.evaluate(script);
  return Array.isArray(answer) ? answer.map(Number) : [];
}

/** An extension whose page has one word: under the same policy, with a script and a style sheet from its folder. */
async function writeEmptyPage(folder: string): Promise<void> {
  const command = { command: "emptyPage.open", title: "Open Empty Page", icon: "$(blank)" };
  const manifest = {
    ...{ name: "empty-page", publisher: "bench", version: "1.0.0", engines: { vscode: "^1.101.0" }, main: "./main.cjs", activationEvents: ["onStartupFinished"] },
    contributes: { commands: [command], menus: { "editor/title": [{ command: command.command, group: "navigation@1" }] } },
  };
  const main = `const { commands, Uri, ViewColumn, window } = require("vscode");
exports.activate = ({ extensionUri, subscriptions }) => subscriptions.push(commands.registerCommand("emptyPage.open", () => {
  const panel = window.createWebviewPanel("emptyPage", "Empty Page", ViewColumn.Beside, { enableScripts: true, localResourceRoots: [extensionUri] });
  const address = (name) => panel.webview.asWebviewUri(Uri.joinPath(extensionUri, name));
  panel.webview.html = \`<!DOCTYPE html><html lang="en"><head><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-n'; style-src \${panel.webview.cspSource}"><link rel="stylesheet" href="\${address("page.css")}"></head><body><main></main><script nonce="n" src="\${address("page.js")}"></script></body></html>\`;
}));
`;
  const page = `performance.mark("begun");
const main = document.querySelector("main");
main.textContent = "Nothing.";
main.dataset.empty = "";
requestAnimationFrame(() => setTimeout(() => performance.mark("painted")));
`;
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries({ "package.json": JSON.stringify(manifest), "main.cjs": main, "page.js": page, "page.css": "main { padding: 1em }\n" })) await writeFile(join(folder, name), text);
}

/**
 * Run in the page: four seconds of panning and zooming over the diagram, there and back, from all of it to where columns
 * can be read; and how long each frame took.
 */
function moving(): string {
  return `(async () => {
  const canvas = document.querySelector(".canvas");
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const middle = { clientX: left + width / 2, clientY: top + height / 2, cancelable: true };
  const taken = [];
  let last = performance.now();
  for (let i = 0; i < 240; i++) {
    const phase = Math.floor(i / 30) % 4;
    const way = phase < 2 ? 1 : -1;
    const pan = { deltaX: way * 14, deltaY: way * 8 };
    const zoom = { deltaY: -way * 9, ctrlKey: true };
    canvas.dispatchEvent(new WheelEvent("wheel", { ...middle, ...(phase % 2 === 0 ? zoom : pan) }));
    await new Promise(requestAnimationFrame);
    taken.push(performance.now() - last);
    last = performance.now();
  }
  return taken;
})()`;
}

/** Tables that refer to earlier ones, a few of them hubs. */
function schemaOf(size: number): string {
  const referenced = Array.from({ length: size }, (_, i) => (i === 0 ? undefined : (i * 7919) % Math.min(i, 40)));
  const models = referenced.map((to, i) => {
    const back = referenced.flatMap((other, j) => (other === i ? [`  in${j} T${j}[]`] : []));
    const relation =
      to === undefined
        ? []
        : [`  parentId Int`, `  parent T${to} @relation(fields: [parentId], references: [id])`, "", "  @@index([parentId])"];
    return [`model T${i} {`, "  id Int @id", ...Array.from({ length: 8 }, (_, c) => `  column${c} String`), ...back, ...relation, "}"].join(
      "\n",
    );
  });
  return `datasource db {\n  provider = "postgresql"\n}\n\n${models.join("\n\n")}\n`;
}
