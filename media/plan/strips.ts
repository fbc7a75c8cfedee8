/** The line above a plan: its totals, or what changed between two. */
import type { PlanChange, PlanSheet } from "../../protocol/src/plan.ts";
import { html } from "../shared/dom.ts";
import { changeOf, count, milliseconds } from "./figures.ts";
import { totalsText } from "./wording.ts";

export function totalsStrip({ totals, isAnalyzed, isGeneric }: PlanSheet): readonly HTMLElement[] {
  const parts = totalsText(totals, isAnalyzed).map(({ name, value, more }) => total(name, value, more));
  if (!isAnalyzed) parts.push(html("span", { class: "total quiet" }, isGeneric ? "planned for no values, not run" : "planned, not run"));
  const { settings } = totals;
  if (settings.length === 0) return parts;
  const list = html("ul", {}, ...settings.map(({ name, value }) => html("li", {}, html("code", {}, `${name} = ${value}`))));
  return [...parts, html("details", { class: "settings" }, html("summary", {}, settings.length === 1 ? "1 setting is not the default" : `${settings.length} settings are not the default`), list)];
}

export function changesStrip(changes: readonly PlanChange[]): readonly HTMLElement[] {
  return changes.map(({ name, unit, before, after }) => {
    const write = unit === "ms" ? milliseconds : count;
    const way = after < before ? "better" : after > before ? "worse" : "";
    return html("span", { class: `total ${way}` }, html("span", { class: "totalName" }, name), ` ${write(before)} → `, html("strong", {}, write(after)), " ", html("span", { class: "delta" }, changeOf(before, after)));
  });
}

function total(name: string, value: string, more: string | undefined): HTMLElement {
  return html("span", { class: "total" }, html("span", { class: "totalName" }, name), " ", html("strong", {}, value), ...(more === undefined ? [] : [html("span", { class: "quiet" }, ` ${more}`)]));
}
