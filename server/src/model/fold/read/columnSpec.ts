/** What a column definition says, in CREATE TABLE, ADD COLUMN, or a composite type. */
import type { ColumnDef, Constraint, Node } from "@pgsql/types";
import type { Span } from "../../../text/span.ts";
import { type ConstraintSpec, constraintSpec } from "./constraintSpec.ts";
import { type ExpressionSpec, expressionSpec } from "./expressionSpec.ts";
import { stringsOf } from "./nodes.ts";
import { Place } from "./place.ts";
import type { StatementText } from "./statementText.ts";
import { type TypeSpec, typeSpec } from "./typeSpec.ts";

export interface ColumnSpec {
  readonly name: string;
  /** Undefined where the column exists already: partitions and typed tables restate some of it. */
  readonly type: TypeSpec | undefined;
  readonly collation: string | undefined;
  /** Stated, or following from serial, identity or a primary key. */
  readonly isNotNull: boolean;
  /** The name of the NOT NULL constraint, where it has been given one. */
  readonly notNullName: string | undefined;
  readonly default: ExpressionSpec | undefined;
  readonly identity: { readonly kind: "always" | "byDefault"; readonly options: readonly Node[] } | undefined;
  readonly generated: { readonly expression: ExpressionSpec; readonly isStored: boolean } | undefined;
  readonly constraints: readonly ConstraintSpec[];
  readonly place: Place;
}

/** The definition's tokens end before `end`; without it, at the next comma or closing parenthesis. */
export function columnSpec(definition: ColumnDef, source: StatementText, end?: number): ColumnSpec {
  const { tokens } = source;
  const start = source.tokenAt(definition.location);
  const clauses = clausesOf(definition, source, end ?? tokens.itemEnd(start));
  const nameSpan = source.span(start, 0);
  const reading: Reading = {
    source,
    column: { name: definition.colname ?? "", nameSpan },
    parts: { ...source.truncatedPart(start) },
    constraints: [],
    notNullName: undefined,
  };
  for (const clause of clauses) readClause(clause, reading);
  const type = definition.typeName === undefined ? undefined : typeSpec(definition.typeName);
  const itemEnd = end ?? tokens.itemEnd(start);
  if (type !== undefined) {
    const typeStart = source.tokenAt(type.location);
    reading.parts["type"] = source.span(typeStart, typeEnd(typeStart, clauses[0]?.start ?? itemEnd, definition, source));
  }
  return {
    name: definition.colname ?? "",
    type,
    collation: collationOf(stringsOf(definition.collClause?.collname)),
    isNotNull:
      (reading.isNotNull ?? false) ||
      type?.serial !== undefined ||
      reading.identity !== undefined ||
      reading.constraints.some((constraint) => constraint.kind === "primary"),
    notNullName: reading.notNullName,
    default: reading.default,
    identity: reading.identity,
    generated: reading.generated,
    constraints: reading.constraints,
    place: new Place(source.span(start, itemEnd), nameSpan, reading.parts),
  };
}

/** The collation's name without schema; `default` says nothing. */
export function collationOf(path: readonly string[]): string | undefined {
  const name = path.at(-1);
  return name === "default" ? undefined : name;
}

/** A constraint of the column with its tokens and the attributes (DEFERRABLE …) behind it. */
interface Clause {
  readonly constraint: Constraint;
  readonly start: number;
  readonly end: number;
  readonly deferral: { deferrable: boolean; initiallyDeferred: boolean };
}

function clausesOf(definition: ColumnDef, source: StatementText, itemEnd: number): Clause[] {
  const clauses: Clause[] = [];
  const starts = (definition.constraints ?? []).flatMap((node) =>
    "Constraint" in node && !isAttribute(node.Constraint) ? [source.tokenAt(node.Constraint.location)] : [],
  );
  if (definition.collClause !== undefined) starts.push(source.tokenAt(definition.collClause.location));
  starts.sort((a, b) => a - b);
  for (const node of definition.constraints ?? []) {
    if (!("Constraint" in node)) continue;
    const constraint = node.Constraint;
    const last = clauses.at(-1);
    if (!isAttribute(constraint)) {
      const start = source.tokenAt(constraint.location);
      const end = starts.find((other) => other > start) ?? itemEnd;
      clauses.push({ constraint, start, end, deferral: { deferrable: false, initiallyDeferred: false } });
    } else if (last !== undefined) {
      if (constraint.contype === "CONSTR_ATTR_DEFERRABLE") last.deferral.deferrable = true;
      // INITIALLY DEFERRED implies DEFERRABLE.
      if (constraint.contype === "CONSTR_ATTR_DEFERRED") last.deferral.deferrable = last.deferral.initiallyDeferred = true;
    }
  }
  return clauses;
}

function isAttribute(constraint: Constraint): boolean {
  return constraint.contype?.startsWith("CONSTR_ATTR_") ?? false;
}

interface Reading {
  readonly source: StatementText;
  readonly column: { readonly name: string; readonly nameSpan: Span };
  readonly parts: Record<string, Span>;
  readonly constraints: ConstraintSpec[];
  isNotNull?: boolean;
  notNullName: string | undefined;
  default?: ExpressionSpec;
  identity?: { kind: "always" | "byDefault"; options: readonly Node[] };
  generated?: { expression: ExpressionSpec; isStored: boolean };
}

function readClause(clause: Clause, reading: Reading): void {
  const { constraint, start, end } = clause;
  const { source, parts } = reading;
  switch (constraint.contype) {
    case "CONSTR_NOTNULL":
      reading.isNotNull = true;
      reading.notNullName = constraint.conname;
      parts["notNull"] = source.span(start, end);
      break;
    case "CONSTR_DEFAULT":
      if (constraint.raw_expr === undefined) break;
      reading.default = expressionSpec(
        constraint.raw_expr,
        source,
        source.span((source.tokens.find(start, end, "DEFAULT") ?? start) + 1, end),
      );
      parts["default"] = source.span(start, end);
      break;
    case "CONSTR_IDENTITY":
      reading.identity = { kind: constraint.generated_when === "a" ? "always" : "byDefault", options: constraint.options ?? [] };
      parts["identity"] = source.span(start, end);
      break;
    case "CONSTR_GENERATED": {
      if (constraint.raw_expr === undefined) break;
      const open = source.tokens.find(start, end, "(") ?? start;
      const expression = expressionSpec(constraint.raw_expr, source, source.span(open + 1, source.tokens.closing(open)));
      reading.generated = { expression, isStored: constraint.generated_kind !== "v" };
      parts["generated"] = source.span(start, end);
      break;
    }
    default: {
      const spec = constraintSpec(constraint, { start, end, column: reading.column }, clause.deferral, source);
      if (spec !== undefined) reading.constraints.push(spec);
    }
  }
}

/** Behind the type: at the first clause, COLLATE, or one of the words that may follow a type. */
function typeEnd(start: number, limit: number, definition: ColumnDef, source: StatementText): number {
  const { tokens } = source;
  const collate = definition.collClause === undefined ? limit : Math.min(limit, source.tokenAt(definition.collClause.location));
  for (let token = start + 1; token < collate; token = tokens.next(token)) {
    if (
      tokens.is(token, "USING") ||
      tokens.is(token, "STORAGE") ||
      tokens.is(token, "COMPRESSION") ||
      tokens.is(token, "OPTIONS") ||
      tokens.is(token, "COLLATE")
    )
      return token;
  }
  return collate;
}
