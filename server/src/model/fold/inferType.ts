/** The type of an expression where its text tells: for the columns of CREATE TABLE AS and of views. */
import type { Node } from "@pgsql/types";
import { baseType } from "../pgTypes.ts";
import type { TypeUse } from "./entries.ts";
import { eachNode, stringsOf } from "./read/nodes.ts";
import { builtInUse } from "./types.ts";

/** What the expression's surroundings know. */
export interface Typing<Scope> {
  columnType(path: readonly string[], scope: Scope): TypeUse | undefined;
  /** Undefined for the type's own. */
  columnCollation(path: readonly string[], scope: Scope): string | undefined;
  castType(node: Node): TypeUse | undefined;
  routineType(path: readonly string[]): TypeUse | undefined;
  subqueryType(node: Node, scope: Scope): TypeUse | undefined;
}

/** The type of a string literal or NULL that nothing else gives a type. */
export const literalUse: TypeUse = { entry: undefined, type: baseType("text") };

/** The type that several expressions have together, as in COALESCE, CASE, UNION and VALUES. */
export function commonType(types: readonly (TypeUse | undefined)[]): TypeUse | undefined {
  const known = types.find((type) => type !== undefined && type !== literalUse) ?? types.find((type) => type !== undefined);
  if (known === undefined) return undefined;
  return types.every((type) => type !== undefined && String(type.type.modifiers) === String(known.type.modifiers))
    ? known
    : withoutModifiers(known);
}

const collatable = new Set(["text", "varchar", "bpchar", "citext"]);

/** The collation that an expression of that type gets from what is in it; undefined for the type's own. */
export function inferCollation<Scope>(node: Node, type: TypeUse | undefined, scope: Scope, typing: Typing<Scope>): string | undefined {
  if (type === undefined || !collatable.has(type.type.name)) return undefined;
  let found: string | undefined;
  eachNode(node, (inner) => {
    if ("CollateClause" in inner) found ??= stringsOf(inner.CollateClause.collname).at(-1);
    else if ("ColumnRef" in inner) found ??= typing.columnCollation(stringsOf(inner.ColumnRef.fields), scope);
    return !("SubLink" in inner) && !("CollateClause" in inner);
  });
  return found === "default" ? undefined : found;
}

/** Undefined where it cannot be told. */
export function inferType<Scope>(node: Node | undefined, scope: Scope, typing: Typing<Scope>): TypeUse | undefined {
  if (node === undefined) return undefined;
  const infer = (inner: Node | undefined): TypeUse | undefined => inferType(inner, scope, typing);
  const inferCommon = (nodes: readonly Node[] | undefined): TypeUse | undefined => commonType((nodes ?? []).map(infer));
  if ("ColumnRef" in node) return typing.columnType(stringsOf(node.ColumnRef.fields), scope);
  if ("TypeCast" in node) return typing.castType(node);
  if ("A_Const" in node) return typeOfConstant(node.A_Const);
  if ("FuncCall" in node) {
    const path = stringsOf(node.FuncCall.funcname);
    return typing.routineType(path) ?? typeOfCall(path.at(-1) ?? "", infer(node.FuncCall.args?.[0]));
  }
  if ("CoalesceExpr" in node) return inferCommon(node.CoalesceExpr.args);
  if ("MinMaxExpr" in node) return inferCommon(node.MinMaxExpr.args);
  if ("CaseExpr" in node) {
    const results = (node.CaseExpr.args ?? []).flatMap((branch) =>
      "CaseWhen" in branch && branch.CaseWhen.result !== undefined ? [branch.CaseWhen.result] : [],
    );
    return inferCommon(node.CaseExpr.defresult === undefined ? results : [...results, node.CaseExpr.defresult]);
  }
  if ("BoolExpr" in node || "NullTest" in node || "BooleanTest" in node) return builtIn("bool");
  if ("CollateClause" in node) return infer(node.CollateClause.arg);
  if ("A_ArrayExpr" in node) return arrayOf(inferCommon(node.A_ArrayExpr.elements));
  if ("SQLValueFunction" in node) return typeOfValueFunction(node.SQLValueFunction.op ?? "");
  if ("A_Expr" in node)
    return typeOfOperator(
      node.A_Expr.kind ?? "",
      stringsOf(node.A_Expr.name).at(-1) ?? "",
      infer(node.A_Expr.lexpr),
      infer(node.A_Expr.rexpr),
    );
  if ("SubLink" in node) {
    const { subLinkType, subselect } = node.SubLink;
    if (subLinkType === "EXPR_SUBLINK" && subselect !== undefined) return typing.subqueryType(subselect, scope);
    if (subLinkType === "ARRAY_SUBLINK" && subselect !== undefined) return arrayOf(typing.subqueryType(subselect, scope));
    return builtIn("bool");
  }
  return undefined;
}

function builtIn(name: string): TypeUse {
  let use = uses.get(name);
  if (use === undefined) {
    use = builtInUse(baseType(name));
    uses.set(name, use);
  }
  return use;
}

const uses = new Map<string, TypeUse>();

function arrayOf(element: TypeUse | undefined): TypeUse | undefined {
  return element === undefined ? undefined : { ...element, type: { ...element.type, isArray: true } };
}

function typeOfConstant(constant: Extract<Node, { A_Const: unknown }>["A_Const"]): TypeUse | undefined {
  if (constant.isnull || constant.sval !== undefined) return literalUse;
  if (constant.ival !== undefined) return builtIn("int4");
  if (constant.boolval !== undefined) return builtIn("bool");
  if (constant.fval !== undefined) return builtIn(/^\d+$/.test(constant.fval.fval ?? "") ? "int8" : "numeric");
  return undefined;
}

/** Result types of common functions that do not depend on their arguments. */
const resultTypes: ReadonlyMap<string, string> = new Map(
  Object.entries({
    int8: "count row_number rank dense_rank",
    text: "lower upper trim btrim ltrim rtrim concat concat_ws replace substring substr left right initcap md5 to_char string_agg format split_part regexp_replace translate lpad rpad repeat reverse",
    timestamptz: "now clock_timestamp statement_timestamp transaction_timestamp to_timestamp",
    uuid: "gen_random_uuid",
    jsonb: "jsonb_build_object jsonb_build_array jsonb_agg jsonb_object_agg to_jsonb",
    json: "json_build_object json_build_array json_agg json_object_agg row_to_json to_json",
    int4: "length char_length array_length cardinality octet_length position strpos ascii",
    float8: "random power sqrt exp ln percent_rank cume_dist",
    numeric: "date_part_numeric extract",
    bool: "bool_and bool_or every",
    tsvector: "to_tsvector",
  }).flatMap(([type, names]) => names.split(" ").map((name) => [name, type] as const)),
);

const sameAsArgument = new Set([
  "max",
  "min",
  "first_value",
  "last_value",
  "lag",
  "lead",
  "nth_value",
  "abs",
  "nullif",
  "date_trunc_interval",
]);

function typeOfCall(name: string, argument: TypeUse | undefined): TypeUse | undefined {
  const fixed = resultTypes.get(name);
  if (fixed !== undefined) return builtIn(fixed);
  // There is no max(varchar): it is a text's.
  if (sameAsArgument.has(name))
    return argument?.type.name === "varchar" && (name === "max" || name === "min")
      ? builtIn("text")
      : argument === undefined
        ? undefined
        : withoutModifiers(argument);
  if (name === "array_agg") return arrayOf(argument);
  if (name === "sum") return sumType(argument?.type.name);
  if (name === "avg")
    return argument === undefined
      ? undefined
      : builtIn(argument.type.name.startsWith("float") ? "float8" : argument.type.name === "interval" ? "interval" : "numeric");
  return undefined;
}

function sumType(argument: string | undefined): TypeUse | undefined {
  if (argument === "int2" || argument === "int4") return builtIn("int8");
  if (argument === "int8" || argument === "numeric") return builtIn("numeric");
  return argument === "float4" || argument === "float8" || argument === "money" || argument === "interval" ? builtIn(argument) : undefined;
}

function withoutModifiers(use: TypeUse): TypeUse {
  return use.type.modifiers.length === 0 ? use : { entry: use.entry, type: { ...use.type, modifiers: [] } };
}

function typeOfValueFunction(op: string): TypeUse | undefined {
  if (op.startsWith("SVFOP_CURRENT_TIMESTAMP")) return builtIn("timestamptz");
  if (op.startsWith("SVFOP_LOCALTIMESTAMP")) return builtIn("timestamp");
  if (op.startsWith("SVFOP_CURRENT_TIME")) return builtIn("timetz");
  if (op.startsWith("SVFOP_LOCALTIME")) return builtIn("time");
  return builtIn(op === "SVFOP_CURRENT_DATE" ? "date" : "name");
}

const arithmetic = new Set(["+", "-", "*", "/", "%"]);
const widths = ["int2", "int4", "int8", "numeric", "float8"];

function typeOfOperator(kind: string, operator: string, left: TypeUse | undefined, right: TypeUse | undefined): TypeUse | undefined {
  if (kind === "AEXPR_NULLIF") return left;
  if (kind !== "AEXPR_OP") return builtIn("bool");
  if (["=", "<>", "!=", "<", ">", "<=", ">=", "~~", "!~~", "~~*", "~", "~*", "!~", "@>", "<@", "&&", "?", "@@"].includes(operator))
    return builtIn("bool");
  if (operator === "->>" || operator === "#>>") return builtIn("text");
  if (operator === "->" || operator === "#>") return left === undefined ? undefined : withoutModifiers(left);
  if (operator === "||") return left?.type.name === "jsonb" || left?.type.isArray ? left : builtIn("text");
  if (!arithmetic.has(operator)) return undefined;
  if (left === undefined || right === undefined) return undefined;
  const width = Math.max(widths.indexOf(left.type.name), widths.indexOf(right.type.name));
  return widths.includes(left.type.name) && widths.includes(right.type.name) ? builtIn(widths[width] ?? "numeric") : undefined;
}
