/**
 * `erdPanel.ts [50 300 1000]`: the diagram in a real VS Code. From the click to the first paint, and what of it VS Code
 * takes to make a page; a second time, with everything loaded; from a keystroke to the new picture; and how long frames
 * take while the diagram is moved and zoomed. Prints a line a size.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { linkedExtensions } from "../scripts/vscode/linkedExtensions.ts";
import { runMain } from "../scripts/support/terminal.ts";
import { Workbench } from "../test/e2e/support/workbench.ts";

await runMain(async () => {
  const sizes = process.argv.slice(2).map(Number);
  for (const size of sizes.length > 0 ? sizes : [50, 300, 1000]) console.log(await measured(size));
  return 0;
});
process.exit();

async function measured(size: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bench-erd-"));
  try {
    await mkdir(join(folder, "shop/prisma"), { recursive: true });
    await writeFile(join(folder, "shop/prisma/schema.prisma"), schemaOf(size));
    const window = await Workbench.open({
      extensionsFolder: await linkedExtensions(join(folder, "extensions")),
      open: join(folder, "shop"),
    });
    try {
      return `${size} tables: ${await figures(window)}`;
    } finally {
      await window.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function figures(window: Workbench): Promise<string> {
  await window.openFile("schema.prisma");
  await window.page.locator(".codelens-decoration a").first().waitFor();
  const view = window.webview("");
  const painted = view.locator("main[data-revision]");
  const open = async (): Promise<string> => {
    const clicked = Date.now();
    await window.page.locator(".editor-actions [aria-label^='Open ERD']").first().click();
    await painted.waitFor();
    const marks: unknown = await painted.evaluate(marksSince(clicked));
    return String(marks);
  };
  const first = await open();
  await window.page.keyboard.press("ControlOrMeta+w");
  await painted.waitFor({ state: "detached" });
  const second = await open();
  const edited = await keystroke(window);
  const taken: unknown = await painted.evaluate(moving());
  const frames = Array.isArray(taken) ? taken.map(Number) : [];
  const at = (share: number): string => (frames[Math.floor(frames.length * share)] ?? 0).toFixed(0);
  return `first time: ${first}; second time: ${second}; ${edited}; frames p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

/** What the page noted, in milliseconds since a moment on the clock. */
function marksSince(moment: number): string {
  return `["begun", "given", "painted"].map((name) => {
    const [mark] = performance.getEntriesByName(name);
    return name + " " + (mark === undefined ? "never" : Math.round(performance.timeOrigin + mark.startTime - ${moment}) + " ms");
  }).join(", ")`;
}

/** A column more in one table: from the key to the picture, of which the page's own part is told apart. */
async function keystroke(window: Workbench): Promise<string> {
  await window.page.locator(".view-line", { hasText: /^model.T0.\{/ }).first().click();
  await window.page.keyboard.press("End");
  await window.page.keyboard.press("Enter");
  const typed = Date.now();
  await window.page.keyboard.insertText("  added Int?");
  const page = window.webview("").locator("main[data-revision]");
  const taken: unknown = await page.evaluate(`(async () => {
    const until = performance.now() + 20000;
    let last;
    while ((last = performance.getEntriesByName("painted").at(-1)) === undefined || performance.timeOrigin + last.startTime < ${typed}) {
      if (performance.now() > until) return "never";
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const given = performance.getEntriesByName("given").at(-1);
    return Math.round(performance.timeOrigin + last.startTime - ${typed}) + " ms, of which the page " + Math.round(last.startTime - given.startTime) + " ms";
  })()`);
  return `a keystroke to its picture ${String(taken)}`;
}

/**
 * Run in the page: four seconds of panning and zooming over the diagram, there and back, from all of it to where columns
 * can be read; and how long each frame took, sorted.
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
  return taken.sort((a, b) => a - b);
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
