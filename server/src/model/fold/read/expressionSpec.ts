/** An expression as a statement writes it, and the names in it that may later be renamed under it. */
import type { Node } from "@pgsql/types";
import { canonicalNode, expressionColumns } from "../../../sql/canonical.ts";
import type { Span } from "../../../text/span.ts";
import type { Expression } from "../../schema.ts";
import { eachNode, itemsOf, stringsOf, textOfConstant } from "./nodes.ts";
import type { StatementText } from "./statementText.ts";

export interface ExpressionSpec {
  readonly node: Node;
  readonly expression: Expression;
  /** Of the expression in the statement's text. */
  readonly span: Span;
  readonly source: StatementText;
  /** Names outside subqueries. */
  readonly names: readonly NameInExpression[];
  /** String literals that may be values of an enum. */
  readonly labels: readonly LabelInExpression[];
  /** Locations of columns that an operator or a function takes as they are. */
  readonly operands: readonly (number | undefined)[];
  readonly hasSubquery: boolean;
}

export interface LabelInExpression {
  readonly value: string;
  readonly location: number | undefined;
  /** What gives the literal its type: a column it is compared with, a type it is cast to, or the column whose default it is. */
  readonly typedBy: { readonly column: readonly string[] } | { readonly type: readonly string[] } | "owner";
}

export interface NameInExpression {
  readonly kind: "column" | "routine" | "type" | "relation";
  readonly path: readonly string[];
  /** Byte offset in the statement's tree. */
  readonly location: number | undefined;
}

const specs = new WeakMap<Node, ExpressionSpec>();

/** `span` is where the expression stands in the statement, without surrounding keywords. The same object for the same node. */
export function expressionSpec(node: Node, source: StatementText, span: Span): ExpressionSpec {
  let spec = specs.get(node);
  if (spec === undefined) {
    const expression = { text: source.slice(span), canonical: canonicalNode(node), columns: expressionColumns(node) };
    spec = { node, expression, span, source, ...namesIn(node) };
    specs.set(node, spec);
  }
  return spec;
}

/** The names a node mentions, subqueries left out. */
function namesIn(root: Node): Pick<ExpressionSpec, "names" | "labels" | "operands" | "hasSubquery"> {
  const names: NameInExpression[] = [];
  const operands: (number | undefined)[] = [];
  const labels: LabelInExpression[] = [...labelsIn([root], "owner")];
  let hasSubquery = false;
  eachNode(root, (node) => {
    if ("SubLink" in node) {
      hasSubquery = true;
      return false;
    }
    names.push(...namesOfNode(node));
    operands.push(...operandsOf(node));
    if ("A_Expr" in node)
      labels.push(...labelsOfComparison(node.A_Expr.lexpr, node.A_Expr.rexpr), ...labelsOfComparison(node.A_Expr.rexpr, node.A_Expr.lexpr));
    else if ("TypeCast" in node) labels.push(...labelsIn([node.TypeCast.arg], { type: stringsOf(node.TypeCast.typeName?.names) }));
    return true;
  });
  return { names, labels, operands, hasSubquery };
}

function operandsOf(node: Node): (number | undefined)[] {
  const operands = "A_Expr" in node ? [node.A_Expr.lexpr, node.A_Expr.rexpr] : "FuncCall" in node ? (node.FuncCall.args ?? []) : [];
  return operands.flatMap((operand) => (operand !== undefined && "ColumnRef" in operand ? [operand.ColumnRef.location] : []));
}

/** The literals that a column is compared with: `status = 'open'`, `status IN ('open', 'won')`. */
function labelsOfComparison(column: Node | undefined, other: Node | undefined): LabelInExpression[] {
  if (column === undefined || !("ColumnRef" in column) || other === undefined) return [];
  const typedBy = { column: stringsOf(column.ColumnRef.fields) };
  if ("A_ArrayExpr" in other) return labelsIn(other.A_ArrayExpr.elements ?? [], typedBy);
  return labelsIn(itemsOf(other), typedBy);
}

function labelsIn(nodes: readonly (Node | undefined)[], typedBy: LabelInExpression["typedBy"]): LabelInExpression[] {
  return nodes.flatMap((node) => {
    if (node === undefined || !("A_Const" in node) || node.A_Const.sval === undefined) return [];
    return [{ value: node.A_Const.sval.sval ?? "", location: node.A_Const.location, typedBy }];
  });
}

const sequenceFunctions = new Set(["nextval", "currval", "setval"]);

/** The names that this node itself mentions, not those below it. */
export function namesOfNode(node: Node): NameInExpression[] {
  if ("ColumnRef" in node) {
    const path = stringsOf(node.ColumnRef.fields);
    return path.length === 0 ? [] : [{ kind: "column", path, location: node.ColumnRef.location }];
  }
  if ("FuncCall" in node) {
    const path = stringsOf(node.FuncCall.funcname);
    const call: NameInExpression = { kind: "routine", path, location: node.FuncCall.location };
    const first = node.FuncCall.args?.[0];
    const sequence = first !== undefined && sequenceFunctions.has(path.at(-1) ?? "") ? relationConstant(first) : undefined;
    return sequence === undefined ? [call] : [call, sequence];
  }
  if ("TypeCast" in node) {
    const { arg, typeName } = node.TypeCast;
    const path = stringsOf(typeName?.names);
    if (path.at(-1) === "regclass") {
      const relation = arg === undefined ? undefined : relationConstant(arg);
      return relation === undefined ? [] : [relation];
    }
    return [{ kind: "type", path, location: typeName?.location }];
  }
  return [];
}

/** A string that names a relation, as in `nextval('app.orders_id_seq')`. */
function relationConstant(node: Node): NameInExpression | undefined {
  const text = textOfConstant(node);
  return text === undefined || !("A_Const" in node)
    ? undefined
    : { kind: "relation", path: splitName(text), location: node.A_Const.location };
}

/** The parts of a qualified name in text: `App."Orders"` is `app`, `Orders`. */
export function splitName(text: string): string[] {
  return [...text.matchAll(/"((?:[^"]|"")*)"|([^."\s]+)/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain?.toLowerCase() ?? "",
  );
}
