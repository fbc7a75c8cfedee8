/**
 * A plan as an icicle: the root above, each node as wide as what it and all below it take. Drawn on a canvas, whatever the
 * number of nodes; arrows walk through it, Enter makes a node the whole, Escape goes back.
 */
import type { PlanMeasure } from "../../protocol/src/plan.ts";
import { html } from "../shared/dom.ts";
import { percent } from "./figures.ts";
import { icicle, type IcicleBox, type PlanTree, type TreeNode } from "./planTree.ts";
import { spokenNode } from "./tree.ts";
import { measureNames, measureValue } from "./wording.ts";

export interface IcicleActions {
  select(node: number): void;
}

const tallest = 30;
const lowest = 5;
/** Pixels: narrower ones are not drawn. */
const narrowest = 0.5;
const legible = { width: 34, height: 15 };

export class IcicleView {
  readonly element: HTMLElement;
  readonly #canvas = html("canvas", { class: "icicle", tabindex: 0, role: "application", "aria-roledescription": "icicle", "aria-label": "Icicle" });
  readonly #under = html("p", { class: "under", "aria-live": "polite" });
  readonly #actions: IcicleActions;
  #tree: PlanTree | undefined;
  #measure: PlanMeasure = "cost";
  #selected: number | undefined;
  #hovered: number | undefined;
  /** What is the whole. */
  #top: TreeNode | undefined;
  #boxes: readonly IcicleBox[] = [];
  #rowHeight = tallest;

  constructor(actions: IcicleActions) {
    this.#actions = actions;
    this.element = html("div", { class: "icicleView" }, html("div", { class: "canvasRoom" }, this.#canvas), this.#under);
    new ResizeObserver(() => this.#layout()).observe(this.element);
    // Another theme.
    new MutationObserver(() => this.#paint()).observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
    this.#canvas.addEventListener("pointermove", (event) => this.#hover(this.#at(event)));
    this.#canvas.addEventListener("pointerleave", () => this.#hover(undefined));
    this.#canvas.addEventListener("click", (event) => {
      const node = this.#at(event);
      if (node !== undefined) this.#actions.select(node.view.id);
    });
    this.#canvas.addEventListener("dblclick", (event) => this.#enlarge(this.#at(event)));
    this.#canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  show(tree: PlanTree, measure: PlanMeasure, selected: number | undefined): void {
    if (tree !== this.#tree) this.#top = undefined;
    this.#tree = tree;
    this.#measure = measure;
    this.#selected = selected;
    this.#canvas.setAttribute("aria-label", `Icicle of the plan by ${measureNames[measure].toLowerCase()}, ${tree.nodes.length} nodes. Arrow keys move between nodes, Enter makes one the whole, Escape goes back. The tree says the same in rows.`);
    this.#layout();
    this.#tell(tree.node(selected));
  }

  #layout(): void {
    const tree = this.#tree;
    if (tree === undefined) return;
    const room = this.#room();
    this.#boxes = icicle(tree, this.#measure, this.#top, room.width === 0 ? 1 : narrowest / room.width);
    const levels = this.#boxes.reduce((most, { depth }) => Math.max(most, depth + 1), 1);
    this.#rowHeight = Math.max(lowest, Math.min(tallest, room.height / levels));
    const scale = window.devicePixelRatio;
    this.#canvas.width = Math.max(1, Math.round(room.width * scale));
    this.#canvas.height = Math.max(1, Math.round(room.height * scale));
    this.#canvas.style.width = `${room.width}px`;
    this.#canvas.style.height = `${room.height}px`;
    this.#paint();
  }

  #room(): { readonly width: number; readonly height: number } {
    const { clientWidth, clientHeight } = this.#canvas.parentElement ?? this.element;
    return { width: clientWidth, height: Math.max(60, clientHeight) };
  }

  #paint(): void {
    const context = this.#canvas.getContext("2d");
    const tree = this.#tree;
    if (context === null || tree === undefined) return;
    const { width, height } = this.#room();
    const scale = window.devicePixelRatio;
    const style = getComputedStyle(this.element);
    const colour = (name: string): string => style.getPropertyValue(name).trim();
    const [paper, ink, line, accent, heat] = [colour("--paper"), colour("--ink"), colour("--line"), colour("--accent"), colour("--heat")];
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, width, height);
    context.font = `12px ${style.fontFamily}`;
    context.textBaseline = "middle";
    const most = Math.max(0.05, ...this.#boxes.map(({ node }) => tree.share(node, this.#measure)));
    for (const { node, start, width: share, depth } of this.#boxes) {
      const [x, y, w, h] = [start * width, depth * this.#rowHeight, share * width, this.#rowHeight];
      const warmth = Math.round((tree.share(node, this.#measure) / most) * 62) + 6;
      context.fillStyle = `color-mix(in srgb, ${heat} ${warmth}%, ${paper})`;
      context.fillRect(x, y, Math.max(0.5, w - 1), h - 1);
      if (node.view.id === this.#hovered) {
        context.strokeStyle = ink;
        context.lineWidth = 1;
        context.strokeRect(x + 0.5, y + 0.5, Math.max(1, w - 2), h - 2);
      } else if (w > 3) {
        context.strokeStyle = line;
        context.lineWidth = 1;
        context.strokeRect(x + 0.5, y + 0.5, Math.max(1, w - 2), h - 2);
      }
      if (w < legible.width || h < legible.height) continue;
      context.save();
      context.beginPath();
      context.rect(x + 4, y, w - 9, h);
      context.clip();
      context.fillStyle = ink;
      const label = `${node.view.type} ${node.view.about ?? ""}`;
      const figure = percent(tree.whole(this.#measure) === 0 ? 0 : tree.sum(node, this.#measure) / tree.whole(this.#measure));
      const room = w - 14 - context.measureText(figure).width;
      context.fillText(label, x + 6, y + h / 2);
      if (context.measureText(label).width < room - 8) {
        context.textAlign = "right";
        context.fillText(figure, x + w - 8, y + h / 2);
        context.textAlign = "left";
      }
      context.restore();
    }
    const chosen = this.#boxes.find(({ node }) => node.view.id === this.#selected);
    if (chosen === undefined) return;
    context.strokeStyle = accent;
    context.lineWidth = 2;
    context.strokeRect(chosen.start * width + 1, chosen.depth * this.#rowHeight + 1, Math.max(2, chosen.width * width - 3), this.#rowHeight - 3);
  }

  #at({ offsetX, offsetY }: MouseEvent): TreeNode | undefined {
    const { width } = this.#room();
    const depth = Math.floor(offsetY / this.#rowHeight);
    const at = offsetX / Math.max(1, width);
    return this.#boxes.find((box) => box.depth === depth && at >= box.start && at < box.start + box.width)?.node;
  }

  #hover(node: TreeNode | undefined): void {
    if (node?.view.id === this.#hovered) return;
    this.#hovered = node?.view.id;
    this.#paint();
    this.#tell(node ?? this.#tree?.node(this.#selected));
  }

  #enlarge(node: TreeNode | undefined): void {
    this.#top = node === this.#top || node?.parent === undefined ? undefined : node;
    this.#layout();
  }

  #key(event: KeyboardEvent): void {
    const node = this.#tree?.node(this.#selected) ?? this.#tree?.roots[0];
    if (node === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const siblings = node.parent?.children ?? this.#tree?.roots ?? [];
    const at = siblings.indexOf(node);
    const to = { ArrowDown: this.#widest(node), ArrowUp: node.parent, ArrowRight: siblings[at + 1], ArrowLeft: siblings[at - 1] }[event.key];
    if (to !== undefined) this.#actions.select(to.view.id);
    else if (event.key === "Enter") this.#enlarge(node);
    else if (event.key === "Escape" && this.#top !== undefined) this.#enlarge(undefined);
    else return;
    event.preventDefault();
  }

  #widest(node: TreeNode): TreeNode | undefined {
    const tree = this.#tree;
    return tree === undefined ? undefined : node.children.toSorted((a, b) => tree.sum(b, this.#measure) - tree.sum(a, this.#measure))[0];
  }

  #tell(node: TreeNode | undefined): void {
    const tree = this.#tree;
    if (tree === undefined || node === undefined) {
      this.#under.textContent = "Each node is as wide as what it and all below it take. Click for details, double-click to enlarge.";
      return;
    }
    this.#under.textContent = `${spokenNode(tree, node)} · ${measureNames[this.#measure]} with what is below it: ${measureValue(this.#measure, tree.sum(node, this.#measure))}`;
  }
}
