/** What the constraints of CREATE TABLE, ALTER TABLE and domains say. */
import type { Constraint, RangeVar } from "@pgsql/types";
import type { Span } from "../../../text/span.ts";
import type { ReferentialAction } from "../../schema.ts";
import { type ExpressionSpec, expressionSpec } from "./expressionSpec.ts";
import { type IndexKeySpec, indexKeySpec } from "./indexSpec.ts";
import { itemsOf, stringsOf } from "./nodes.ts";
import { type Parts, Place } from "./place.ts";
import type { StatementText } from "./statementText.ts";

interface ConstraintBase {
  /** Undefined when PostgreSQL is to generate one. */
  readonly name: string | undefined;
  readonly place: Place;
}

interface Deferrability {
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
}

export interface KeySpec extends ConstraintBase, Deferrability {
  readonly kind: "primary" | "unique";
  readonly columns: readonly string[];
  readonly include: readonly string[];
  readonly nullsNotDistinct: boolean;
  /** ADD CONSTRAINT … USING INDEX. */
  readonly usingIndex: string | undefined;
}

export interface ForeignKeySpec extends ConstraintBase, Deferrability {
  readonly kind: "foreign";
  readonly columns: readonly string[];
  readonly target: RangeVar;
  /** Empty means the target's primary key. */
  readonly targetColumns: readonly string[];
  readonly onDelete: ReferentialAction;
  readonly onUpdate: ReferentialAction;
  readonly onDeleteStated: boolean;
  readonly onDeleteSetColumns: readonly string[] | undefined;
  readonly match: "simple" | "full";
  readonly isValidated: boolean;
}

export interface CheckSpec extends ConstraintBase {
  readonly kind: "check";
  readonly expression: ExpressionSpec;
  readonly noInherit: boolean;
  readonly isValidated: boolean;
}

export interface ExclusionSpec extends ConstraintBase, Deferrability {
  readonly kind: "exclusion";
  readonly method: string;
  readonly elements: readonly { readonly key: IndexKeySpec; readonly operator: string }[];
  readonly include: readonly string[];
  readonly predicate: ExpressionSpec | undefined;
}

/** NOT NULL as a constraint of the table, since PostgreSQL 18. */
export interface NotNullSpec extends ConstraintBase {
  readonly kind: "notNull";
  readonly columns: readonly string[];
}

export type ConstraintSpec = KeySpec | ForeignKeySpec | CheckSpec | ExclusionSpec | NotNullSpec;

/** Tokens of a constraint's text; what an unnamed one underlines; the column it stands at, if any. */
export interface ConstraintPlace {
  readonly start: number;
  readonly end: number;
  readonly column?: { readonly name: string; readonly nameSpan: Span };
}

/** Undefined for what is no constraint of its own: a column's DEFAULT and the like, attributes. */
export function constraintSpec(
  constraint: Constraint,
  at: ConstraintPlace,
  deferral: Deferrability,
  source: StatementText,
): ConstraintSpec | undefined {
  const { contype } = constraint;
  const column = at.column === undefined ? undefined : [at.column.name];
  if (contype === "CONSTR_PRIMARY" || contype === "CONSTR_UNIQUE") {
    return {
      kind: contype === "CONSTR_PRIMARY" ? "primary" : "unique",
      name: constraint.conname,
      place: placeOf(constraint, at, source),
      columns: column ?? stringsOf(constraint.keys),
      include: stringsOf(constraint.including),
      nullsNotDistinct: constraint.nulls_not_distinct ?? false,
      usingIndex: constraint.indexname,
      ...deferral,
    };
  }
  if (contype === "CONSTR_FOREIGN") return foreignKeySpec(constraint, column ?? stringsOf(constraint.fk_attrs), at, deferral, source);
  if (contype === "CONSTR_CHECK" && constraint.raw_expr !== undefined) {
    const { tokens } = source;
    const open = tokens.find(at.start, at.end, "(") ?? at.start;
    return {
      kind: "check",
      name: constraint.conname,
      place: placeOf(constraint, at, source),
      expression: expressionSpec(constraint.raw_expr, source, source.span(open + 1, tokens.closing(open))),
      noInherit: constraint.is_no_inherit ?? false,
      isValidated: !(constraint.skip_validation ?? false),
    };
  }
  if (contype === "CONSTR_NOTNULL")
    return {
      kind: "notNull",
      name: constraint.conname,
      place: placeOf(constraint, at, source),
      columns: column ?? stringsOf(constraint.keys),
    };
  if (contype === "CONSTR_EXCLUSION") return exclusionSpec(constraint, at, deferral, source);
  return undefined;
}

/** The deferral a constraint of its own states; a column's constraint gets it from the attributes behind it. */
export function deferralOf(constraint: Constraint): Deferrability {
  return { deferrable: constraint.deferrable ?? false, initiallyDeferred: constraint.initdeferred ?? false };
}

const actions: ReadonlyMap<string | undefined, ReferentialAction> = new Map([
  ["a", "noAction"],
  ["r", "restrict"],
  ["c", "cascade"],
  ["n", "setNull"],
  ["d", "setDefault"],
]);

function foreignKeySpec(
  constraint: Constraint,
  columns: readonly string[],
  at: ConstraintPlace,
  deferral: Deferrability,
  source: StatementText,
): ForeignKeySpec {
  const onDelete = actionSpan("DELETE", at, source);
  const onUpdate = actionSpan("UPDATE", at, source);
  const parts = { ...(onDelete === undefined ? {} : { onDelete }), ...(onUpdate === undefined ? {} : { onUpdate }) };
  const setColumns = stringsOf(constraint.fk_del_set_cols);
  return {
    kind: "foreign",
    name: constraint.conname,
    place: placeOf(constraint, at, source, parts),
    columns,
    target: constraint.pktable ?? {},
    targetColumns: stringsOf(constraint.pk_attrs),
    onDelete: actions.get(constraint.fk_del_action) ?? "noAction",
    onUpdate: actions.get(constraint.fk_upd_action) ?? "noAction",
    onDeleteStated: onDelete !== undefined,
    onDeleteSetColumns: setColumns.length === 0 ? undefined : setColumns,
    match: constraint.fk_matchtype === "f" ? "full" : "simple",
    isValidated: !(constraint.skip_validation ?? false),
    ...deferral,
  };
}

/** `ON DELETE SET NULL (author_id)`, the whole clause. */
function actionSpan(event: "DELETE" | "UPDATE", at: ConstraintPlace, source: StatementText): Span | undefined {
  const { tokens } = source;
  const on = tokens.find(at.start, at.end, "ON", event);
  if (on === undefined) return undefined;
  const isTwoWords = tokens.is(on + 2, "NO") || tokens.is(on + 2, "SET");
  const end = on + (isTwoWords ? 4 : 3);
  return source.span(on, isTwoWords && tokens.is(end, "(") ? tokens.next(end) : end);
}

function exclusionSpec(constraint: Constraint, at: ConstraintPlace, deferral: Deferrability, source: StatementText): ExclusionSpec {
  const { tokens } = source;
  const open = tokens.find(at.start, at.end, "(") ?? at.start;
  let token = open + 1;
  const elements: { key: IndexKeySpec; operator: string }[] = [];
  for (const node of constraint.exclusions ?? []) {
    const [element, operator] = itemsOf(node);
    if (element !== undefined && "IndexElem" in element) {
      elements.push({ key: indexKeySpec(element.IndexElem, token, source), operator: stringsOf(itemsOf(operator)).at(-1) ?? "" });
    }
    token = tokens.itemEnd(token) + 1;
  }
  const where = tokens.find(tokens.next(open), at.end, "WHERE") ?? at.end;
  const { where_clause: predicate } = constraint;
  return {
    kind: "exclusion",
    name: constraint.conname,
    place: placeOf(constraint, at, source),
    method: constraint.access_method ?? "gist",
    elements,
    include: stringsOf(constraint.including),
    predicate: predicate === undefined ? undefined : expressionSpec(predicate, source, source.span(where + 2, tokens.closing(where + 1))),
    ...deferral,
  };
}

/** A finding on an unnamed constraint underlines its column, or its first words. */
function placeOf(constraint: Constraint, at: ConstraintPlace, source: StatementText, parts?: Parts): Place {
  const span = source.span(at.start, at.end);
  if (constraint.conname !== undefined) {
    const name = source.span(at.start + 1, 0);
    return new Place(span, name, { ...parts, ...source.truncatedPart(at.start + 1), name });
  }
  if (at.column !== undefined) return new Place(span, at.column.nameSpan, parts);
  const isTwoWords = constraint.contype === "CONSTR_FOREIGN" || constraint.contype === "CONSTR_PRIMARY";
  return new Place(span, source.span(at.start, at.start + (isTwoWords ? 2 : 1)), parts);
}
