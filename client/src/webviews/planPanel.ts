/**
 * One panel, or editor of a `.plan.json`, with the plans of a query: shows its view what there is, and does what the view
 * asks for by name. The work itself is `planWork.ts`.
 */
import { commands, env, Range, Uri, ViewColumn, window, workspace, type WebviewPanel } from "vscode";
import { type Channel, ChannelClosed } from "../../../protocol/src/channel.ts";
import type { ConnectionTarget } from "../../../protocol/src/connections.ts";
import { planApply, planApplyAdvice, type PlanFileFormat, type PlanIndex, type PlanOutcome, planPlace, planSave, type PlanView } from "../../../protocol/src/plan.ts";
import { planHostMethods, planOutcomeShape, planPlaceShape, planViewMethods } from "../../../protocol/src/planShapes.ts";
import type { ServerSession } from "../serverSession.ts";
import { fillPanel } from "./panel.ts";
import { parsing } from "./parsing.ts";
import { PlanWork, type PlanWorkOptions } from "./planWork.ts";

export interface PlanPanelOptions extends Omit<PlanWorkOptions, "changed"> {
  readonly extensionUri: Uri;
  /** A place in the editor that is a file has its own title. */
  readonly hasOwnTitle: boolean;
  chooseTarget(): Promise<ConnectionTarget | undefined>;
  /** There is something that is to be there again after a reload. */
  keep(work: PlanWork): void;
  log(what: string): void;
}

export class PlanPanel {
  readonly work: PlanWork;
  readonly #panel: WebviewPanel;
  readonly #options: PlanPanelOptions;
  readonly #channel: Channel<typeof planViewMethods>;
  #isReady = false;
  #isShowing = false;
  #isStale = false;

  constructor(panel: WebviewPanel, options: PlanPanelOptions) {
    this.#panel = panel;
    this.#options = options;
    this.work = new PlanWork({ ...options, changed: () => this.#changed() });
    panel.onDidDispose(() => this.work.dispose());
    this.#channel = fillPanel(panel, {
      extensionUri: options.extensionUri,
      bundle: "plan",
      title: `Query plan of ${options.title}`,
      in: planHostMethods,
      out: planViewMethods,
      handlers: {
        ready: () => this.#ready(),
        explain: (wish) => this.work.explain(wish),
        answer: ({ about, agreed }) => this.work.answer(about, agreed),
        cancel: () => this.work.cancel(),
        chooseTarget: () => this.#chooseTarget(),
        reveal: ({ at }) => this.#reveal(at),
        compare: ({ statement, before, after }) => this.work.compare(statement, before, after),
        single: (statement) => this.work.single(statement),
        forget: ({ statement, id }) => this.work.forget(statement, id),
        save: ({ statement, plan }) => this.#save(statement, plan),
        copy: async (text) => void (await env.clipboard.writeText(text)),
        openSql: async (text) => void (await window.showTextDocument(await workspace.openTextDocument({ language: "sql", content: `${text}\n` }), this.#textColumn())),
        applyIndex: (index) => this.#applyIndex(index),
        advise: (statement) => this.work.advise(statement),
        applyAdvice: ({ id }) => this.#applyAdvice(id),
        openLink: async (address) => void (await env.openExternal(Uri.parse(address))),
      },
      log: options.log,
    });
  }

  reveal(): void {
    this.#panel.reveal();
  }

  #ready(): PlanView {
    this.#isReady = true;
    this.#isStale = false;
    return this.work.view();
  }

  #changed(): void {
    if (!this.#options.hasOwnTitle) this.#panel.title = `Plan: ${this.work.title}`;
    this.#options.keep(this.work);
    this.#isStale = true;
    if (this.#isReady && !this.#isShowing) void this.#show();
  }

  /** A view that is hidden asks by itself when it comes back. */
  async #show(): Promise<void> {
    this.#isShowing = true;
    try {
      while (this.#isStale && this.#panel.visible) {
        this.#isStale = false;
        await this.#channel.request("show", this.work.view());
      }
    } catch (error) {
      if (!(error instanceof ChannelClosed)) this.#options.log(error instanceof Error ? error.message : String(error));
    } finally {
      this.#isShowing = false;
    }
  }

  async #chooseTarget(): Promise<void> {
    const target = await this.#options.chooseTarget();
    if (target !== undefined) await this.work.changeTarget(target);
  }

  async #reveal(at: number | undefined): Promise<void> {
    const place = await this.#server.ask(planPlace, { subject: this.work.subject, ...(at === undefined ? {} : { at }) }, parsing(planPlaceShape));
    if (place === null) throw new Error("The query is not there any more.");
    const document = await workspace.openTextDocument(Uri.parse(place.uri));
    const selection = new Range(document.positionAt(place.start), document.positionAt(place.end));
    await window.showTextDocument(document, { selection, viewColumn: window.visibleTextEditors.find((editor) => editor.document === document)?.viewColumn ?? this.#textColumn() });
  }

  /** Beside the plan. */
  #textColumn(): ViewColumn {
    return this.#panel.viewColumn === ViewColumn.One ? ViewColumn.Beside : ViewColumn.One;
  }

  async #applyIndex(index: PlanIndex): Promise<PlanOutcome> {
    const uri = this.#schemaUri();
    return uri === undefined ? noSchema : this.#server.ask(planApply, { uri, index }, parsing(planOutcomeShape));
  }

  async #applyAdvice(id: string): Promise<PlanOutcome> {
    const uri = this.#schemaUri();
    return uri === undefined ? noSchema : this.#server.ask(planApplyAdvice, { uri, id }, parsing(planOutcomeShape));
  }

  /** Of something whose project the query is about. */
  #schemaUri(): string | undefined {
    const { subject } = this.work;
    return subject.kind === "plan" ? undefined : (subject.uri ?? workspace.workspaceFolders?.[0]?.uri.toString());
  }

  async #save(statement: number, plan: number): Promise<void> {
    const found = this.work.sheet(statement, plan);
    if (found?.sheet.source === undefined) return;
    const { sheet, query } = found;
    const chosen = await window.showQuickPick(ways, { title: "Save or Copy the Plan", placeHolder: "As what" });
    if (chosen === undefined) return;
    const text = await this.#server.ask(planSave, { source: sheet.source, query, format: chosen.format }, (answer) => {
      if (typeof answer !== "string") throw new Error("The plan could not be written.");
      return answer;
    });
    if (chosen.extension === undefined) {
      await env.clipboard.writeText(text);
      void window.setStatusBarMessage("The plan is on the clipboard.", 4000);
      return;
    }
    const folder = workspace.workspaceFolders?.[0]?.uri;
    const name = `${this.work.title.replaceAll(/[^\w.-]+/g, "-").replace(/\.plan\.json$/, "")}.${chosen.extension}`;
    const uri = await window.showSaveDialog({ title: "Save the Plan", ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, name) }) });
    if (uri !== undefined) await workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  }

  get #server(): ServerSession {
    return this.#options.server;
  }
}

const noSchema: PlanOutcome = { ok: false, reason: "There is no schema that this plan belongs to." };

const ways: readonly { readonly label: string; readonly detail: string; readonly format: PlanFileFormat; readonly extension?: string }[] = [
  { label: "$(markdown) Copy as Markdown", detail: "For a pull request: totals, query, what it tells, the plan", format: "markdown" },
  { label: "$(clippy) Copy as Text", detail: "As psql shows it", format: "text" },
  { label: "$(json) Save as JSON…", detail: "PostgreSQL's own, in a .plan.json that opens as a plan again", format: "json", extension: "plan.json" },
  { label: "$(file) Save as Text…", detail: "As psql shows it", format: "text", extension: "plan.txt" },
  { label: "$(markdown) Save as Markdown…", detail: "With what it tells", format: "markdown", extension: "plan.md" },
];

/** Also says which command is for what is active. */
export async function setPlanActive(isActive: boolean): Promise<void> {
  await commands.executeCommand("setContext", "databaseArchitect.planActive", isActive);
}
