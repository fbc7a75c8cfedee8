/**
 * What one DELETE takes along: rows of other tables, through foreign keys that cascade, however far. The graph of them is
 * worked out again only when a foreign key changes, and is small work for thousands of tables around one root.
 */
import { derived, lookup } from "./lookup.ts";
import { keyFacet, type KeyPlace, keysByTarget, type Reference, referenceAt } from "./queries.ts";
import type { Schema } from "./schema.ts";
import { stronglyConnected } from "./stronglyConnected.ts";

/** How many other tables a delete from this one may delete rows of. */
export const cascadeCount = lookup((schema) => {
  const { counts } = cascadesOf(schema);
  return (tableKey): number => counts.get(tableKey) ?? 0;
});

/** Whether a delete from the first table may delete rows of the second one. */
export function cascadeReaches(schema: Schema, from: string, to: string): boolean {
  return reaches(schema, `${from}\0${to}`);
}

/** No name holds a NUL, so the two keys can be told apart. */
const reaches = lookup((schema) => {
  const { indexOf, reached } = cascadesOf(schema);
  return (both): boolean => {
    const middle = both.indexOf("\0");
    const bits = reached[indexOf.get(both.slice(0, middle)) ?? -1];
    const to = indexOf.get(both.slice(middle + 1));
    return bits !== undefined && to !== undefined && has(bits, to);
  };
});

/** At most so many steps are told: what comes behind them is a number. */
const toldSteps = 24;

/** The first tables that a delete from this one reaches, nearest first, each by the foreign key that leads there. */
export const cascadeSteps = lookup((schema) => {
  const { stepsFrom } = cascadesOf(schema);
  return (tableKey): readonly Reference[] => stepsFrom(tableKey).flatMap((place) => referenceAt(schema, place) ?? []);
});

/** By the key of a table: what a delete from it deletes rows of. */
interface Cascades {
  /** The places of tables that have a part in it, in the sets of `reached`. */
  readonly indexOf: ReadonlyMap<string, number>;
  /** By place: the set of tables that are reached in the end; undefined when there are none. */
  readonly reached: readonly (Uint32Array | undefined)[];
  /** Their numbers, without the table itself. */
  readonly counts: ReadonlyMap<string, number>;
  /** The first of them, nearest first. */
  stepsFrom(tableKey: string): readonly KeyPlace[];
}

const cascadesOf = derived((schema): Cascades => {
  const byParent = new Map<string, readonly KeyPlace[]>();
  const indexOf = new Map<string, number>();
  for (const [parent, places] of keysByTarget(schema)) {
    const cascades = places.filter((place) => place.table !== parent && referenceAt(schema, place)?.foreignKey.onDelete === "cascade");
    if (cascades.length === 0) continue;
    byParent.set(parent, cascades);
    for (const key of [parent, ...cascades.map(({ table }) => table)]) if (!indexOf.has(key)) indexOf.set(key, indexOf.size);
  }
  const tables = [...indexOf.keys()];
  const reached = reachedFrom(tables.map((key) => (byParent.get(key) ?? []).map(({ table }) => indexOf.get(table) ?? 0)));
  const counts = new Map<string, number>();
  for (const [i, key] of tables.entries()) {
    const bits = reached[i];
    if (bits !== undefined) counts.set(key, sizeOf(bits) - (has(bits, i) ? 1 : 0));
  }
  return { indexOf, reached, counts, stepsFrom: rememberedSteps(byParent) };
}, keyFacet);

/** By table, the keys through which a delete from it deletes rows of others at once. */
function rememberedSteps(byParent: ReadonlyMap<string, readonly KeyPlace[]>): (tableKey: string) => readonly KeyPlace[] {
  const known = new Map<string, readonly KeyPlace[]>();
  return (tableKey) => {
    let steps = known.get(tableKey);
    if (steps === undefined) {
      steps = firstSteps(tableKey, byParent);
      known.set(tableKey, steps);
    }
    return steps;
  };
}

/** Breadth first, as far as steps are told. */
function firstSteps(tableKey: string, byParent: ReadonlyMap<string, readonly KeyPlace[]>): readonly KeyPlace[] {
  const steps: KeyPlace[] = [];
  const seen = new Set([tableKey]);
  for (const parent of seen) {
    for (const place of byParent.get(parent) ?? []) {
      if (seen.has(place.table)) continue;
      if (steps.length === toldSteps) return steps;
      seen.add(place.table);
      steps.push(place);
    }
  }
  return steps;
}

/**
 * Tables that cascade into each other in a circle reach the same ones, so each circle is worked out once, after all that
 * lies below it. Sets are bits: thousands of tables under one root are a few hundred words to join.
 */
function reachedFrom(children: readonly (readonly number[])[]): readonly (Uint32Array | undefined)[] {
  const reached: (Uint32Array | undefined)[] = children.map(() => undefined);
  for (const circle of stronglyConnected(children)) {
    let bits: Uint32Array | undefined;
    for (const parent of circle) {
      for (const child of children[parent] ?? []) {
        bits ??= new Uint32Array((children.length + 31) >>> 5);
        add(bits, child);
        join(bits, reached[child]);
      }
    }
    for (const table of circle) reached[table] = bits;
  }
  return reached;
}

function add(bits: Uint32Array, i: number): void {
  bits[i >>> 5] = (bits[i >>> 5] ?? 0) | (1 << (i & 31));
}

function has(bits: Uint32Array, i: number): boolean {
  return ((bits[i >>> 5] ?? 0) & (1 << (i & 31))) !== 0;
}

function join(bits: Uint32Array, others: Uint32Array | undefined): void {
  if (others === undefined) return;
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] ?? 0) | (others[i] ?? 0);
}

function sizeOf(bits: Uint32Array): number {
  let size = 0;
  for (let word of bits) for (; word !== 0; word &= word - 1) size += 1;
  return size;
}
