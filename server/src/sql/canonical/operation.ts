/** Operators, and the forms of SQL that PostgreSQL turns into operators: IN, BETWEEN, LIKE, comparisons of rows. */
import type { A_Expr, Node } from "@pgsql/types";
import { arrayElements, shownLiteral } from "./literal.ts";
import { literalOf } from "./literalNode.ts";
import { shownTerm, type Term, type Writer } from "./term.ts";
import { namesOf } from "./type.ts";
import { hasColumn } from "./walk.ts";

export function operation(expression: A_Expr, write: Writer): Term {
  const { kind, lexpr, rexpr } = expression;
  const operator = namesOf(expression.name).at(-1) ?? "";
  switch (kind) {
    case "AEXPR_IN":
      return membership(lexpr, itemsOf(rexpr), operator, write);
    case "AEXPR_OP_ANY":
    case "AEXPR_OP_ALL": {
      const word = kind === "AEXPR_OP_ANY" ? "ANY" : "ALL";
      const isMembership = (word === "ANY" && operator === "=") || (word === "ALL" && operator === "<>");
      const elements = isMembership ? elementsOf(rexpr, write) : undefined;
      return elements === undefined
        ? `(${write.operand(lexpr)} ${operator} ${word} (${write.operand(rexpr)}))`
        : list(write.comparand(lexpr), elements, operator);
    }
    case "AEXPR_BETWEEN":
    case "AEXPR_NOT_BETWEEN":
    case "AEXPR_BETWEEN_SYM":
    case "AEXPR_NOT_BETWEEN_SYM":
      return between(kind, write.comparand(lexpr), itemsOf(rexpr).map(write.comparand));
    case "AEXPR_DISTINCT":
      return `(${write.comparand(lexpr)} IS DISTINCT FROM ${write.comparand(rexpr)})`;
    case "AEXPR_NOT_DISTINCT":
      return `(NOT (${write.comparand(lexpr)} IS DISTINCT FROM ${write.comparand(rexpr)}))`;
    case "AEXPR_NULLIF":
      return `NULLIF(${write.comparand(lexpr)}, ${write.comparand(rexpr)})`;
    default:
      return comparison(lexpr, rexpr, operator, write);
  }
}

const comparisons: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);

/** `(a, b) = (1, 2)` is `a = 1 AND b = 2`; with `<>`, OR. Other operators compare rows as a whole. */
function comparison(left: Node | undefined, right: Node | undefined, operator: string, write: Writer): Term {
  if (left !== undefined && right !== undefined && "RowExpr" in left && "RowExpr" in right && (operator === "=" || operator === "<>")) {
    const rights = right.RowExpr.args ?? [];
    const terms = (left.RowExpr.args ?? []).map((one, i) => comparison(one, rights[i], operator, write));
    return { word: operator === "=" ? "AND" : "OR", terms };
  }
  const side = comparisons.has(operator) ? write.comparand : write.operand;
  return `(${left === undefined ? "" : `${side(left)} `}${operator} ${side(right)})`;
}

/**
 * PostgreSQL makes one `= ANY (ARRAY[…])` of what holds no column, when that is more than one, and an equality of
 * each of the others.
 */
function membership(left: Node | undefined, items: readonly Node[], operator: string, write: Writer): Term {
  const isRow = left !== undefined && "RowExpr" in left;
  const plain = isRow ? [] : items.filter((item) => !hasColumn(item));
  const others = plain.length > 1 ? items.filter((item) => !plain.includes(item)) : items;
  const terms: Term[] = others.map((item) => comparison(left, item, operator, write));
  if (plain.length > 1) terms.unshift(list(write.comparand(left), plain.map(write.operand), operator));
  return { word: operator === "=" ? "OR" : "AND", terms };
}

/** The order of a list, and what stands in it twice, make no difference. */
function list(left: string, elements: readonly string[], operator: string): string {
  const distinct = [...new Set(elements)].sort();
  if (distinct.length === 1) return `(${left} ${operator} ${distinct[0] ?? ""})`;
  return `(${left} ${operator === "=" ? "IN" : "NOT IN"} (${distinct.join(", ")}))`;
}

/** The elements of an array whose elements are in the text. */
function elementsOf(node: Node | undefined, write: Writer): string[] | undefined {
  if (node === undefined) return undefined;
  const literal = literalOf(node);
  if (literal !== undefined) return literal === null ? undefined : nonEmpty(arrayElements(literal)?.map(shownLiteral));
  if ("A_ArrayExpr" in node) return nonEmpty((node.A_ArrayExpr.elements ?? []).map(write.operand));
  return "TypeCast" in node && (node.TypeCast.typeName?.arrayBounds ?? []).length > 0 ? elementsOf(node.TypeCast.arg, write) : undefined;
}

function nonEmpty(elements: string[] | undefined): string[] | undefined {
  return elements === undefined || elements.length === 0 ? undefined : elements;
}

type Between = "AEXPR_BETWEEN" | "AEXPR_NOT_BETWEEN" | "AEXPR_BETWEEN_SYM" | "AEXPR_NOT_BETWEEN_SYM";

function between(kind: Between, value: string, [low = "", high = ""]: readonly string[]): Term {
  const isNegated = kind === "AEXPR_NOT_BETWEEN" || kind === "AEXPR_NOT_BETWEEN_SYM";
  const within = (from: string, to: string): Term =>
    isNegated
      ? { word: "OR", terms: [`(${value} < ${from})`, `(${value} > ${to})`] }
      : { word: "AND", terms: [`(${value} >= ${from})`, `(${value} <= ${to})`] };
  if (kind === "AEXPR_BETWEEN" || kind === "AEXPR_NOT_BETWEEN") return within(low, high);
  return { word: isNegated ? "AND" : "OR", terms: [shownTerm(within(low, high)), shownTerm(within(high, low))] };
}

function itemsOf(node: Node | undefined): readonly Node[] {
  return node !== undefined && "List" in node ? (node.List.items ?? []) : [];
}
