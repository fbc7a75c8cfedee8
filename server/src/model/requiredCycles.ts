/**
 * Tables that need each other: circles of foreign keys that are never null and are checked at once, so that no row of
 * any of the tables can be inserted before the others. test/truth/requiredCycles.test.ts holds this to PostgreSQL.
 */
import { append } from "./lists.ts";
import { derived, lookup } from "./lookup.ts";
import { foreignKeysOf, keyFacet, type KeyPlace, type Reference, referenceAt } from "./queries.ts";
import type { ForeignKey, Schema, Table } from "./schema.ts";
import { stronglyConnected } from "./stronglyConnected.ts";

/**
 * The shortest circle through a table, its own foreign key first; empty when there is none, and for all tables of a
 * tangle but the first one, which tells it for the others.
 */
export const requiredCycle = lookup((schema) => {
  const cycles = cyclesOf(schema);
  return (tableKey): readonly Reference[] => (cycles.get(tableKey) ?? []).flatMap((place) => referenceAt(schema, place) ?? []);
});

const cyclesOf = derived(
  (schema): ReadonlyMap<string, readonly KeyPlace[]> =>
    new Map([...findCycles(schema)].map(([key, cycle]) => [key, cycle.map(placeOf)])),
  (table) => [keyFacet(table), ...table.foreignKeys.map((foreignKey) => isNeeded(table, foreignKey))].join("\n"),
);

function placeOf({ table, foreignKey }: Reference): KeyPlace {
  return { table: table.key, at: table.foreignKeys.indexOf(foreignKey) };
}

const none: readonly Reference[] = [];

function findCycles(schema: Schema): ReadonlyMap<string, readonly Reference[]> {
  const needs = new Map<string, Reference[]>();
  for (const table of schema.tables.values()) {
    for (const foreignKey of foreignKeysOf(schema, table)) {
      if (isNeeded(table, foreignKey)) append(needs, table.key, { table, foreignKey });
    }
  }
  const cycles = new Map<string, readonly Reference[]>();
  if (needs.size < 2) return cycles;
  const keys = [...needs.keys()];
  const indexOf = new Map(keys.map((key, i) => [key, i]));
  const targets = keys.map((key) => (needs.get(key) ?? []).flatMap(({ foreignKey }) => indexOf.get(foreignKey.references.key) ?? []));
  for (const tangle of stronglyConnected(targets)) {
    if (tangle.length < 2) continue;
    const first = keys[Math.min(...tangle)] ?? "";
    cycles.set(first, shortestCycle(first, needs, new Set(tangle.map((i) => keys[i] ?? ""))));
  }
  return cycles;
}

/** A row may point at itself, so a tree's own key is no hindrance. */
function isNeeded(table: Table, { columns, references, deferrable }: ForeignKey): boolean {
  return !deferrable && references.key !== table.key && columns.every((column) => table.columns.get(column)?.notNull === true);
}

function shortestCycle(first: string, needs: ReadonlyMap<string, readonly Reference[]>, tangle: ReadonlySet<string>): readonly Reference[] {
  /** By table: the step that leads to it, seen from the first one. */
  const stepTo = new Map<string, Reference>();
  const waiting = [first];
  for (const key of waiting) {
    for (const step of needs.get(key) ?? []) {
      const next = step.foreignKey.references.key;
      if (!tangle.has(next) || stepTo.has(next)) continue;
      stepTo.set(next, step);
      if (next === first) return pathBack(first, stepTo);
      waiting.push(next);
    }
  }
  return none;
}

function pathBack(first: string, stepTo: ReadonlyMap<string, Reference>): readonly Reference[] {
  const path: Reference[] = [];
  for (let step = stepTo.get(first); step !== undefined; step = step.table.key === first ? undefined : stepTo.get(step.table.key)) {
    path.unshift(step);
  }
  return path;
}
