/** The conditions of a WHERE or ON, taken apart into what single tables are asked. */
import type { A_Expr, Node } from "@pgsql/types";
import type { Expression } from "../model/schema.ts";
import { canonicalNode } from "../sql/canonical.ts";
import { namesOf } from "../sql/canonical/type.ts";
import { eachNode } from "../sql/canonical/walk.ts";
import { columnsNamed, type Level, type UsedColumn } from "./levels.ts";
import type { Key, TableUse, Test } from "./tableUse.ts";

export interface UsedKey {
  readonly use: TableUse;
  readonly key: Key;
}

type Take = (use: TableUse, test: Test) => void;

export function addTests(node: Node | undefined, level: Level): void {
  if (node !== undefined) conjunction(node, level, (use, test) => use.tests.push(test));
}

function conjunction(node: Node, level: Level, take: Take): void {
  if ("BoolExpr" in node) {
    const { boolop, args = [] } = node.BoolExpr;
    if (boolop === "AND_EXPR") for (const arg of args) conjunction(arg, level, take);
    else if (boolop === "OR_EXPR") disjunction(node, args, level, take);
    else negation(node, args[0], level, take);
  } else if ("A_Expr" in node) comparison(node, node.A_Expr, level, take);
  else if ("NullTest" in node && node.NullTest.arg !== undefined) {
    const isNull = node.NullTest.nulltesttype === "IS_NULL";
    for (const { use, key } of keysOf(node.NullTest.arg, level)) {
      const constant = constantOf(node, [use], level);
      if (isNull) take(use, { kind: "equal", key, by: "value", constant });
      else if (constant !== undefined) take(use, { kind: "constant", constant });
    }
  } else if ("BooleanTest" in node && node.BooleanTest.arg !== undefined) truth(node, node.BooleanTest.arg, level, take);
  else if ("ColumnRef" in node) truth(node, node, level, take);
}

/** A boolean column is a condition by itself. */
function truth(whole: Node, column: Node, level: Level, take: Take): void {
  for (const { use, key } of keysOf(column, level)) take(use, { kind: "equal", key, by: "value", constant: constantOf(whole, [use], level) });
}

function negation(whole: Node, arg: Node | undefined, level: Level, take: Take): void {
  if (arg !== undefined && "ColumnRef" in arg) truth(whole, arg, level, take);
}

function disjunction(whole: Node, branches: readonly Node[], level: Level, take: Take): void {
  const found = branches.map((branch) => {
    const tests = new Map<TableUse, Test[]>();
    conjunction(branch, level, (use, test) => tests.set(use, [...(tests.get(use) ?? []), test]));
    return tests;
  });
  const uses = new Set(found.flatMap((tests) => [...tests.keys()]));
  for (const use of uses) {
    for (const tests of found) {
      const own = tests.get(use);
      if (own !== undefined) use.alternatives.push(own);
    }
    const constant = uses.size === 1 ? constantOf(whole, [use], level) : undefined;
    if (constant !== undefined) take(use, { kind: "constant", constant });
  }
}

const parts: ReadonlySet<string> = new Set(["@>", "<@", "&&", "?", "?|", "?&", "@@", "@?"]);
const patterns: ReadonlyMap<string, { readonly ignoresCase: boolean }> = new Map([
  ["~~", { ignoresCase: false }],
  ["~~*", { ignoresCase: true }],
  ["~", { ignoresCase: false }],
  ["~*", { ignoresCase: true }],
  ["%", { ignoresCase: true }],
  ["<%", { ignoresCase: true }],
  ["^@", { ignoresCase: false }],
]);
const mirrored: ReadonlyMap<string, string> = new Map([
  ["=", "="],
  ["<", ">"],
  [">", "<"],
  ["<=", ">="],
  [">=", "<="],
  ["&&", "&&"],
  ["@>", "<@"],
  ["<@", "@>"],
  ["@@", "@@"],
]);

function comparison(whole: Node, { kind, name, lexpr, rexpr }: A_Expr, level: Level, take: Take): void {
  const operator = namesOf(name).at(-1) ?? "";
  if (lexpr === undefined || rexpr === undefined) return;
  if (kind === "AEXPR_OP" && "RowExpr" in lexpr) {
    rowComparison(operator, lexpr.RowExpr.args ?? [], "RowExpr" in rexpr ? (rexpr.RowExpr.args ?? []) : [], level, take);
    return;
  }
  one(whole, kind ?? "AEXPR_OP", operator, lexpr, rexpr, level, take);
  const other = kind === "AEXPR_OP" ? mirrored.get(operator) : undefined;
  if (other !== undefined) one(whole, "AEXPR_OP", other, rexpr, lexpr, level, take);
  // `$1 = ANY (tags)` is asked of the array.
  if (kind === "AEXPR_OP_ANY" && operator === "=") for (const { use, key } of keysOf(rexpr, level)) take(use, { kind: "parts", key, operator: "@>" });
}

/** `(a, b) > ($1, $2)` goes on from a row: it is a range over the first. */
function rowComparison(operator: string, left: readonly Node[], right: readonly Node[], level: Level, take: Take): void {
  for (const [i, node] of left.entries()) {
    const value = right[i];
    if (value === undefined || (operator !== "=" && i > 0)) return;
    one(node, "AEXPR_OP", operator, node, value, level, take);
  }
}

function one(whole: Node, kind: NonNullable<A_Expr["kind"]>, operator: string, left: Node, right: Node, level: Level, take: Take): void {
  for (const { use, key } of keysOf(left, level)) {
    const others = usesIn(right, level);
    // Compared with itself.
    if (others.has(use)) continue;
    const isJoin = others.size > 0;
    const constant = isJoin ? undefined : constantOf(whole, [use], level);
    if (operator === "=" && kind === "AEXPR_OP") take(use, { kind: "equal", key, by: isJoin ? "join" : "value", constant });
    else if (operator === "=" && (kind === "AEXPR_IN" || kind === "AEXPR_OP_ANY")) take(use, { kind: "equal", key, by: isJoin ? "join" : "list", constant });
    else if (kind === "AEXPR_BETWEEN" || (kind === "AEXPR_OP" && ["<", ">", "<=", ">="].includes(operator))) take(use, { kind: "range", key, by: isJoin ? "join" : "value", constant });
    else if (parts.has(operator)) take(use, { kind: "parts", key, operator });
    else if (patterns.has(operator)) take(use, { kind: "pattern", key, pattern: operator === "^@" ? "prefix" : patternOf(right, operator), ignoresCase: patterns.get(operator)?.ignoresCase ?? false });
    else if (constant !== undefined) take(use, { kind: "constant", constant });
  }
}

/** A parameter is taken to search anywhere: an index for that finds prefixes as well. */
function patternOf(node: Node, operator: string): "prefix" | "anywhere" {
  const text = leadingText(node);
  if (operator === "~" || operator === "~*") return text?.startsWith("^") === true && /^\^[\w ]/.test(text) ? "prefix" : "anywhere";
  return text !== undefined && text !== "" && !/^[%_]/.test(text) ? "prefix" : "anywhere";
}

/** The constant that a value begins with; of `$1 || '%'`, which is a prefix by what it says, a letter. */
function leadingText(node: Node): string | undefined {
  if ("A_Const" in node) return node.A_Const.sval?.sval ?? (node.A_Const.sval === undefined ? undefined : "");
  if ("TypeCast" in node && node.TypeCast.arg !== undefined) return leadingText(node.TypeCast.arg);
  if (!("A_Expr" in node) || namesOf(node.A_Expr.name).at(-1) !== "||" || node.A_Expr.lexpr === undefined) return undefined;
  const { lexpr } = node.A_Expr;
  return "ParamRef" in lexpr ? "x" : leadingText(lexpr);
}

/** The columns that an expression stands for, one of each table behind it; or itself, where it is over one table's. */
export function keysOf(node: Node, level: Level): readonly UsedKey[] {
  const plain = columnsNamed(node, level) ?? textColumns(node, level);
  if (plain !== undefined) return plain.map(({ use, column }) => ({ use, key: { column } }));
  if (!("FuncCall" in node || "A_Expr" in node || "TypeCast" in node || "CoalesceExpr" in node)) return [];
  const uses = usesIn(node, level);
  const [use, ...others] = uses;
  if (use === undefined || others.length > 0) return [];
  const expression = expressionOver(node, level);
  return expression === undefined ? [] : [{ use, key: { expression } }];
}

/** A cast from one text type to another changes nothing for an index. */
function textColumns(node: Node, level: Level): readonly UsedColumn[] | undefined {
  if (!("TypeCast" in node) || node.TypeCast.arg === undefined || namesOf(node.TypeCast.typeName?.names).at(-1) !== "text") return undefined;
  return columnsNamed(node.TypeCast.arg, level)?.filter(({ use, column }) => use.table.columns.get(column)?.type.name === "varchar");
}

export function usesIn(value: unknown, level: Level): ReadonlySet<TableUse> {
  const uses = new Set<TableUse>();
  eachNode(value, (node) => {
    if ("SelectStmt" in node) return false;
    for (const { use } of columnsNamed(node, level) ?? []) uses.add(use);
    return true;
  });
  return uses;
}

/** Undefined for what no index can hold: subqueries, parameters, functions that an index may not call by their nature. */
function expressionOver(node: Node, level: Level): Expression | undefined {
  const columns = new Set<string>();
  let isFit = true;
  eachNode(node, (inner) => {
    if ("SubLink" in inner || "ParamRef" in inner || "SQLValueFunction" in inner) isFit = false;
    if ("FuncCall" in inner && (inner.FuncCall.over !== undefined || neverIndexed.has(namesOf(inner.FuncCall.funcname).at(-1) ?? ""))) isFit = false;
    if ("ColumnRef" in inner) {
      const [found, ...others] = columnsNamed(inner, level) ?? [];
      // Under another name, as a column of a subquery, it would have to be written otherwise.
      const written = namesOf(inner.ColumnRef.fields).at(-1);
      if (found === undefined || others.length > 0 || found.column !== written) isFit = false;
      else columns.add(found.column);
    }
    return isFit;
  });
  if (!isFit || columns.size === 0) return undefined;
  const canonical = canonicalNode(node);
  return { text: unwrapped(canonical), canonical, columns: [...columns] };
}

const neverIndexed: ReadonlySet<string> = new Set(["now", "random", "count", "sum", "avg", "min", "max", "array_agg", "string_agg", "bool_or", "bool_and", "row_number", "age", "clock_timestamp"]);

/** The condition as the predicate of a partial index: over this table alone, with nothing but constants. */
function constantOf(node: Node, uses: readonly TableUse[], level: Level): Expression | undefined {
  const expression = expressionOver(node, level);
  if (expression === undefined) return undefined;
  const [use] = uses;
  return [...usesIn(node, level)].every((one) => one === use) && !/\b(?:now|current_\w+|random|clock_timestamp)\b/i.test(expression.canonical) ? expression : undefined;
}

/** Without the parentheses that the normal form puts around operators. */
function unwrapped(text: string): string {
  if (!text.startsWith("(")) return text;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === "'") i = text.indexOf("'", i + 1) < 0 ? text.length : text.indexOf("'", i + 1);
    else if (character === "(") depth++;
    else if (character === ")" && --depth === 0) return i === text.length - 1 ? text.slice(1, -1) : text;
  }
  return text;
}
