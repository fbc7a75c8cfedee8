/**
 * From the click to the plan on the screen, on a configured database in a real VS Code, next to `psql` with the same EXPLAIN
 * (its process, its connection, its answer): in turns, in one run. Needs `psql` and a built `dist/`.
 */
import { execFile, execFileSync } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { linkedExtensions } from "../scripts/vscode/linkedExtensions.ts";
import { Workbench } from "../test/e2e/support/workbench.ts";
import { startPostgres } from "../test/support/postgres.ts";
import { crm } from "../test/support/samples.ts";
import { type Row, round, shown, summarize } from "./statistics.ts";

const rounds = 30;
const query = "SELECT a.name, count(*)\nFROM accounts a\nJOIN opportunities o ON o.account_id = a.id\nLEFT JOIN memberships m ON m.id = o.owner_id\nGROUP BY a.name ORDER BY 2 DESC LIMIT 20";
const explain = `EXPLAIN (VERBOSE, SETTINGS, FORMAT JSON) ${query}`;

export async function explainServerBenchmark(repository: string, folder: string): Promise<Row[]> {
  execFileSync("psql", ["--version"]);
  const place = join(folder, "explain");
  await mkdir(place, { recursive: true });
  await cp(join(repository, "examples/crm"), join(place, "crm"), { recursive: true });
  const postgres = await startPostgres(18);
  try {
    const database = await postgres.createDatabase();
    const client = await database.client();
    for (const { text } of crm.migrations) await client.query(text);
    await client.query("ANALYZE");
    await writeFile(join(place, "crm/.env"), `DATABASE_URL="${database.url}"\n`);
    await writeFile(join(place, "crm/queries/largest-accounts.sql"), `${query};\n`);
    const window = await Workbench.open({ extensionsFolder: await linkedExtensions(join(place, "extensions")), open: join(place, "crm") });
    try {
      return await measured(window, database.url);
    } finally {
      await window.close();
      await database.drop();
    }
  } finally {
    await postgres.stop();
  }
}

async function measured(window: Workbench, url: string): Promise<Row[]> {
  const row = (text: string): ReturnType<Workbench["page"]["locator"]> => window.page.locator(".pane-body .monaco-list-row", { hasText: text }).first();
  await window.openFile("sales.prisma");
  await window.page.locator(".codelens-decoration a").first().waitFor(); // the server runs
  await window.page.locator(".activitybar .action-item a[aria-label^='Database Architect']").click();
  await row("DATABASE_URL").click();
  await window.page.locator(".monaco-dialog-box .monaco-button", { hasText: "Connect" }).click();
  await row("@127.0.0.1").waitFor();
  await window.openFile("largest-accounts.sql");
  await window.page.locator(".monaco-editor .view-line", { hasText: "JOIN opportunities" }).first().click();
  await window.runCommand("Database Architect: Explain This Query");
  const page = window.webview("").locator("main[data-revision]");
  await window.webview("").locator(".tree .rows .row").first().waitFor();
  const ours: number[] = [];
  const psql: number[] = [];
  for (let i = 0; i < rounds; i++) {
    ours.push(Number(await page.evaluate(clicking)));
    const started = performance.now();
    await promisify(execFile)("psql", ["-X", "-A", "-t", "-d", url, "-c", explain]);
    psql.push(performance.now() - started);
  }
  const [own, peer] = [summarize(ours.slice(3)), summarize(psql.slice(3))];
  return [{ what: "plan on a configured database: from the click to the paint, next to psql's same EXPLAIN", ours: shown(own), peer: `${shown(peer)} (psql)`, ratio: `${round(own.median - peer.median)} / ${round(own.p95 - peer.p95)} ms more` }];
}

/** Run in the page: milliseconds from a click on Explain until the new plan is painted. */
const clicking = `new Promise((resolve) => {
  const root = document.querySelector("main[data-revision]");
  const button = [...document.querySelectorAll(".toolbar button.labelled")].find((each) => each.textContent === "Explain");
  const begun = performance.now();
  let isBusy = false;
  const observer = new MutationObserver(() => {
    if (button.hidden) isBusy = true;
    else if (isBusy) {
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - begun));
    }
  });
  observer.observe(root, { attributes: true, attributeFilter: ["data-revision"] });
  button.click();
})`;
