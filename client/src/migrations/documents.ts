/** Read-only documents about migrations: reports, plans, and the SQL that the schema would need, which follows the typing. */
import { type Disposable, type Event, EventEmitter, commands, Uri, window, workspace } from "vscode";

/** Milliseconds between the last keystroke and a new preview. */
const pause = 400;

export class MigrationDocuments implements Disposable {
  readonly #scheme: string;
  readonly #changed = new EventEmitter<Uri>();
  readonly #texts = new Map<string, string>();
  readonly #live = new Map<string, { readonly make: () => Promise<string>; timer?: NodeJS.Timeout | undefined }>();
  readonly #listening: readonly Disposable[];

  constructor(scheme: string) {
    this.#scheme = scheme;
    const followed = (path: string): boolean => /\.prisma$|migrations?[/\\].*\.sql$/.test(path);
    this.#listening = [
      workspace.onDidChangeTextDocument(({ document }) => {
        if (followed(document.uri.path)) this.#wake();
      }),
      workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === scheme) this.#forget(uri);
      }),
    ];
  }

  get onDidChange(): Event<Uri> {
    return this.#changed.event;
  }

  text(uri: Uri): string {
    return this.#texts.get(uri.toString()) ?? "-- This is from an earlier session: run the command again.\n";
  }

  /** Markdown, shown as a preview beside the text one works on. */
  async showReport(name: string, markdown: string): Promise<void> {
    const uri = this.#keep(`${name}.md`, markdown);
    await commands.executeCommand("markdown.showPreview", uri);
  }

  /** A new document of the person's own. */
  async showSql(sql: string): Promise<void> {
    await window.showTextDocument(await workspace.openTextDocument({ language: "sql", content: sql }), { preview: false });
  }

  /** A file beside what it would be. */
  async showDifference(file: Uri, text: string, title: string): Promise<void> {
    const uri = this.#keep(`${title} ${file.path.slice(file.path.lastIndexOf("/") + 1)}`, text);
    await commands.executeCommand("vscode.diff", file, uri, title);
  }

  /** SQL beside the editor, made again while the schema is typed. */
  async showLive(name: string, make: () => Promise<string>): Promise<void> {
    const uri = this.#keep(`${name}.sql`, await make());
    this.#live.set(uri.toString(), { make });
    await window.showTextDocument(await workspace.openTextDocument(uri), { viewColumn: -2, preserveFocus: true, preview: true });
  }

  dispose(): void {
    for (const each of this.#listening) each.dispose();
    for (const { timer } of this.#live.values()) clearTimeout(timer);
    this.#changed.dispose();
  }

  #keep(name: string, text: string): Uri {
    const uri = Uri.from({ scheme: this.#scheme, path: `/${name.replaceAll("/", " ")}` });
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
    return uri;
  }

  #forget(uri: Uri): void {
    clearTimeout(this.#live.get(uri.toString())?.timer);
    this.#live.delete(uri.toString());
    this.#texts.delete(uri.toString());
  }

  #wake(): void {
    for (const [key, live] of this.#live) {
      clearTimeout(live.timer);
      live.timer = setTimeout(() => void this.#make(key), pause);
    }
  }

  async #make(key: string): Promise<void> {
    const live = this.#live.get(key);
    if (live === undefined) return;
    const text = await live.make().catch((error: unknown) => `-- ${error instanceof Error ? error.message : String(error)}\n`);
    if (this.#live.get(key) !== live || this.#texts.get(key) === text) return;
    this.#texts.set(key, text);
    this.#changed.fire(Uri.parse(key));
  }
}
