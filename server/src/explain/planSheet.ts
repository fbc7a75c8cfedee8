/** A plan as a panel shows it: every figure that people reason with, cut to a size that a page can hold. Never throws. */
import type { PlanBuffers, PlanFact, PlanInsight, PlanMeasure, PlanNodeKind, PlanNodeView, PlanRows, PlanSheet, PlanSpan, PlanTotals } from "../../../protocol/src/plan.ts";
import { removedRows } from "../plan/insights/figures.ts";
import { insights } from "../plan/insights/insights.ts";
import { type Found, insightsOf, type KnownBesides } from "../plan/insights/insights.ts";
import type { Buffers, Plan, PlanNode } from "../plan/plan.ts";
import { stepOf } from "./planStep.ts";
import { spansOf, type ViewTables } from "./queryParts.ts";

export interface SheetOptions {
  readonly title: string;
  readonly isGeneric?: boolean | undefined;
  /** The statement that it is a plan of; its parts are then tied to nodes. */
  readonly query?: string | undefined;
  readonly known?: KnownBesides | undefined;
  /** That the statement may name. */
  readonly views?: ViewTables | undefined;
  readonly notes?: readonly string[] | undefined;
}

/** More than anybody reads; PostgreSQL's largest plans are of partitioned tables, and say the same thousands of times. */
const mostNodes = 10_000;
/** Characters of one fact, such as the list of an IN. */
const longestFact = 4_000;

export function planSheet(plan: Plan, { title, isGeneric = false, query, known, views, notes = [] }: SheetOptions): PlanSheet {
  const kept = shallowest(plan.nodes);
  const spans = query === undefined || query === "" ? new Map<number, readonly PlanSpan[]>() : spansOf(plan, query, views);
  const nodes = kept.map((node) => nodeView(node, spans.get(node.id)));
  const shown = new Set(kept.map(({ id }) => id));
  return {
    title,
    nodes,
    leftOut: plan.nodes.length - kept.length,
    isAnalyzed: plan.isAnalyzed,
    isGeneric,
    totals: totalsOf(plan),
    measures: measuresOf(plan),
    insights: insightViews(insightsOf(plan, { ...known, isGeneric }), shown),
    notes,
    source: JSON.stringify([plan.source]),
  };
}

/** With what each insight is about in general; those of nodes that are not shown are about the whole plan. */
export function insightViews(found: readonly Found[], shown: ReadonlySet<number>): readonly PlanInsight[] {
  return found.map(({ id, severity, message, node, next }) => {
    const general = insights.find((insight) => insight.id === id);
    const step = stepOf(next);
    return {
      id,
      severity,
      summary: general?.summary ?? "",
      message,
      why: general?.why ?? "",
      sources: general?.sources ?? [],
      ...(node === undefined || !shown.has(node) ? {} : { node }),
      step,
    };
  });
}

/** All, or those that are nearest to the root, in their order: with a node its parent is there. */
function shallowest(nodes: readonly PlanNode[]): readonly PlanNode[] {
  if (nodes.length <= mostNodes) return nodes;
  const kept = nodes.toSorted((a, b) => a.depth - b.depth || a.id - b.id).slice(0, mostNodes);
  return kept.sort((a, b) => a.id - b.id);
}

function nodeView(node: PlanNode, spans: readonly PlanSpan[] | undefined): PlanNodeView {
  const { id, parent, depth, actual, cost, buffers, selfBuffers, workers } = node;
  const { type, about } = headline(node);
  const role = roleOf(node);
  return {
    id,
    depth,
    type,
    kind: kindOf(node),
    rows: rowsOf(node),
    facts: factsOf(node),
    ...(parent === undefined ? {} : { parent }),
    ...(about === "" ? {} : { about }),
    ...(role === undefined ? {} : { role }),
    ...(actual?.totalMs === undefined ? {} : { time: { self: actual.selfMs ?? 0, total: actual.totalMs } }),
    ...(cost === undefined ? {} : { cost: { self: cost.self, total: cost.total, startup: cost.startup } }),
    ...(buffers === undefined ? {} : { buffers: { self: blocks(selfBuffers ?? buffers), total: blocks(buffers) } }),
    ...(workers === undefined ? {} : { workers: { planned: workers.planned, ...(workers.launched === undefined ? {} : { launched: workers.launched }) } }),
    ...(spans === undefined || spans.length === 0 ? {} : { spans }),
  };
}

/** The label in two parts: what is done, and on what. */
function headline({ label, type }: PlanNode): { readonly type: string; readonly about: string } {
  const at = /(?: using | on )/.exec(label)?.index ?? label.length;
  // A relation may be called anything: what comes before its name is a type only where it reads like one.
  return at > 0 && /^[A-Za-z][A-Za-z ]*$/.test(label.slice(0, at)) ? { type: label.slice(0, at), about: shortened(label.slice(at + 1), 300) } : { type, about: shortened(label, 300) };
}

function roleOf({ role }: PlanNode): string | undefined {
  switch (role.kind) {
    case "cte":
      return `CTE ${role.name}`;
    case "initPlan":
    case "subPlan":
      return shortened(role.name, 120);
    default:
      return undefined;
  }
}

function kindOf({ type }: PlanNode): PlanNodeKind {
  if (/Scan$|^Result$|^Function|^Values/.test(type)) return "read";
  if (/Join$|^Nested Loop$/.test(type)) return "join";
  if (/Sort$|^Unique$|^Limit$/.test(type)) return "order";
  if (/Aggregate$|^Group$|^WindowAgg$|^SetOp$/.test(type)) return "group";
  if (/^ModifyTable$|^LockRows$/.test(type)) return "write";
  return /^Gather|^Append$|^Merge Append$/.test(type) ? "gather" : "other";
}

function rowsOf(node: PlanNode): PlanRows {
  const { estimated, actual } = node;
  const removed = removedRows(node, ["Filter", "Recheck Cond", "Join Filter", "Conflict Filter"]);
  return {
    ...(estimated === undefined ? {} : { estimated: estimated.rows, width: estimated.width }),
    ...(actual === undefined ? {} : { actual: actual.rowsPerLoop, loops: actual.loops }),
    ...(removed > 0 ? { removed } : {}),
  };
}

/** Blocks are said as figures; the rest in PostgreSQL's words. */
const inFigures = /^(?:Shared|Local|Temp) (?:Hit|Read|Dirtied|Written) Blocks$|^Disabled$/;

function factsOf(node: PlanNode): readonly PlanFact[] {
  const { selfBuffers, heapBlocks } = node;
  const facts = node.properties.flatMap(({ name, value }) => (inFigures.test(name) ? [] : [{ name, value: shortened(value, longestFact) }]));
  if (selfBuffers !== undefined) facts.push(...bufferFacts(selfBuffers));
  if (heapBlocks !== undefined && heapBlocks.lossy > 0 && !facts.some(({ name }) => name === "Lossy Heap Blocks")) facts.push({ name: "Lossy Heap Blocks", value: String(heapBlocks.lossy) });
  return facts;
}

function bufferFacts(buffers: Buffers): readonly PlanFact[] {
  const { hit, read, dirtied, written, tempRead, tempWritten, readMs, writeMs } = buffers;
  const figures: readonly (readonly [string, number])[] = [
    ["found in memory", hit],
    ["read", read],
    ["dirtied", dirtied],
    ["written", written],
    ["temporary read", tempRead],
    ["temporary written", tempWritten],
  ];
  const text = figures.filter(([, value]) => value > 0).map(([name, value]) => `${value} ${name}`);
  const facts: PlanFact[] = text.length === 0 ? [] : [{ name: "Blocks", value: text.join(", ") }];
  return readMs + writeMs > 0 ? [...facts, { name: "Waiting for Blocks", value: `${(readMs + writeMs).toFixed(3)} ms` }] : facts;
}

function blocks({ hit, read }: Buffers): number {
  return hit + read;
}

function totalsOf(plan: Plan): PlanTotals {
  const { root, executionMs, planningMs, jit, triggers, settings } = plan;
  const rows = root.actual?.rows ?? root.estimated?.rows;
  const workers = plan.nodes.flatMap((node) => (node.workers === undefined ? [] : [node.workers]));
  const launched = workers.flatMap((each) => (each.launched === undefined ? [] : [each.launched]));
  return {
    triggers: triggers.map(({ name, relation, ms, calls }) => ({ name, ms, calls, ...(relation === undefined ? {} : { relation }) })),
    settings: [...settings].map(([name, value]) => ({ name, value: shortened(value, longestFact) })),
    ...(executionMs === undefined ? {} : { executionMs }),
    ...(planningMs === undefined ? {} : { planningMs }),
    ...(root.cost === undefined ? {} : { cost: root.cost.total }),
    ...(rows === undefined ? {} : { rows }),
    ...(root.buffers === undefined ? {} : { buffers: bufferTotals(root.buffers) }),
    ...(jit === undefined ? {} : { jit: { functions: jit.functions, ...(jit.totalMs === undefined ? {} : { ms: jit.totalMs }) } }),
    ...(workers.length === 0 ? {} : { workers: { planned: sum(workers.map((each) => each.planned)), ...(launched.length === 0 ? {} : { launched: sum(launched) }) } }),
  };
}

function bufferTotals({ hit, read, written, tempRead, tempWritten, readMs, writeMs }: Buffers): PlanBuffers {
  return { hit, read, written, temporary: tempRead + tempWritten, ...(readMs + writeMs > 0 ? { ms: readMs + writeMs } : {}) };
}

function measuresOf({ nodes, isTimed, isAnalyzed }: Plan): readonly PlanMeasure[] {
  const measures: PlanMeasure[] = [];
  if (isTimed) measures.push("time");
  if (nodes.some(({ cost }) => cost !== undefined)) measures.push("cost");
  if (isAnalyzed || nodes.some(({ estimated }) => estimated !== undefined)) measures.push("rows");
  if (nodes.some(({ buffers }) => buffers !== undefined)) measures.push("buffers");
  return measures.length === 0 ? ["cost"] : measures;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}

function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
