/** The name PostgreSQL gives to an output column that has none. */
import type { Node } from "@pgsql/types";
import { namesOf } from "./type.ts";

/** As FigureColname in PostgreSQL's parse_target.c does it. */
export function figuredName(node: Node): string {
  return nameOf(node) ?? "?column?";
}

function nameOf(node: Node): string | undefined {
  if ("ColumnRef" in node) return namesOf(node.ColumnRef.fields).at(-1);
  if ("A_Indirection" in node)
    return (
      namesOf(node.A_Indirection.indirection).at(-1) ?? (node.A_Indirection.arg === undefined ? undefined : nameOf(node.A_Indirection.arg))
    );
  if ("FuncCall" in node) return namesOf(node.FuncCall.funcname).at(-1);
  if ("TypeCast" in node) {
    const { arg, typeName } = node.TypeCast;
    return (arg === undefined ? undefined : nameOf(arg)) ?? namesOf(typeName?.names).at(-1);
  }
  if ("CollateClause" in node) return node.CollateClause.arg === undefined ? undefined : nameOf(node.CollateClause.arg);
  if ("CaseExpr" in node) return (node.CaseExpr.defresult === undefined ? undefined : nameOf(node.CaseExpr.defresult)) ?? "case";
  if ("CoalesceExpr" in node) return "coalesce";
  if ("MinMaxExpr" in node) return node.MinMaxExpr.op === "IS_LEAST" ? "least" : "greatest";
  if ("A_Expr" in node && node.A_Expr.kind === "AEXPR_NULLIF") return "nullif";
  if ("A_ArrayExpr" in node) return "array";
  if ("RowExpr" in node) return "row";
  if ("SQLValueFunction" in node) return (node.SQLValueFunction.op ?? "").replace("SVFOP_", "").replace(/_N$/, "").toLowerCase();
  if ("SubLink" in node) {
    const { subLinkType, subselect } = node.SubLink;
    if (subLinkType === "EXISTS_SUBLINK") return "exists";
    if (subLinkType === "ARRAY_SUBLINK") return "array";
    const target = subselect !== undefined && "SelectStmt" in subselect ? subselect.SelectStmt.targetList?.[0] : undefined;
    if (subLinkType !== "EXPR_SUBLINK" || target === undefined || !("ResTarget" in target)) return undefined;
    return target.ResTarget.name ?? (target.ResTarget.val === undefined ? undefined : nameOf(target.ResTarget.val));
  }
  return undefined;
}
