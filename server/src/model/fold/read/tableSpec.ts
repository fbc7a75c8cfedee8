/** What CREATE TABLE says: its elements in order, its parents, its partition key. */
import type { CreateStmt, Node, RangeVar, TableLikeClause, TypeName } from "@pgsql/types";
import type { Span } from "../../../text/span.ts";
import { type ColumnSpec, columnSpec } from "./columnSpec.ts";
import {
  type CheckSpec,
  type ConstraintSpec,
  constraintSpec,
  deferralOf,
  type ExclusionSpec,
  type ForeignKeySpec,
  type KeySpec,
  type NotNullSpec,
} from "./constraintSpec.ts";
import { type PartitionKeySpec, partitionKeySpec } from "./indexSpec.ts";
import { Place } from "./place.ts";
import type { StatementText } from "./statementText.ts";

export interface TableSpec {
  readonly name: RangeVar;
  readonly ifNotExists: boolean;
  readonly columns: readonly (ColumnSpec | LikeSpec)[];
  /** Those of columns too, in the order of the text; keys without repetitions, the primary one first. */
  readonly checks: readonly CheckSpec[];
  readonly keys: readonly IndexedSpec[];
  readonly foreignKeys: readonly ForeignKeySpec[];
  readonly notNulls: readonly NotNullSpec[];
  readonly parents: readonly RangeVar[];
  /** `FOR VALUES …` or `DEFAULT`; set for partitions only. */
  readonly bound: string | undefined;
  readonly partitionKey: PartitionKeySpec | undefined;
  readonly ofType: TypeName | undefined;
  readonly place: Place;
}

/** What an index stands behind. */
export type IndexedSpec = KeySpec | ExclusionSpec;

export interface LikeSpec {
  readonly like: RangeVar;
  readonly including: ReadonlySet<LikeOption>;
  readonly span: Span;
}

export type LikeOption = "comments" | "constraints" | "defaults" | "generated" | "identity" | "indexes";

export function tableSpec(statement: CreateStmt, source: StatementText): TableSpec {
  const name = statement.relation ?? {};
  const columns: (ColumnSpec | LikeSpec)[] = [];
  const constraints: ConstraintSpec[] = [];
  for (const node of statement.tableElts ?? []) {
    if ("ColumnDef" in node) {
      const column = columnSpec(node.ColumnDef, source);
      columns.push(column);
      constraints.push(...column.constraints);
    } else if ("TableLikeClause" in node) columns.push(likeSpec(node.TableLikeClause, source));
    else constraints.push(...ownConstraint(node, source));
  }
  const parents = (statement.inhRelations ?? []).flatMap((node) => ("RangeVar" in node ? [node.RangeVar] : []));
  const close = closingOfElements(name, parents, source);
  const nameToken = source.nameToken(name.location);
  const parts = { ...source.schemaPart(nameToken), ...source.truncatedPart(nameToken), ...(close === undefined ? {} : { close }) };
  return {
    name,
    ifNotExists: statement.if_not_exists ?? false,
    columns,
    checks: constraints.filter((spec) => spec.kind === "check"),
    keys: distinctKeys(
      constraints.filter((spec): spec is IndexedSpec => spec.kind === "primary" || spec.kind === "unique" || spec.kind === "exclusion"),
    ),
    foreignKeys: constraints.filter((spec) => spec.kind === "foreign"),
    notNulls: constraints.filter((spec) => spec.kind === "notNull"),
    parents,
    bound: statement.partbound === undefined ? undefined : boundText(source.tokenAt(parents[0]?.location), source),
    partitionKey: statement.partspec === undefined ? undefined : partitionKeySpec(statement.partspec, source),
    ofType: statement.ofTypename,
    place: new Place(source.span(0, source.tokens.count), source.span(nameToken, 0), parts),
  };
}

function ownConstraint(node: Node, source: StatementText): ConstraintSpec[] {
  if (!("Constraint" in node)) return [];
  const start = source.tokenAt(node.Constraint.location);
  const spec = constraintSpec(node.Constraint, { start, end: source.tokens.itemEnd(start) }, deferralOf(node.Constraint), source);
  return spec === undefined ? [] : [spec];
}

/** A key that repeats another one's columns is the same key; if only one of them is named, it has that name. */
function distinctKeys(keys: readonly IndexedSpec[]): IndexedSpec[] {
  const ordered = [...keys.filter((spec) => spec.kind === "primary"), ...keys.filter((spec) => spec.kind !== "primary")];
  const distinct: IndexedSpec[] = [];
  for (const spec of ordered) {
    const same = spec.kind === "unique" ? distinct.findIndex((other) => isSameKey(other, spec)) : -1;
    const prior = distinct[same];
    if (prior === undefined) distinct.push(spec);
    else if (prior.name === undefined && spec.name !== undefined) distinct[same] = { ...prior, name: spec.name };
  }
  return distinct;
}

function isSameKey(a: IndexedSpec, b: KeySpec): boolean {
  return a.kind !== "exclusion" && keyFacts(a) === keyFacts(b);
}

function keyFacts(key: KeySpec): string {
  return JSON.stringify([key.columns, key.include, key.nullsNotDistinct, key.deferrable, key.initiallyDeferred]);
}

/** Bits of TableLikeOption; INCLUDING ALL sets every one. */
const likeBits: Readonly<Record<LikeOption, number>> = {
  comments: 1,
  constraints: 4,
  defaults: 8,
  generated: 16,
  identity: 32,
  indexes: 64,
};

function likeSpec(clause: TableLikeClause, source: StatementText): LikeSpec {
  const options = clause.options ?? 0;
  const including = new Set<LikeOption>();
  for (const option of ["comments", "constraints", "defaults", "generated", "identity", "indexes"] as const) {
    if ((options & likeBits[option]) !== 0) including.add(option);
  }
  const start = Math.max(0, source.tokenAt(clause.relation?.location) - 1);
  return { like: clause.relation ?? {}, including, span: source.span(start, source.tokens.itemEnd(start)) };
}

/** The closing parenthesis of the list of columns and constraints; a partition may have none. */
function closingOfElements(name: RangeVar, parents: readonly RangeVar[], source: StatementText): Span | undefined {
  const { tokens } = source;
  let open = tokens.nameEnd(source.tokenAt(name.location));
  if (tokens.is(open, "PARTITION", "OF")) open = tokens.nameEnd(source.tokenAt(parents[0]?.location));
  else if (tokens.is(open, "OF")) open = tokens.nameEnd(open + 1);
  return tokens.is(open, "(") ? source.span(tokens.closing(open), 0) : undefined;
}

/** The partition bound behind the token `from`, with single spaces. */
export function boundText(from: number, source: StatementText): string {
  const { tokens } = source;
  const values = tokens.find(from, tokens.count, "FOR", "VALUES");
  if (values === undefined) return "DEFAULT";
  let end = values + 2;
  while (
    end < tokens.count &&
    !tokens.is(end, "PARTITION") &&
    !tokens.is(end, "USING") &&
    !tokens.is(end, "TABLESPACE") &&
    !(tokens.is(end, "WITH") && end > values + 2)
  )
    end = tokens.next(end);
  return source.slice(source.span(values, end)).replaceAll(/\s+/g, " ");
}
