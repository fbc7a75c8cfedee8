/** Whether two parts of schemas say the same, whatever they are. */

/** Values are compared in full, origins included. An anchor is what it is, not what it holds. */
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
