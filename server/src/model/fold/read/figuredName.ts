/**
 * The name PostgreSQL gives an output column or an index key that has none: the rules of FigureColname.
 * https://www.postgresql.org/docs/current/queries-select-lists.html#QUERIES-COLUMN-LABELS
 */
import type { Node } from "@pgsql/types";
import { stringsOf } from "./nodes.ts";

/** Undefined where PostgreSQL writes `?column?` in a query and `expr` in an index's name. */
export function figuredName(node: Node): string | undefined {
  return figure(node)?.name;
}

/** A name taken from a cast or a CASE is weak: a better one inside wins. */
interface Figured {
  readonly name: string;
  readonly isWeak: boolean;
}

function figure(node: Node): Figured | undefined {
  if ("ColumnRef" in node) return strong(stringsOf(node.ColumnRef.fields).at(-1));
  if ("A_Indirection" in node) {
    const field = stringsOf(node.A_Indirection.indirection).at(-1);
    return field === undefined ? figureOptional(node.A_Indirection.arg) : strong(field);
  }
  if ("FuncCall" in node) return strong(stringsOf(node.FuncCall.funcname).at(-1));
  if ("A_Expr" in node) return node.A_Expr.kind === "AEXPR_NULLIF" ? strong("nullif") : undefined;
  if ("TypeCast" in node) {
    const inner = figureOptional(node.TypeCast.arg);
    return inner === undefined || inner.isWeak ? weak(stringsOf(node.TypeCast.typeName?.names).at(-1)) : inner;
  }
  if ("CollateClause" in node) return figureOptional(node.CollateClause.arg);
  if ("GroupingFunc" in node) return strong("grouping");
  if ("MergeSupportFunc" in node) return strong("merge_action");
  if ("SubLink" in node) return figureSubLink(node.SubLink.subLinkType, node.SubLink.subselect);
  if ("CaseExpr" in node) {
    const inner = figureOptional(node.CaseExpr.defresult);
    return inner === undefined || inner.isWeak ? weak("case") : inner;
  }
  if ("A_ArrayExpr" in node) return strong("array");
  if ("RowExpr" in node) return strong("row");
  if ("CoalesceExpr" in node) return strong("coalesce");
  if ("MinMaxExpr" in node) return strong(node.MinMaxExpr.op === "IS_LEAST" ? "least" : "greatest");
  if ("SQLValueFunction" in node) return strong(valueFunctionName(node.SQLValueFunction.op));
  if ("XmlExpr" in node) return strong(node.XmlExpr.op?.replace(/^IS_/, "").toLowerCase());
  if ("XmlSerialize" in node) return strong("xmlserialize");
  if ("JsonParseExpr" in node) return strong("json");
  if ("JsonScalarExpr" in node) return strong("json_scalar");
  if ("JsonSerializeExpr" in node) return strong("json_serialize");
  if ("JsonObjectConstructor" in node) return strong("json_object");
  if ("JsonArrayConstructor" in node || "JsonArrayQueryConstructor" in node) return strong("json_array");
  if ("JsonObjectAgg" in node) return strong("json_objectagg");
  if ("JsonArrayAgg" in node) return strong("json_arrayagg");
  return undefined;
}

function figureOptional(node: Node | undefined): Figured | undefined {
  return node === undefined ? undefined : figure(node);
}

function strong(name: string | undefined): Figured | undefined {
  return name === undefined ? undefined : { name, isWeak: false };
}

function weak(name: string | undefined): Figured | undefined {
  return name === undefined ? undefined : { name, isWeak: true };
}

function figureSubLink(type: string | undefined, subselect: Node | undefined): Figured | undefined {
  if (type === "EXISTS_SUBLINK") return strong("exists");
  if (type === "ARRAY_SUBLINK") return strong("array");
  if (type !== "EXPR_SUBLINK" || subselect === undefined || !("SelectStmt" in subselect)) return undefined;
  const target = subselect.SelectStmt.targetList?.[0];
  if (target === undefined || !("ResTarget" in target)) return undefined;
  return target.ResTarget.name === undefined ? figureOptional(target.ResTarget.val) : strong(target.ResTarget.name);
}

/** `SVFOP_CURRENT_TIMESTAMP_N` is `current_timestamp`. */
function valueFunctionName(op: string | undefined): string | undefined {
  return op
    ?.replace(/^SVFOP_/, "")
    .replace(/_N$/, "")
    .toLowerCase();
}
