/**
 * A plan in a real VS Code, of 20 and of 2,000 nodes, opened as a `.plan.json`: from the click to the first paint, what of
 * it is the page's own, and how long frames take while its tree is scrolled and its icicle is walked through.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { linkedExtensions } from "../scripts/vscode/linkedExtensions.ts";
import { expectEventually } from "../test/e2e/support/eventually.ts";
import { Workbench } from "../test/e2e/support/workbench.ts";
import { type Row, shown, summarize } from "./statistics.ts";

const sizes = [20, 2000];
const opened = 6;

/** Needs a built `dist/`. */
export async function planPanelBenchmark(_repository: string, folder: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const size of sizes) {
    const place = join(folder, `plan-${size}`);
    await mkdir(join(place, "plans"), { recursive: true });
    await writeFile(join(place, "plans/large.plan.json"), JSON.stringify([{ Plan: planOf(size), "Execution Time": 1000, "Planning Time": 3 }]));
    const window = await Workbench.open({ extensionsFolder: await linkedExtensions(join(place, "extensions")), open: join(place, "plans") });
    try {
      rows.push(...(await rowsOf(window, size)));
    } finally {
      await window.close();
    }
  }
  return rows;
}

async function rowsOf(window: Workbench, size: number): Promise<Row[]> {
  await window.page.locator(".activitybar [aria-label^='Database Architect']").first().waitFor();
  const page = window.webview("").locator("main[data-revision]");
  const file = window.page.locator(".explorer-folders-view .monaco-list-row", { hasText: "large.plan.json" });
  // Until the workbench knows the editors of its extensions it opens everything as text.
  await expectEventually("The editor of plans", async () => {
    await file.dblclick();
    const isThere = await page.waitFor({ timeout: 5_000 }).then(() => true, () => false);
    await window.runCommand("View: Close All Editors");
    return isThere;
  });
  const clicks: number[] = [];
  const own: number[] = [];
  for (let i = 0; i < opened; i++) {
    const clicked = Date.now();
    await file.dblclick();
    await window.webview("").locator(".tree .rows .row").first().waitFor();
    const marks = numbers(await page.evaluate(marksSince(clicked)));
    clicks.push(marks[0] ?? 0);
    own.push(marks[1] ?? 0);
    if (i === opened - 1) break;
    await window.page.keyboard.press("ControlOrMeta+w");
    await page.waitFor({ state: "detached" });
  }
  const scrolled = numbers(await page.evaluate(scrolling()));
  await window.webview("").locator("button[aria-label=Icicle]").click();
  const walked = numbers(await page.evaluate(walking()));
  const row = (what: string, ours: string): Row => ({ what: `plan of ${size} nodes: ${what}`, ours, peer: "", ratio: "" });
  return [
    row("from the click to the first paint", shown(summarize(clicks))),
    row("of it the page, from the plan to its paint", shown(summarize(own))),
    row("a frame while the tree is scrolled", shown(summarize(scrolled))),
    row("a step in the icicle", shown(summarize(walked))),
  ];
}

function numbers(taken: unknown): readonly number[] {
  return Array.isArray(taken) ? taken.map(Number) : [];
}

/** Run in the page: milliseconds from a moment on the clock to the paint, and from the plan to its paint. */
function marksSince(moment: number): string {
  return `(() => {
  const [given, painted] = ["given", "painted"].map((name) => performance.getEntriesByName(name).at(-1).startTime);
  return [performance.timeOrigin + painted - ${moment}, painted - given];
})()`;
}

/** Run in the page: two seconds of scrolling through the tree, and how long each frame took. */
function scrolling(): string {
  return `(async () => {
  const tree = document.querySelector(".tree");
  const taken = [];
  let last = performance.now();
  for (let i = 0; i < 120; i++) {
    tree.scrollTop = (i * 431) % Math.max(1, tree.scrollHeight - tree.clientHeight);
    await new Promise(requestAnimationFrame);
    taken.push(performance.now() - last);
    last = performance.now();
  }
  return taken;
})()`;
}

/** Run in the page: sixty steps with the arrow keys, each until it is painted. */
function walking(): string {
  return `(async () => {
  const canvas = document.querySelector("canvas.icicle");
  const taken = [];
  for (let i = 0; i < 60; i++) {
    const begun = performance.now();
    canvas.dispatchEvent(new KeyboardEvent("keydown", { key: i % 8 < 5 ? "ArrowDown" : "ArrowRight", bubbles: true, cancelable: true }));
    taken.push(performance.now() - begun);
    await new Promise(requestAnimationFrame);
  }
  return taken;
})()`;
}

interface BenchNode {
  readonly [name: string]: unknown;
  readonly "Total Cost": number;
  readonly "Actual Total Time": number;
}

/** A tree of joins over scans, each with conditions and buffers. */
function planOf(size: number): BenchNode {
  const types = ["Hash Join", "Nested Loop", "Sort", "Aggregate", "Merge Join"];
  const node = (nodes: number, id: number): BenchNode => {
    const left = Math.floor((nodes - 1) / 2);
    const parts = nodes > 2 ? [left, nodes - 1 - left] : nodes === 2 ? [1] : [];
    const children = parts.filter((part) => part > 0).map((part, i) => ({ ...node(part, id + 1 + i * left), "Parent Relationship": i === 0 ? "Outer" : "Inner" }));
    const below = (of: "Total Cost" | "Actual Total Time"): number => children.reduce((sum, child) => sum + child[of], 0);
    const scan = { "Node Type": "Seq Scan", "Relation Name": `table_${id}`, Schema: "public", Alias: `t${id}`, Filter: `(t${id}.status = 'open'::text)`, "Rows Removed by Filter": id % 500 };
    return {
      ...(children.length === 0 ? scan : { "Node Type": types[id % types.length], "Hash Cond": `(t${id}.id = t${id + 1}.other)` }),
      "Startup Cost": 0,
      "Total Cost": 10 + (id % 90) + below("Total Cost"),
      "Plan Rows": 1 + (id % 97),
      "Plan Width": 48,
      "Actual Startup Time": 0.01,
      "Actual Total Time": 0.1 + (id % 7) * 0.3 + below("Actual Total Time"),
      "Actual Rows": 1 + (id % 311),
      "Actual Loops": 1,
      Output: [`t${id}.id`, `t${id}.status`, `t${id}.created_at`],
      "Shared Hit Blocks": 40 + id * 2,
      "Shared Read Blocks": id % 9,
      Plans: children,
    };
  };
  return node(size, 0);
}
