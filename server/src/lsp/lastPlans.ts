/**
 * What the last plan of each query came to, for the lens above it: a query is known by its fingerprint, wherever it stands.
 * Kept in memory and, where there is a file, for the next start; what is broken there is as good as not there.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import * as v from "valibot";
import type { PlanAnswer } from "../../../protocol/src/plan.ts";

const lastPlanSchema = v.object({
  /** The planner's total, where nothing was run; of all statements that a call becomes. */
  cost: v.optional(v.number()),
  /** Of the run. */
  milliseconds: v.optional(v.number()),
  /** "scratch", or a connection's name. */
  target: v.string(),
});

export type LastPlan = Readonly<v.InferOutput<typeof lastPlanSchema>>;

/** The oldest go. */
const most = 2_000;

/** Where those of a workspace are kept: what one workspace's queries cost says nothing about another's. */
export function lastPlansFile(cacheFolder: string, roots: readonly string[]): string {
  return join(cacheFolder, "lastPlans", `${createHash("sha256").update(roots.join("\n")).digest("hex").slice(0, 16)}.json`);
}

export class LastPlans {
  readonly #file: string | undefined;
  readonly #changed: () => void;
  /** The newest stand last. Undefined until somebody asks. */
  #plans: Map<string, LastPlan> | undefined;

  /** `file`: absolute; nothing is written without one. `changed`: lenses say something else now. */
  constructor(file: string | undefined, changed: () => void) {
    this.#file = file;
    this.#changed = changed;
  }

  /** By `queryFingerprint`, or the key of a call. */
  of(key: string): LastPlan | undefined {
    return this.#known().get(key);
  }

  /** Takes in what was answered to somebody; `key` of a call that all the statements belong to. */
  note(answer: PlanAnswer, key?: string): void {
    if (answer.kind !== "plans") return;
    const target = answer.target.label;
    const news = new Map<string, LastPlan>();
    for (const { fingerprint, plans } of answer.statements) {
      const totals = plans[0]?.totals;
      if (fingerprint !== undefined && totals !== undefined) news.set(fingerprint, { cost: totals.cost, milliseconds: totals.executionMs, target });
    }
    const totals = answer.statements.flatMap(({ plans }) => plans[0]?.totals ?? []);
    if (key !== undefined && totals.length > 0 && totals.length === answer.statements.length) news.set(key, { cost: sum(totals.map(({ cost }) => cost)), milliseconds: sum(totals.map(({ executionMs }) => executionMs)), target });
    if (news.size === 0) return;
    const known = this.#known();
    for (const [name, plan] of news) {
      known.delete(name);
      known.set(name, plan);
    }
    for (const oldest of [...known.keys()].slice(0, -most)) known.delete(oldest);
    this.#write(known);
    this.#changed();
  }

  #known(): Map<string, LastPlan> {
    this.#plans ??= readPlans(this.#file);
    return this.#plans;
  }

  #write(plans: ReadonlyMap<string, LastPlan>): void {
    if (this.#file === undefined) return;
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      const draft = `${this.#file}.${process.pid}.draft`;
      writeFileSync(draft, JSON.stringify([...plans]));
      renameSync(draft, this.#file);
    } catch {
      // A full or read-only disk: they are known until the end of the session.
    }
  }
}

function readPlans(file: string | undefined): Map<string, LastPlan> {
  if (file === undefined) return new Map();
  try {
    const parsed = v.safeParse(v.array(v.tuple([v.string(), lastPlanSchema])), JSON.parse(readFileSync(file, "utf8")));
    return new Map(parsed.success ? parsed.output : []);
  } catch {
    return new Map();
  }
}

/** Undefined when one of them is not known. */
function sum(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce((total, value) => (total === undefined || value === undefined ? undefined : total + value), 0);
}

/** "cost 1,234", "12.3 ms". */
export function lastPlanText({ cost, milliseconds }: LastPlan): string {
  if (milliseconds !== undefined) return milliseconds >= 1_000 ? `${rounded(milliseconds / 1_000)} s` : `${rounded(milliseconds)} ms`;
  return cost === undefined ? "explained" : `cost ${rounded(cost)}`;
}

/** What a lens over a query says; `undefined` before its first plan. */
export function lensTitle(last: LastPlan | undefined): string {
  if (last === undefined) return "Explain";
  return `Explain (last: ${lastPlanText(last)}${last.target === "scratch" ? "" : ` on ${last.target}`})`;
}

/** Three digits are as much as anybody compares. */
function rounded(value: number): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en-US", { maximumFractionDigits: digits });
}
