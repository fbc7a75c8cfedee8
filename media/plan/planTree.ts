/** A plan's nodes as a tree to walk, with what each has of every measure, alone and with what is below it. Pure. */
import type { PlanMeasure, PlanNodeView, PlanSheet } from "../../protocol/src/plan.ts";

export interface TreeNode {
  readonly view: PlanNodeView;
  readonly parent: TreeNode | undefined;
  readonly children: TreeNode[];
  /** The gravest insight about it. */
  readonly severity: "warning" | "information" | undefined;
}

export class PlanTree {
  readonly sheet: PlanSheet;
  readonly roots: readonly TreeNode[];
  /** In PostgreSQL's order. */
  readonly nodes: readonly TreeNode[];
  readonly deepest: number;
  readonly #byId = new Map<number, TreeNode>();
  readonly #sums = new Map<PlanMeasure, ReadonlyMap<TreeNode, number>>();

  constructor(sheet: PlanSheet) {
    this.sheet = sheet;
    const severities = new Map<number, "warning" | "information">();
    for (const { node, severity } of sheet.insights) if (node !== undefined && severities.get(node) !== "warning") severities.set(node, severity);
    const roots: TreeNode[] = [];
    const nodes: TreeNode[] = [];
    let deepest = 0;
    for (const view of sheet.nodes) {
      const parent = view.parent === undefined ? undefined : this.#byId.get(view.parent);
      const node: TreeNode = { view, parent, children: [], severity: severities.get(view.id) };
      (parent?.children ?? roots).push(node);
      nodes.push(node);
      this.#byId.set(view.id, node);
      deepest = Math.max(deepest, view.depth);
    }
    this.roots = roots;
    this.nodes = nodes;
    this.deepest = deepest;
  }

  node(id: number | undefined): TreeNode | undefined {
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** Of a node alone. */
  own(node: TreeNode, measure: PlanMeasure): number {
    const { time, cost, buffers, rows } = node.view;
    switch (measure) {
      case "time":
        return time?.self ?? 0;
      case "cost":
        return cost?.self ?? 0;
      case "buffers":
        return buffers?.self ?? 0;
      case "rows":
        return rows.actual === undefined ? (rows.estimated ?? 0) : rows.actual * Math.max(1, rows.loops ?? 1);
    }
  }

  /** With all that is below it: what all nodes have alone adds up to this. */
  sum(node: TreeNode, measure: PlanMeasure): number {
    return this.#sumsOf(measure).get(node) ?? 0;
  }

  /** Of the whole plan. */
  whole(measure: PlanMeasure): number {
    return this.roots.reduce((all, root) => all + this.sum(root, measure), 0);
  }

  /** 0 to 1. */
  share(node: TreeNode, measure: PlanMeasure): number {
    const whole = this.whole(measure);
    return whole === 0 ? 0 : this.own(node, measure) / whole;
  }

  #sumsOf(measure: PlanMeasure): ReadonlyMap<TreeNode, number> {
    const known = this.#sums.get(measure);
    if (known !== undefined) return known;
    const sums = new Map<TreeNode, number>();
    // Children stand behind their parents.
    for (const node of this.nodes.toReversed()) sums.set(node, this.own(node, measure) + node.children.reduce((all, child) => all + (sums.get(child) ?? 0), 0));
    this.#sums.set(measure, sums);
    return sums;
  }
}

/** Nodes that are to be seen when these are folded up, in order. */
export function unfolded(tree: PlanTree, folded: ReadonlySet<number>): readonly TreeNode[] {
  const shown: TreeNode[] = [];
  const open = tree.roots.toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    shown.push(node);
    if (!folded.has(node.view.id)) open.push(...node.children.toReversed());
  }
  return shown;
}

/** One rectangle of an icicle, in parts of the whole: 0 to 1 from left to right; `depth` rows from the top. */
export interface IcicleBox {
  readonly node: TreeNode;
  readonly start: number;
  readonly width: number;
  readonly depth: number;
}

/** All nodes below `top` that are wide enough to be seen. */
export function icicle(tree: PlanTree, measure: PlanMeasure, top: TreeNode | undefined, narrowest: number): readonly IcicleBox[] {
  const boxes: IcicleBox[] = [];
  const whole = top === undefined ? tree.whole(measure) : tree.sum(top, measure);
  // Where nothing is measured every leaf is as wide as another.
  const leaves = whole > 0 ? undefined : leafCounts(tree);
  const sizeOf = (node: TreeNode): number => (leaves === undefined ? tree.sum(node, measure) / whole : (leaves.get(node) ?? 1));
  const scale = leaves === undefined ? 1 : 1 / (top === undefined ? tree.roots.reduce((all, root) => all + sizeOf(root), 0) : sizeOf(top));
  const open: IcicleBox[] = [];
  let start = 0;
  for (const node of top === undefined ? tree.roots : [top]) {
    const width = sizeOf(node) * scale;
    open.push({ node, start, width, depth: 0 });
    start += width;
  }
  for (let box = open.pop(); box !== undefined; box = open.pop()) {
    boxes.push(box);
    let at = box.start;
    for (const child of box.node.children) {
      const width = sizeOf(child) * scale;
      if (width >= narrowest) open.push({ node: child, start: at, width, depth: box.depth + 1 });
      at += width;
    }
  }
  return boxes;
}

function leafCounts(tree: PlanTree): ReadonlyMap<TreeNode, number> {
  const counts = new Map<TreeNode, number>();
  for (const node of tree.nodes.toReversed()) counts.set(node, Math.max(1, node.children.reduce((all, child) => all + (counts.get(child) ?? 1), 0)));
  return counts;
}
