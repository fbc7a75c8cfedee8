/**
 * What a new type does to the rows a column has, after PostgreSQL's own rule: a conversion that changes no byte rewrites
 * nothing, and one that keeps the operator class rebuilds no index.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
import type { TypeEffect } from "../../changes.ts";
import { isSameTypeName } from "../../pgTypes.ts";
import type { PgType } from "../../schema.ts";

/** Both without domains around them. */
export function typeEffect(from: PgType, to: PgType): TypeEffect {
  if (from.kind === "unknown" || to.kind === "unknown") return "unknown";
  if (from.isArray !== to.isArray) return "rewrite";
  if (isSameTypeName(from, to)) return isWider(from, to) ? "none" : "rewrite";
  const pair = `${from.name} ${to.name}`;
  if (!from.isArray && times.has(pair)) return hasSamePrecision(from, to) ? "zone" : "rewrite";
  if (to.modifiers.length > 0) return "rewrite";
  if (sameBytes.has(pair)) return "none";
  return sameBytesOtherOrder.has(pair) ? "reindex" : "rewrite";
}

/** A value may be too long or too large for the new type, or loses digits. */
export function isNarrowing(from: PgType, to: PgType): boolean {
  if (isSameTypeName(from, to)) return !isWider(from, to);
  const sizes = [numbers.indexOf(from.name), numbers.indexOf(to.name)] as const;
  if (sizes[0] >= 0 && sizes[1] >= 0) return sizes[1] < sizes[0] || (to.name === "numeric" && to.modifiers.length > 0 && (to.modifiers[0] ?? 0) - (to.modifiers[1] ?? 0) < (digits[from.name] ?? 0));
  if (texts.has(from.name) && texts.has(to.name)) {
    const [before, after] = [from.modifiers[0], to.modifiers[0]];
    return after !== undefined && (before === undefined || after < before);
  }
  return (texts.has(from.name) && !texts.has(to.name)) || to.name === "date" || to.kind === "enum" || (from.name === "json" ? false : to.name === "uuid");
}

const numbers = ["int2", "int4", "int8", "numeric", "float4", "float8"];
/** Digits of the largest value. */
const digits: Readonly<Record<string, number>> = { int2: 5, int4: 10, int8: 19 };
const texts = new Set(["text", "varchar", "bpchar", "char", "name", "citext"]);

/** From one type to the same with other modifiers. */
function isWider(from: PgType, to: PgType): boolean {
  const [a, b] = [from.modifiers, to.modifiers];
  if (a.length === b.length && a.every((modifier, at) => modifier === b[at])) return true;
  if (from.isArray) return b.length === 0;
  if (b.length === 0) return from.name !== "bpchar" && from.name !== "bit";
  if (a.length === 0) return ["timestamp", "timestamptz", "time", "timetz", "interval"].includes(from.name) && (b[0] ?? 0) >= 6;
  if (from.name === "numeric") return (b[0] ?? 0) >= (a[0] ?? 0) && (b[1] ?? 0) === (a[1] ?? 0);
  return from.name !== "bpchar" && from.name !== "bit" && (b[0] ?? 0) >= (a[0] ?? 0);
}

const times = new Set(["timestamp timestamptz", "timestamptz timestamp"]);

function hasSamePrecision(from: PgType, to: PgType): boolean {
  return (to.modifiers[0] ?? 6) >= (from.modifiers[0] ?? 6);
}

/** Casts that PostgreSQL calls binary coercible, with one operator class for both. */
const sameBytes = new Set(["varchar text", "text varchar", "cidr inet", "xml text"]);

/** Binary coercible, and compared in another way. */
const sameBytesOtherOrder = new Set(
  "text citext,citext text,varchar citext,citext varchar,int4 oid,oid int4,oid regclass,regclass oid,int4 regclass,regclass int4,oid regproc".split(","),
);
