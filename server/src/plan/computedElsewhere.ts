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
  readonly ms: number;
  readonly users: { readonly user: PlanObject; readonly ms: number }[];
}

/** Who asks first has it computed, and those after it find the rows: the longest of them is taken to be that one. */
export function computedElsewhere(top: PlanObject, childrenOf: (node: PlanObject) => readonly PlanObject[], mostNodes: number): Elsewhere {
  const nodes: PlanObject[] = [];
  const open: PlanObject[] = [top];
  for (let node = open.pop(); node !== undefined && nodes.length < mostNodes; node = open.pop()) {
    nodes.push(node);
    open.push(...childrenOf(node));
  }
  const byName = new Map<string, Computed>();
  for (const root of nodes) {
    const name = textIn(root, "Subplan Name") ?? "";
    if (textIn(root, "Parent Relationship") !== "InitPlan") continue;
    for (const each of namesOf(name)) byName.set(each, { root, ms: millisecondsOf(root), users: [] });
  }
  if (byName.size === 0) return { owed: new Map(), roots: new Set() };
  for (const user of nodes) for (const name of usedBy(user)) byName.get(name)?.users.push({ user, ms: millisecondsOf(user) });
  const owed = new Map<PlanObject, Owed>();
  const roots = new Set<PlanObject>();
  for (const { root, ms, users } of byName.values()) {
    const isCte = textIn(root, "Subplan Name")?.startsWith("CTE ") === true;
    if (roots.has(root) || (users.length === 0 && !isCte)) continue;
    roots.add(root);
    let left = ms;
    for (const { user, ms: most } of users.toSorted((one, other) => other.ms - one.ms)) {
      const before = owed.get(user) ?? { ms: 0, roots: [] };
      const share = Math.min(left, most);
      owed.set(user, { ms: before.ms + share, roots: left === ms ? [...before.roots, root] : before.roots });
      left -= share;
      if (left <= 0) break;
    }
  }
  return { owed, roots };
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

