/** Plans that were kept of the query: choose one to compare with what is shown, or two to compare with each other. */
import type { KeptPlan } from "../../protocol/src/plan.ts";
import { html } from "../shared/dom.ts";
import { count, milliseconds } from "./figures.ts";
import { button } from "./insightList.ts";

export interface KeptActions {
  compare(before: string, after: string | undefined): void;
  forget(id: string): void;
}

export function keptPlans(kept: readonly KeptPlan[], chosen: Set<string>, actions: KeptActions, redraw: () => void): readonly HTMLElement[] {
  if (kept.length === 0) return [html("p", { class: "quiet nothing" }, "Plans of this query are kept here, to compare them: before and after an index, on one database and on another.")];
  const list = html("ul", { class: "kept" }, ...kept.map((plan) => row(plan, chosen, actions, redraw)));
  const ids = kept.map(({ id }) => id).filter((id) => chosen.has(id));
  const compare = button(ids.length === 2 ? "Compare the Two" : "Compare with the Plan Shown", "primary");
  compare.disabled = ids.length === 0 || ids.length > 2;
  compare.addEventListener("click", () => {
    const [newer, older] = ids;
    if (newer !== undefined) actions.compare(older ?? newer, older === undefined ? undefined : newer);
  });
  return [html("p", { class: "quiet" }, "Choose one, or two."), list, html("div", { class: "buttons" }, compare)];
}

function row(plan: KeptPlan, chosen: Set<string>, actions: KeptActions, redraw: () => void): HTMLElement {
  const { id, at, target, title, isAnalyzed, cost, executionMs, nodes } = plan;
  const box = html("input", { type: "checkbox", id: `kept-${id}`, checked: chosen.has(id) });
  box.addEventListener("change", () => {
    if (box.checked) chosen.add(id);
    else chosen.delete(id);
    redraw();
  });
  const figure = isAnalyzed && executionMs !== undefined ? milliseconds(executionMs) : cost === undefined ? "" : `cost ${count(cost)}`;
  const forget = html("button", { type: "button", class: "close", "aria-label": `Forget the plan of ${timeText(at)}`, title: "Forget" }, "×");
  forget.addEventListener("click", () => actions.forget(id));
  return html("li", {}, box, html("label", { for: `kept-${id}` }, html("span", { class: "figure" }, figure), html("span", {}, ` ${timeText(at)}`), html("span", { class: "quiet" }, ` ${title} · ${target} · ${nodes === 1 ? "1 node" : `${count(nodes)} nodes`}`)), forget);
}

/** In the person's own way of writing time. */
function timeText(at: string): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? at : time.toLocaleString(undefined, { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });
}
