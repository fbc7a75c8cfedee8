/** Advice as text for a terminal, and as Markdown for a pull request. */
import type { Advice, AdvisedIndex, Gain } from "./advise.ts";
import { codeBlock, escaped, visible } from "../text/markdown.ts";

export function adviceText(advice: Advice): string {
  const { items, evidence, notes } = advice;
  const parts = [summaryOf(advice), ...items.map(itemText), evidence.text, ...notes];
  return `${parts.join("\n\n")}\n`;
}

function itemText(item: AdvisedIndex, at: number): string {
  const lines = [
    `${at + 1}. ${visible(item.title)}`,
    `   ${visible(item.sql)}`,
    ...(item.prisma === undefined ? [] : [`   ${visible(item.prisma)}`]),
    `   ${costsOf(item)}; ${sizeText(item.sizeBytes)}.`,
    `   ${item.writeCost.text}`,
    ...(item.alsoGains.length === 0 ? [] : [`   Also gain: ${item.alsoGains.map(gainText).map(visible).join("; ")}.`]),
  ];
  return lines.join("\n");
}

export function adviceMarkdown(advice: Advice, query: string): string {
  const { items, evidence, notes } = advice;
  const parts = [codeBlock("sql", query), escaped(summaryOf(advice)), ...items.flatMap(itemMarkdown), escaped(evidence.text), ...notes.map(escaped)];
  return `${parts.join("\n\n")}\n`;
}

function itemMarkdown(item: AdvisedIndex): readonly string[] {
  const facts = [
    `- ${escaped(`${costsOf(item)}; ${sizeText(item.sizeBytes)}.`)}`,
    `- ${escaped(item.writeCost.text)}`,
    ...item.alsoGains.map((gain) => `- ${escaped(`Also gains: ${gainText(gain)}.`)}`),
  ];
  return [`**${escaped(item.title)}**`, codeBlock("sql", item.sql), ...(item.prisma === undefined ? [] : [codeBlock("prisma", item.prisma)]), facts.join("\n")];
}

function summaryOf({ items, costBefore, costAfter, tried }: Advice): string {
  if (items.length === 0) return `No index is advised: the query costs ${costText(costBefore)}${tried === 0 ? "." : `, and of ${tried} indexes that were tried none saves enough.`}`;
  return `${items.length === 1 ? "One index" : `${items.length} indexes`} would bring the cost from ${costText(costBefore)} to ${costText(costAfter)} (${tried} tried).`;
}

function costsOf({ costBefore, costAfter }: AdvisedIndex): string {
  return `Cost ${costText(costBefore)} before, ${costText(costAfter)} after`;
}

function gainText({ query, costBefore, costAfter }: Gain): string {
  return `${query.title} (${costText(costBefore)} to ${costText(costAfter)})`;
}

function costText(cost: number): string {
  return cost.toLocaleString("en-US", { maximumFractionDigits: cost < 100 ? 1 : 0 });
}

export function sizeText(bytes: number | undefined): string {
  if (bytes === undefined) return "size unknown";
  return bytes < 1_000_000 ? `about ${Math.max(1, Math.round(bytes / 1_000))} kB` : `about ${(bytes / 1_000_000).toLocaleString("en-US", { maximumFractionDigits: 1 })} MB`;
}
