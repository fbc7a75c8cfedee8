/**
 * Literals in one spelling. PostgreSQL reads a literal into a value of its type and prints that: `'24 hours'` comes back
 * as `'24:00:00'`, `'{"a":1}'` as `'{"a": 1}'`, `'5'` as `5`. The type is often not in the text, so what looks like
 * an interval, a date, JSON, an array, a number is brought into PostgreSQL's spelling whatever its type.
 *
 * What this drops: the difference between `5`, `'5'` and `5::text`; spacing and the order of keys in JSON; spellings of
 * dates and intervals, even in text columns.
 */
import { quoteLiteral } from "../../text/quoteLiteral.ts";
import { canonicalInterval } from "./interval.ts";
import { canonicalMoment } from "./moment.ts";
import { identifier } from "./term.ts";

/** The value of a literal, spelled as a string; null is NULL. */
export type Literal = string | null;

export function shownLiteral(literal: Literal): string {
  if (literal === null) return "NULL";
  return /^(?:true|false)$/.test(literal) || plainNumber.test(literal) ? literal : quoteLiteral(literal);
}

const plainNumber = /^(?!-0$)-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** A number as written in SQL: `.5` is `0.5`, `1e3` is `1000`. */
export function numberLiteral(text: string): string {
  if (plainNumber.test(text)) return text;
  const parts = /^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text);
  if (parts === null) return text;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
  const shift = Number(exponent);
  if (Math.abs(shift) > 400) return text;
  const digits = whole + fraction;
  const point = whole.length + shift;
  const left = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  const right = point > 0 ? digits.slice(point) : "0".repeat(-point) + digits;
  const isZero = /^0*$/.test(digits);
  return `${sign === "-" && !isZero ? "-" : ""}${left.replace(/^0+(?=\d)/, "")}${right === "" ? "" : `.${right}`}`;
}

const booleans: ReadonlyMap<string, string> = new Map([
  ...["t", "true", "y", "yes", "on", "1"].map((word) => [word, "true"] as const),
  ...["f", "false", "n", "no", "off", "0"].map((word) => [word, "false"] as const),
]);
const numericTypes: ReadonlySet<string> = new Set(["int2", "int4", "int8", "numeric", "float4", "float8", "oid"]);
const floatTypes: ReadonlySet<string> = new Set(["float4", "float8"]);
const objectTypes: ReadonlySet<string> = new Set([
  "regclass",
  "regtype",
  "regproc",
  "regprocedure",
  "regconfig",
  "regrole",
  "regnamespace",
]);

/** The literal as a value of `type`, an internal name such as `int4` or `text[]`; undefined when none is stated. */
export function literalAs(literal: Literal, type: string | undefined): Literal {
  if (literal === null) return null;
  if (type === "bool") return booleans.get(literal.trim().toLowerCase()) ?? literal;
  if (type !== undefined && numericTypes.has(type)) return typedNumber(literal, type);
  if (type !== undefined && objectTypes.has(type)) return objectName(literal);
  if (type === "interval") return canonicalInterval(literal) ?? literal;
  return untyped(literal);
}

function typedNumber(literal: string, type: string): string {
  const number = numberLiteral(literal.trim());
  return floatTypes.has(type) && number.includes(".") ? number.replace(/\.?0+$/, "") : number;
}

/** Object names in strings: quoted only where needed, without a schema that is searched anyway. */
export function objectName(literal: string): string {
  const parts = [...literal.matchAll(/"((?:[^"]|"")*)"|([^."\s][^."]*)/g)].map(
    ([, exact, folded]) => exact?.replaceAll('""', '"') ?? folded?.toLowerCase() ?? "",
  );
  if (parts.length > 1 && isSearchedSchema(parts[0] ?? "")) parts.shift();
  return parts.map(identifier).join(".");
}

/** Schemas whose name PostgreSQL prints or not depending on `search_path`. */
export function isSearchedSchema(name: string): boolean {
  return name === "pg_catalog" || name === "public" || name === "extensions";
}

/** Short forms such as `15m` stand in settings, too, and are left alone where no type says that they are intervals. */
const looksLikeInterval = /^\s*[+-]?(?:\d+:\d\d|[\d.]+ +[a-z]{3})/i;
/** Beyond this a text is prose or a document, no date or interval. */
const longestMoment = 80;

function untyped(text: string): string {
  const first = text.charAt(0);
  if (first === "{" || first === "[") return canonicalJson(text) ?? canonicalArray(text) ?? text;
  if (/^\\x(?:[0-9a-f]{2})*$/i.test(text)) return text.toLowerCase();
  if (text.length > longestMoment) return text;
  if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return text.toLowerCase();
  return canonicalMoment(text) ?? (looksLikeInterval.test(text) ? canonicalInterval(text) : undefined) ?? text;
}

function canonicalJson(text: string): string | undefined {
  try {
    return JSON.stringify(sorted(JSON.parse(text)));
  } catch {
    return undefined;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}

/** `{a, "b"}` is `{a,b}`; undefined when the text is no array literal. */
function canonicalArray(text: string): string | undefined {
  const elements = arrayElements(text);
  return elements === undefined ? undefined : arrayLiteral(elements);
}

/** The literal of an array: what `ARRAY['a', 'b']` and `'{a,b}'` have in common. */
export function arrayLiteral(elements: readonly Literal[]): string {
  return `{${elements.map((element) => (element === null ? "NULL" : /^[^\s"\\{},]+$/.test(element) && element.toUpperCase() !== "NULL" ? element : element.startsWith("{") ? element : JSON.stringify(element))).join(",")}}`;
}

/** The elements of a one-dimensional array literal. */
export function arrayElements(text: string): Literal[] | undefined {
  const inside = /^\{([\s\S]*)\}$/.exec(text.trim())?.[1];
  if (inside === undefined) return undefined;
  if (inside.trim() === "") return [];
  const elements: Literal[] = [];
  const element = /\s*(?:"((?:[^"\\]|\\[\s\S])*)"|([^",{}\\\s](?:[^",{}\\]*[^",{}\\\s])?))\s*(,|$)/y;
  while (element.lastIndex < inside.length) {
    const match = element.exec(inside);
    if (match === null) return undefined;
    const [, exact, plain = "", comma] = match;
    if (exact !== undefined) elements.push(untyped(exact.replaceAll(/\\([\s\S])/g, "$1")));
    else elements.push(plain.toUpperCase() === "NULL" ? null : untyped(plain));
    if (comma === "") return elements;
  }
  return undefined;
}
