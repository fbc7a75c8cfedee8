/** Requests at a place of a text that a test names by what stands there: `$0` in it is the cursor. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CodeLens, Hover, InlayHint, Location, WorkspaceSymbol } from "vscode-languageserver-protocol/node";
import { LineIndex } from "../../server/src/text/lineIndex.ts";
import { fullCapabilities, LspClient } from "./lspClient.ts";

export class Editor {
  readonly client: LspClient;
  readonly #folder: string;

  private constructor(client: LspClient, folder: string) {
    this.client = client;
    this.#folder = folder;
  }

  /** The server on a folder, with our own client's abilities. */
  static async on(folder: string, settings: object = {}): Promise<Editor> {
    const initializationOptions = { showsPlaces: true, settings: { prismaValidation: "off", ...settings } };
    return new Editor(await LspClient.inProcess({ folders: [folder], capabilities: fullCapabilities, initializationOptions }), folder);
  }

  stop(): Promise<void> {
    return this.client.stop();
  }

  /** The Markdown of the hover; empty when there is none. */
  async hover(path: string, place: string): Promise<string> {
    const hover = await this.client.connection.sendRequest<Hover | null>("textDocument/hover", await this.#at(path, place));
    const contents = hover?.contents;
    return typeof contents === "object" && "value" in contents ? contents.value : "";
  }

  /** `path:line`, lines counted from 1. */
  async definition(path: string, place: string): Promise<readonly string[]> {
    return this.#shown(await this.client.connection.sendRequest<Location[]>("textDocument/definition", await this.#at(path, place)));
  }

  /** The texts of the lines, by path. */
  async references(path: string, place: string, includeDeclaration = true): Promise<ReadonlyMap<string, readonly string[]>> {
    const params = { ...(await this.#at(path, place)), context: { includeDeclaration } };
    const byPath = new Map<string, string[]>();
    for (const { uri, range } of await this.client.connection.sendRequest<Location[]>("textDocument/references", params)) {
      const own = this.#path(uri);
      const line = this.#text(own).split("\n")[range.start.line]?.trim() ?? "";
      byPath.set(own, [...(byPath.get(own) ?? []), line]);
    }
    return byPath;
  }

  async symbols(query: string): Promise<readonly string[]> {
    const symbols = await this.client.connection.sendRequest<WorkspaceSymbol[]>("workspace/symbol", { query });
    return symbols.map(({ name, location }) => `${name} in ${this.#path(location.uri)}`);
  }

  /** Titles by the line that they stand above, counted from 1. */
  async lenses(path: string): Promise<readonly string[]> {
    const lenses = await this.#lenses(path);
    return lenses.map(({ range, command }) => `${range.start.line + 1}: ${command?.title}`);
  }

  async #lenses(path: string): Promise<readonly CodeLens[]> {
    await this.#open(path);
    const lenses = await this.client.connection.sendRequest<CodeLens[]>("textDocument/codeLens", { textDocument: { uri: this.uri(path) } });
    return Promise.all(lenses.map((lens) => this.client.connection.sendRequest<CodeLens>("codeLens/resolve", lens)));
  }

  /** The arguments of the first lens of that title. */
  async lensArguments(path: string, title: string): Promise<readonly unknown[]> {
    return (await this.#lenses(path)).find(({ command }) => command?.title === title)?.command?.arguments ?? [];
  }

  /** `line: text with «hint»`, lines counted from 1. */
  async hints(path: string): Promise<readonly string[]> {
    await this.#open(path);
    const text = this.#text(path);
    const range = { start: { line: 0, character: 0 }, end: new LineIndex(text).position(text.length) };
    const params = { textDocument: { uri: this.uri(path) }, range };
    const hints = await this.client.connection.sendRequest<InlayHint[]>("textDocument/inlayHint", params);
    return hints
      .sort((a, b) => a.position.line - b.position.line || a.position.character - b.position.character)
      .map(({ position: { line, character }, label }) => {
        const own = text.split("\n")[line] ?? "";
        return `${line + 1}: ${own.slice(0, character).trim()}«${String(label)}»${own.slice(character)}`;
      });
  }

  uri(path: string): string {
    return pathToFileURL(join(this.#folder, path)).href;
  }

  async #at(path: string, place: string): Promise<object> {
    await this.#open(path);
    const text = this.#text(path);
    const found = text.indexOf(place.replace("$0", ""));
    if (found < 0) throw new Error(`${path} has no ${place}`);
    return { textDocument: { uri: this.uri(path) }, position: new LineIndex(text).position(found + Math.max(0, place.indexOf("$0"))) };
  }

  readonly #opened = new Set<string>();

  async #open(path: string): Promise<void> {
    if (this.#opened.has(path)) return;
    this.#opened.add(path);
    await this.client.open(this.uri(path));
  }

  #text(path: string): string {
    return readFileSync(join(this.#folder, path), "utf8");
  }

  #path(uri: string): string {
    return decodeURIComponent(uri.slice(pathToFileURL(this.#folder).href.length + 1));
  }

  #shown(locations: readonly Location[]): readonly string[] {
    return locations.map(({ uri, range }) => `${this.#path(uri)}:${range.start.line + 1}`);
  }
}
