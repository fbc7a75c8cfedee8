/** The plan as a plain table: the same content as the pictures, for screen readers and for copying. */
import { html } from "../shared/dom.ts";
import { count, milliseconds, misestimate } from "./figures.ts";
import type { PlanTree, TreeNode } from "./planTree.ts";

/** Rows that a page takes at once. */
const atOnce = 2_000;

export function textTable(tree: PlanTree, select: (node: number) => void, shown = atOnce): HTMLElement {
  const { sheet } = tree;
  const has = { time: sheet.nodes.some(({ time }) => time !== undefined), buffers: sheet.nodes.some(({ buffers }) => buffers !== undefined) };
  const heads = ["#", "Node", "Rows expected", ...(sheet.isAnalyzed ? ["Rows", "Loops"] : []), ...(has.time ? ["Time alone", "Time in all"] : []), "Cost alone", "Cost in all", ...(has.buffers ? ["Blocks alone"] : []), "Details"];
  const body = html("tbody");
  for (const node of tree.nodes.slice(0, shown)) body.append(rowOf(node, sheet.isAnalyzed, has, select));
  const table = html(
    "table",
    { class: "textTable" },
    html("caption", {}, `Plan ${sheet.title}: ${tree.nodes.length} nodes, from the root down; the level of each stands before it.`),
    html("thead", {}, html("tr", {}, ...heads.map((head) => html("th", { scope: "col" }, head)))),
    body,
  );
  const room = html("div", { class: "tableRoom", tabindex: 0, role: "region", "aria-label": "Plan as a table" }, table);
  if (tree.nodes.length > shown) {
    const more = html("button", { type: "button", class: "plain" }, `Show ${Math.min(atOnce, tree.nodes.length - shown)} more of ${tree.nodes.length}`);
    more.addEventListener("click", () => room.replaceWith(textTable(tree, select, shown + atOnce)));
    room.append(more);
  }
  return room;
}

function rowOf({ view, severity }: TreeNode, isAnalyzed: boolean, has: { readonly time: boolean; readonly buffers: boolean }, select: (node: number) => void): HTMLElement {
  const { rows, time, cost, buffers } = view;
  const name = html("button", { type: "button", class: "link" }, `${view.depth + 1}. ${[view.role, view.type, view.about].filter((part) => part !== undefined).join(" ")}`);
  name.addEventListener("click", () => select(view.id));
  const cell = (text: string): HTMLElement => html("td", { class: "number" }, text);
  const of = (value: number | undefined, write: (value: number) => string = count): HTMLElement => cell(value === undefined ? "" : write(value));
  const off = misestimate(rows.estimated, rows.actual);
  const cells = [
    cell(String(view.id + 1)),
    html("th", { scope: "row" }, name, ...(severity === undefined ? [] : [html("span", { class: "quiet" }, ` ${severity}`)])),
    of(rows.estimated),
  ];
  if (isAnalyzed) cells.push(cell(rows.actual === undefined ? "" : `${count(rows.actual * Math.max(1, rows.loops ?? 1))}${off === undefined ? "" : ` (×${count(off.factor)} ${off.way})`}`), of(rows.loops));
  if (has.time) cells.push(of(time?.self, milliseconds), of(time?.total, milliseconds));
  cells.push(of(cost?.self), of(cost?.total));
  if (has.buffers) cells.push(of(buffers?.self));
  const facts = view.facts.map(({ name: fact, value }) => `${fact}: ${value}`).join("; ");
  cells.push(html("td", { class: "facts" }, facts));
  return html("tr", {}, ...cells);
}

