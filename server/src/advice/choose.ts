/**
 * The smallest set of candidates that brings the gain: all are shown to the planner at once, what it takes is kept, what is
 * not missed goes, and each of the rest gives way to a simpler one that does about as well.
 */
import type { IndexDefinition } from "../edits/intents/indexIntent.ts";
import { type Candidate, definitionText, isBoolean, simplerThan } from "./candidates.ts";
import type { PlannedQuery, Trial, TriedIndex, TrialPlan } from "./trial.ts";

export interface Chosen {
  readonly index: TriedIndex;
  readonly candidate: Candidate;
  /** Costs of the query with those before it in the list, without and with this one. */
  readonly before: number;
  readonly after: number;
}

export interface Choice {
  readonly before: TrialPlan;
  /** With all that were chosen. */
  readonly after: TrialPlan;
  /** The one that brings most first. */
  readonly chosen: readonly Chosen[];
  /** How many were tried. */
  readonly tried: number;
}

export interface Thresholds {
  /** Of the query's cost that an index must save. */
  readonly leastShare: number;
  /** In PostgreSQL's unit, that it must save. */
  readonly leastCost: number;
  /** As `leastShare`, for an index that is to be read in the place of its table: a copy of a part of it. */
  readonly leastShareOfCopy: number;
  /** As `leastCost`, for the same. */
  readonly leastCostOfCopy: number;
}

export const defaultThresholds: Thresholds = { leastShare: 0.15, leastCost: 25, leastShareOfCopy: 0.4, leastCostOfCopy: 150 };

/** What may be lost of the gain for something simpler. */
const tolerance = 0.06;

/** The same, for one without columns that are there to be read only. */
const copyTolerance = 0.3;

const mostChosen = 4;

export type ChoiceResult = { readonly ok: true; readonly choice: Choice } | { readonly ok: false; readonly reason: string };

type Gains = (from: number, to: number, candidate?: Candidate) => boolean;

interface Entry {
  readonly candidate: Candidate;
  readonly index: TriedIndex;
}

export async function choose(trial: Trial, query: PlannedQuery, candidates: readonly Candidate[], thresholds: Thresholds, onProgress: (done: number, of: number) => void): Promise<ChoiceResult> {
  const before = await trial.plan(query, []);
  if (!before.ok) return before;
  const nothing = (tried: number): ChoiceResult => ({ ok: true, choice: { before: before.value, after: before.value, chosen: [], tried } });
  const gains: Gains = (from, to, candidate) => {
    const saved = from - to;
    if (saved < thresholds.leastCost) return false;
    if (candidate !== undefined && candidate.include.length > 0) return saved >= thresholds.leastCostOfCopy && saved >= thresholds.leastShareOfCopy * before.value.cost;
    // Much of what others have left counts, too.
    return saved >= thresholds.leastShare * before.value.cost || (saved >= 0.5 * from && saved >= 100 && saved >= 0.005 * before.value.cost);
  };
  if (before.value.cost < thresholds.leastCost) return nothing(0);
  const entries: Entry[] = [];
  for (const [i, candidate] of candidates.entries()) {
    onProgress(i, candidates.length);
    if (!isWorthTrying(candidate, trial)) continue;
    const added = await trial.add(candidate);
    if (added.ok) entries.push({ candidate, index: added.value });
    else if (added.isOver) return added;
  }
  onProgress(candidates.length, candidates.length);
  const search = new Search(trial, query, entries);
  const all = await search.cost(entries);
  if (all === undefined) return search.failure;
  if (!gains(before.value.cost, all.cost)) return nothing(entries.length);
  let kept = entries.filter(({ index }) => all.indexes.has(index.name));
  kept = await search.withoutNeedless(kept, (without, cost, { candidate }) => !gains(without, cost, candidate));
  kept = await search.simplified(kept, before.value.cost);
  const chosen = await search.inOrder(kept, before.value.cost, gains);
  const after = await search.cost(chosen.map(({ index, candidate }) => ({ index, candidate })));
  if (after === undefined) return search.failure;
  return { ok: true, choice: { before: before.value, after: chosen.length === 0 ? before.value : after, chosen, tried: search.entries.length } };
}

/** A summary of blocks is for tables in which reading some of them is still quick. */
function isWorthTrying({ method, table }: Candidate, trial: Trial): boolean {
  const rows = trial.rows(table.key);
  if (method === "brin") return rows !== undefined && rows >= 1_000_000;
  return rows === undefined || rows >= 50;
}

class Search {
  failure: { readonly ok: false; readonly reason: string } = { ok: false, reason: "" };
  readonly entries: Entry[];
  readonly #trial: Trial;
  readonly #query: PlannedQuery;
  readonly #known = new Map<string, TrialPlan | undefined>();

  constructor(trial: Trial, query: PlannedQuery, entries: readonly Entry[]) {
    this.#trial = trial;
    this.#query = query;
    this.entries = [...entries];
  }

  async cost(active: readonly Entry[]): Promise<TrialPlan | undefined> {
    const key = active.map(({ index }) => index.name).sort().join();
    if (this.#known.has(key)) return this.#known.get(key);
    const planned = await this.#trial.plan(this.#query, active.map(({ index }) => index));
    if (!planned.ok) this.failure = planned;
    this.#known.set(key, planned.ok ? planned.value : undefined);
    return planned.ok ? planned.value : undefined;
  }

  /** The cheapest to do without goes first. */
  async withoutNeedless(given: readonly Entry[], isNeedless: (without: number, withAll: number, entry: Entry) => boolean): Promise<Entry[]> {
    let kept = [...given];
    for (;;) {
      const whole = await this.cost(kept);
      if (whole === undefined || kept.length < 2) return kept;
      let best: { entry: Entry; cost: number } | undefined;
      for (const entry of kept) {
        const rest = await this.cost(kept.filter((one) => one !== entry));
        if (rest !== undefined && (best === undefined || rest.cost < best.cost)) best = { entry, cost: rest.cost };
      }
      if (best === undefined || !(kept.length > mostChosen || isNeedless(best.cost, whole.cost, best.entry))) return kept;
      const { entry } = best;
      kept = kept.filter((one) => one !== entry);
    }
  }

  async simplified(given: readonly Entry[], before: number): Promise<Entry[]> {
    let kept = [...given];
    for (const entry of given) {
      const whole = await this.cost(kept);
      if (whole === undefined) return kept;
      const bound = whole.cost + Math.max(tolerance * (before - whole.cost), 1);
      let best = { entry, weight: weightOf(entry.candidate), cost: whole.cost };
      for (const other of await this.#alternatives(entry)) {
        const weight = weightOf(other.candidate);
        if (weight > best.weight || other === entry) continue;
        const planned = await this.cost(kept.map((one) => (one === entry ? other : one)));
        const allowed = this.#allowed(other.candidate, entry.candidate, before, whole.cost, bound);
        if (planned === undefined || planned.cost > allowed || !planned.indexes.has(other.index.name)) continue;
        if (weight < best.weight || planned.cost < best.cost) best = { entry: other, weight, cost: planned.cost };
      }
      const { entry: chosen } = best;
      kept = kept.map((one) => (one === entry ? chosen : one));
    }
    return kept;
  }

  #allowed(other: Candidate, given: Candidate, before: number, cost: number, bound: number): number {
    if (given.restsOnLuck && !other.restsOnLuck) return cost * 1.6 + 5;
    if (!startsAlike(other, given)) return cost * 1.05 + 1;
    return given.include.length > other.include.length ? cost + Math.max(copyTolerance * (before - cost), 1) : bound;
  }

  /** Others on its table, and what it begins with. */
  async #alternatives({ candidate }: Entry): Promise<readonly Entry[]> {
    const known = new Set(this.entries.map((one) => definitionText(one.candidate)));
    for (const simpler of simplerThan(candidate)) {
      if (known.has(definitionText(simpler)) || this.entries.length > mostTried) continue;
      const made: Candidate = { ...simpler, replaces: undefined, restsOnLuck: candidate.restsOnLuck };
      const added = await this.#trial.add(made);
      if (added.ok) this.entries.push({ candidate: made, index: added.value });
    }
    return this.entries.filter((one) => one.candidate.table.key === candidate.table.key);
  }

  /** By what each adds to those before it; what adds nothing worth having is left out. */
  async inOrder(given: readonly Entry[], before: number, gains: Gains): Promise<Chosen[]> {
    const chosen: Chosen[] = [];
    let rest = [...given];
    let cost = before;
    while (rest.length > 0) {
      let best: { entry: Entry; cost: number } | undefined;
      for (const entry of rest) {
        const planned = await this.cost([...chosen, entry]);
        if (planned !== undefined && (best === undefined || planned.cost < best.cost)) best = { entry, cost: planned.cost };
      }
      if (best === undefined) break;
      const { entry } = best;
      chosen.push({ ...entry, before: cost, after: Math.min(cost, best.cost) });
      cost = Math.min(cost, best.cost);
      rest = rest.filter((one) => one !== entry);
    }
    // Two may help only together: then neither is to be left out.
    const last = chosen.findLastIndex((one) => gains(one.before, one.after, one.candidate));
    return chosen.slice(0, last + 1);
  }
}

const mostTried = 64;

/**
 * Another first key is another way to find rows. Its cost may rest on luck: an index in the order of a LIMIT, without the
 * condition, is quick only where the rows in question are spread evenly.
 */
function startsAlike({ keys: [a] }: IndexDefinition, { keys: [b] }: IndexDefinition): boolean {
  return a?.column === b?.column && a?.expression?.canonical === b?.expression?.canonical;
}

/** How much of an index it is: keys, other columns, conditions, a kind that is slow to write. */
function weightOf({ table, keys, include, predicate, method, replaces, restsOnLuck }: Candidate): number {
  // Of two values at most one is rare enough to be looked for, and a condition leaves the other out of the index.
  const booleans = keys.filter(({ column }) => column !== undefined && isBoolean(table, column)).length;
  const expressions = keys.filter(({ expression }) => expression !== undefined).length;
  const mixed = keys.filter(({ direction }) => direction === "desc").length;
  return keys.length + booleans + include.length * 1.2 + expressions * 0.5 + mixed * 0.2 + (predicate === undefined ? 0 : 0.8) + (method === "gin" ? 3 : method === "brin" ? 0.5 : 0) - (replaces === undefined ? 0 : 1.5) + (restsOnLuck ? 10 : 0);
}
