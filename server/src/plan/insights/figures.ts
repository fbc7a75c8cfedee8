/** Figures in the words of messages, and questions that several insights ask of a plan. */
import { comparisonsIn } from "../conditions.ts";
import type { Plan, PlanNode } from "../plan.ts";

/** `1,234`, and `0.25` below ten. */
export function count(value: number): string {
  const rounded = value < 10 ? Math.round(value * 100) / 100 : Math.round(value);
  // Not toLocaleString: it takes longer than everything else of an insight.
  return rounded < 1_000 ? String(rounded) : String(rounded).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}

export function rows(value: number): string {
  return `${count(value)} ${value === 1 ? "row" : "rows"}`;
}

export function milliseconds(value: number): string {
  return value >= 10_000 ? `${count(value / 1_000)} s` : `${count(value)} ms`;
}

export function kilobytes(value: number): string {
  return value >= 10_240 ? `${count(value / 1_024)} MB` : `${count(value)} kB`;
}

/** `0.25` as `25%`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

/** Rows that conditions of the node threw away, in all loops. */
export function removedRows(node: PlanNode, kinds: readonly string[] = ["Filter", "Recheck Cond"]): number {
  const perLoop = node.conditions.reduce((sum, { kind, removed }) => sum + (kinds.includes(kind) ? (removed ?? 0) : 0), 0);
  return perLoop * (node.actual?.loops ?? 1);
}

export function conditionText(node: PlanNode, kind: string): string | undefined {
  return node.conditions.find((condition) => condition.kind === kind)?.text;
}

/** Columns a condition compares with a value: those of equality first, as a B-tree wants them. Patterns need another kind of index. */
export function indexColumns(condition: string): readonly string[] {
  const known = comparisonsIn(condition).flatMap(({ column, operator, isBetweenColumns }) =>
    column === undefined || operator === undefined || isBetweenColumns || !/^(?:=|<|>|<=|>=|IS NULL)$/.test(operator) ? [] : [{ column, isEqual: operator === "=" || operator === "IS NULL" }],
  );
  const equal = known.filter((each) => each.isEqual);
  // Behind a range, further columns of an index narrow nothing.
  const range = known.find((each) => !each.isEqual && equal.every(({ column }) => column !== each.column));
  return [...new Set([...equal.map((each) => each.column), ...(range === undefined ? [] : [range.column])])];
}

/** Share of a node alone in the whole: of the time when it was measured, else of the cost. */
export function shareOf(node: PlanNode, plan: Plan): number {
  const { root } = plan;
  if (node.actual?.totalMs !== undefined && root.actual?.totalMs !== undefined) return root.actual.totalMs === 0 ? 0 : node.actual.totalMs / root.actual.totalMs;
  return root.cost === undefined || root.cost.total === 0 ? 0 : (node.cost?.total ?? 0) / root.cost.total;
}

/** From the parent up to the root. */
export function* ancestors(node: PlanNode, plan: Plan): Generator<PlanNode> {
  let parent = node.parent;
  while (parent !== undefined) {
    const found = plan.nodes[parent];
    if (found === undefined) return;
    yield found;
    parent = found.parent;
  }
}

export function isJoin(node: PlanNode): boolean {
  return node.type === "Nested Loop" || node.type === "Hash Join" || node.type === "Merge Join";
}

/** `public.deals` as people say it. */
export function relationName(node: PlanNode): string {
  const { relation } = node;
  if (relation === undefined) return node.label;
  return relation.schema === undefined || relation.schema === "public" ? relation.name : `${relation.schema}.${relation.name}`;
}

/** A long condition as a message can take it. */
export function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/** The node and all below it. */
export function* within(node: PlanNode): Generator<PlanNode> {
  const open = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    open.push(...next.children.toReversed());
  }
}
