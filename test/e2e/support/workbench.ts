/** VS Code's web workbench, driven as a person would: open a file, run a command, look at problems. Waits for what is to be seen, never for time. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { Browser, Locator, Page } from "playwright-core";
import { root } from "../../../scripts/support/paths.ts";
import { findBrowser, launchBrowser } from "../../../scripts/vscode/browser.ts";
import { installServer } from "../../../scripts/vscode/install.ts";
import { startServer, type RunningServer, type Settings } from "../../../scripts/vscode/server.ts";

export interface WorkbenchOptions {
  readonly extensionsFolder: string;
  /** A folder or a `.code-workspace` file. */
  readonly open: string;
  readonly settings?: Settings;
  readonly workspaceTrust?: boolean;
}

/** VS Code's own themes of each kind, as they are listed, with the classes they give the workbench and the pages in it. */
export const themes = {
  "Default Dark Modern": { label: "Dark Modern", workbench: "vs-dark", page: "vscode-dark" },
  "Default Light Modern": { label: "Light Modern", workbench: "vs", page: "vscode-light" },
  "Default High Contrast": { label: "Dark High Contrast", workbench: "hc-black", page: "vscode-high-contrast" },
  "Default High Contrast Light": { label: "Light High Contrast", workbench: "hc-light", page: "vscode-high-contrast-light" },
} as const;

export type Theme = keyof typeof themes;

/** Time for anything that is to appear, on a loaded machine. */
const patience = { timeout: 60_000 };

export class Workbench {
  readonly page: Page;
  readonly #browser: Browser;
  readonly #server: RunningServer;

  private constructor(page: Page, browser: Browser, server: RunningServer) {
    this.page = page;
    this.#browser = browser;
    this.#server = server;
  }

  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const server = await startServer({
      install: await installServer(),
      extensionsFolder: options.extensionsFolder,
      fewBuiltinExtensions: true,
      workspaceTrust: options.workspaceTrust ?? false,
      settings: {
        "editor.minimap.enabled": false,
        "window.commandCenter": false,
        // A page in the window that is drawn just then takes the focus, and with it the palette away.
        "workbench.quickOpen.closeOnFocusLost": false,
        ...options.settings,
      },
    });
    const browser = await launchBrowser(await findBrowser());
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 });
    page.setDefaultTimeout(patience.timeout);
    const query = new URLSearchParams({ [options.open.endsWith(".code-workspace") ? "workspace" : "folder"]: options.open });
    await page.goto(`${server.url}?${query}`);
    await page.locator(".explorer-folders-view .monaco-list-row").first().waitFor(patience);
    return new Workbench(page, browser, server);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
  }

  /** Where user data, settings and logs are. */
  get dataFolder(): string {
    return this.#server.dataFolder;
  }

  /** Opens a file by name with “Go to File”, and waits for its text. */
  async openFile(name: string): Promise<void> {
    await this.#quickInput("ControlOrMeta+p", name);
    await this.#accept(name.split("/").at(-1) ?? name);
    await this.page.locator(".tab.active", { hasText: name.split("/").at(-1) ?? name }).waitFor(patience);
    await this.page.locator(".monaco-editor .view-line span").first().waitFor(patience);
  }

  /** Runs a command from the palette by its full title, as "Database Architect: Restart Server". */
  async runCommand(title: string): Promise<void> {
    await this.#quickInput("F1", `>${title}`);
    await this.#accept(title);
  }

  /** Picks `item` from the quick pick titled `title`, not from the palette, which may still list the command of that name. */
  async choose(title: string, item: string): Promise<void> {
    const widget = this.page.locator(".quick-input-widget", { has: this.page.locator(".quick-input-title", { hasText: title }) });
    await widget.locator(".monaco-list-row").first().waitFor(patience);
    await widget.locator("input[type=text]").fill(item);
    await this.#accept(item);
  }

  /** Enter in the quick input that is open. Again while that stays as it is: where its list is put together just then, the key is swallowed. */
  async accept(): Promise<void> {
    const before = await this.#quickInputShown();
    if (before === undefined) throw new Error("There is nothing to accept: no quick input is open.");
    for (const end = performance.now() + patience.timeout; performance.now() < end; ) {
      await this.#input().press("Enter");
      for (let looks = 0; looks < 50; looks++) {
        if ((await this.#quickInputShown()) !== before) return;
        await setTimeout(100);
      }
    }
    throw new Error(`Enter changed nothing within ${patience.timeout / 1000} s: ${before}`);
  }

  /** Scrolls the editor to the first `text`, with “Find”. */
  async reveal(text: string): Promise<void> {
    await this.page.locator(".monaco-editor .view-lines").first().click();
    await this.page.keyboard.press("ControlOrMeta+f");
    await this.page.locator(".find-widget textarea").first().fill(text);
    await this.page.keyboard.press("Enter");
    await this.page.keyboard.press("Escape");
    await this.page.keyboard.press("Home");
  }

  /** The first squiggle of any severity in the visible editor. */
  squiggle(): Locator {
    return this.page.locator(".monaco-editor .squiggly-error, .monaco-editor .squiggly-warning, .monaco-editor .squiggly-info").first();
  }

  /** The rows of the Problems view that contain `text`. */
  problems(text: string): Locator {
    return this.page.locator(".markers-panel .monaco-list-row", { hasText: text });
  }

  /** Puts the cursor on the first word `text` of the visible editor. */
  async clickWord(text: string): Promise<Locator> {
    const word = this.page.locator(".monaco-editor .view-line span span", { hasText: new RegExp(`^\\s*${text}\\s*$`) }).first();
    await word.waitFor(patience);
    // Where the pointer goes, whatever is drawn over the word: a blinking cursor there would make `click()` scroll and wait.
    const box = await word.boundingBox();
    if (box === null) throw new Error(`The word ${text} is not on the page.`);
    await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    return word;
  }

  /** The text of the language status pop-up, once `text` is in it. It stays open. */
  async languageStatus(text: string): Promise<string> {
    await this.page.locator("[id='status.languageStatus']").hover();
    const popup = this.page.locator(".hover-language-status", { hasText: text }).first();
    await popup.waitFor(patience);
    return (await this.page.locator(".monaco-hover:visible").first().innerText()).replaceAll("\n", " ");
  }

  /** The body of the webview in front, once `text` is in it. */
  webview(text: string): Locator {
    return this.page.frameLocator("iframe.webview").frameLocator("#active-frame").locator("body", { hasText: text });
  }

  /** With the picker of the palette; the page in front follows. */
  async setTheme(theme: Theme): Promise<void> {
    const { label, workbench, page } = themes[theme];
    await this.runCommand("Preferences: Color Theme");
    await this.page.locator(".quick-input-widget input[placeholder*='Color Theme']").fill(label);
    await this.#accept(label);
    await this.page.locator(`.monaco-workbench.${workbench}`).waitFor(patience);
    await this.page.frameLocator("iframe.webview").frameLocator("#active-frame").locator(`body.${page}`).waitFor(patience);
  }

  /** What “Show Running Extensions” says of an extension, as "Activation: 12ms". */
  async activationTime(extension: string): Promise<string> {
    await this.runCommand("Developer: Show Running Extensions");
    const row = this.page.locator(".runtime-extensions-editor .monaco-list-row, .runtime-extension, .monaco-list-row", { hasText: extension });
    const time = row.locator(".activation-time").first();
    await time.waitFor(patience);
    const text = await time.innerText();
    await this.page.keyboard.press("Escape");
    return text;
  }

  /** Whether the workbench has written down something like this, for when its page is loaded again. */
  async keeps(pattern: RegExp): Promise<boolean> {
    const kept: unknown = await this.page.evaluate(keptByWorkbench);
    return Array.isArray(kept) && kept.some((value) => pattern.test(String(value)));
  }

  /** Saves what is to be seen as `test-artifacts/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    const folder = join(root, "test-artifacts");
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), animations: "disabled" });
  }

  async #quickInput(key: string, text: string): Promise<void> {
    const input = this.#input();
    // A page inside of the page that is just being drawn may swallow the key.
    for (let tries = 0; tries < 6; tries++) {
      await this.page.keyboard.press(key);
      if (await input.waitFor({ timeout: 10_000 }).then(() => true, () => false)) break;
    }
    await input.waitFor(patience);
    await input.fill(text);
  }

  /** Takes the row of the quick input that contains `text`, which need not be the first. */
  async #accept(text: string): Promise<void> {
    const row = this.page.locator(".quick-input-list .monaco-list-row", { hasText: text });
    await row.first().waitFor(patience);
    const focused = this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: text });
    for (let steps = 0; steps < 20; steps++) {
      if (await focused.waitFor({ timeout: 2_000 }).then(() => true, () => false)) break;
      await this.#input().press("ArrowDown");
    }
    await focused.waitFor(patience);
    await this.accept();
  }

  #input(): Locator {
    return this.page.locator(".quick-input-widget input[type=text]").first();
  }

  /** The title and the text of the quick input; `undefined` when none is open. */
  async #quickInputShown(): Promise<string | undefined> {
    if (!(await this.#input().isVisible())) return undefined;
    const title = await this.page.locator(".quick-input-title").first().textContent();
    return `“${title ?? ""}”, ${await this.#input().inputValue()}`;
  }
}

/** Run in the page: every value of VS Code's own stores. */
const keptByWorkbench = `(async () => {
  const result = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const values = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await result(indexedDB.open(name));
    for (const store of database.objectStoreNames) values.push(...(await result(database.transaction(store).objectStore(store).getAll())).map(String));
    database.close();
  }
  return values;
})()`;
