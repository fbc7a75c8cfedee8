/** What CREATE INDEX and the lists of exclusion constraints and partition keys say. */
import type { IndexElem, IndexStmt, Node, PartitionElem, PartitionSpec, RangeVar } from "@pgsql/types";
import type { Span } from "../../../text/span.ts";
import { type ExpressionSpec, expressionSpec } from "./expressionSpec.ts";
import { figuredName } from "./figuredName.ts";
import { stringsOf } from "./nodes.ts";
import { Place } from "./place.ts";
import type { StatementText } from "./statementText.ts";

export interface IndexKeySpec {
  /** Exactly one of `column` and `expression` is defined. */
  readonly column: string | undefined;
  readonly expression: ExpressionSpec | undefined;
  /** Schema-less, as written. */
  readonly operatorClass: string | undefined;
  readonly collation: string | undefined;
  readonly isDescending: boolean;
  readonly nulls: "first" | "last";
  /** What the key contributes to the index's generated name. */
  readonly nameInIndex: string;
}

export interface IndexSpec {
  readonly name: string | undefined;
  readonly table: RangeVar;
  readonly ifNotExists: boolean;
  readonly method: string;
  readonly keys: readonly IndexKeySpec[];
  readonly include: readonly string[];
  /** What keys and included columns contribute to a generated name. */
  readonly nameParts: readonly string[];
  readonly isUnique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly predicate: ExpressionSpec | undefined;
  readonly place: Place;
}

export function indexSpec(statement: IndexStmt, source: StatementText): IndexSpec {
  const { tokens } = source;
  const table = statement.relation ?? {};
  const nameEnd = tokens.nameEnd(source.tokenAt(table.location));
  const open = tokens.find(nameEnd, tokens.count, "(") ?? nameEnd;
  const where = tokens.find(open, tokens.count, "WHERE") ?? tokens.count;
  const name = statement.idxname;
  const keys = indexKeySpecs(statement.indexParams, open, source);
  const include = (statement.indexIncludingParams ?? []).flatMap((node) =>
    "IndexElem" in node && node.IndexElem.name !== undefined ? [node.IndexElem.name] : [],
  );
  const nameToken = name === undefined ? source.tokenAt(table.location) : (source.findName(name) ?? 0);
  return {
    name,
    table,
    ifNotExists: statement.if_not_exists ?? false,
    method: statement.accessMethod ?? "btree",
    keys,
    include,
    nameParts: [...keys.map((key) => key.nameInIndex), ...include],
    isUnique: statement.unique ?? false,
    nullsNotDistinct: statement.nulls_not_distinct ?? false,
    predicate:
      statement.whereClause === undefined ? undefined : expressionSpec(statement.whereClause, source, source.span(where + 1, tokens.count)),
    place: new Place(
      source.span(0, tokens.count),
      source.span(name === undefined ? tokens.nameEnd(nameToken) - 1 : nameToken, 0),
      name === undefined ? undefined : source.truncatedPart(nameToken),
    ),
  };
}

/** The keys in the parenthesised list that opens at the token `open`. */
function indexKeySpecs(nodes: readonly Node[] | undefined, open: number, source: StatementText): IndexKeySpec[] {
  const specs: IndexKeySpec[] = [];
  let token = open + 1;
  for (const node of nodes ?? []) {
    if ("IndexElem" in node) specs.push(indexKeySpec(node.IndexElem, token, source));
    token = source.tokens.itemEnd(token) + 1;
  }
  return specs;
}

/** The key whose first token is `token`. */
export function indexKeySpec(element: IndexElem, token: number, source: StatementText): IndexKeySpec {
  const expression = element.expr === undefined ? undefined : expressionSpec(element.expr, source, keyExpressionSpan(token, source));
  const isDescending = element.ordering === "SORTBY_DESC";
  const isNullsFirst = element.nulls_ordering === "SORTBY_NULLS_FIRST" || (isDescending && element.nulls_ordering !== "SORTBY_NULLS_LAST");
  return {
    column: element.name,
    expression,
    operatorClass: stringsOf(element.opclass).at(-1),
    collation: stringsOf(element.collation).at(-1),
    isDescending,
    nulls: isNullsFirst ? "first" : "last",
    nameInIndex: element.name ?? (element.expr === undefined ? undefined : figuredName(element.expr)) ?? "expr",
  };
}

/** A key's expression stands in parentheses or is a single function call. */
function keyExpressionSpan(token: number, source: StatementText): Span {
  const { tokens } = source;
  if (tokens.is(token, "(")) return source.span(token + 1, tokens.closing(token));
  return source.span(token, tokens.next(tokens.nameEnd(token)));
}

export interface PartitionKeySpec {
  readonly strategy: "range" | "list" | "hash";
  readonly keys: readonly IndexKeySpec[];
}

export function partitionKeySpec(spec: PartitionSpec, source: StatementText): PartitionKeySpec {
  const keys = (spec.partParams ?? []).flatMap((node) => ("PartitionElem" in node ? [partitionElement(node.PartitionElem, source)] : []));
  const strategy = spec.strategy === "PARTITION_STRATEGY_LIST" ? "list" : spec.strategy === "PARTITION_STRATEGY_HASH" ? "hash" : "range";
  return { strategy, keys };
}

function partitionElement(element: PartitionElem, source: StatementText): IndexKeySpec {
  const { location, ...key } = element;
  return indexKeySpec(key, source.tokenAt(location), source);
}
