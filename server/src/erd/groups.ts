/**
 * Which boxes belong together: by schema; within a large schema by naming domain and by how they are tied. Greedy
 * modularity (Clauset, Newman, Moore 2004) over relations, begun with boxes that are named alike; deterministic.
 */
import type { ErdGroup, ErdRelation } from "../../../protocol/src/erd.ts";
import { wordsOf } from "../model/names.ts";

export interface Grouped {
  readonly key: string;
  readonly schema: string;
  readonly name: string;
}

export interface Groups {
  /** Group by box. */
  readonly of: ReadonlyMap<string, string>;
  readonly all: readonly ErdGroup[];
}

/** A schema with at most so many boxes is one group. */
const smallSchema = 14;
/** Groups grow to so many boxes; above that a frame no longer helps to see. */
const largestGroup = 26;

/** What was grouped last: most edits change neither names nor what is tied to what. */
let last: { readonly asked: string; readonly groups: Groups } | undefined;

/** `boxes` sorted by key. */
export function groupsOf(boxes: readonly Grouped[], relations: readonly ErdRelation[]): Groups {
  const asked = JSON.stringify([boxes, relations.map(({ from, to, kind }) => [from.table, to.table, kind])]);
  if (last?.asked !== asked) last = { asked, groups: grouped(boxes, relations) };
  return last.groups;
}

function grouped(boxes: readonly Grouped[], relations: readonly ErdRelation[]): Groups {
  const of = new Map<string, string>();
  const all: ErdGroup[] = [];
  const bySchema = new Map<string, Grouped[]>();
  for (const box of boxes) {
    const list = bySchema.get(box.schema);
    if (list === undefined) bySchema.set(box.schema, [box]);
    else list.push(box);
  }
  const several = bySchema.size > 1;
  for (const [schema, members] of [...bySchema].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (members.length <= smallSchema) {
      all.push({ key: schema, name: schema, kind: "schema" });
      for (const { key } of members) of.set(key, schema);
      continue;
    }
    for (const { name, kind, keys } of parts(members, relations)) {
      const key = `${schema}/${name}`;
      all.push({ key, name: several ? `${schema} · ${name}` : name, kind });
      for (const member of keys) of.set(member, key);
    }
  }
  return { of, all: all.sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

interface Part {
  readonly name: string;
  readonly kind: "domain" | "cluster" | "rest";
  readonly keys: readonly string[];
}

function parts(members: readonly Grouped[], relations: readonly ErdRelation[]): readonly Part[] {
  const places = new Map(members.map(({ key }, i) => [key, i]));
  const ties = tiesOf(relations, places, members.length);
  const clusterOf = merge(startOf(members), ties);
  const clusters = new Map<number, number[]>();
  clusterOf.forEach((cluster, place) => clusters.set(cluster, [...(clusters.get(cluster) ?? []), place]));
  const degree = new Float64Array(members.length);
  for (const { a, b } of ties) {
    degree[a] = (degree[a] ?? 0) + 1;
    degree[b] = (degree[b] ?? 0) + 1;
  }
  const named: Part[] = [];
  const rest: string[] = [];
  const taken = new Map<string, number>();
  for (const cluster of [...clusters.values()].sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0))) {
    const boxes = cluster.map((place) => members[place]).filter((box) => box !== undefined);
    if (boxes.length < 3 && cluster.every((place) => degree[place] === 0)) {
      rest.push(...boxes.map(({ key }) => key));
      continue;
    }
    const domain = commonWord(boxes);
    const hub = [...cluster].sort((a, b) => (degree[b] ?? 0) - (degree[a] ?? 0) || a - b)[0];
    const name = domain ?? members[hub ?? -1]?.name ?? "";
    const count = (taken.get(name) ?? 0) + 1;
    taken.set(name, count);
    named.push({
      name: count === 1 ? name : `${name} ${count}`,
      kind: domain === undefined ? "cluster" : "domain",
      keys: boxes.map(({ key }) => key),
    });
  }
  if (rest.length > 0) named.push({ name: taken.has("other") ? "other tables" : "other", kind: "rest", keys: rest });
  return named;
}

interface Tie {
  readonly a: number;
  readonly b: number;
  readonly weight: number;
}

/** A table that everything refers to says little about what belongs together: each of its ties counts less. */
function tiesOf(relations: readonly ErdRelation[], places: ReadonlyMap<string, number>, count: number): readonly Tie[] {
  const inner = relations.flatMap(({ from, to, kind }) => {
    const a = places.get(from.table);
    const b = places.get(to.table);
    return a === undefined || b === undefined || a === b || kind === "uses" ? [] : [{ a, b }];
  });
  const degree = Array.from({ length: count }, () => 0);
  for (const { a, b } of inner) {
    degree[a] = (degree[a] ?? 0) + 1;
    degree[b] = (degree[b] ?? 0) + 1;
  }
  return inner.map(({ a, b }) => ({ a, b, weight: 1 / Math.sqrt(Math.max(degree[a] ?? 1, degree[b] ?? 1)) }));
}

/** Each box by itself, but those that are named after one domain together. */
function startOf(members: readonly Grouped[]): number[] {
  const byWord = new Map<string, number[]>();
  members.forEach(({ name }, place) => {
    const word = domainOf(name);
    byWord.set(word, [...(byWord.get(word) ?? []), place]);
  });
  const cluster = members.map((_, place) => place);
  for (const places of byWord.values()) {
    // A word that a third of all names begin with is the product's name, not a domain.
    if (places.length < 2 || places.length > Math.min(largestGroup, members.length / 3)) continue;
    for (const place of places) cluster[place] = places[0] ?? place;
  }
  return cluster;
}

function merge(cluster: number[], ties: readonly Tie[]): readonly number[] {
  const total = ties.reduce((sum, { weight }) => sum + 2 * weight, 0);
  if (total === 0) return cluster;
  const size = new Map<number, number>();
  for (const c of cluster) size.set(c, (size.get(c) ?? 0) + 1);
  const strength = new Map<number, number>();
  const between = new Map<number, Map<number, number>>();
  const tie = (from: number, to: number, weight: number): void => {
    const row = between.get(from) ?? new Map<number, number>();
    row.set(to, (row.get(to) ?? 0) + weight);
    between.set(from, row);
  };
  for (const { a, b, weight } of ties) {
    const [ca, cb] = [cluster[a] ?? a, cluster[b] ?? b];
    strength.set(ca, (strength.get(ca) ?? 0) + weight);
    strength.set(cb, (strength.get(cb) ?? 0) + weight);
    if (ca === cb) continue;
    tie(ca, cb, weight);
    tie(cb, ca, weight);
  }
  const parent = new Map<number, number>();
  const merges = new Merges(between, strength, size, total);
  for (let best = merges.best(); best !== undefined; best = merges.best()) {
    const { into, from } = best;
    parent.set(from, into);
    size.set(into, (size.get(into) ?? 0) + (size.get(from) ?? 0));
    strength.set(into, (strength.get(into) ?? 0) + (strength.get(from) ?? 0));
    for (const [other, weight] of between.get(from) ?? []) {
      between.get(other)?.delete(from);
      if (other === into) continue;
      tie(into, other, weight);
      tie(other, into, weight);
    }
    between.delete(from);
    merges.merged(into, from);
  }
  const rootOf = (c: number): number => {
    let root = c;
    for (let up = parent.get(root); up !== undefined; up = parent.get(root)) root = up;
    return root;
  };
  return cluster.map(rootOf);
}

interface Merge {
  readonly into: number;
  readonly from: number;
  readonly gain: number;
}

/** The best merge of every cluster with one of a higher number, looked for again only beside what was merged. */
class Merges {
  readonly #between: ReadonlyMap<number, ReadonlyMap<number, number>>;
  readonly #strength: ReadonlyMap<number, number>;
  readonly #size: ReadonlyMap<number, number>;
  readonly #total: number;
  readonly #best = new Map<number, Merge>();

  constructor(between: ReadonlyMap<number, ReadonlyMap<number, number>>, strength: ReadonlyMap<number, number>, size: ReadonlyMap<number, number>, total: number) {
    this.#between = between;
    this.#strength = strength;
    this.#size = size;
    this.#total = total;
    for (const cluster of between.keys()) this.#look(cluster);
  }

  /** Of equal ones that of the lowest numbers. */
  best(): Merge | undefined {
    let best: Merge | undefined;
    for (const merge of this.#best.values()) {
      if (best === undefined || merge.gain > best.gain || (merge.gain === best.gain && merge.into < best.into)) best = merge;
    }
    return best;
  }

  /** A cluster has taken another in, whose ties are its own now. */
  merged(into: number, from: number): void {
    this.#best.delete(from);
    this.#look(into);
    for (const other of this.#between.get(into)?.keys() ?? []) this.#look(other);
  }

  #look(a: number): void {
    let best: Merge | undefined;
    for (const [b, weight] of this.#between.get(a) ?? []) {
      if (b <= a) continue;
      const gain = this.#gainOf(a, b, weight);
      if (gain > leastGain && (best === undefined || gain > best.gain || (gain === best.gain && b < best.from))) best = { into: a, from: b, gain };
    }
    if (best === undefined) this.#best.delete(a);
    else this.#best.set(a, best);
  }

  #gainOf(a: number, b: number, weight: number): number {
    const [sizeA, sizeB] = [this.#size.get(a) ?? 1, this.#size.get(b) ?? 1];
    if (sizeA + sizeB > largestGroup) return 0;
    const gain = (2 * weight) / this.#total - (2 * (this.#strength.get(a) ?? 0) * (this.#strength.get(b) ?? 0)) / (this.#total * this.#total);
    // Whoever is alone is better off with somebody.
    return (sizeA === 1 || sizeB === 1) && gain <= 0 ? 2e-12 * weight : gain;
  }
}

const leastGain = 1e-12;

/** The word that at least two thirds of the names begin with. */
function commonWord(boxes: readonly Grouped[]): string | undefined {
  if (boxes.length < 2) return undefined;
  const counts = new Map<string, number>();
  for (const { name } of boxes) counts.set(domainOf(name), (counts.get(domainOf(name)) ?? 0) + 1);
  const [word, count] = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0] ?? ["", 0];
  return count * 3 >= boxes.length * 2 ? word : undefined;
}

/** First word in the singular: `invoices`, `invoice_line` and `InvoiceItem` are of one domain. */
function domainOf(name: string): string {
  const word = wordsOf(name)[0] ?? name;
  return word.length > 3 && word.endsWith("ies")
    ? `${word.slice(0, -3)}y`
    : word.length > 3 && word.endsWith("s") && !word.endsWith("ss")
      ? word.slice(0, -1)
      : word;
}
