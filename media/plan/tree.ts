/**
 * A plan as a tree of rows with figures beside them. Only the rows in sight are in the page, so that plans of thousands of
 * nodes scroll. One tab stop: arrows move and fold, Home and End go to the ends.
 */
import type { PlanMeasure, PlanPair } from "../../protocol/src/plan.ts";
import { html } from "../shared/dom.ts";
import { count, milliseconds, misestimate, percent } from "./figures.ts";
import { type PlanTree, type TreeNode, unfolded } from "./planTree.ts";
import { measureNames, measureValue } from "./wording.ts";

export interface TreeLook {
  readonly measure: PlanMeasure;
  readonly selected: number | undefined;
  /** Of two plans side by side: what became of each node, by its id. */
  readonly pairs?: ReadonlyMap<number, PlanPair> | undefined;
}

export interface TreeActions {
  select(node: number): void;
  /** Enter, or a double click. */
  open(node: number): void;
}

const rowHeight = 26;
const beyond = 8;
/** Pixels a level; less where a plan is deep. */
const widestIndent = 16;
const indentRoom = 260;

let trees = 0;

export class TreeGrid {
  readonly element: HTMLElement;
  readonly #header = html("div", { role: "row", class: "row header" });
  readonly #rows = html("div", { role: "rowgroup", class: "rows" });
  readonly #actions: TreeActions;
  readonly #name = `tree-${++trees}`;
  #tree: PlanTree | undefined;
  #look: TreeLook = { measure: "cost", selected: undefined };
  #folded = new Set<number>();
  #shown: readonly TreeNode[] = [];
  #made = new Map<number, HTMLElement>();

  constructor(actions: TreeActions) {
    this.#actions = actions;
    this.element = html("div", { class: "tree", role: "treegrid", tabindex: 0, "aria-label": "Plan" }, html("div", { role: "rowgroup", class: "head" }, this.#header), this.#rows);
    this.element.addEventListener("scroll", () => this.#draw());
    this.element.addEventListener("keydown", (event) => this.#key(event));
    this.#rows.addEventListener("click", (event) => this.#click(event));
    this.#rows.addEventListener("dblclick", (event) => {
      const id = idOf(event.target);
      if (id !== undefined) this.#actions.open(id);
    });
    new ResizeObserver(() => this.#draw()).observe(this.element);
  }

  show(tree: PlanTree, look: TreeLook): void {
    const isOther = tree !== this.#tree;
    if (isOther) this.#folded = new Set();
    const isSameLook = !isOther && look.measure === this.#look.measure && look.pairs === this.#look.pairs;
    this.#tree = tree;
    this.#look = look;
    this.element.setAttribute("aria-label", `Plan ${tree.sheet.title}, ${tree.nodes.length} nodes`);
    this.element.classList.toggle("analyzed", tree.sheet.isAnalyzed);
    this.element.classList.toggle("missed", tree.nodes.some(({ view: { rows } }) => misestimate(rows.estimated, rows.actual) !== undefined));
    if (!isSameLook) {
      this.#header.replaceChildren(...headerCells(tree, look.measure));
      this.#layout();
    } else this.#mark();
    if (look.selected !== undefined) this.#bringIntoSight(look.selected);
  }

  /** Everything anew. */
  #layout(): void {
    if (this.#tree === undefined) return;
    this.#shown = unfolded(this.#tree, this.#folded);
    this.element.setAttribute("aria-rowcount", String(this.#shown.length + 1));
    this.#rows.style.height = `${this.#shown.length * rowHeight}px`;
    for (const row of this.#made.values()) row.remove();
    this.#made = new Map();
    this.#draw();
  }

  /** The rows in sight. */
  #draw(): void {
    const tree = this.#tree;
    if (tree === undefined) return;
    const first = Math.max(0, Math.floor(this.element.scrollTop / rowHeight) - beyond);
    const last = Math.min(this.#shown.length, Math.ceil((this.element.scrollTop + Math.max(this.element.clientHeight, 200)) / rowHeight) + beyond);
    for (const [at, row] of this.#made) {
      if (at >= first && at < last) continue;
      row.remove();
      this.#made.delete(at);
    }
    for (let at = first; at < last; at++) {
      const node = this.#shown[at];
      if (node === undefined || this.#made.has(at)) continue;
      const row = this.#row(tree, node, at);
      this.#made.set(at, row);
      this.#rows.append(row);
    }
    this.#mark();
  }

  #mark(): void {
    const { selected } = this.#look;
    for (const [at, row] of this.#made) row.setAttribute("aria-selected", String(this.#shown[at]?.view.id === selected));
    const at = this.#placeOf(selected);
    if (at !== undefined && this.#made.has(at)) this.element.setAttribute("aria-activedescendant", `${this.#name}-${selected}`);
    else this.element.removeAttribute("aria-activedescendant");
  }

  #row(tree: PlanTree, node: TreeNode, at: number): HTMLElement {
    const { view, children } = node;
    const pair = this.#look.pairs?.get(view.id);
    const isFolded = this.#folded.has(view.id);
    const row = html(
      "div",
      {
        id: `${this.#name}-${view.id}`,
        role: "row",
        class: `row${at % 2 === 1 ? " odd" : ""}${view.rows.loops === 0 ? " never" : ""}${pair === undefined || pair.kind === "same" ? "" : ` ${pair.kind}`}`,
        "data-node": view.id,
        "aria-level": view.depth + 1,
        "aria-rowindex": at + 2,
        "aria-expanded": children.length === 0 ? undefined : String(!isFolded),
      },
      this.#nameCell(tree, node, isFolded, pair),
      ...figureCells(tree, node, this.#look.measure),
    );
    row.style.top = `${at * rowHeight}px`;
    return row;
  }

  #nameCell(tree: PlanTree, { view, children, severity }: TreeNode, isFolded: boolean, pair: PlanPair | undefined): HTMLElement {
    const indent = html("span", { class: "indent", "aria-hidden": "true" });
    const step = Math.min(widestIndent, indentRoom / Math.max(1, tree.deepest));
    indent.style.width = `${view.depth * step}px`;
    indent.style.backgroundSize = `${step}px 100%`;
    const cell = html("span", { role: "gridcell", class: "name", title: [view.type, view.about].filter((part) => part !== undefined).join(" ") }, indent);
    cell.append(html("span", { class: children.length === 0 ? "twist leaf" : isFolded ? "twist folded" : "twist", "aria-hidden": "true" }));
    if (pair !== undefined && pair.kind !== "same") cell.append(html("span", { class: "change" }, html("span", { class: "visually-hidden" }, `${pair.kind}: `), html("span", { "aria-hidden": "true" }, changeSigns[pair.kind])));
    if (severity !== undefined) cell.append(html("span", { class: `sign ${severity}` }, html("span", { class: "visually-hidden" }, `${severity}: `)));
    if (view.role !== undefined) cell.append(html("span", { class: "role" }, view.role));
    cell.append(html("span", { class: `type ${view.kind}` }, view.type));
    if (view.about !== undefined) cell.append(html("span", { class: "about" }, view.about));
    if (view.workers !== undefined) cell.append(html("span", { class: "role" }, `${view.workers.launched ?? view.workers.planned} workers`));
    if (view.rows.loops === 0) cell.append(html("span", { class: "role" }, "never executed"));
    return cell;
  }

  #click(event: MouseEvent): void {
    const id = idOf(event.target);
    if (id === undefined) return;
    if (event.target instanceof Element && event.target.classList.contains("twist")) this.#fold(id, !this.#folded.has(id));
    else this.#actions.select(id);
  }

  #fold(id: number, isFolded: boolean): void {
    const node = this.#tree?.node(id);
    if (node === undefined || node.children.length === 0) return;
    if (isFolded) this.#folded.add(id);
    else this.#folded.delete(id);
    this.#layout();
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.#placeOf(this.#look.selected) ?? -1;
    const page = Math.max(1, Math.floor(this.element.clientHeight / rowHeight) - 2);
    const node = this.#shown[at];
    const to = { ArrowDown: at + 1, ArrowUp: Math.max(0, at - 1), PageDown: at + page, PageUp: at - page, Home: 0, End: this.#shown.length - 1 }[event.key];
    if (to !== undefined) this.#go(to);
    else if (event.key === "ArrowRight" && node !== undefined) this.#right(node, at);
    else if (event.key === "ArrowLeft" && node !== undefined) this.#left(node);
    else if (event.key === "Enter" && node !== undefined) this.#actions.open(node.view.id);
    else return;
    event.preventDefault();
  }

  #right({ view, children }: TreeNode, at: number): void {
    if (this.#folded.has(view.id)) this.#fold(view.id, false);
    else if (children.length > 0) this.#go(at + 1);
  }

  #left({ view, children, parent }: TreeNode): void {
    if (children.length > 0 && !this.#folded.has(view.id)) this.#fold(view.id, true);
    else if (parent !== undefined) this.#actions.select(parent.view.id);
  }

  #go(to: number): void {
    const node = this.#shown[Math.min(this.#shown.length - 1, Math.max(0, to))];
    if (node !== undefined) this.#actions.select(node.view.id);
  }

  #bringIntoSight(id: number): void {
    let isFolded = false;
    for (let node = this.#tree?.node(id)?.parent; node !== undefined; node = node.parent) isFolded = this.#folded.delete(node.view.id) || isFolded;
    if (isFolded) this.#layout();
    const at = this.#placeOf(id);
    if (at === undefined) return;
    const top = at * rowHeight;
    const room = this.element.clientHeight - this.#header.offsetHeight;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (top + rowHeight > this.element.scrollTop + room) this.element.scrollTop = top + rowHeight - room;
    this.#draw();
  }

  #placeOf(id: number | undefined): number | undefined {
    const at = this.#shown.findIndex(({ view }) => view.id === id);
    return at < 0 ? undefined : at;
  }
}

const changeSigns: Readonly<Record<PlanPair["kind"], string>> = { same: "", changed: "~", added: "+", removed: "−" };

function headerCells({ sheet }: PlanTree, measure: PlanMeasure): readonly HTMLElement[] {
  const cell = (name: string, className: string, title: string): HTMLElement => html("span", { role: "columnheader", class: className, title }, name);
  const cells = [cell("Node", "name", "What PostgreSQL does, children below"), cell(measureNames[measure], "measure", "Of the node alone, and its share of the whole")];
  if (sheet.isAnalyzed) cells.push(cell("Rows", "figure", "That it gave, in all loops"), cell("Estimate", "off", "How far the planner's estimate is off"), cell("Loops", "figure optional", "How often it ran"));
  else cells.push(cell("Rows", "figure", "That the planner expects"));
  return [...cells, cell("Cost", "figure optional", "With its children, in PostgreSQL's unit")];
}

function figureCells(tree: PlanTree, node: TreeNode, measure: PlanMeasure): readonly HTMLElement[] {
  const { rows, cost } = node.view;
  const share = tree.share(node, measure);
  const bar = html("span", { class: `bar${share >= 0.4 ? " hot" : share >= 0.15 ? " warm" : ""}`, "aria-hidden": "true" });
  bar.style.width = `${Math.max(share * 100, share > 0 ? 1 : 0)}%`;
  const own = tree.own(node, measure);
  const text = own === 0 ? "" : measureValue(measure, own);
  const cells = [html("span", { role: "gridcell", class: "measure" }, html("span", { class: "track" }, bar), html("span", { class: "value" }, text), html("span", { class: "share" }, share >= 0.005 ? percent(share) : ""))];
  if (tree.sheet.isAnalyzed) {
    const actual = rows.actual === undefined ? "" : count(rows.actual * Math.max(1, rows.loops ?? 1));
    cells.push(cellOf(actual, "figure"), offCell(rows.estimated, rows.actual), cellOf(rows.loops === undefined || rows.loops <= 1 ? "" : count(rows.loops), "figure optional"));
  } else cells.push(cellOf(rows.estimated === undefined ? "" : count(rows.estimated), "figure"));
  return [...cells, cellOf(cost === undefined ? "" : count(cost.total), "figure optional")];
}

function offCell(estimated: number | undefined, actual: number | undefined): HTMLElement {
  const off = misestimate(estimated, actual);
  if (off === undefined) return cellOf("", "off");
  const cell = cellOf(`×${count(off.factor)} ${off.way}`, `off${off.factor >= 10 ? " far" : ""}`);
  cell.title = `${count(actual ?? 0)} rows, ${count(estimated ?? 0)} estimated, per loop`;
  return cell;
}

function cellOf(text: string, className: string): HTMLElement {
  return html("span", { role: "gridcell", class: className }, text);
}

function idOf(target: EventTarget | null): number | undefined {
  const row = target instanceof Element ? target.closest("[data-node]") : null;
  return row instanceof HTMLElement ? Number(row.dataset["node"]) : undefined;
}

/** For the line under a picture. */
export function spokenNode(tree: PlanTree, node: TreeNode): string {
  const { view } = node;
  const time = view.time === undefined ? "" : `, ${milliseconds(view.time.self)} alone`;
  return `${view.type} ${view.about ?? ""}${time}, ${percent(tree.share(node, view.time === undefined ? "cost" : "time"))} of the whole`;
}
