/**
 * Reads a plan from whatever people have: psql's text, JSON, YAML and XML, with what stands around them in a paste, and
 * auto_explain's log. Never throws; a text that is no plan is answered with a sentence. Linear in the length of the text.
 */
import { buildPlan } from "./buildPlan.ts";
import type { Plan } from "./plan.ts";
import { pastedPlan } from "./pastedText.ts";
import { isObject, type PlanObject } from "./planObject.ts";
import { xmlValue, yamlValue } from "./structuredPlan.ts";
import { textPlan } from "./textPlan.ts";

export type ReadPlan =
  | {
      readonly ok: true;
      readonly plan: Plan;
      /** How many more plans the text holds; the first is read. */
      readonly others: number;
    }
  | { readonly ok: false; readonly reason: string };

/** Characters in which a plan begins, behind what was copied along. */
const beginning = 100_000;

/** Characters. A plan of 2,000 nodes has three million. */
export const largestPlan = 50_000_000;

export function readPlan(text: string): ReadPlan {
  if (text.length > largestPlan) return no(`This text has ${Math.round(text.length / 1_000_000)} MB; plans over ${largestPlan / 1_000_000} MB are not read.`);
  const { body, others } = pastedPlan(text);
  if (body.trim() === "") return no("There is no plan here: the text is empty.");
  const read = planIn(body);
  if (typeof read === "string") return no(read);
  const plan = buildPlan(read.object);
  return typeof plan === "string" ? no(plan) : { ok: true, plan, others: others + read.others };
}

/** By what the text begins with; what was copied along before it is left out. */
function planIn(body: string): { readonly object: PlanObject; readonly others: number } | string {
  const start = body.slice(0, beginning);
  const json = /^[ \t]*(?:\[\s*\{|\{\s*(?:"|$)|\{$|\[$)/m.exec(start);
  const yaml = /^[ \t]*(?:- Plan:|Query Text: "|- Query Text:)/m.exec(start);
  const xml = /<(?:explain|Query|Plan)\b/.exec(start);
  const first = [json, yaml, xml].flatMap((found) => (found === null ? [] : [found.index])).sort((a, b) => a - b)[0];
  const arrow = /\((?:cost=|actual |never executed)/.exec(start)?.index;
  if (first === undefined || (arrow !== undefined && arrow < first)) return textPlan(body);
  if (json?.index === first) return jsonPlan(body.slice(first).trim());
  const value = xml?.index === first ? xmlValue(body.slice(first)) : yamlValue(body.slice(first));
  return jsonValue(value) ?? `This looks like a plan in ${xml?.index === first ? "XML" : "YAML"}, but it is not whole: it has no node with a type.`;
}

/** What PostgreSQL's own JSON holds, or a sentence. */
function jsonPlan(text: string): { readonly object: PlanObject; readonly others: number } | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    // Often followed by a row count, a prompt or another answer.
    const whole = firstValue(text);
    if (whole !== undefined) return jsonPlan(whole);
    return `This looks like a plan in JSON, but it is not whole: ${error instanceof Error ? error.message : String(error)}.`;
  }
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const [first] = list;
  if (!isObject(first)) return noPlan;
  // What drivers answer: rows with a column "QUERY PLAN", whose value is the JSON or its text.
  const inner = first["QUERY PLAN"];
  if (typeof inner === "string") return inner.startsWith("[") || inner.startsWith("{") ? jsonPlan(inner) : textPlan(rowsOf(list));
  if (inner !== undefined) return jsonValue(inner) ?? noPlan;
  return jsonValue(value) ?? noPlan;
}

/** The list or object that a text begins with, where something stands behind it. */
function firstValue(text: string): string | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '"') {
      i++;
      while (i < text.length && text.charAt(i) !== '"') i += text.charAt(i) === "\\" ? 2 : 1;
    } else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    if (depth === 0) return i + 1 < text.length && text.slice(i + 1).trim() !== "" ? text.slice(0, i + 1) : undefined;
  }
  return undefined;
}

function jsonValue(value: unknown): { readonly object: PlanObject; readonly others: number } | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const [first] = list;
  if (!isObject(first)) return undefined;
  if (isObject(first["Plan"])) return { object: first, others: list.length - 1 };
  return typeof first["Node Type"] === "string" ? { object: { Plan: first }, others: list.length - 1 } : undefined;
}

const noPlan = "This JSON is no plan: EXPLAIN (FORMAT JSON) writes a list with an object that has a \"Plan\".";

function rowsOf(list: readonly unknown[]): string {
  return list.map((row) => (isObject(row) && typeof row["QUERY PLAN"] === "string" ? row["QUERY PLAN"] : "")).join("\n");
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
