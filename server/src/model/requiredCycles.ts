/**
 * Tables that need each other: circles of foreign keys that are never null and are checked at once, so that no row of
 * any of the tables can be inserted before the others. test/truth/requiredCycles.test.ts holds this to PostgreSQL.
 */
import { append } from "./lists.ts";
import { derived, lookup } from "./lookup.ts";
import { foreignKeysOf, keyFacet, type KeyPlace, type Reference, referenceAt } from "./queries.ts";
import type { ForeignKey, Table } from "./schema.ts";
import { stronglyConnected } from "./stronglyConnected.ts";

/**
 * The shortest circle through a table, its own foreign key first; empty when there is none, and for all tables of a
 * tangle but the first one, which tells it for the others.
 */
export const requiredCycle = lookup((schema) => {
  const cycles = cyclesOf(schema);
  return (tableKey): readonly Reference[] => cycles.get(tableKey)?.flatMap((place) => referenceAt(schema, place) ?? []) ?? none;
});

const none: readonly Reference[] = [];

/** A foreign key that a row cannot do without, and where it leads. */
interface Need extends KeyPlace {
  readonly target: string;
}

const cyclesOf = derived(
  (schema): ReadonlyMap<string, readonly Need[]> => {
    const needs = new Map<string, Need[]>();
    for (const table of schema.tables.values()) {
      for (const key of foreignKeysOf(schema, table)) {
        const target = key.references.key;
        if (isNeeded(table, key)) append(needs, table.key, { table: table.key, at: table.foreignKeys.indexOf(key), target });
      }
    }
    const tables = [...needs.keys()];
    const indexOf = new Map(tables.map((key, i) => [key, i]));
    const cycles = new Map<string, readonly Need[]>();
    for (const tangle of stronglyConnected(
      tables.map((key) => (needs.get(key) ?? []).flatMap(({ target }) => indexOf.get(target) ?? [])),
    )) {
      if (tangle.length < 2) continue;
      const first = tables[Math.min(...tangle)] ?? "";
      cycles.set(first, shortestCycle(first, needs));
    }
    return cycles;
  },
  (table) => `${keyFacet(table)}\n${table.foreignKeys.map((key) => isNeeded(table, key)).join()}`,
);

/** A row may point at itself, so a tree's own key is no hindrance. */
function isNeeded(table: Table, { columns, references, deferrable }: ForeignKey): boolean {
  return !deferrable && references.key !== table.key && columns.every((column) => table.columns.get(column)?.notNull === true);
}

/** A breadth-first search that ends where it began. */
function shortestCycle(first: string, needs: ReadonlyMap<string, readonly Need[]>): readonly Need[] {
  /** By table: the key that led to it. */
  const ledTo = new Map<string, Need>();
  const waiting = [first];
  for (const key of waiting) {
    for (const need of needs.get(key) ?? []) {
      if (ledTo.has(need.target)) continue;
      ledTo.set(need.target, need);
      if (need.target === first) return wayBack(first, ledTo);
      waiting.push(need.target);
    }
  }
  return [];
}

function wayBack(first: string, ledTo: ReadonlyMap<string, Need>): readonly Need[] {
  const way: Need[] = [];
  let need = ledTo.get(first);
  while (need !== undefined) {
    way.unshift(need);
    need = need.table === first ? undefined : ledTo.get(need.table);
  }
  return way;
}
