/**
 * What one DELETE takes along: rows of other tables, through foreign keys that cascade, however far. The graph of them is
 * made once per schema and stays small work for thousands of tables around one popular root.
 */
import { derived, lookup } from "./lookup.ts";
import { keyFacet, type KeyPlace, keysByTarget, type Reference, referenceAt } from "./queries.ts";
import type { Schema } from "./schema.ts";
import { stronglyConnected } from "./stronglyConnected.ts";

/** How many other tables a delete from this one may delete rows of. */
export const cascadeCount = lookup((schema) => {
  const { counts } = reachOf(schema);
  return (tableKey): number => counts.get(tableKey) ?? 0;
});

/** Whether a delete from the first table may delete rows of the second one. */
export function cascadeReaches(schema: Schema, from: string, to: string): boolean {
  return reaches(schema, `${from}\0${to}`);
}

/** No name holds a NUL, so the two keys can be told apart. */
const reaches = lookup((schema) => {
  const { indexOf, reached } = reachOf(schema);
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
  const { cascades } = reachOf(schema);
  return (tableKey): readonly Reference[] => {
    const steps: Reference[] = [];
    const seen = new Set([tableKey]);
    for (const parent of seen) {
      for (const place of cascades.get(parent) ?? []) {
        const step = seen.has(place.table) ? undefined : referenceAt(schema, place);
        if (step === undefined) continue;
        if (steps.length === toldSteps) return steps;
        seen.add(place.table);
        steps.push(step);
      }
    }
    return steps;
  };
});

interface Reach {
  readonly indexOf: ReadonlyMap<string, number>;
  /** By the key of a table: the foreign keys through which a delete from it deletes rows of another one at once. */
  readonly cascades: ReadonlyMap<string, readonly KeyPlace[]>;
  /** By the index of a table: the set of tables that a delete from it reaches, undefined when there are none. */
  readonly reached: readonly (Uint32Array | undefined)[];
  /** By the key of a table: how many others a delete from it reaches. */
  readonly counts: ReadonlyMap<string, number>;
}

/**
 * Tables that cascade into each other in a circle reach the same ones, so each circle is worked out once, after all that
 * lies below it. Sets are bits: thousands of tables under one root are a few hundred words to join.
 */
const reachOf = derived((schema): Reach => {
  const keys = [...schema.tables.keys()];
  const indexOf = new Map(keys.map((key, i) => [key, i]));
  const cascades = new Map(keys.map((key) => [key, cascadesFrom(schema, key)]));
  const children = keys.map((key) => (cascades.get(key) ?? []).flatMap(({ table }) => indexOf.get(table) ?? []));
  const reached: (Uint32Array | undefined)[] = [];
  for (const circle of stronglyConnected(children)) {
    let bits: Uint32Array | undefined;
    for (const parent of circle) {
      for (const child of children[parent] ?? []) {
        bits ??= new Uint32Array((keys.length + 31) >>> 5);
        add(bits, child);
        join(bits, reached[child]);
      }
    }
    for (const table of circle) reached[table] = bits;
  }
  const counts = new Map<string, number>();
  for (const [i, key] of keys.entries()) {
    const bits = reached[i];
    if (bits !== undefined) counts.set(key, sizeOf(bits) - (has(bits, i) ? 1 : 0));
  }
  return { indexOf, cascades, reached, counts };
}, keyFacet);

const none: readonly KeyPlace[] = [];

function cascadesFrom(schema: Schema, tableKey: string): readonly KeyPlace[] {
  const places = keysByTarget(schema).get(tableKey) ?? none;
  return places.filter((place) => place.table !== tableKey && referenceAt(schema, place)?.foreignKey.onDelete === "cascade");
}

function add(bits: Uint32Array, i: number): void {
  bits[i >>> 5] = (bits[i >>> 5] ?? 0) | (1 << (i & 31));
}

function has(bits: Uint32Array, i: number): boolean {
  return ((bits[i >>> 5] ?? 0) & (1 << (i & 31))) !== 0;
}

function join(bits: Uint32Array, others: Uint32Array | undefined): void {
  if (others === undefined || others === bits) return;
  for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] ?? 0) | (others[i] ?? 0);
}

function sizeOf(bits: Uint32Array): number {
  let size = 0;
  for (let word of bits) for (; word !== 0; word &= word - 1) size += 1;
  return size;
}
