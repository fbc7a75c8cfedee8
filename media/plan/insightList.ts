/** What a plan tells, with the evidence and what to do next; and indexes that were tried. */
import type { AdviceItem, PlanAdvice, PlanInsight, PlanSheet, PlanStep } from "../../protocol/src/plan.ts";
import { html } from "../shared/dom.ts";
import { bytes, changeOf, count } from "./figures.ts";

export interface InsightActions {
  /** The node that an insight is about. */
  select(node: number): void;
  applyIndex(step: PlanStep, from: HTMLButtonElement): void;
  applyAdvice(item: AdviceItem, from: HTMLButtonElement): void;
  copy(text: string, from: HTMLButtonElement): void;
  openSql(text: string): void;
  openLink(address: string): void;
  /** Tries indexes. */
  advise(): void;
}

export function insightList(sheet: PlanSheet, selected: number | undefined, canApply: boolean, actions: InsightActions): readonly HTMLElement[] {
  if (sheet.insights.length === 0) {
    const why = sheet.isAnalyzed ? "Nothing stands out in this plan." : "Nothing stands out in this plan. Running it would tell times and real rows.";
    return [html("p", { class: "quiet nothing" }, why)];
  }
  return [html("ul", { class: "insights" }, ...sheet.insights.map((insight) => insightCard(insight, selected, sheet, canApply, actions)))];
}

function insightCard(insight: PlanInsight, selected: number | undefined, sheet: PlanSheet, canApply: boolean, actions: InsightActions): HTMLElement {
  const { severity, message, why, summary, node, step, sources, id } = insight;
  const about = sheet.nodes.find((each) => each.id === node);
  const card = html("li", { class: `insight ${severity}${node !== undefined && node === selected ? " chosen" : ""}` });
  const title = html("p", { class: "message" }, html("span", { class: `sign ${severity}` }, html("span", { class: "visually-hidden" }, `${severity}: `)), message);
  card.append(title);
  if (about !== undefined) {
    const link = html("button", { type: "button", class: "link at" }, [about.type, about.about].filter((part) => part !== undefined).join(" "));
    link.addEventListener("click", () => actions.select(about.id));
    card.append(link);
  }
  const more = html("p", { class: "why quiet" }, `${summary} ${why}`);
  const [source] = sources;
  if (source !== undefined) {
    const link = html("button", { type: "button", class: "link" }, "Manual");
    link.addEventListener("click", () => actions.openLink(source));
    more.append(" ", link);
  }
  card.append(more);
  if (step !== undefined) card.append(...stepParts(step, canApply, actions));
  card.append(html("p", { class: "id quiet" }, id));
  return card;
}

function stepParts(step: PlanStep, canApply: boolean, actions: InsightActions): readonly HTMLElement[] {
  if (step.isText) return [html("p", { class: "step" }, html("strong", {}, "Next: "), step.text)];
  const buttons: HTMLElement[] = [];
  if (step.index !== undefined && canApply) {
    const write = button("Write Index", "primary");
    write.title = "Into the Prisma schema, or into a new migration";
    write.addEventListener("click", () => actions.applyIndex(step, write));
    buttons.push(write);
  }
  const copy = button("Copy SQL");
  copy.addEventListener("click", () => actions.copy(step.text, copy));
  const open = button("Open SQL");
  open.addEventListener("click", () => actions.openSql(step.text));
  return [html("p", { class: "step" }, step.title), html("pre", { class: "sql" }, step.text), html("div", { class: "buttons" }, ...buttons, copy, open)];
}

export function adviceList({ state, items, message }: PlanAdvice, canApply: boolean, actions: InsightActions): readonly HTMLElement[] {
  if (state === "none") {
    if (!canApply) return [];
    const tryThem = button("Try Indexes");
    tryThem.title = "Builds indexes for this query where nothing depends on them, and plans it with each";
    tryThem.addEventListener("click", () => actions.advise());
    return [html("div", { class: "buttons tryIndexes" }, tryThem)];
  }
  const head = html("h2", {}, "Indexes that were tried");
  const note = message ?? (state === "running" ? "Trying indexes…" : items.length === 0 ? "No index makes this query cheaper." : undefined);
  const parts = [head, ...(note === undefined ? [] : [html("p", { class: "quiet" }, note)])];
  return items.length === 0 ? parts : [...parts, html("ul", { class: "insights" }, ...items.map((item) => adviceCard(item, canApply, actions)))];
}

function adviceCard(item: AdviceItem, canApply: boolean, actions: InsightActions): HTMLElement {
  const { title, sql, prisma, costBefore, costAfter, sizeBytes, alsoGains, writeCost, evidence } = item;
  const gains = html("p", { class: "gain" }, `${count(costBefore)} → ${count(costAfter)}`, html("strong", {}, ` ${changeOf(costBefore, costAfter)}`), html("span", { class: "quiet" }, sizeBytes === 0 ? "" : ` · ${bytes(sizeBytes)}`));
  const card = html("li", { class: "insight advice" }, html("p", { class: "message" }, title), gains, html("p", { class: "quiet why" }, `${evidence} ${writeCost}`));
  if (alsoGains.length > 0) card.append(html("p", { class: "quiet" }, `Also for ${alsoGains.map(({ name, costBefore: before, costAfter: after }) => `${name} (${changeOf(before, after)})`).join(", ")}.`));
  card.append(html("pre", { class: "sql" }, prisma ?? sql));
  const copy = button("Copy SQL");
  copy.addEventListener("click", () => actions.copy(sql, copy));
  const write = button("Write Index", "primary");
  write.addEventListener("click", () => actions.applyAdvice(item, write));
  card.append(html("div", { class: "buttons" }, ...(canApply ? [write] : []), copy));
  return card;
}

export function button(label: string, className = "plain"): HTMLButtonElement {
  return html("button", { type: "button", class: className }, label);
}
