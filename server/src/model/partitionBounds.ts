/** Bounds of partitions as values that can be compared: `FOR VALUES FROM (…) TO (…)` over one column, hash remainders. */

/** Half-open: `from` belongs to the partition, `to` does not. */
export interface RangeBound {
  readonly from: BoundValue;
  readonly to: BoundValue;
}

/** A number, a date or time whose text is in order, or the end of the line. */
export type BoundValue =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "time"; readonly value: string; readonly zone: string }
  | { readonly kind: "min" | "max" };

/** The range of a partition over one column; undefined for any other bound and for values whose order the text does not say. */
export function rangeBound(bound: string): RangeBound | undefined {
  const match = rangePattern.exec(bound);
  const from = boundValue(match?.groups?.["from"]);
  const to = boundValue(match?.groups?.["to"]);
  return from === undefined || to === undefined ? undefined : { from, to };
}

const rangePattern = /^\s*for\s+values\s+from\s*\((?<from>[^()]+)\)\s*to\s*\((?<to>[^()]+)\)\s*$/i;

/** `WITH (MODULUS 4, REMAINDER 0)`. */
export function hashBound(bound: string): { readonly modulus: number; readonly remainder: number } | undefined {
  const match = /modulus\s+(\d+)\s*,\s*remainder\s+(\d+)/i.exec(bound);
  return match === null ? undefined : { modulus: Number(match[1]), remainder: Number(match[2]) };
}

/** Negative where `a` comes first; undefined where the two are not of one kind, or in two time zones. */
export function compareBounds(a: BoundValue, b: BoundValue): number | undefined {
  if (a.kind === b.kind && (a.kind === "min" || a.kind === "max")) return 0;
  if (a.kind === "min" || b.kind === "max") return -1;
  if (a.kind === "max" || b.kind === "min") return 1;
  if (a.kind === "number" && b.kind === "number") return a.value - b.value;
  if (a.kind === "time" && b.kind === "time" && a.zone === b.zone) return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  return undefined;
}

function boundValue(written: string | undefined): BoundValue | undefined {
  const text = written?.trim().replace(/::[\w ]+$/, "") ?? "";
  if (/^minvalue$/i.test(text)) return { kind: "min" };
  if (/^maxvalue$/i.test(text)) return { kind: "max" };
  const plain = /^'([^']*)'$/.exec(text)?.[1] ?? text;
  if (/^-?\d{1,15}(?:\.\d+)?$/.test(plain)) return { kind: "number", value: Number(plain) };
  const time = isoTime.exec(plain);
  if (time === null) return undefined;
  const [, date = "", clock = "00:00", zone = ""] = time;
  const seconds = clock.length === 5 ? `${clock}:00` : clock.replace(/\.0+$/, "");
  return { kind: "time", value: `${date} ${seconds}`, zone: /^(?:z|[+-]00(?::?00)?)?$/i.test(zone) ? "" : zone };
}

const isoTime = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(z|[+-]\d\d(?::?\d\d)?)?)?$/i;
