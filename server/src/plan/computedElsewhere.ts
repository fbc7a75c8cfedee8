/**
 * Whose time and blocks hold those of a CTE or an InitPlan. Both hang on the top of their query, and are computed when some
 * node below first asks for them: PostgreSQL counts them there.
 */
import { isObject, numberIn, type PlanObject, textIn } from "./planObject.ts";

export interface Owed {
  /** Milliseconds of CTEs and InitPlans within those of the node. */
  readonly ms: number;
  /** Roots of what was computed within it. */
  readonly roots: readonly PlanObject[];
}

export interface Elsewhere {
  /** By the node that had it computed. */
  readonly owed: ReadonlyMap<PlanObject, Owed>;
  /** Roots that are not counted in the node that they hang on. */
  readonly roots: ReadonlySet<PlanObject>;
}

interface Computed {
  readonly root: PlanObject;
  /** On which it hangs. */
  readonly holder: PlanObject | undefined;
  readonly ms: number;
  readonly users: { readonly user: PlanObject; readonly ms: number }[];
}

/** Who asks first has it computed, and those after it find the rows: the longest of them is taken to be that one. */
export function computedElsewhere(top: PlanObject, childrenOf: (node: PlanObject) => readonly PlanObject[], mostNodes: number): Elsewhere {
  const tree = new Tree(top, childrenOf, mostNodes);
  const byName = new Map<string, Computed>();
  for (const root of tree.nodes) {
    if (textIn(root, "Parent Relationship") !== "InitPlan") continue;
    for (const each of namesOf(textIn(root, "Subplan Name") ?? "")) byName.set(each, { root, holder: tree.parents.get(root), ms: millisecondsOf(root), users: [] });
  }
  if (byName.size === 0) return { owed: new Map(), roots: new Set() };
  for (const node of tree.nodes) {
    for (const name of usedBy(node)) {
      const computed = byName.get(name);
      // Workers are handed what an InitPlan gave: it is computed before they start.
      const user = computed === undefined ? node : tree.gatherAround(node, computed.root);
      if (computed !== undefined && computed.users.every((known) => known.user !== user)) computed.users.push({ user, ms: millisecondsOf(user) });
    }
  }
  const owed = new Map<PlanObject, Owed>();
  const roots = new Set<PlanObject>();
  const add = (user: PlanObject, ms: number, root?: PlanObject): void => {
    const before = owed.get(user) ?? { ms: 0, roots: [] };
    owed.set(user, { ms: before.ms + ms, roots: root === undefined ? before.roots : [...before.roots, root] });
  };
  for (const { root, holder, ms, users } of byName.values()) {
    if (roots.has(root)) continue;
    roots.add(root);
    let left = ms;
    for (const [i, { user, ms: most }] of users.toSorted((one, other) => other.ms - one.ms).entries()) {
      const share = Math.min(left, most);
      add(user, share, i === 0 ? root : undefined);
      left -= share;
    }
    // What nobody asked for, or what ended after they had their rows, is within what it hangs on.
    if (holder !== undefined) add(holder, left, users.length === 0 ? root : undefined);
  }
  return { owed, roots };
}

class Tree {
  /** Parents before children. */
  readonly nodes: PlanObject[] = [];
  readonly parents = new Map<PlanObject, PlanObject>();

  constructor(top: PlanObject, childrenOf: (node: PlanObject) => readonly PlanObject[], mostNodes: number) {
    const open: PlanObject[] = [top];
    for (let node = open.pop(); node !== undefined && this.nodes.length < mostNodes; node = open.pop()) {
      this.nodes.push(node);
      for (const child of childrenOf(node)) {
        this.parents.set(child, node);
        open.push(child);
      }
    }
  }

  /** The Gather around a node that what it uses is not in, else the node. */
  gatherAround(node: PlanObject, used: PlanObject): PlanObject {
    const above = new Set<PlanObject>();
    for (let at = this.parents.get(used); at !== undefined; at = this.parents.get(at)) above.add(at);
    let found = node;
    for (let at = this.parents.get(node); at !== undefined; at = this.parents.get(at)) if (/^Gather/.test(textIn(at, "Node Type") ?? "") && !above.has(at)) found = at;
    return found;
  }
}

function millisecondsOf(node: PlanObject): number {
  return (numberIn(node, "Actual Total Time") ?? 0) * (numberIn(node, "Actual Loops") ?? 0);
}

/** `CTE x`; `InitPlan 1 (returns $0,$1)` until 16; `InitPlan 1`, and `InitPlan expr_1` in later versions. */
function namesOf(name: string): readonly string[] {
  if (name.startsWith("CTE ")) return [name];
  const parameters = [...name.matchAll(/\$\d+/g)].map(([parameter]) => parameter);
  return parameters.length > 0 ? parameters : [name.replace(/ \(.*$/, "")];
}

/** Where a node says what it computes, which its Output says of its children as well. */
function* usedBy(node: PlanObject): Generator<string> {
  const scanned = textIn(node, "CTE Name");
  if (scanned !== undefined) yield `CTE ${scanned}`;
  for (const [property, value] of Object.entries(node)) {
    if (property === "Output" || property === "Plans" || property === "Subplan Name" || isObject(value)) continue;
    const text = Array.isArray(value) ? value.join(" ") : value;
    if (typeof text !== "string" || !/\$\d|\(InitPlan |\([a-z]+_\d+\)\.col\d/.test(text)) continue;
    for (const [found, numbered, named] of text.matchAll(/\$\d+|\((InitPlan \w+)\)|\(([a-z]+_\d+)\)\.col\d/g)) yield numbered ?? (named === undefined ? found : `InitPlan ${named}`);
  }
}

