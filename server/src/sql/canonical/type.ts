/** Type names in one spelling, as PostgreSQL's grammar resolves the aliases of SQL: `integer` is `int4`. */
import type { Node, TypeName } from "@pgsql/types";
import { isSearchedSchema } from "./literal.ts";

/** `int4`, `varchar(20)`, `timestamptz(3)`, `text[]`, `audit.kind`; the schemas that are searched anyway are left out. */
export function canonicalType(type: TypeName): string {
  const modifiers = (type.typmods ?? []).flatMap(numberOf);
  const name = typeName(type);
  const shown = name === "interval" || modifiers.length === 0 ? name : `${name}(${modifiers.join(",")})`;
  return `${type.setof === true ? "setof " : ""}${shown}${type.pct_type === true ? "%type" : ""}${(type.arrayBounds ?? []).length > 0 ? "[]" : ""}`;
}

/** Without modifiers and array bounds. */
function typeName(type: TypeName): string {
  const names = namesOf(type.names);
  if (names.length > 1 && isSearchedSchema(names[0] ?? "")) names.shift();
  // char(1) is what the grammar makes of char; PostgreSQL's own one-byte "char" has no schema there.
  return names.join(".");
}

export function namesOf(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => ("String" in node ? [node.String.sval ?? ""] : []));
}

function numberOf(node: Node): number[] {
  if (!("A_Const" in node)) return [];
  const { ival, fval } = node.A_Const;
  return ival === undefined ? (fval === undefined ? [] : [Number(fval.fval)]) : [ival.ival ?? 0];
}

/** The one unit that `INTERVAL '7' DAY` names, by its mask; undefined for none or a range. */
export function intervalField(type: TypeName): string | undefined {
  const mask = (type.typmods ?? []).flatMap(numberOf)[0];
  return mask === undefined ? undefined : intervalFields.get(mask);
}

const intervalFields: ReadonlyMap<number, string> = new Map([
  [1 << 1, "months"],
  [1 << 2, "years"],
  [1 << 3, "days"],
  [1 << 10, "hours"],
  [1 << 11, "minutes"],
  [1 << 12, "seconds"],
]);
