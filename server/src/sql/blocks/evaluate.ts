/** Expressions of EXECUTE whose value the text alone tells: strings, what is put together of them, format(). */
import type { Node } from "@pgsql/types";
import { quoteLiteral } from "../../text/quoteLiteral.ts";
import { arrayElements } from "../canonical/literal.ts";
import { literalOf } from "../canonical/literalNode.ts";
import { identifier } from "../canonical/term.ts";
import { namesOf } from "../canonical/type.ts";
import { expressionTree } from "../expressionTree.ts";

/** Values of variables by name. */
export type Values = ReadonlyMap<string, string>;

/** The value of an expression in SQL text; undefined when only running it would tell. */
export function evaluated(expression: string, values: Values): string | undefined;
export function evaluated(expression: string, values: Values, as: "array"): readonly string[] | undefined;
export function evaluated(expression: string, values: Values, as?: "array"): string | readonly string[] | undefined {
  const node = expressionTree(expression);
  if (node === undefined) return undefined;
  if (as === undefined) return valueOf(node, values);
  const literal = literalOf(node);
  const elements = typeof literal === "string" ? arrayElements(literal) : undefined;
  return elements?.every((element) => element !== null) === true ? elements : undefined;
}

/** Whether an expression puts together a statement that changes or reads rows: its beginning is in the text. */
export function isChangeOfRows(expression: string): boolean {
  const node = expressionTree(expression);
  const start = node === undefined ? undefined : beginning(node);
  return (
    start !== undefined &&
    /^\s*(?:insert|update|delete|select|with|merge|truncate|copy|call|notify|lock|set|refresh|analyze|vacuum)\b/i.test(start)
  );
}

function valueOf(node: Node, values: Values): string | undefined {
  const plain = constant(node);
  if (plain !== undefined) return plain;
  if ("TypeCast" in node) return node.TypeCast.arg === undefined ? undefined : valueOf(node.TypeCast.arg, values);
  if ("ColumnRef" in node) {
    const names = namesOf(node.ColumnRef.fields);
    return names.length === 1 ? values.get(names[0] ?? "") : undefined;
  }
  if ("A_Expr" in node && namesOf(node.A_Expr.name).at(-1) === "||") {
    const { lexpr, rexpr } = node.A_Expr;
    const [left, right] = [lexpr, rexpr].map((side) => (side === undefined ? undefined : valueOf(side, values)));
    return left === undefined || right === undefined ? undefined : left + right;
  }
  if (!("FuncCall" in node)) return undefined;
  const args = (node.FuncCall.args ?? []).map((arg) => valueOf(arg, values));
  return args.every((arg) => arg !== undefined) ? called(namesOf(node.FuncCall.funcname).at(-1) ?? "", args) : undefined;
}

/** A string as it is: here its text counts, not its value. */
function constant(node: Node): string | undefined {
  return "A_Const" in node
    ? (node.A_Const.sval?.sval ?? (node.A_Const.ival === undefined ? undefined : String(node.A_Const.ival.ival ?? 0)))
    : undefined;
}

function called(name: string, [first = "", ...rest]: readonly string[]): string | undefined {
  if (name === "quote_ident") return identifier(first);
  if (name === "quote_literal") return quoteLiteral(first);
  return name === "format" ? formatted(first, rest) : undefined;
}

/** https://www.postgresql.org/docs/current/functions-string.html#FUNCTIONS-STRING-FORMAT; widths are left to run time. */
function formatted(template: string, args: readonly string[]): string | undefined {
  let next = 0;
  let isKnown = true;
  const text = template.replaceAll(/%(?:(\d+)\$)?(.)/g, (_whole, position: string | undefined, kind: string) => {
    if (kind === "%") return "%";
    const index = position === undefined ? next : Number(position) - 1;
    next = index + 1;
    const value = args[index];
    if (value === undefined || !"sIL".includes(kind)) isKnown = false;
    return kind === "I" ? identifier(value ?? "") : kind === "L" ? quoteLiteral(value ?? "") : (value ?? "");
  });
  return isKnown ? text : undefined;
}

/** The known text that the value begins with. */
function beginning(node: Node): string | undefined {
  const plain = constant(node);
  if (plain !== undefined) return plain;
  if ("A_Expr" in node && namesOf(node.A_Expr.name).at(-1) === "||" && node.A_Expr.lexpr !== undefined) return beginning(node.A_Expr.lexpr);
  if ("FuncCall" in node) {
    const [first] = node.FuncCall.args ?? [];
    return first === undefined || !/^(?:format|concat)$/.test(namesOf(node.FuncCall.funcname).at(-1) ?? "") ? undefined : beginning(first);
  }
  return undefined;
}
