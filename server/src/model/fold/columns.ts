/** Columns: what a definition makes of them in a table and in everything that inherits from it. */
import type { Node } from "@pgsql/types";
import { canonicalNode } from "../../sql/canonical.ts";
import { baseType, isSameType } from "../pgTypes.ts";
import type { Context } from "./context.ts";
import type { ColumnEntry, ExpressionEntry, TableEntry, TypeUse } from "./entries.ts";
import { bindExpression } from "./expressions.ts";
import { newColumn, unknownUse } from "./newEntries.ts";
import type { ColumnSpec } from "./read/columnSpec.ts";
import type { ExpressionSpec } from "./read/expressionSpec.ts";
import { typeSpec } from "./read/typeSpec.ts";
import { createOwnedSequence, nextvalOf, type PlannedSequence, planSequence } from "./sequences.ts";
import { resolveType, typeOf, withoutDomains } from "./types.ts";

/** The column as the definition alone states it: no default yet, which may need other columns. */
export function columnFrom(spec: ColumnSpec, ctx: Context): ColumnEntry {
  const type = spec.type === undefined ? unknownUse : resolveType(spec.type, ctx);
  const column = newColumn(spec.name, ctx.origins(spec.place), type);
  column.isNotNull = spec.isNotNull;
  column.notNullName = spec.notNullName;
  column.collation = spec.collation;
  return column;
}

/** Puts the column into the table; one that something referred to already keeps its identity. */
export function placeColumn(table: TableEntry, column: ColumnEntry): ColumnEntry {
  const supposed = table.supposed.get(column.name);
  const placed = supposed === undefined ? column : Object.assign(supposed, column);
  if (supposed !== undefined) table.supposed.delete(column.name);
  table.columns.set(column.name, placed);
  placed.type.entry?.usedBy.add(table);
  return placed;
}

/** The sequence a serial or identity column needs. Names are taken before the table exists. */
export function plannedSequence(
  spec: ColumnSpec,
  table: Pick<TableEntry, "namespace" | "name">,
  ctx: Context,
): PlannedSequence | undefined {
  if (spec.type?.serial !== undefined)
    return planSequence(table.namespace, table.name, spec.name, baseType(spec.type.serial), [], false, ctx);
  if (spec.identity === undefined) return undefined;
  const type = spec.type === undefined ? unknownUse : resolveType(spec.type, ctx, false);
  return identitySequence(table, spec.name, type, spec.identity.options, ctx);
}

export function identitySequence(
  table: Pick<TableEntry, "namespace" | "name">,
  column: string,
  type: TypeUse,
  options: readonly Node[],
  ctx: Context,
): PlannedSequence {
  return planSequence(table.namespace, table.name, column, typeOf(withoutDomains(type)), options, true, ctx);
}

/**
 * The default as the catalog keeps it. DEFAULT NULL is none, except where the type checks even that: domains, and
 * types with a length or a precision.
 */
export function defaultOf(type: TypeUse, spec: ExpressionSpec, table: TableEntry, ctx: Context): ExpressionEntry | undefined {
  const isNothing = isNull(spec.node, type, ctx) && type.type.modifiers.length === 0 && type.entry?.form !== "domain";
  return isNothing ? undefined : bindExpression(typedLiteral(spec, type), table, ctx, type);
}

const typedSpecs = new WeakMap<ExpressionSpec, Map<string, ExpressionSpec>>();

/** A string is read as a value of the column's type and kept as that prints it: `'t'` is true, `'0.00'` of a float 0. */
function typedLiteral(spec: ExpressionSpec, type: TypeUse): ExpressionSpec {
  const text = "A_Const" in spec.node ? spec.node.A_Const.sval?.sval : undefined;
  const { schema, name, isArray } = typeOf(withoutDomains(type));
  if (!("A_Const" in spec.node) || spec.node.A_Const.sval === undefined || schema !== "pg_catalog") return spec;
  const known = typedSpecs.get(spec) ?? new Map<string, ExpressionSpec>();
  typedSpecs.set(spec, known);
  const key = isArray ? `${name}[]` : name;
  let typed = known.get(key);
  if (typed === undefined) {
    const arg: Node = name === "bytea" ? { A_Const: { sval: { sval: byteString(text ?? "") } } } : spec.node;
    const cast: Node = {
      TypeCast: {
        arg,
        typeName: { names: [{ String: { sval: name } }], ...(isArray ? { arrayBounds: [{ Integer: { ival: -1 } }] } : {}) },
      },
    };
    typed = { ...spec, expression: { ...spec.expression, canonical: canonicalNode(cast) } };
    known.set(key, typed);
  }
  return typed;
}

/** Bytes as PostgreSQL prints them: in hexadecimal. Those written with escapes stay as they are. */
function byteString(text: string): string {
  return text.includes("\\") ? text : `\\x${Buffer.from(text).toString("hex")}`;
}

/** NULL, or NULL cast to the type. */
function isNull(node: Node, type: TypeUse, ctx: Context): boolean {
  if ("A_Const" in node) return node.A_Const.isnull === true;
  if (!("TypeCast" in node) || node.TypeCast.arg === undefined || node.TypeCast.typeName === undefined) return false;
  const cast = typeOf(resolveType(typeSpec(node.TypeCast.typeName), ctx, false));
  return isSameType(cast, typeOf(type)) && isNull(node.TypeCast.arg, type, ctx);
}

/** Default, generation and sequence of a column that stands in its table. */
export function completeColumn(
  column: ColumnEntry,
  spec: ColumnSpec,
  sequence: PlannedSequence | undefined,
  table: TableEntry,
  ctx: Context,
): void {
  if (spec.default !== undefined) column.default = defaultOf(column.type, spec.default, table, ctx);
  if (spec.generated !== undefined) {
    column.generated = { expression: bindExpression(spec.generated.expression, table, ctx), isStored: spec.generated.isStored };
  }
  if (sequence === undefined) return;
  const owned = createOwnedSequence(sequence, table, column, ctx);
  if (spec.identity === undefined) column.default = nextvalOf(owned, table);
  else column.identity = spec.identity.kind;
}

/** A column like `column` for a table that inherits it. Identity stays with the parent: partitions share it only since PostgreSQL 17. */
export function inheritedColumn(column: ColumnEntry, parent: TableEntry): ColumnEntry {
  return {
    ...column,
    origins: [{ kind: "implied", by: `${parent.namespace.name}.${parent.name}.${column.name}` }],
    comment: undefined,
    identity: undefined,
    isLocal: false,
    inherited: 1,
    sequences: [],
    acl: undefined,
  };
}
