/**
 * One panel with a diagram: gives its view pictures, keeps what was dragged, and does what the view asks for by name.
 * The server makes the pictures; this asks again when it says that something changed.
 */
import { commands, Range, Uri, ViewColumn, window, workspace, type WebviewPanel } from "vscode";
import { type Channel, ChannelClosed } from "../../../protocol/src/channel.ts";
import {
  type ErdDeletion,
  erdDeletion,
  type ErdEdit,
  erdEdit,
  type ErdExported,
  erdExport,
  type ErdFileFormat,
  type ErdLettering,
  type ErdOpening,
  type ErdOutcome,
  type ErdPicture,
  erdPicture,
  erdPlace,
  type ErdPositions,
  type ErdSource,
  type ErdTarget,
} from "../../../protocol/src/erd.ts";
import { deletionShape, exportedShape, hostMethods, outcomeShape, pictureShape, placeShape, viewMethods } from "../../../protocol/src/erdShapes.ts";
import { openRuleDocumentation } from "../../../protocol/src/requests.ts";
import type { ServerSession } from "../serverSession.ts";
import { parsing } from "./parsing.ts";
import { fillPanel } from "./panel.ts";
import { PositionsFile } from "./positionsFile.ts";

export interface ErdPanelOptions {
  readonly extensionUri: Uri;
  readonly server: ServerSession;
  readonly source: ErdSource;
  readonly title: string;
  /** Undefined where nothing can be kept. */
  readonly positionsUri: string | undefined;
  readonly focus?: ErdTarget | undefined;
  /** Id of a connection that the person chose. */
  chooseDatabase(): Promise<string | undefined>;
  log(what: string): void;
}

export class ErdPanel {
  #source: ErdSource;
  readonly #panel: WebviewPanel;
  readonly #options: ErdPanelOptions;
  readonly #file: PositionsFile;
  readonly #channel: Channel<typeof viewMethods>;
  /** Where everything stood in the last picture: what stands stays, whatever is typed. */
  #standing: ErdPositions = {};
  /** Keys of what the last picture had; undefined where something was half typed in it. */
  #boxes: ReadonlySet<string> | undefined;
  #revision = -1;
  #focus: ErdTarget | undefined;
  #isReady = false;
  /** The picture that is being made, and whether another is wanted after it. */
  #refreshing: Promise<void> | undefined;
  #isStale = false;
  /** Asked for while the page is still loading. */
  #first: Promise<ErdPicture> | undefined;

  constructor(panel: WebviewPanel, options: ErdPanelOptions) {
    this.#panel = panel;
    this.#options = options;
    this.#source = options.source;
    this.#focus = options.focus;
    this.#file = new PositionsFile(options.positionsUri, () => this.#rearrange());
    panel.onDidDispose(() => this.#file.dispose());
    this.#first = this.#file.read().then(() => this.#picture());
    this.#first.catch(() => undefined); // the page, which asks for it, is told
    this.#channel = fillPanel(panel, {
      extensionUri: options.extensionUri,
      bundle: "erd",
      title: `Entity relationship diagram of ${options.title}`,
      in: hostMethods,
      out: viewMethods,
      handlers: {
        ready: () => this.#open(),
        reveal: (target) => this.#reveal(target),
        edit: (edit) => this.#edit(edit),
        moved: (positions) => this.#file.add(positions, this.#boxes),
        arrange: () => this.#arrange(),
        simulateDelete: (table) => this.#simulateDelete(table),
        exportFile: (wanted) => this.#exportFile(wanted),
        svgText: async ({ hidden }) => (await this.#written("svg", hidden)).content,
        savePng: (data) => this.#savePng(data),
        measure: () => this.#measure(),
        explainRule: async (rule) => void (await commands.executeCommand(openRuleDocumentation, rule)),
      },
      log: options.log,
    });
  }

  get source(): ErdSource {
    return this.#source;
  }

  /** Asks the server again, once however often this is called meanwhile. */
  refresh(): void {
    this.#isStale = true;
    if (!this.#isReady) {
      this.#first = undefined; // what was asked for is not true any more
      return;
    }
    this.#refreshing ??= this.#refresh()
      .catch((error: unknown) => this.#failed(error))
      .finally(() => {
        this.#refreshing = undefined;
      });
  }

  /** In front, with `target` in sight. */
  show(target: ErdTarget | undefined): void {
    this.#focus = target;
    this.#panel.reveal(undefined, target !== undefined);
    if (target !== undefined && this.#isReady) this.#channel.request("focus", target).catch((error: unknown) => this.#failed(error));
  }

  async #open(): Promise<ErdOpening> {
    const first = this.#first;
    this.#first = undefined;
    this.#isStale = false;
    const picture = await (first ?? this.#file.read().then(() => this.#picture()));
    this.#isReady = true;
    if (this.#isStale) this.refresh();
    const focus = this.#focus;
    this.#focus = undefined;
    return focus === undefined ? { source: this.source, picture } : { source: this.source, picture, focus };
  }

  async #refresh(): Promise<void> {
    while (this.#isStale) {
      this.#isStale = false;
      if (!this.#panel.visible) return; // a view that comes back asks by itself
      const picture = await this.#picture();
      if (!this.#isStale) await this.#channel.request("show", picture);
    }
  }

  async #picture(): Promise<ErdPicture> {
    const positions = { ...this.#standing, ...this.#file.positions };
    const picture = await this.#options.server.ask(erdPicture, { source: this.source, positions }, parsing(pictureShape));
    this.#standing = picture.positions;
    this.#boxes = picture.diagram.status.kind === "ok" ? new Set(Object.keys(picture.positions)) : undefined;
    this.#revision = picture.diagram.revision;
    return picture;
  }

  async #reveal(target: ErdTarget): Promise<void> {
    const place = await this.#options.server.ask(erdPlace, { source: this.source, target }, parsing(placeShape));
    if (place === null) {
      void window.setStatusBarMessage("This is not written in any file: it follows from something else.", 5000);
      return;
    }
    const { start, end } = place.range;
    const selection = new Range(start.line, start.character, end.line, end.character);
    const document = await workspace.openTextDocument(Uri.parse(place.uri));
    await window.showTextDocument(document, { selection, viewColumn: this.#textColumn(place.uri) });
  }

  /** Where the text is open already, else beside the diagram. */
  #textColumn(uri: string): ViewColumn {
    const shown = window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri)?.viewColumn;
    if (shown !== undefined) return shown;
    return this.#panel.viewColumn === ViewColumn.One ? ViewColumn.Beside : ViewColumn.One;
  }

  async #edit(edit: ErdEdit): Promise<ErdOutcome> {
    if (edit.revision !== this.#revision) return { ok: false, reason: "The schema has changed meanwhile. Look again, and repeat what you did." };
    return this.#options.server.ask(erdEdit, { source: this.source, edit }, parsing(outcomeShape));
  }

  async #measure(): Promise<void> {
    if (this.#source.kind !== "project") return this.refresh(); // a database is measured with its catalog
    const connection = await this.#options.chooseDatabase();
    if (connection === undefined) return;
    this.#source = { ...this.#source, sizesOf: connection };
    this.refresh();
  }

  async #arrange(): Promise<void> {
    await this.#file.clear();
    this.#rearrange();
  }

  #rearrange(): void {
    this.#standing = {};
    this.refresh();
  }

  #simulateDelete(table: string): Promise<ErdDeletion> {
    return this.#options.server.ask(erdDeletion, { source: this.source, table }, parsing(deletionShape));
  }

  async #exportFile({ format, hidden }: { readonly format: ErdFileFormat; readonly hidden: readonly string[] }): Promise<void> {
    const uri = await this.#askWhere(extensions[format], names[format]);
    if (uri === undefined) return;
    const first = await this.#written(format, hidden);
    // The document's font has no shapes for some words: the page, which draws them, has.
    const letterings = first.shapeless.length === 0 ? [] : await this.#channel.request("letter", first.shapeless);
    const written = letterings.length === 0 ? first : await this.#written(format, hidden, letterings);
    await workspace.fs.writeFile(uri, Buffer.from(written.content, format === "pdf" ? "base64" : "utf8"));
    if (written.shapeless.length > 0) void window.showWarningMessage(shapelessText(written));
  }

  #written(format: ErdFileFormat, hidden: readonly string[], letterings: readonly ErdLettering[] = []): Promise<ErdExported> {
    const params = { source: this.source, format, positions: this.#standing, hidden, palette: "light", letterings };
    return this.#options.server.ask(erdExport, params, (answer) => {
      const exported = parsing(exportedShape)(answer);
      if (exported.content === "") throw new Error("The diagram could not be exported.");
      return exported;
    });
  }

  async #savePng(data: string): Promise<void> {
    const uri = await this.#askWhere("png", "PNG");
    if (uri !== undefined) await workspace.fs.writeFile(uri, Buffer.from(data, "base64"));
  }

  async #askWhere(extension: string, name: string): Promise<Uri | undefined> {
    const folder = workspace.workspaceFolders?.[0]?.uri;
    const file = `${this.#options.title.replaceAll(/[^\w-]+/g, "-")}.${extension}`;
    return window.showSaveDialog({
      title: `Export the Diagram as ${name}`,
      filters: { [name]: [extension] },
      ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, file) }),
    });
  }

  #failed(error: unknown): void {
    if (!(error instanceof ChannelClosed)) this.#options.log(error instanceof Error ? error.message : String(error));
  }
}

function shapelessText({ shapeless, shapelessIn }: ErdExported): string {
  const names = shapelessIn.length > 5 ? `${shapelessIn.slice(0, 5).join(", ")} and ${shapelessIn.length - 5} more` : shapelessIn.join(", ");
  const words = shapeless.length > 10 ? `${shapeless.slice(0, 10).join(" ")} …` : shapeless.join(" ");
  return `This machine has no font for some of the names in ${names}: ${words} They stand in the PDF as boxes, and can be found and copied all the same.`;
}

const extensions: Readonly<Record<ErdFileFormat, string>> = { svg: "svg", pdf: "pdf", mermaid: "mmd", dbml: "dbml", plantuml: "puml", html: "html" };
const names: Readonly<Record<ErdFileFormat, string>> = { svg: "SVG", pdf: "PDF", mermaid: "Mermaid", dbml: "DBML", plantuml: "PlantUML", html: "HTML" };
