/** Subqueries in one spelling: aliases and the names that PostgreSQL gives to columns make no difference. */
import type { CommonTableExpr, JoinExpr, Node, RangeVar, SelectStmt, WithClause } from "@pgsql/types";
import { figuredName } from "./figuredName.ts";
import { genericText } from "./generic.ts";
import { isSearchedSchema } from "./literal.ts";
import { identifier, type Writer } from "./term.ts";

/**
 * How a query's output matters: `named` to whoever reads it by name, `unnamed` by place, `any` not at all, as in EXISTS.
 */
export type Output = "named" | "unnamed" | "any";

export function queryText(query: SelectStmt, output: Output, write: Writer): string {
  const { op, larg, rarg } = query;
  const parts = [withText(query.withClause, write)];
  if (op !== undefined && op !== "SETOP_NONE" && larg !== undefined && rarg !== undefined) {
    const inner = output === "any" ? "unnamed" : output;
    parts.push(
      `(${queryText(larg, inner, write)}) ${op.replace("SETOP_", "")}${query.all === true ? " ALL" : ""} (${queryText(rarg, "unnamed", write)})`,
    );
  } else if ((query.valuesLists ?? []).length > 0) {
    parts.push(`VALUES ${(query.valuesLists ?? []).map((row) => `(${items(row).map(write.operand).join(", ")})`).join(", ")}`);
  } else parts.push(...selectParts(query, output, write));
  parts.push(clause("ORDER BY", orderText(query.sortClause, write)));
  parts.push(clause(query.limitOption === "LIMIT_OPTION_WITH_TIES" ? "LIMIT WITH TIES" : "LIMIT", write.operand(query.limitCount)));
  parts.push(clause("OFFSET", write.operand(query.limitOffset)));
  parts.push(...(query.lockingClause ?? []).map((one) => genericText(one, write)));
  return parts.filter((part) => part !== "").join(" ");
}

function selectParts(query: SelectStmt, output: Output, write: Writer): string[] {
  const distinct = query.distinctClause === undefined ? "" : distinctText(query.distinctClause, write);
  const windows = (query.windowClause ?? []).map((one) => genericText(one, write));
  return [
    `SELECT${distinct} ${targetsText(query.targetList ?? [], output, write)}`,
    clause("FROM", (query.fromClause ?? []).map((one) => sourceText(one, write)).join(", ")),
    clause("WHERE", write.expression(query.whereClause)),
    clause("GROUP BY", `${query.groupDistinct === true ? "DISTINCT " : ""}${(query.groupClause ?? []).map(write.operand).join(", ")}`),
    clause("HAVING", write.expression(query.havingClause)),
    clause("WINDOW", windows.join(", ")),
  ];
}

function clause(words: string, text: string): string {
  return text === "" ? "" : `${words} ${text}`;
}

function distinctText(distinct: readonly Node[], write: Writer): string {
  const on = distinct.flatMap((one) => (isNodeWithFields(one) ? [write.operand(one)] : []));
  return on.length === 0 ? " DISTINCT" : ` DISTINCT ON (${on.join(", ")})`;
}

/** DISTINCT without ON is a list of one empty node. */
function isNodeWithFields(node: Node): boolean {
  return Object.keys(node).length > 0;
}

function targetsText(targets: readonly Node[], output: Output, write: Writer): string {
  // EXISTS looks at rows only, unless an aggregate makes one of none.
  if (output === "any" && targets.every(isPlainTarget)) return "";
  return targets
    .map((target) => {
      if (!("ResTarget" in target)) return write.operand(target);
      const { val, name } = target.ResTarget;
      const value = write.expression(val);
      if (output !== "named" || val === undefined) return value;
      return `${value} AS ${identifier(name ?? figuredName(val))}`;
    })
    .join(", ");
}

function isPlainTarget(target: Node): boolean {
  const value = "ResTarget" in target ? target.ResTarget.val : undefined;
  return value !== undefined && ("ColumnRef" in value || "A_Const" in value || "TypeCast" in value);
}

function sourceText(source: Node, write: Writer): string {
  if ("RangeVar" in source) return relationText(source.RangeVar);
  if ("JoinExpr" in source) return joinText(source.JoinExpr, write);
  if ("RangeSubselect" in source) {
    const { subquery, lateral } = source.RangeSubselect;
    const query =
      subquery !== undefined && "SelectStmt" in subquery ? queryText(subquery.SelectStmt, "named", write) : write.expression(subquery);
    return `${lateral === true ? "LATERAL " : ""}(${query})`;
  }
  if ("RangeFunction" in source) {
    // LATERAL is noise before a function. https://www.postgresql.org/docs/current/sql-select.html#SQL-FROM
    const { functions = [], ordinality } = source.RangeFunction;
    const calls = functions.map((one) =>
      ("List" in one ? (one.List.items ?? []) : [one]).filter(isNodeWithFields).map(write.operand).join(" "),
    );
    return `${calls.length === 1 ? calls.join("") : `ROWS FROM (${calls.join(", ")})`}${ordinality === true ? " WITH ORDINALITY" : ""}`;
  }
  return genericText(source, write);
}

/** `schema.table`. The alias goes: the columns are written without it. */
function relationText({ schemaname, relname = "", inh }: RangeVar): string {
  const schema = schemaname === undefined || isSearchedSchema(schemaname) ? "" : `${identifier(schemaname)}.`;
  return `${inh === true ? "" : "ONLY "}${schema}${identifier(relname)}`;
}

function joinText({ jointype = "JOIN_INNER", isNatural, larg, rarg, usingClause, quals }: JoinExpr, write: Writer): string {
  const sides = [larg, rarg].map((side) => (side === undefined ? "" : sourceText(side, write)));
  const using = (usingClause ?? []).map(write.expression).join(", ");
  const kind = `${isNatural === true ? "NATURAL " : ""}${jointype === "JOIN_INNER" ? "" : `${jointype.replace("JOIN_", "")} `}JOIN`;
  const condition = using === "" ? clause(" ON", write.expression(quals)) : ` USING (${using})`;
  return `(${sides[0] ?? ""} ${kind} ${sides[1] ?? ""}${condition})`;
}

function withText(clauseNode: WithClause | undefined, write: Writer): string {
  if (clauseNode === undefined) return "";
  const tables = (clauseNode.ctes ?? []).map((one) =>
    "CommonTableExpr" in one ? tableText(one.CommonTableExpr, write) : genericText(one, write),
  );
  return `WITH ${clauseNode.recursive === true ? "RECURSIVE " : ""}${tables.join(", ")}`;
}

function tableText({ ctename = "", aliascolnames = [], ctematerialized, ctequery }: CommonTableExpr, write: Writer): string {
  const columns = aliascolnames.length === 0 ? "" : `(${aliascolnames.map(write.expression).join(", ")})`;
  const kept =
    ctematerialized === undefined || ctematerialized === "CTEMaterializeDefault"
      ? ""
      : `${ctematerialized.replace("CTEMaterialize", "").toUpperCase()} `;
  return `${identifier(ctename)}${columns} AS ${kept}(${write.expression(ctequery)})`;
}

/** ORDER BY items, without the defaults: ascending and then nulls last, descending and then nulls first. */
export function orderText(items: readonly Node[] | undefined, write: Writer): string {
  return (items ?? [])
    .map((item) => {
      if (!("SortBy" in item)) return write.operand(item);
      const { node, sortby_dir, sortby_nulls, useOp } = item.SortBy;
      const isDescending = sortby_dir === "SORTBY_DESC";
      const isNullsFirst = sortby_nulls === "SORTBY_NULLS_FIRST" || (sortby_nulls !== "SORTBY_NULLS_LAST" && isDescending);
      const using = (useOp ?? []).map((one) => ("String" in one ? (one.String.sval ?? "") : "")).at(-1);
      const direction = using === undefined ? (isDescending ? " DESC" : "") : ` USING ${using}`;
      return `${write.operand(node)}${direction}${isNullsFirst === isDescending ? "" : isNullsFirst ? " NULLS FIRST" : " NULLS LAST"}`;
    })
    .join(", ");
}

function items(row: Node): readonly Node[] {
  return "List" in row ? (row.List.items ?? []) : [row];
}
