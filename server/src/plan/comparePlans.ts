/**
 * Two plans of a query side by side: which node of one is which of the other, and what changed. Nodes are matched from the
 * root down, first what reads the same, then what stands at the same place; each node has at most one partner.
 */
import type { Plan, PlanNode } from "./plan.ts";

export interface PlanComparison {
  /** In the order of the new plan; what is gone stands at the end, in the order of the old one. */
  readonly pairs: readonly NodePair[];
  readonly cost: Change | undefined;
  readonly executionMs: Change | undefined;
  readonly planningMs: Change | undefined;
  /** Blocks that were found or read. */
  readonly blocks: Change | undefined;
  /** Whether both have the same nodes in the same order over the same relations and indexes. */
  readonly isSameShape: boolean;
}

export interface NodePair {
  readonly before: PlanNode | undefined;
  readonly after: PlanNode | undefined;
  readonly kind: "same" | "changed" | "added" | "removed";
  /** In words, for example `Seq Scan on deals → Index Scan using deals_idx on deals`. */
  readonly changes: readonly string[];
}

export interface Change {
  readonly before: number;
  readonly after: number;
  /** `after` by `before`; undefined when `before` is 0. */
  readonly factor: number | undefined;
}

export function comparePlans(before: Plan, after: Plan): PlanComparison {
  const partners = new Map<PlanNode, PlanNode>();
  match(before.root, after.root, partners);
  matchLeft(before, after, partners);
  const pairs: NodePair[] = after.nodes.map((node) => {
    const partner = partners.get(node);
    if (partner === undefined) return { before: undefined, after: node, kind: "added", changes: [`new: ${node.label}`] };
    const changes = changesOf(partner, node);
    return { before: partner, after: node, kind: changes.length === 0 ? "same" : "changed", changes };
  });
  const kept = new Set(partners.values());
  const gone = before.nodes.filter((node) => !kept.has(node)).map((node): NodePair => ({ before: node, after: undefined, kind: "removed", changes: [`gone: ${node.label}`] }));
  return {
    pairs: [...pairs, ...gone],
    cost: change(before.root.cost?.total, after.root.cost?.total),
    executionMs: change(before.executionMs, after.executionMs),
    planningMs: change(before.planningMs, after.planningMs),
    blocks: change(blocksOf(before.root), blocksOf(after.root)),
    isSameShape: before.nodes.length === after.nodes.length && before.nodes.every((node, i) => node.depth === after.nodes[i]?.depth && node.label === after.nodes[i]?.label),
  };
}

/** Partners of a pair's children: those that read the same, then those of the same role in order. */
function match(before: PlanNode, after: PlanNode, partners: Map<PlanNode, PlanNode>): void {
  const open: [PlanNode, PlanNode][] = [[before, after]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [old, now] = pair;
    partners.set(now, old);
    const byKey = grouped(old.children, placeKey);
    const rest: PlanNode[] = [];
    const taken = new Set<PlanNode>();
    for (const child of now.children) {
      const partner = byKey.get(placeKey(child))?.shift();
      if (partner === undefined) rest.push(child);
      else {
        taken.add(partner);
        open.push([partner, child]);
      }
    }
    const left = grouped(
      old.children.filter((child) => !taken.has(child)),
      (child) => child.type,
    );
    for (const child of rest) {
      const partner = left.get(child.type)?.shift();
      if (partner !== undefined) open.push([partner, child]);
    }
  }
}

/** What moved elsewhere: scans of the same relation under the same alias. */
function matchLeft(before: Plan, after: Plan, partners: Map<PlanNode, PlanNode>): void {
  const kept = new Set(partners.values());
  const free = grouped(
    before.nodes.filter((node) => !kept.has(node) && node.relation !== undefined),
    relationKey,
  );
  for (const node of after.nodes) {
    if (node.relation === undefined || partners.has(node)) continue;
    const partner = free.get(relationKey(node))?.shift();
    if (partner !== undefined) partners.set(node, partner);
  }
}

function grouped(nodes: readonly PlanNode[], keyOf: (node: PlanNode) => string): Map<string, PlanNode[]> {
  const groups = new Map<string, PlanNode[]>();
  for (const node of nodes) {
    const key = keyOf(node);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [node]);
    else group.push(node);
  }
  return groups;
}

function placeKey(node: PlanNode): string {
  return node.relation === undefined ? `${node.type} ${node.cte ?? ""}` : relationKey(node);
}

function relationKey({ relation }: PlanNode): string {
  return JSON.stringify([relation?.schema, relation?.name, relation?.alias]);
}

function changesOf(before: PlanNode, after: PlanNode): readonly string[] {
  const changes: string[] = [];
  if (before.label !== after.label) changes.push(`${before.label} → ${after.label}`);
  for (const kind of new Set([...before.conditions, ...after.conditions].map((condition) => condition.kind))) {
    const [old, now] = [before, after].map((node) => node.conditions.find((condition) => condition.kind === kind)?.text ?? "none");
    if (old !== now) changes.push(`${kind}: ${old} → ${now}`);
  }
  const figures: readonly (readonly [string, number | undefined, number | undefined])[] = [
    ["ms", before.actual?.totalMs, after.actual?.totalMs],
    ["rows", before.actual?.rows, after.actual?.rows],
    ["loops", before.actual?.loops, after.actual?.loops],
    ["cost", before.cost?.total, after.cost?.total],
    ["estimated rows", before.estimated?.rows, after.estimated?.rows],
  ];
  for (const [name, old, now] of figures) if (old !== undefined && now !== undefined && isOther(old, now, name === "ms")) changes.push(`${name}: ${rounded(old)} → ${rounded(now)}`);
  return changes;
}

/** Times are never twice the same. */
function isOther(before: number, after: number, isTime: boolean): boolean {
  if (!isTime) return before !== after;
  return Math.abs(after - before) > 1 && Math.max(before, after) > Math.min(before, after) * 1.2;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function blocksOf({ buffers }: PlanNode): number | undefined {
  return buffers === undefined ? undefined : buffers.hit + buffers.read;
}

function change(before: number | undefined, after: number | undefined): Change | undefined {
  return before === undefined || after === undefined ? undefined : { before, after, factor: before === 0 ? undefined : after / before };
}
