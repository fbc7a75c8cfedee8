/**
 * The page of a plan: asks the host what to show, draws it, and turns what a person does into another view of it or a
 * request by name. The plan comes whole from the host; only what a person chose to see is kept here.
 */
import { type Channel, ChannelClosed, createChannel } from "../../protocol/src/channel.ts";
import type { PlanConsent, PlanIndex, PlanMeasure, PlanPair, PlanSheet, PlanStatement, PlanView } from "../../protocol/src/plan.ts";
import { planHostMethods, planViewMethods } from "../../protocol/src/planShapes.ts";
import { html } from "../shared/dom.ts";
import { IcicleView } from "./icicle.ts";
import { adviceList, type InsightActions, insightList } from "./insightList.ts";
import { keptPlans } from "./keptPlans.ts";
import { nodeDetails } from "./nodeDetails.ts";
import { PlanTree } from "./planTree.ts";
import { queryText } from "./queryText.ts";
import { parseState, type TabName, type ViewState, withoutSelection } from "./state.ts";
import { changesStrip, totalsStrip } from "./strips.ts";
import { TabList } from "./tabs.ts";
import { textTable } from "./textTable.ts";
import { Toolbar } from "./toolbar.ts";
import { TreeGrid } from "./tree.ts";
import { ValueForm } from "./valueForm.ts";

/** What VS Code gives the script of a webview. */
export interface Host {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

export class PlanApp {
  readonly #host: Host;
  readonly #channel: Channel<typeof planHostMethods>;
  readonly #root: HTMLElement;
  readonly #heading = html("h1", { class: "visually-hidden" }, "Query plan");
  readonly #toolbar: Toolbar;
  readonly #banners = html("div", { class: "banners" });
  readonly #strip = html("div", { class: "strip" });
  readonly #plans: TabList;
  readonly #picture = html("div", { class: "picture" });
  readonly #side: TabList;
  readonly #panel = html("div", { class: "sidePanel", role: "tabpanel", id: "side-panel", tabindex: 0 });
  readonly #query = html("div", { class: "queryRoom" });
  readonly #main = html("div", { class: "body" });
  readonly #spoken = html("div", { class: "visually-hidden", role: "status" });
  readonly #trees: readonly [TreeGrid, TreeGrid];
  readonly #icicle: IcicleView;
  readonly #values: ValueForm;
  #table: { readonly tree: PlanTree; readonly element: HTMLElement } | undefined;
  #state: ViewState;
  #view: PlanView | undefined;
  /** By sheet: what is drawn is made once. */
  #made = new WeakMap<PlanSheet, PlanTree>();
  /** The node that is selected in the earlier one of two plans. */
  #chosenKept = new Set<string>();
  #wantsPair = false;

  constructor(root: HTMLElement, host: Host) {
    this.#root = root;
    this.#host = host;
    this.#state = parseState(host.getState());
    this.#channel = createChannel({
      in: planViewMethods,
      out: planHostMethods,
      handlers: { show: (view) => this.#show(view) },
      post: (message) => host.postMessage(message),
      log: (what) => console.warn(what),
    });
    const select = (id: number): void => this.#select(id, "node");
    const treeActions = { select, open: (id: number): void => this.#reveal(id) };
    this.#trees = [new TreeGrid({ select: (id) => this.#selectBefore(id), open: () => undefined }), new TreeGrid(treeActions)];
    this.#icicle = new IcicleView({ select });
    this.#values = new ValueForm({ explain: (values, analyze) => this.#explain(analyze, values) });
    this.#plans = new TabList("Plans", "picture", (at) => this.#set({ ...withoutSelection(this.#state), shown: at === "pair" ? "pair" : Number(at) }));
    this.#side = new TabList("About the plan", "side-panel", (name) => this.#set({ ...this.#state, tab: tabNamed(name) }));
    this.#toolbar = new Toolbar({
      explain: (analyze) => this.#explain(analyze),
      cancel: () => this.#ask(() => this.#channel.request("cancel", null)),
      target: () => this.#ask(() => this.#channel.request("chooseTarget", null)),
      save: () => this.#ask(() => this.#channel.request("save", { statement: this.#state.statement, plan: this.#place() })),
      reveal: () => this.#ask(() => this.#channel.request("reveal", { statement: this.#state.statement })),
      picture: (picture) => this.#set({ ...this.#state, picture }),
      measure: (measure) => this.#set({ ...this.#state, measure }),
      statement: (statement) => this.#set({ ...withoutSelection(this.#state), statement, shown: 0 }),
    });
    this.#build();
  }

  /** Asks for the view; whatever the host sends comes in through `receive`. */
  async start(): Promise<void> {
    try {
      this.#show(await this.#channel.request("ready", null));
    } catch (error) {
      if (!(error instanceof ChannelClosed)) this.#say(messageOf(error));
    }
  }

  receive(message: unknown): void {
    this.#channel.receive(message);
  }

  #build(): void {
    this.#picture.id = "picture";
    this.#picture.setAttribute("role", "tabpanel");
    const side = html("div", { class: "side" }, html("div", { class: "sideTop" }, this.#side.element, this.#panel), this.#query);
    this.#main.append(html("div", { class: "mainColumn" }, this.#plans.element, this.#picture), side);
    this.#root.replaceChildren(this.#heading, this.#toolbar.element, this.#banners, this.#strip, this.#main, this.#spoken);
  }

  // ------------------------------------------------------------------------------------------------ what is shown

  #show(view: PlanView): void {
    performance.mark("given");
    const before = this.#view;
    this.#view = view;
    const statement = view.statements[this.#state.statement];
    if (statement === undefined && view.statements.length > 0) this.#state = { ...withoutSelection(this.#state), statement: 0, shown: 0 };
    const old = before?.statements[this.#state.statement]?.plans;
    if (before !== undefined && old?.[0]?.nodes.length !== statement?.plans[0]?.nodes.length) this.#state = withoutSelection(this.#state);
    if (this.#wantsPair && statement?.pairing !== undefined) {
      this.#wantsPair = false;
      this.#state = { ...withoutSelection(this.#state), shown: "pair", tab: "node" };
    }
    this.#redraw();
    this.#root.dataset["revision"] = String(view.revision);
    performance.mark("painted");
  }

  #set(state: ViewState): void {
    this.#state = state;
    this.#redraw();
  }

  #redraw(): void {
    const view = this.#view;
    if (view === undefined) return;
    const statement = view.statements[this.#state.statement];
    this.#heading.textContent = `Plan of ${view.title}`;
    this.#showBanners(view, statement);
    this.#toolbar.show(view, { picture: this.#state.picture, measure: this.#measure(), measures: this.#sheet()?.measures ?? [], statement: this.#state.statement, isPair: this.#pair() !== undefined });
    this.#main.hidden = statement === undefined;
    if (statement !== undefined) this.#showStatement(statement, view);
    else this.#strip.replaceChildren();
    this.#host.setState({ ...this.#state, panel: view.panel });
  }

  #showStatement(statement: PlanStatement, view: PlanView): void {
    const pairing = this.#pair();
    const [sheet] = [this.#sheet()];
    this.#plans.show(planTabs(statement), this.#state.shown === "pair" ? "pair" : String(this.#place()));
    this.#plans.element.hidden = statement.plans.length < 2;
    if (sheet === undefined) {
      this.#strip.replaceChildren();
      this.#picture.replaceChildren(html("p", { class: "quiet nothing" }, statement.problem === undefined && view.activity !== undefined ? "" : "There is no plan to show."));
    } else if (pairing === undefined) this.#showOne(sheet);
    else this.#showPair(statement, pairing);
    this.#strip.hidden = sheet === undefined;
    this.#showSide(statement, sheet, view);
    this.#showQuery(statement, sheet);
  }

  #showOne(sheet: PlanSheet): void {
    this.#strip.replaceChildren(...totalsStrip(sheet));
    const tree = this.#treeOf(sheet);
    const { picture, selected } = this.#state;
    const measure = this.#measure();
    this.#picture.className = "picture";
    if (picture === "tree") {
      this.#put(this.#trees[1].element);
      this.#trees[1].show(tree, { measure, selected });
    } else if (picture === "icicle") {
      this.#put(this.#icicle.element);
      this.#icicle.show(tree, measure, selected);
    } else {
      if (this.#table?.tree !== tree) this.#table = { tree, element: textTable(tree, (id) => this.#select(id, "node")) };
      this.#put(this.#table.element);
    }
  }

  #showPair(statement: PlanStatement, { before, after, pairs }: Pair): void {
    this.#strip.replaceChildren(...changesStrip(statement.pairing?.changes ?? []));
    this.#picture.className = "picture pair";
    const measure = this.#measure();
    const selected = this.#state.selected;
    const partner = pairs.find((pair) => pair.after === selected)?.before;
    const [left, right] = this.#trees;
    const titled = (sheet: PlanSheet, grid: TreeGrid): HTMLElement => html("section", { class: "half", "aria-label": sheet.title }, html("h2", {}, sheet.title), grid.element);
    if (left.element.parentElement?.parentElement !== this.#picture || this.#picture.dataset["pair"] !== `${before.title}\n${after.title}`) {
      this.#picture.dataset["pair"] = `${before.title}\n${after.title}`;
      this.#picture.replaceChildren(titled(before, left), titled(after, right));
    }
    left.show(this.#treeOf(before), { measure, selected: partner, pairs: pairsBy(pairs, "before") });
    right.show(this.#treeOf(after), { measure, selected, pairs: pairsBy(pairs, "after") });
  }

  /** Keeps an element in its place, with its focus. */
  #put(element: HTMLElement): void {
    delete this.#picture.dataset["pair"];
    if (this.#picture.firstElementChild !== element || this.#picture.childElementCount > 1) this.#picture.replaceChildren(element);
  }

  #showSide(statement: PlanStatement, sheet: PlanSheet | undefined, view: PlanView): void {
    const { tab } = this.#state;
    const tabs: { readonly name: TabName; readonly label: string }[] = [
      { name: "insights", label: sheet === undefined || sheet.insights.length === 0 ? "Insights" : `Insights (${sheet.insights.length})` },
      { name: "node", label: "Node" },
    ];
    if (statement.parameters.length > 0 && view.can.explain) tabs.push({ name: "values", label: "Values" });
    tabs.push({ name: "plans", label: statement.kept.length === 0 ? "Kept" : `Kept (${statement.kept.length})` });
    const shown = tabs.some(({ name }) => name === tab) ? tab : "insights";
    this.#side.show(tabs, shown);
    this.#panel.setAttribute("aria-labelledby", this.#side.idOf(shown));
    this.#fillPanel(this.#sideContent(shown, statement, sheet, view));
  }

  /** Who was in it stays in it: on the same field, or on the panel itself. */
  #fillPanel(content: readonly HTMLElement[]): void {
    const [only, ...others] = content;
    if (others.length === 0 && only !== undefined && only === this.#panel.firstElementChild && this.#panel.childElementCount === 1) return;
    const focused = this.#panel.contains(document.activeElement) ? document.activeElement : null;
    this.#panel.replaceChildren(...content);
    if (focused === null || focused.isConnected) return;
    const again = focused.id === "" ? null : document.getElementById(focused.id);
    (again ?? this.#panel).focus();
  }

  #sideContent(tab: TabName, statement: PlanStatement, sheet: PlanSheet | undefined, view: PlanView): readonly HTMLElement[] {
    switch (tab) {
      case "insights":
        return [...(sheet === undefined ? [] : insightList(sheet, this.#state.selected, view.can.applyIndex, this.#insightActions())), ...adviceList(statement.advice, view.can.applyIndex, this.#insightActions())];
      case "node": {
        const tree = sheet === undefined ? undefined : this.#treeOf(sheet);
        const pair = this.#pair()?.pairs.find(({ after }) => after === this.#state.selected);
        return tree === undefined ? [] : nodeDetails(tree, tree.node(this.#state.selected), this.#state.selected === undefined ? undefined : pair);
      }
      case "values":
        this.#values.show(statement.parameters);
        return [this.#values.element];
      case "plans":
        return keptPlans(statement.kept, this.#chosenKept, { compare: (before, after) => this.#compare(before, after), forget: (id) => this.#forget(id) }, () => this.#redraw());
    }
  }

  #showQuery(statement: PlanStatement, sheet: PlanSheet | undefined): void {
    this.#query.hidden = statement.text === "";
    const node = sheet?.nodes.find(({ id }) => id === this.#state.selected);
    const text = queryText(statement.text, node?.spans ?? [], statement.problem?.at);
    const note = node !== undefined && (node.spans ?? []).length === 0 ? html("span", { class: "quiet" }, " no part of it is this node alone") : html("span");
    this.#query.replaceChildren(html("h2", {}, "Query", note), text);
    text.querySelector("mark, .wrong")?.scrollIntoView({ block: "nearest" });
  }

  #showBanners(view: PlanView, statement: PlanStatement | undefined): void {
    const banners: HTMLElement[] = [];
    const { question, activity } = view;
    const problem = view.problem ?? statement?.problem;
    if (question !== undefined) {
      const agree = html("button", { type: "button", class: "primary" }, question.agree);
      agree.addEventListener("click", () => this.#answer(question.about, true));
      const refuse = html("button", { type: "button", class: "plain" }, "Leave It");
      refuse.addEventListener("click", () => this.#answer(question.about, false));
      banners.push(html("div", { class: "banner question", role: "alert" }, html("p", {}, question.why), html("div", { class: "buttons" }, agree, refuse)));
    }
    if (problem !== undefined) banners.push(html("div", { class: "banner problem", role: "alert" }, html("p", {}, problem.message, ...(problem.hint === undefined ? [] : [" ", html("span", { class: "hint" }, problem.hint)]))));
    if (activity !== undefined) banners.push(html("div", { class: "banner activity", role: "status" }, html("span", { class: "progress", "aria-hidden": "true" }), html("p", {}, `${activity.message}…`)));
    const notes = [...view.notes, ...(this.#sheet()?.notes ?? []), ...leftOutNote(this.#sheet())];
    if (notes.length > 0) banners.push(notesBanner(notes));
    const pairing = statement?.pairing;
    if (pairing !== undefined && !pairing.isSameShape && this.#state.shown === 0 && statement?.plans[0]?.isGeneric === true) {
      const show = html("button", { type: "button", class: "link" }, "Show side by side");
      show.addEventListener("click", () => this.#set({ ...withoutSelection(this.#state), shown: "pair" }));
      banners.push(html("div", { class: "banner note" }, html("p", {}, "For a rare value PostgreSQL plans this query differently than for a common one. ", show)));
    }
    this.#banners.replaceChildren(...banners);
  }

  // ------------------------------------------------------------------------------------------------ what is chosen

  #statement(): PlanStatement | undefined {
    return this.#view?.statements[this.#state.statement];
  }

  /** A place in the statement's plans. */
  #place(): number {
    const { shown } = this.#state;
    const plans = this.#statement()?.plans ?? [];
    if (shown === "pair") return this.#statement()?.pairing?.after ?? 0;
    return shown < plans.length ? shown : 0;
  }

  #sheet(): PlanSheet | undefined {
    return this.#statement()?.plans[this.#place()];
  }

  #pair(): Pair | undefined {
    const statement = this.#statement();
    const pairing = statement?.pairing;
    if (this.#state.shown !== "pair" || statement === undefined || pairing === undefined) return undefined;
    const [before, after] = [statement.plans[pairing.before], statement.plans[pairing.after]];
    return before === undefined || after === undefined ? undefined : { before, after, pairs: pairing.pairs };
  }

  #measure(): PlanMeasure {
    const pair = this.#pair();
    // Of two plans, what both can tell.
    const measures = pair === undefined ? (this.#sheet()?.measures ?? ["cost"]) : pair.after.measures.filter((each) => pair.before.measures.includes(each));
    const { measure } = this.#state;
    return measure !== undefined && measures.includes(measure) ? measure : (measures[0] ?? "cost");
  }

  #treeOf(sheet: PlanSheet): PlanTree {
    const tree = this.#made.get(sheet) ?? new PlanTree(sheet);
    this.#made.set(sheet, tree);
    return tree;
  }

  #select(id: number, tab: TabName | undefined): void {
    this.#set({ ...this.#state, selected: id, ...(tab === undefined || this.#state.tab === "values" ? {} : { tab }) });
  }

  #selectBefore(id: number): void {
    const after = this.#pair()?.pairs.find((pair) => pair.before === id)?.after;
    if (after !== undefined) this.#select(after, "node");
    else this.#say("This node is gone in the later plan.");
  }

  // ------------------------------------------------------------------------------------------------ what is asked of the host

  #explain(analyze: boolean, values?: readonly (string | null)[]): void {
    const parameters = this.#statement()?.parameters ?? [];
    if (analyze && parameters.length > 0 && values === undefined) {
      const given = parameters.map(({ value }) => value);
      if (given.some((value) => value === undefined)) {
        this.#set({ ...this.#state, tab: "values" });
        this.#values.focus();
        this.#say("To run the query, give values for its parameters.");
        return;
      }
      return this.#explain(true, given.map((value) => value ?? null));
    }
    this.#state = { ...this.#state, shown: 0 };
    this.#ask(() => this.#channel.request("explain", { analyze, statement: this.#state.statement, values }));
  }

  #answer(about: PlanConsent, agreed: boolean): void {
    this.#ask(() => this.#channel.request("answer", { about, agreed }));
  }

  #compare(before: string, after: string | undefined): void {
    this.#wantsPair = true;
    this.#chosenKept = new Set();
    this.#ask(() => this.#channel.request("compare", { statement: this.#state.statement, before, after }));
  }

  #forget(id: string): void {
    this.#chosenKept.delete(id);
    this.#ask(() => this.#channel.request("forget", { statement: this.#state.statement, id }));
  }

  #reveal(id: number): void {
    const [span] = this.#sheet()?.nodes.find((node) => node.id === id)?.spans ?? [];
    if (this.#view?.can.reveal === true) this.#ask(() => this.#channel.request("reveal", { statement: this.#state.statement, at: span?.start }));
  }

  #insightActions(): InsightActions {
    return {
      select: (id) => this.#select(id, undefined),
      applyIndex: (step, from) => this.#apply(step.index, from),
      applyAdvice: ({ id }, from) => this.#ask(async () => this.#outcome(await this.#channel.request("applyAdvice", { statement: this.#state.statement, id }), from)),
      copy: (text, from) =>
        this.#ask(async () => {
          await this.#channel.request("copy", text);
          from.textContent = "Copied";
        }),
      openSql: (text) => this.#ask(() => this.#channel.request("openSql", text)),
      advise: () => this.#ask(() => this.#channel.request("advise", this.#state.statement)),
      openLink: (address) => this.#ask(() => this.#channel.request("openLink", address)),
    };
  }

  #apply(index: PlanIndex | undefined, from: HTMLButtonElement): void {
    if (index !== undefined) this.#ask(async () => this.#outcome(await this.#channel.request("applyIndex", index), from));
  }

  #outcome(outcome: { readonly ok: true } | { readonly ok: false; readonly reason: string }, from: HTMLButtonElement): void {
    if (!outcome.ok) return this.#say(outcome.reason);
    from.textContent = "Written";
    from.disabled = true;
    this.#say("The index is written.");
  }

  /** A request whose failure is said to the person. */
  #ask(request: () => Promise<unknown>): void {
    request().catch((error: unknown) => {
      if (!(error instanceof ChannelClosed)) this.#say(messageOf(error));
    });
  }

  #say(what: string): void {
    this.#spoken.textContent = what;
    const said = html("div", { class: "banner note said" }, html("p", {}, what));
    for (const earlier of this.#banners.querySelectorAll(".said")) earlier.remove();
    this.#banners.append(said);
  }
}

interface Pair {
  readonly before: PlanSheet;
  readonly after: PlanSheet;
  readonly pairs: readonly PlanPair[];
}

const pairMaps = new WeakMap<readonly PlanPair[], { readonly before: ReadonlyMap<number, PlanPair>; readonly after: ReadonlyMap<number, PlanPair> }>();

/** The same map for the same pairs: a tree that is shown them again is not drawn anew. */
function pairsBy(pairs: readonly PlanPair[], side: "before" | "after"): ReadonlyMap<number, PlanPair> {
  const by = (of: (pair: PlanPair) => number | undefined): ReadonlyMap<number, PlanPair> =>
    new Map(pairs.flatMap((pair): [number, PlanPair][] => {
      const id = of(pair);
      return id === undefined ? [] : [[id, pair]];
    }));
  const maps = pairMaps.get(pairs) ?? { before: by(({ before }) => before), after: by(({ after }) => after) };
  pairMaps.set(pairs, maps);
  return maps[side];
}

function planTabs({ plans, pairing }: PlanStatement): readonly { readonly name: string; readonly label: string }[] {
  const tabs = plans.map(({ title }, at) => ({ name: String(at), label: title }));
  return pairing === undefined ? tabs : [...tabs, { name: "pair", label: "Side by side" }];
}

function tabNamed(name: string): TabName {
  return name === "node" || name === "values" || name === "plans" ? name : "insights";
}

/** One is said; more are folded up. */
function notesBanner(notes: readonly string[]): HTMLElement {
  const [only, ...others] = notes;
  if (others.length === 0) return html("div", { class: "banner note" }, html("p", {}, only ?? ""));
  return html("details", { class: "banner note" }, html("summary", {}, `${notes.length} notes about this plan`), html("ul", {}, ...notes.slice(0, 50).map((note) => html("li", {}, note))));
}

function leftOutNote(sheet: PlanSheet | undefined): readonly string[] {
  return sheet === undefined || sheet.leftOut === 0 ? [] : [`The ${sheet.leftOut} deepest nodes of this plan are too many to show; saving writes all of them.`];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
