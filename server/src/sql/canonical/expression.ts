/**
 * Expressions in one spelling: the same text for what a person wrote and for what PostgreSQL's catalog prints after it
 * has resolved types, added casts and rewritten IN, BETWEEN and the rest.
 */
import type { A_Indirection, CaseExpr, ColumnRef, FuncCall, Node, SQLValueFunction, SubLink } from "@pgsql/types";
import { isImplicit, type Place } from "./cast.ts";
import { genericText } from "./generic.ts";
import { isSearchedSchema, objectName, shownLiteral } from "./literal.ts";
import { literalOf } from "./literalNode.ts";
import { operation } from "./operation.ts";
import { orderText, queryText } from "./query.ts";
import { identifier, shownTerm, type Term, type Writer } from "./term.ts";
import { canonicalType, namesOf } from "./type.ts";

/** The text of a whole expression, or of any other node. */
export function expressionText(node: Node | undefined): string {
  return node === undefined ? "" : shownTerm(term(node));
}

function operand(node: Node | undefined): string {
  return argumentText(node, "argument");
}

function comparand(node: Node | undefined): string {
  return argumentText(node, "comparison");
}

function argumentText(node: Node | undefined, place: Place): string {
  if (node !== undefined && "TypeCast" in node && literalOf(node) === undefined && isImplicit(node.TypeCast, place)) {
    return argumentText(node.TypeCast.arg, place);
  }
  return expressionText(node);
}

const write: Writer = { term, expression: expressionText, operand, comparand };

function operands(nodes: readonly Node[] | undefined): string {
  return (nodes ?? []).map(operand).join(", ");
}

function term(node: Node): Term {
  const literal = literalOf(node);
  if (literal !== undefined) return shownLiteral(literal);
  if ("BoolExpr" in node) {
    const { boolop, args = [] } = node.BoolExpr;
    if (boolop === "NOT_EXPR") return `(NOT ${expressionText(args[0])})`;
    return { word: boolop === "OR_EXPR" ? "OR" : "AND", terms: args.map(term) };
  }
  return "A_Expr" in node ? operation(node.A_Expr, write) : text(node);
}

function text(node: Node): string {
  if ("ColumnRef" in node) return columnText(node.ColumnRef);
  if ("FuncCall" in node) return callText(node.FuncCall);
  if ("TypeCast" in node) {
    const { arg, typeName } = node.TypeCast;
    return `${operand(arg)}::${typeName === undefined ? "" : canonicalType(typeName)}`;
  }
  if ("SQLValueFunction" in node) return valueFunctionText(node.SQLValueFunction);
  if ("NullTest" in node) return `(${operand(node.NullTest.arg)} IS ${node.NullTest.nulltesttype === "IS_NOT_NULL" ? "NOT NULL" : "NULL"})`;
  if ("BooleanTest" in node)
    return `(${expressionText(node.BooleanTest.arg)} ${(node.BooleanTest.booltesttype ?? "").replaceAll("_", " ")})`;
  if ("CaseExpr" in node) return caseText(node.CaseExpr);
  if ("CoalesceExpr" in node) return `COALESCE(${operands(node.CoalesceExpr.args)})`;
  if ("MinMaxExpr" in node) return `${node.MinMaxExpr.op === "IS_LEAST" ? "LEAST" : "GREATEST"}(${operands(node.MinMaxExpr.args)})`;
  if ("A_ArrayExpr" in node) return `ARRAY[${operands(node.A_ArrayExpr.elements)}]`;
  if ("RowExpr" in node) return `ROW(${operands(node.RowExpr.args)})`;
  if ("A_Indirection" in node) return indirectionText(node.A_Indirection);
  if ("CollateClause" in node)
    return `(${operand(node.CollateClause.arg)} COLLATE ${identifier(namesOf(node.CollateClause.collname).at(-1) ?? "")})`;
  if ("SubLink" in node) return subqueryText(node.SubLink);
  if ("SelectStmt" in node) return queryText(node.SelectStmt, "named", write);
  if ("ParamRef" in node) return `$${node.ParamRef.number ?? 0}`;
  if ("NamedArgExpr" in node) return `${identifier(node.NamedArgExpr.name ?? "")} => ${operand(node.NamedArgExpr.arg)}`;
  if ("TypeName" in node) return canonicalType(node.TypeName);
  if ("String" in node) return identifier(node.String.sval ?? "");
  return genericText(node, write);
}

/** Rows that are no tables: their names say which of two values is meant, in triggers and upserts. */
const rowNames: ReadonlySet<string> = new Set(["old", "new", "excluded"]);

/**
 * Without the table: PostgreSQL prints it or not depending on what else is in scope, and invents aliases. A column of
 * one table cannot be told from one of the same name in another.
 */
function columnText({ fields = [] }: ColumnRef): string {
  const names = namesOf(fields);
  const [first = ""] = names;
  const isWhole = fields.some((field) => "A_Star" in field) || (names.length === 1 && rowNames.has(first));
  const last = isWhole ? "*" : identifier(names.at(-1) ?? "");
  return rowNames.has(first) ? `${first}.${last}` : last;
}

const sequenceFunctions: ReadonlySet<string> = new Set(["nextval", "currval", "setval"]);

function callText(call: FuncCall): string {
  const names = namesOf(call.funcname);
  if (names.length > 1 && isSearchedSchema(names[0] ?? "")) names.shift();
  const name = names.map(identifier).join(".");
  const args = (call.args ?? []).map((arg, i) => (i === 0 && sequenceFunctions.has(name) ? sequenceText(arg) : operand(arg)));
  const last = call.args?.at(-1);
  if (call.func_variadic === true && last !== undefined) {
    // PostgreSQL gathers the arguments of a VARIADIC parameter in an array.
    const spread = "A_ArrayExpr" in last ? (last.A_ArrayExpr.elements ?? []).map(operand) : [`VARIADIC ${operand(last)}`];
    args.splice(-1, 1, ...spread);
  }
  const star = call.agg_star === true ? "*" : "";
  const distinct = call.agg_distinct === true ? "DISTINCT " : "";
  const order =
    (call.agg_order ?? []).length === 0
      ? ""
      : `${call.agg_within_group === true ? ") WITHIN GROUP (" : " "}ORDER BY ${orderText(call.agg_order, write)}`;
  const filter = call.agg_filter === undefined ? "" : ` FILTER (WHERE ${expressionText(call.agg_filter)})`;
  const over = call.over === undefined ? "" : ` OVER ${genericText({ WindowDef: call.over }, write)}`;
  return `${name}(${distinct}${star}${args.join(", ")}${order})${filter}${over}`;
}

function sequenceText(node: Node): string {
  const literal = literalOf(node);
  return typeof literal === "string" ? shownLiteral(objectName(literal)) : operand(node);
}

/** `CURRENT_TIMESTAMP`, `CURRENT_USER`, `LOCALTIME(3)`. */
function valueFunctionText({ op = "SVFOP_CURRENT_DATE", typmod = -1 }: SQLValueFunction): string {
  const name = op.replace("SVFOP_", "").replace(/_N$/, "");
  return typmod < 0 || !op.endsWith("_N") ? name : `${name}(${typmod})`;
}

function caseText({ arg, args = [], defresult }: CaseExpr): string {
  const cases = args.map((one) => {
    if (!("CaseWhen" in one)) return "";
    const { expr, result } = one.CaseWhen;
    return ` WHEN ${arg === undefined ? expressionText(expr) : operand(expr)} THEN ${operand(result)}`;
  });
  return `CASE${arg === undefined ? "" : ` ${operand(arg)}`}${cases.join("")} ELSE ${defresult === undefined ? "NULL" : operand(defresult)} END`;
}

function indirectionText({ arg, indirection = [] }: A_Indirection): string {
  const steps = indirection.map((step) => {
    if ("A_Indices" in step) {
      const { is_slice, lidx, uidx } = step.A_Indices;
      return `[${is_slice === true ? `${operand(lidx)}:` : ""}${operand(uidx)}]`;
    }
    return `.${"A_Star" in step ? "*" : text(step)}`;
  });
  return `(${operand(arg)})${steps.join("")}`;
}

function subqueryText({ subLinkType, testexpr, operName, subselect }: SubLink): string {
  const query = subselect !== undefined && "SelectStmt" in subselect ? subselect.SelectStmt : undefined;
  if (query === undefined) return expressionText(subselect);
  switch (subLinkType) {
    case "EXISTS_SUBLINK":
      return `EXISTS (${queryText(query, "any", write)})`;
    case "ANY_SUBLINK":
    case "ALL_SUBLINK": {
      const operator = namesOf(operName).at(-1) ?? "=";
      return `(${comparand(testexpr)} ${operator} ${subLinkType === "ANY_SUBLINK" ? "ANY" : "ALL"} (${queryText(query, "unnamed", write)}))`;
    }
    default:
      return `${subLinkType === "ARRAY_SUBLINK" ? "ARRAY" : ""}(${queryText(query, "unnamed", write)})`;
  }
}
