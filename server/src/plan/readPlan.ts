/**
 * Reads a plan from whatever people have: FORMAT JSON, psql's text, either with psql's frame around it, and auto_explain's
 * log. Never throws; a text that is no plan is answered with a sentence. Linear in the length of the text.
 */
import { buildPlan } from "./buildPlan.ts";
import type { Plan } from "./plan.ts";
import { isObject, type PlanObject } from "./planObject.ts";
import { textPlan } from "./textPlan.ts";

export type ReadPlan =
  | {
      readonly ok: true;
      readonly plan: Plan;
      /** How many more plans the text holds; the first is read. */
      readonly others: number;
    }
  | { readonly ok: false; readonly reason: string };

/** Characters. A plan of 2,000 nodes has three million. */
export const largestPlan = 50_000_000;

export function readPlan(text: string): ReadPlan {
  if (text.length > largestPlan) return no(`This text has ${Math.round(text.length / 1_000_000)} MB; plans over ${largestPlan / 1_000_000} MB are not read.`);
  const { body, others } = logEntry(withoutFrame(text.replace(/^\ufeff/, "")));
  const first = body.search(/\S/);
  if (first < 0) return no("There is no plan here: the text is empty.");
  const opening = body[first];
  if (opening === "<") return no("This is XML: copy the plan as EXPLAIN (FORMAT JSON) or FORMAT TEXT writes it.");
  if (/^\s*- Plan:/.test(body)) return no("This is YAML: copy the plan as EXPLAIN (FORMAT JSON) or FORMAT TEXT writes it.");
  const isJson = opening === "{" || opening === "[";
  const read = isJson ? jsonPlan(body) : textPlan(body);
  if (typeof read === "string") return no(read);
  const plan = buildPlan(read.object);
  return typeof plan === "string" ? no(plan) : { ok: true, plan, others: others + read.others };
}

/** What PostgreSQL's own JSON holds, or a sentence. */
function jsonPlan(text: string): { readonly object: PlanObject; readonly others: number } | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
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

/** psql's heading, rules, borders, continuation marks and row count. */
function withoutFrame(text: string): string {
  if (!/QUERY PLAN/.test(text.slice(0, 10_000)) && !/^\s*\(\d+ rows?\)\s*$/m.test(text.slice(-200))) return text;
  return text
    .split(/\r?\n/)
    .filter((line) => !/^\s*[|│]?\s*QUERY PLAN\s*[|│]?\s*$/.test(line) && !/^[\s+|─│┌┐└┘├┤═-]*[-─═]{3,}[\s+|─│┌┐└┘├┤═-]*$/.test(line) && !/^\s*\(\d+ rows?\)\s*$/.test(line))
    .map((line) => line.replace(/^[|│] ?/, "").replace(/\s*[|│]\s*$/, "").replace(/\s*[+↵]$/, ""))
    .join("\n");
}

/** The first plan of a log of auto_explain, without the tabs that continue a log line; other texts as they are. */
function logEntry(text: string): { readonly body: string; readonly others: number } {
  const begins = [...text.matchAll(/duration: [\d.]+ ms {1,2}plan:[ \t]*\r?\n?/g)];
  const [first] = begins;
  if (first === undefined) return { body: text, others: 0 };
  const lines: string[] = [];
  for (const line of text.slice(first.index + first[0].length).split(/\r?\n/)) {
    if (/^\d{4}-\d\d-\d\d[ T]\d\d:/.test(line) || /^[^\t"]*\b(?:LOG|STATEMENT|ERROR|CONTEXT|DETAIL|HINT):\s/.test(line)) break;
    lines.push(line.replace(/^\t/, ""));
  }
  return { body: lines.join("\n"), others: begins.length - 1 };
}

function no(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
