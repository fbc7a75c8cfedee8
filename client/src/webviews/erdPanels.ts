/** All panels with diagrams: one for each thing that has one, opened by commands, restored after a reload. */
import { commands, type ExtensionContext, type LogOutputChannel, Uri, ViewColumn, type WebviewPanel, window } from "vscode";
import * as v from "valibot";
import { erdPanelType, type ErdSource, type ErdSourceListing, erdSources, type ErdTarget } from "../../../protocol/src/erd.ts";
import { changedShape, sourceShape, sourcesShape } from "../../../protocol/src/erdShapes.ts";
import type { ServerSession } from "../serverSession.ts";
import type { Databases } from "../connections/databases.ts";
import { chooseDifference } from "./chooseDifference.ts";
import { ErdPanel } from "./erdPanel.ts";
import { parsing } from "./parsing.ts";

export class ErdPanels {
  readonly #context: ExtensionContext;
  readonly #server: ServerSession;
  readonly #output: LogOutputChannel;
  readonly #databases: () => Promise<Databases>;
  readonly #open = new Map<ErdPanel, string>();

  constructor(context: ExtensionContext, server: ServerSession, output: LogOutputChannel, databases: () => Promise<Databases>) {
    this.#databases = databases;
    this.#context = context;
    this.#server = server;
    this.#output = output;
    context.subscriptions.push(server.onErdChanged((params) => this.#changed(params)));
  }

  /** Of `uri`, a file or a folder, else of `guess` if that has a diagram, else of what the person chooses. */
  async open({ uri, guess, target }: ErdWish): Promise<void> {
    const guessed = uri === undefined && guess !== undefined ? await this.#listings(guess) : [];
    const listing = await this.#choose(uri, guessed.length > 0 ? guessed : await this.#listings(uri));
    if (listing !== undefined) this.#show(listing, target);
  }

  #show(listing: Listing, target: ErdTarget | undefined): void {
    const shown = this.#panelOf(listing.source);
    if (shown !== undefined) return shown.show(target);
    const column = window.activeTextEditor === undefined ? ViewColumn.Active : ViewColumn.Beside;
    const panel = window.createWebviewPanel(erdPanelType, `ERD: ${listing.title}`, { viewColumn: column, preserveFocus: false }, { enableScripts: true });
    this.#fill(panel, listing, target);
  }

  /** Of the live catalog of a connection, by its id. */
  openDatabase(connection: string, name: string): void {
    this.#show({ source: { kind: "database", connection }, title: name }, undefined);
  }

  /** What differs between two states of a schema, or of one and a database; the person chooses both. */
  async compare({ uri, guess }: ErdWish): Promise<void> {
    const guessed = uri === undefined && guess !== undefined ? await this.#listings(guess) : [];
    const listing = await this.#choose(uri, guessed.length > 0 ? guessed : await this.#listings(uri));
    if (listing === undefined || listing.source.kind === "difference") return;
    const chosen = await chooseDifference(listing, this.#server, (await this.#databases()).store.all());
    if (chosen !== undefined) this.#show({ source: chosen, title: `${listing.title} compared` }, undefined);
  }

  /** After a reload of the window, with what the view had remembered. */
  async restore(panel: WebviewPanel, state: unknown): Promise<void> {
    const remembered = v.safeParse(v.object({ source: sourceShape }), state);
    if (!remembered.success) return panel.dispose();
    const { source } = remembered.output;
    const uri = source.kind === "project" || source.kind === "history" ? source.uri : undefined;
    const listings = uri === undefined ? [] : await this.#listings(uri);
    const listing = listings.find((one) => sameSource(one.source, source));
    this.#fill(panel, listing ?? { source, title: panel.title.replace(/^ERD: /, "") }, undefined);
  }

  async #choose(uri: string | undefined, listings: readonly ErdSourceListing[]): Promise<Listing | undefined> {
    const [only, ...others] = listings;
    if (only === undefined) {
      const nothing = uri === undefined ? "There is no schema in this workspace: no Prisma schema, and no SQL that creates tables." : "There is no diagram of this: it defines no tables.";
      void window.showInformationMessage(nothing);
      return undefined;
    }
    if (others.length === 0) return only;
    const items = listings.map((listing) => ({ label: listing.title, description: pathOf(listing.source), listing }));
    const chosen = await window.showQuickPick(items, { title: "Open ERD", placeHolder: "The schema to show", matchOnDescription: true });
    return chosen?.listing;
  }

  async #chooseDatabase(): Promise<string | undefined> {
    return (await (await this.#databases()).profileFor(undefined, "Show Sizes and Rows"))?.id;
  }

  #listings(uri: string | undefined): Promise<readonly ErdSourceListing[]> {
    return this.#server.ask(erdSources, uri === undefined ? {} : { uri }, parsing(sourcesShape));
  }

  #fill(panel: WebviewPanel, listing: Listing, focus: ErdTarget | undefined): void {
    panel.iconPath = { light: this.#icon("light"), dark: this.#icon("dark") };
    const { source, title, positionsUri } = listing;
    const log = (what: string): void => this.#output.warn(`ERD of ${title}: ${what}`);
    const erd = new ErdPanel(panel, { extensionUri: this.#context.extensionUri, server: this.#server, source, title, positionsUri, focus, chooseDatabase: () => this.#chooseDatabase(), log });
    this.#open.set(erd, sourceName(source));
    panel.onDidDispose(() => this.#open.delete(erd));
    panel.onDidChangeViewState(() => void commands.executeCommand("setContext", "databaseArchitect.erdActive", panel.active));
  }

  #icon(theme: string): Uri {
    return Uri.joinPath(this.#context.extensionUri, `media/erd-${theme}.svg`);
  }

  #panelOf(source: ErdSource): ErdPanel | undefined {
    for (const [panel, name] of this.#open) if (name === sourceName(source)) return panel;
    return undefined;
  }

  #changed(params: unknown): void {
    const { uris } = parsing(changedShape)(params);
    for (const panel of this.#open.keys()) if (urisOf(panel.source).some((uri) => uris.includes(uri))) panel.refresh();
  }
}

export interface ErdWish {
  readonly uri?: string | undefined;
  readonly guess?: string | undefined;
  readonly target?: ErdTarget | undefined;
}

interface Listing {
  readonly source: ErdSource;
  readonly title: string;
  readonly positionsUri?: string;
}

function sourceName(source: ErdSource): string {
  return JSON.stringify(source, (_key, value: unknown) => (isRecord(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value));
}

function sameSource(a: ErdSource, b: ErdSource): boolean {
  return sourceName(a) === sourceName(b);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function urisOf(source: ErdSource): readonly string[] {
  if (source.kind === "difference") return [...urisOf(source.before), ...urisOf(source.after)];
  return source.kind === "database" ? [] : [source.uri];
}

function pathOf(source: ErdSource): string {
  return urisOf(source).map((uri) => Uri.parse(uri).path).join(", ");
}
