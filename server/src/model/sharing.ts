/** Keeps what is the same from one version of a schema to the next the same object, so that whoever looked at it need not look again. */
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
    tables: shareMap(previous.tables, next.tables),
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

function shareMap<V>(previous: ReadonlyMap<string, V>, next: ReadonlyMap<string, V>): ReadonlyMap<string, V> {
  if (previous === next) return previous;
  const shared = new Map<string, V>();
  const before = previous.entries();
  let isSame = previous.size === next.size;
  for (const [key, value] of next) {
    const known = previous.get(key);
    const kept = known !== undefined && isEqual(known, value) ? known : value;
    shared.set(key, kept);
    // The order is part of what a map says.
    if (isSame) isSame = kept === known && before.next().value?.[0] === key;
  }
  return isSame ? previous : shared;
}

function shareValue<V>(previous: V, next: V): V {
  return isEqual(previous, next) ? previous : next;
}

/** Whether two values of schemas say the same, origins included. An anchor is what it is, not what it holds. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isRecord(a) || !isRecord(b)) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (!isEqual(a[i], b[i])) return false;
    return true;
  }
  if (a instanceof Map) return b instanceof Map && areEqualMaps(a, b);
  if (a instanceof Set) return b instanceof Set && a.size === b.size && [...a].every((item) => b.has(item));
  return areEqualRecords(a, b);
}

function areEqualMaps(a: ReadonlyMap<unknown, unknown>, b: ReadonlyMap<unknown, unknown>): boolean {
  if (a.size !== b.size) return false;
  const others = b.entries();
  for (const [key, value] of a) {
    const other = others.next().value;
    if (other === undefined || other[0] !== key || !isEqual(value, other[1])) return false;
  }
  return true;
}

function areEqualRecords(a: UnknownRecord, b: UnknownRecord): boolean {
  let properties = 0;
  for (const name in a) {
    const value = a[name];
    const other = b[name];
    if (value !== other && (typeof value !== "object" || name === "anchor" || !isEqual(value, other))) return false;
    properties++;
  }
  for (const _name in b) properties--;
  return properties === 0;
}

type UnknownRecord = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is UnknownRecord {
  return typeof value === "object" && value !== null;
}
