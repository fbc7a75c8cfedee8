/** Keeps what is the same from one version of a schema to the next the same object, so that whoever looked at it need not look again. */
import { areEqualTables } from "./equalTables.ts";
import { isEqual } from "./isEqual.ts";
import { succeed } from "./lookup.ts";
import type { Schema } from "./schema.ts";

/**
 * The new schema, with every element that equals its predecessor replaced by it, and every map and list of which
 * nothing changed as well. Elements are compared in full: whatever made them need not know what an edit changed.
 */
export function shareWith(previous: Schema | undefined, next: Schema): Schema {
  if (previous === undefined || previous === next) return next;
  const shared: Schema = {
    sources: shareValue(previous.sources, next.sources),
    namespaces: shareMap(previous.namespaces, next.namespaces),
    tables: shareMap(previous.tables, next.tables, areEqualTables),
    views: shareMap(previous.views, next.views),
    enums: shareMap(previous.enums, next.enums),
    domains: shareMap(previous.domains, next.domains),
    compositeTypes: shareMap(previous.compositeTypes, next.compositeTypes),
    sequences: shareMap(previous.sequences, next.sequences),
    routines: shareMap(previous.routines, next.routines),
    extensions: shareMap(previous.extensions, next.extensions),
    grants: shareValue(previous.grants, next.grants),
    disagreements: shareValue(previous.disagreements, next.disagreements),
  };
  succeed(previous, shared);
  return shared;
}

function shareMap<V>(
  previous: ReadonlyMap<string, V>,
  next: ReadonlyMap<string, V>,
  areEqual: (a: V, b: V) => boolean = isEqual,
): ReadonlyMap<string, V> {
  if (previous === next) return previous;
  const shared = new Map<string, V>();
  const before = previous.entries();
  let isSame = previous.size === next.size;
  for (const [key, value] of next) {
    const known = previous.get(key);
    const kept = known !== undefined && areEqual(known, value) ? known : value;
    shared.set(key, kept);
    // The order is part of what a map says.
    if (isSame) isSame = kept === known && before.next().value?.[0] === key;
  }
  return isSame ? previous : shared;
}

function shareValue<V>(previous: V, next: V): V {
  return isEqual(previous, next) ? previous : next;
}
