/** A plan as a file or for a pull request: PostgreSQL's text form, its JSON, and Markdown with what was found. */
import { codeBlock, codeSpan, escaped, visible } from "../text/markdown.ts";
import { quoteLiteral } from "../text/quoteLiteral.ts";
import { milliseconds } from "./insights/figures.ts";
import type { Found } from "./insights/insights.ts";
import { nextStepText } from "./nextStepText.ts";
import type { Plan, PlanNode } from "./plan.ts";

export const planFormats = ["text", "json", "markdown"] as const;
export type PlanFormat = (typeof planFormats)[number];

export interface SavedBesides {
  readonly query?: string | undefined;
  readonly insights?: readonly Found[] | undefined;
}

/** Text and JSON are read back by `readPlan`. */
export function savePlan(plan: Plan, format: PlanFormat, besides: SavedBesides = {}): string {
  switch (format) {
    case "text":
      return planText(plan);
    case "json":
      return `${JSON.stringify([plan.source], undefined, 2)}\n`;
    case "markdown":
      return planMarkdown(plan, besides);
  }
}

/** As psql shows it. */
export function planText(plan: Plan): string {
  const lines: string[] = [];
  /** Where what belongs to a node begins, by its id. */
  const columns: number[] = [];
  for (const node of plan.nodes) {
    const column = node.parent === undefined ? 0 : (columns[node.parent] ?? 0);
    const arrow = column + (headingOf(node) === undefined ? 0 : 2);
    columns.push(node.parent === undefined ? 2 : arrow + 6);
    lines.push(...nodeLines(node, column, arrow));
  }
  const { planningMs, executionMs, settings, jit, triggers } = plan;
  if (settings.size > 0) lines.push(`Settings: ${[...settings].map(([name, value]) => `${name} = ${quoteLiteral(value)}`).join(", ")}`);
  if (planningMs !== undefined) lines.push(`Planning Time: ${planningMs.toFixed(3)} ms`);
  if (jit !== undefined) lines.push("JIT:", `  Functions: ${jit.functions}`, ...(jit.totalMs === undefined ? [] : [`  Timing: Total ${jit.totalMs.toFixed(3)} ms`]));
  for (const { name, constraint, relation, ms, calls } of triggers) {
    lines.push(`Trigger ${constraint === undefined ? "" : "for constraint "}${name}${relation === undefined ? "" : ` on ${relation}`}: time=${ms.toFixed(3)} calls=${calls}`);
  }
  if (executionMs !== undefined) lines.push(`Execution Time: ${executionMs.toFixed(3)} ms`);
  return `${lines.map(visible).join("\n")}\n`;
}

/** What lines of their own say with the figures in them. */
const inFigures = /^(?:(?:Shared|Local|Temp) |I\/O |Sort Method$|Sort Space |Hash(?:Agg)? B|Original Hash |Peak Memory |Disk Usage$|(?:Exact|Lossy) Heap )/;

/** `column` is that of the parent's properties. */
function nodeLines(node: PlanNode, column: number, arrow: number): readonly string[] {
  const isRoot = node.parent === undefined;
  const below = " ".repeat(isRoot ? 2 : arrow + 6);
  const heading = headingOf(node);
  const { cost, estimated, actual, buffers, sort, hash, heapBlocks } = node;
  const estimate = cost === undefined || estimated === undefined ? "" : `  (cost=${cost.startup.toFixed(2)}..${cost.total.toFixed(2)} rows=${estimated.rows} width=${estimated.width})`;
  const lines: string[] = [];
  if (heading !== undefined) lines.push(`${" ".repeat(column)}${heading}`);
  lines.push(`${isRoot ? "" : `${" ".repeat(arrow)}->  `}${node.label}${estimate}${actual === undefined ? "" : ` ${measuredText(node)}`}`);
  for (const { name, value } of node.properties) if (!inFigures.test(name)) lines.push(`${below}${name}: ${value}`);
  if (sort !== undefined) lines.push(`${below}Sort Method: ${sort.method}  ${sort.isOnDisk ? "Disk" : "Memory"}: ${sort.kilobytes}kB`);
  if (hash !== undefined) lines.push(hashLine(node, below));
  if (heapBlocks !== undefined) lines.push(`${below}Heap Blocks: exact=${heapBlocks.exact}${heapBlocks.lossy === 0 ? "" : ` lossy=${heapBlocks.lossy}`}`);
  if (buffers !== undefined) {
    const shared = listed({ hit: buffers.hit, read: buffers.read, dirtied: buffers.dirtied, written: buffers.written });
    const temp = listed({ read: buffers.tempRead, written: buffers.tempWritten });
    const groups = [shared === "" ? [] : [`shared ${shared}`], temp === "" ? [] : [`temp ${temp}`]].flat();
    if (groups.length > 0) lines.push(`${below}Buffers: ${groups.join(", ")}`);
    if (buffers.readMs + buffers.writeMs > 0) lines.push(`${below}I/O Timings: shared read=${buffers.readMs.toFixed(3)} write=${buffers.writeMs.toFixed(3)}`);
  }
  return lines;
}

function headingOf({ role }: PlanNode): string | undefined {
  if (role.kind === "cte") return `CTE ${role.name}`;
  return role.kind === "initPlan" || role.kind === "subPlan" ? role.name : undefined;
}

function measuredText({ actual }: PlanNode): string {
  if (actual === undefined) return "";
  if (actual.loops === 0) return "(never executed)";
  const time = actual.perLoopMs === undefined ? "" : `time=${(actual.startupMs ?? 0).toFixed(3)}..${actual.perLoopMs.toFixed(3)} `;
  return `(actual ${time}rows=${actual.rowsPerLoop} loops=${actual.loops})`;
}

function hashLine({ type, hash, properties }: PlanNode, indent: string): string {
  const buckets = properties.find(({ name }) => name === "Hash Buckets")?.value;
  const memory = hash?.peakKilobytes === undefined ? "" : `  Memory Usage: ${hash.peakKilobytes}kB`;
  const disk = (hash?.diskKilobytes ?? 0) === 0 ? "" : `  Disk Usage: ${hash?.diskKilobytes ?? 0}kB`;
  const original = hash?.originalBatches === undefined || hash.originalBatches === hash.batches ? "" : ` (originally ${hash.originalBatches})`;
  return `${indent}${type === "Hash" && buckets !== undefined ? `Buckets: ${buckets}  ` : ""}Batches: ${hash?.batches ?? 1}${original}${memory}${disk}`;
}

function listed(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .filter(([, value]) => value > 0)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

function planMarkdown(plan: Plan, { query, insights = [] }: SavedBesides): string {
  const { root, planningMs, executionMs } = plan;
  const figures = [
    ...(executionMs === undefined ? [] : [`execution ${milliseconds(executionMs)}`]),
    ...(planningMs === undefined ? [] : [`planning ${milliseconds(planningMs)}`]),
    ...(root.cost === undefined ? [] : [`cost ${root.cost.total}`]),
    `${plan.nodes.length} nodes`,
  ];
  const found = insights.map(({ id, severity, message, next, node }) => {
    const where = node === undefined ? "" : ` at ${codeSpan(plan.nodes[node]?.label ?? "")}`;
    return `- **${severity}** ${codeSpan(id)}${where}: ${escaped(message)} Next: ${codeSpan(nextStepText(next))}`;
  });
  const parts = [`**Query plan**: ${figures.join(", ")}`, ...(query === undefined ? [] : [codeBlock("sql", query.trim())]), ...(found.length === 0 ? [] : [found.join("\n")])];
  return `${[...parts, codeBlock("text", planText(plan).trimEnd())].join("\n\n")}\n`;
}
