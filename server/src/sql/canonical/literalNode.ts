/** Which nodes are literals: constants, casts of them, arrays of them. The casts say how to read them and are then dropped. */
import type { A_Const, Node, TypeName } from "@pgsql/types";
import { arrayElements, arrayLiteral, type Literal, literalAs, numberLiteral } from "./literal.ts";
import { canonicalType, intervalField } from "./type.ts";

/** The literal that `node` is; undefined when it is none. */
export function literalOf(node: Node): Literal | undefined {
  if ("A_Const" in node) return constant(node.A_Const);
  if ("TypeCast" in node) {
    const { arg, typeName } = node.TypeCast;
    const inner = arg === undefined ? undefined : literalOf(arg);
    return inner === undefined || typeName === undefined ? inner : literalOfType(inner, typeName);
  }
  if ("A_ArrayExpr" in node) {
    const elements = (node.A_ArrayExpr.elements ?? []).map(literalOf);
    return elements.every((element) => element !== undefined) ? arrayLiteral(elements) : undefined;
  }
  return undefined;
}

function constant({ isnull, ival, fval, boolval, sval, bsval }: A_Const): Literal {
  if (isnull === true) return null;
  if (ival !== undefined) return String(ival.ival ?? 0);
  if (fval !== undefined) return numberLiteral(fval.fval ?? "0");
  if (boolval !== undefined) return boolval.boolval === true ? "true" : "false";
  if (bsval !== undefined) return bits(bsval.bsval ?? "");
  return literalAs(sval?.sval ?? "", undefined);
}

/** `b101` and `x5` as PostgreSQL prints both: binary. */
function bits(text: string): string {
  if (!text.startsWith("x")) return text.slice(1);
  return [...text.slice(1)].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, "0")).join("");
}

function literalOfType(literal: Literal, type: TypeName): Literal {
  const name = canonicalType(type).replace(/\(.*\)/, "");
  if (name.endsWith("[]")) {
    const elements = literal === null ? undefined : arrayElements(literal);
    return elements === undefined ? literal : arrayLiteral(elements.map((element) => literalAs(element, name.slice(0, -2))));
  }
  const field = name === "interval" ? intervalField(type) : undefined;
  return literalAs(field !== undefined && literal !== null && /^-?[\d.]+$/.test(literal) ? `${literal} ${field}` : literal, name);
}
