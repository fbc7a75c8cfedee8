/** Everything about one node: its figures, what PostgreSQL says of it, and what became of it in another plan. */
import type { PlanNodeView, PlanPair } from "../../protocol/src/plan.ts";
import { html } from "../shared/dom.ts";
import { blockSize, count, milliseconds, misestimate, percent } from "./figures.ts";
import type { PlanTree, TreeNode } from "./planTree.ts";

export function nodeDetails(tree: PlanTree, node: TreeNode | undefined, pair: PlanPair | undefined): readonly HTMLElement[] {
  if (node === undefined) return [html("p", { class: "quiet nothing" }, "Choose a node in the plan to see what it does.")];
  const { view } = node;
  const parts: HTMLElement[] = [html("h2", { class: "nodeTitle" }, html("span", { class: "type" }, view.type), ...(view.about === undefined ? [] : [" ", html("span", { class: "about" }, view.about)]))];
  if (view.role !== undefined) parts.push(html("p", { class: "quiet" }, view.role));
  if (pair !== undefined && pair.changes.length > 0) parts.push(html("ul", { class: "changes" }, ...pair.changes.map((change) => html("li", {}, change))));
  parts.push(html("dl", { class: "figures" }, ...figures(tree, node).flatMap(([name, value, more]) => [html("dt", {}, name), html("dd", {}, html("span", { class: "value" }, value), ...(more === "" ? [] : [html("span", { class: "quiet" }, ` · ${more}`)]))])));
  if (view.facts.length > 0) parts.push(html("dl", { class: "nodeFacts" }, ...view.facts.flatMap(({ name, value }) => [html("dt", {}, name), html("dd", {}, isCode(name) ? html("code", {}, value) : value)])));
  return parts;
}

/** Name, value, and more about it. */
function figures(tree: PlanTree, node: TreeNode): readonly (readonly [string, string, string])[] {
  const { time, cost, buffers, workers } = node.view;
  const rows: (readonly [string, string, string])[] = [];
  const shareOf = (measure: "time" | "cost" | "buffers"): string => `alone, ${percent(tree.share(node, measure))} of the whole`;
  if (time !== undefined) rows.push(["Time", milliseconds(time.self), `${shareOf("time")}; ${milliseconds(time.total)} with what is below`]);
  rows.push(...rowFigures(node.view));
  if (cost !== undefined) rows.push(["Cost", count(cost.self), `${shareOf("cost")}; ${count(cost.total)} with what is below, ${count(cost.startup)} before the first row`]);
  if (buffers !== undefined) rows.push(["Blocks", count(buffers.self), `${blockSize(buffers.self)} ${shareOf("buffers")}; ${count(buffers.total)} with what is below`]);
  if (workers !== undefined) rows.push(["Workers", workers.launched === undefined ? String(workers.planned) : `${workers.launched} of ${workers.planned}`, workers.launched === undefined ? "planned" : "launched"]);
  return rows;
}

function rowFigures({ rows }: PlanNodeView): readonly (readonly [string, string, string])[] {
  const { actual, estimated, loops, removed, width } = rows;
  const figures: (readonly [string, string, string])[] = [];
  if (actual !== undefined && loops === 0) figures.push(["Rows", "0", "it was never executed"]);
  else if (actual !== undefined) {
    const off = misestimate(estimated, actual);
    const expected = estimated === undefined ? "" : `${count(estimated)} estimated${off === undefined ? "" : `, ×${count(off.factor)} ${off.way}`}`;
    const each = (loops ?? 1) > 1 ? `${count(actual)} in each of ${count(loops ?? 1)} loops` : "";
    figures.push(["Rows", count(actual * Math.max(1, loops ?? 1)), [each, expected].filter((part) => part !== "").join("; ")]);
  } else if (estimated !== undefined) figures.push(["Rows", count(estimated), `expected${width === undefined ? "" : `, ${count(width)} bytes each`}`]);
  if (removed !== undefined) figures.push(["Thrown away", count(removed), removed === 1 ? "row" : "rows"]);
  return figures;
}

function isCode(name: string): boolean {
  return /Cond$|Filter$|Key$|^Output$|^Order By$|^Function Call$|^Cache Key$/.test(name);
}
