/** All panels with plans: one for each query, opened by commands, brought along by paste and file, restored after a reload. */
import { createHash, randomUUID } from "node:crypto";
import { type CustomDocument, env, type ExtensionContext, type LogOutputChannel, type TextEditor, Uri, ViewColumn, type WebviewPanel, window, workspace } from "vscode";
import * as v from "valibot";
import type { ConnectionTarget } from "../../../protocol/src/connections.ts";
import { planPanelType, planRead, type PlanSubject } from "../../../protocol/src/plan.ts";
import { answerShape, progressShape, storedPanelShape, subjectShape } from "../../../protocol/src/planShapes.ts";
import type { ServerSession } from "../serverSession.ts";
import { parsing } from "./parsing.ts";
import { PlanPanel, setPlanActive } from "./planPanel.ts";
import { type KeptSource, PlanStore } from "./planStore.ts";
import type { PlanWork } from "./planWork.ts";
import { ValueMemory } from "./valueMemory.ts";

/** What this needs of the databases that are known. */
export interface TargetChoice {
  readonly target: ConnectionTarget;
  chooseTarget(): Promise<ConnectionTarget | undefined>;
}

/** Bytes. The server counts characters, and tells of its own limit. */
const largestFile = 100_000_000;

/** Milliseconds after a change until a panel is kept for a reload. */
const pause = 400;

export class PlanPanels {
  readonly #context: ExtensionContext;
  readonly #server: ServerSession;
  readonly #output: LogOutputChannel;
  readonly #targets: () => Promise<TargetChoice>;
  readonly #store: PlanStore;
  readonly #values: ValueMemory;
  /** With what they are about. */
  readonly #open = new Map<PlanPanel, string>();
  #active: PlanPanel | undefined;

  constructor(context: ExtensionContext, server: ServerSession, output: LogOutputChannel, targets: () => Promise<TargetChoice>) {
    this.#context = context;
    this.#server = server;
    this.#output = output;
    this.#targets = targets;
    this.#store = new PlanStore(context.storageUri);
    this.#values = new ValueMemory(context.workspaceState);
    context.subscriptions.push(server.onPlanProgress((params) => this.#progress(params)));
  }

  /** What commands are handed: a subject, a URI as text with an offset and perhaps another, or nothing. */
  wishIn(args: readonly unknown[]): PlanWish {
    return wishIn(args);
  }

  /** A lens's subject, a place of a document, or the active editor's cursor or selection. */
  async explain(given: PlanWish, analyze: boolean): Promise<void> {
    const subject = given.subject ?? subjectOf(window.activeTextEditor);
    if (subject === undefined) {
      void window.showInformationMessage("Put the cursor on a query first: in an SQL file, or in a template of a program.");
      return;
    }
    const targets = await this.#targets();
    const known = this.#panelOf(subject);
    known?.reveal();
    const panel = known ?? this.#create(subject, targets.target, titleOf(subject));
    if (subject.kind === "plan") return panel.work.read();
    await panel.work.explain({ analyze: false, statement: 0 });
    if (analyze) await panel.work.run();
  }

  /** What is on the clipboard, in any form that people have of a plan. */
  async paste(): Promise<void> {
    const text = await env.clipboard.readText();
    if (text.trim() === "") {
      void window.showInformationMessage("The clipboard is empty: copy a plan first, as psql, a client or auto_explain shows it.");
      return;
    }
    // Looked at before there is a panel: a text that is no plan needs none.
    const answer = await this.#server.ask(planRead, { text }, parsing(answerShape));
    if (answer.kind === "failed") {
      void window.showErrorMessage([answer.problem.message, answer.problem.hint].filter((part) => part !== undefined).join(" "));
      return;
    }
    await this.#create({ kind: "plan", text, title: "Pasted Plan" }, { kind: "scratch" }, "Pasted Plan").work.read();
  }

  /** Any two plans that are kept, of one query. */
  async compare(): Promise<void> {
    const all = await this.#store.all();
    const several = all.filter(({ plans }) => plans.length > 1);
    if (several.length === 0) {
      void window.showInformationMessage("There are no two plans of a query to compare yet: explain one, change something, and explain it again.");
      return;
    }
    const queries = several.map((kept) => ({ label: kept.query.replaceAll(/\s+/g, " ").slice(0, 100), description: `${kept.plans.length} plans`, kept }));
    const query = await window.showQuickPick(queries, { title: "Compare Plans", placeHolder: "Of which query", matchOnDescription: true });
    if (query === undefined) return;
    const items = query.kept.plans.map((plan) => ({ label: figureOf(plan), description: new Date(plan.at).toLocaleString(), detail: `${plan.title} · ${plan.target}`, plan }));
    const before = await window.showQuickPick(items, { title: "Compare Plans: Before", placeHolder: "The earlier plan" });
    const after = before === undefined ? undefined : await window.showQuickPick(items.filter((item) => item !== before), { title: "Compare Plans: After", placeHolder: "The later plan" });
    if (before === undefined || after === undefined) return;
    const panel = this.#create({ kind: "plan", text: after.plan.source, title: "Two Plans", query: query.kept.query }, { kind: "scratch" }, "Two Plans");
    await panel.work.read();
    const titled = ({ title, at, target }: KeptSource): string => `${title}, ${target}, ${new Date(at).toLocaleString()}`;
    await panel.work.pair(0, { title: titled(before.plan), source: before.plan.source }, { title: titled(after.plan), source: after.plan.source });
  }

  /** A `.plan.json`, or whatever is opened as one. */
  async openFile({ uri }: CustomDocument, panel: WebviewPanel): Promise<void> {
    const title = uri.path.split("/").at(-1) ?? "Plan";
    const { size } = await workspace.fs.stat(uri);
    // A file of gigabytes is not read to be refused.
    const text = size > largestFile ? "" : new TextDecoder().decode(await workspace.fs.readFile(uri));
    const subject: PlanSubject = { kind: "plan", text, title };
    const { work } = this.#fill(panel, subject, { kind: "scratch" }, { title, id: randomUUID(), hasOwnTitle: true });
    if (size > largestFile) work.refuse({ message: `${title} has ${Math.round(size / 1_000_000)} MB; plans over 50 MB are not read.` });
    else await work.read();
  }

  /** After a reload of the window, as it was: nothing is asked of a database. */
  async restore(panel: WebviewPanel, state: unknown): Promise<void> {
    const remembered = v.safeParse(v.object({ panel: v.string() }), state);
    const kept = remembered.success ? v.safeParse(storedPanelShape, await this.#store.panel(remembered.output.panel)) : undefined;
    if (remembered?.success !== true || kept?.success !== true) return panel.dispose();
    const { subject, choice, title, statements, target, notes } = kept.output;
    const made = this.#fill(panel, subject, choice, { title, id: remembered.output.panel, hasOwnTitle: false });
    made.work.restore(statements, target, notes);
  }

  #create(subject: PlanSubject, target: ConnectionTarget, title: string): PlanPanel {
    const panel = window.createWebviewPanel(planPanelType, `Plan: ${title}`, { viewColumn: window.activeTextEditor === undefined ? ViewColumn.Active : ViewColumn.Beside, preserveFocus: false }, { enableScripts: true });
    return this.#fill(panel, subject, target, { title, id: randomUUID(), hasOwnTitle: false });
  }

  #fill(panel: WebviewPanel, subject: PlanSubject, target: ConnectionTarget, { title, id, hasOwnTitle }: { readonly title: string; readonly id: string; readonly hasOwnTitle: boolean }): PlanPanel {
    panel.iconPath = { light: this.#icon("light"), dark: this.#icon("dark") };
    let saving: NodeJS.Timeout | undefined;
    const keep = (work: PlanWork): void => {
      clearTimeout(saving);
      if (!hasOwnTitle) saving = setTimeout(() => void this.#keep(id, work), pause);
    };
    const made = new PlanPanel(panel, {
      panel: id,
      extensionUri: this.#context.extensionUri,
      server: this.#server,
      store: this.#store,
      values: this.#values,
      subject,
      target,
      title,
      hasOwnTitle,
      chooseTarget: async () => (await this.#targets()).chooseTarget(),
      keep,
      log: (what) => this.#output.warn(`Plan of ${title}: ${what}`),
    });
    this.#open.set(made, nameOf(subject));
    this.#active = made;
    panel.onDidChangeViewState(() => {
      if (panel.active) this.#active = made;
      void setPlanActive(panel.active);
    });
    panel.onDidDispose(() => {
      clearTimeout(saving);
      this.#open.delete(made);
      if (this.#active === made) this.#active = undefined;
      void this.#store.forgetPanel(id);
    });
    return made;
  }

  async #keep(id: string, work: PlanWork): Promise<void> {
    try {
      await this.#store.keepPanel(id, { subject: work.subject, choice: work.target, title: work.title, ...work.snapshot() });
    } catch (error) {
      this.#output.warn(`The plan could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  #panelOf(subject: PlanSubject): PlanPanel | undefined {
    const name = nameOf(subject);
    for (const [panel, own] of this.#open) if (own === name) return panel;
    return undefined;
  }

  #progress(params: unknown): void {
    const progress = v.safeParse(progressShape, params);
    if (progress.success) for (const panel of this.#open.keys()) panel.work.progress(progress.output.id, progress.output.message);
  }

  #icon(theme: string): Uri {
    return Uri.joinPath(this.#context.extensionUri, `media/plan-${theme}.svg`);
  }
}

export interface PlanWish {
  readonly subject: PlanSubject | undefined;
}

function wishIn(args: readonly unknown[]): PlanWish {
  const [first, second, third] = args;
  const subject = v.safeParse(subjectShape, first);
  if (subject.success) return { subject: subject.output };
  const uri = typeof first === "string" ? first : undefined;
  if (uri === undefined || typeof second !== "number") return { subject: undefined };
  return { subject: { kind: "query", uri, start: second, ...(typeof third === "number" ? { end: third } : {}) } };
}

function subjectOf(editor: TextEditor | undefined): PlanSubject | undefined {
  if (editor === undefined) return undefined;
  const { document, selection } = editor;
  const [start, end] = [document.offsetAt(selection.start), document.offsetAt(selection.end)];
  return { kind: "query", uri: document.uri.toString(), start, ...(end > start ? { end } : {}) };
}

function titleOf(subject: PlanSubject): string {
  if (subject.kind !== "query") return subject.title ?? "Query";
  return Uri.parse(subject.uri).path.split("/").at(-1) ?? "Query";
}

/** The same for the same place of a document; each text and plan is one of its own. */
function nameOf(subject: PlanSubject): string {
  if (subject.kind === "query") return `${subject.uri} ${subject.start} ${subject.end ?? ""}`;
  return `${subject.kind} ${createHash("sha256").update(subject.text).digest("hex")}`;
}

function figureOf({ executionMs, cost, nodes }: KeptSource): string {
  if (executionMs !== undefined) return `${Math.round(executionMs * 100) / 100} ms`;
  return cost === undefined ? `${nodes} nodes` : `cost ${Math.round(cost)}`;
}
