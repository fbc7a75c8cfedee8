/** CREATE TABLE … (LIKE source INCLUDING …): columns always, the rest as asked. */
import { baseType } from "../pgTypes.ts";
import type { Origins } from "../schema.ts";
import { identitySequence, placeColumn } from "./columns.ts";
import { copyIndex } from "./constraints.ts";
import type { Context } from "./context.ts";
import type { ColumnEntry, TableEntry, TypeUse, ViewEntry } from "./entries.ts";
import { rebindExpression } from "./expressions.ts";
import { newColumn } from "./newEntries.ts";
import { Place } from "./read/place.ts";
import type { LikeSpec } from "./read/tableSpec.ts";
import { addConstraint } from "./registry.ts";
import { createOwnedSequence } from "./sequences.ts";
import { findType } from "./types.ts";

export interface LikeSource {
  readonly from: TableEntry | ViewEntry;
  readonly including: LikeSpec["including"];
  readonly origins: Origins;
}

/** Adds the source's columns with types, collations and NOT NULL. The rest follows once the table has all of its own. */
export function copyLikeColumns(table: TableEntry, spec: LikeSpec, ctx: Context): LikeSource[] {
  const origins = ctx.origins(new Place(spec.span, spec.span));
  const relation = ctx.relation(spec.like);
  if (relation?.kind === "table" || relation?.kind === "view") {
    if (relation.kind === "table" && !relation.isComplete) table.isComplete = false;
    for (const column of relation.columns.values()) placeColumn(table, copyOf(column, origins));
    return [{ from: relation, including: spec.including, origins }];
  }
  const type = findType([...(spec.like.schemaname === undefined ? [] : [spec.like.schemaname]), spec.like.relname ?? ""], ctx);
  if (type?.form === "composite") {
    for (const attribute of type.attributes) placeColumn(table, newColumn(attribute.name, origins, attribute.type));
    return [];
  }
  table.isComplete = false;
  ctx.tableToReference(spec.like);
  return [];
}

function copyOf(column: ColumnEntry, origins: Origins): ColumnEntry {
  const copy = newColumn(column.name, origins, column.type);
  copy.isNotNull = column.isNotNull;
  copy.collation = column.collation;
  return copy;
}

/** Defaults, checks, indexes and comments of the source, as far as they are asked for. */
export function copyLikeParts(table: TableEntry, like: LikeSource, ctx: Context): void {
  const { from, including } = like;
  for (const column of from.columns.values()) {
    const copy = table.columns.get(column.name);
    if (copy !== undefined) copyColumnParts(column, copy, table, like, ctx);
  }
  if (from.kind === "table" && including.has("constraints")) copyChecks(from, table, like);
  if (!including.has("indexes")) return;
  for (const index of from.indexes) {
    const copy = copyIndex(index, table, like.origins);
    if (including.has("comments")) {
      copy.comment = index.comment;
      if (copy.constraint !== undefined) copy.constraint.comment = index.constraint?.comment;
    }
  }
}

function copyColumnParts(column: ColumnEntry, copy: ColumnEntry, table: TableEntry, like: LikeSource, ctx: Context): void {
  const { from, including } = like;
  if (column.default !== undefined && including.has("defaults")) copy.default = rebindExpression(column.default, from, table);
  if (column.generated !== undefined && including.has("generated")) {
    copy.generated = { ...column.generated, expression: rebindExpression(column.generated.expression, from, table) };
  }
  if (column.identity !== undefined && including.has("identity")) {
    copy.identity = column.identity;
    // PostgreSQL copies the options of the sequence but not its type, which is then the default.
    const type: TypeUse = { entry: undefined, type: baseType("int8") };
    const sequence = createOwnedSequence(identitySequence(table, copy.name, type, [], ctx), table, copy, ctx);
    sequence.increment = column.sequences.find((own) => own.isIdentity)?.increment ?? sequence.increment;
  }
  if (including.has("comments")) copy.comment = column.comment;
}

function copyChecks(from: TableEntry, table: TableEntry, like: LikeSource): void {
  for (const constraint of from.constraints.values()) {
    if (constraint.kind !== "check" || table.constraints.has(constraint.name)) continue;
    addConstraint(table, {
      ...constraint,
      origins: like.origins,
      comment: like.including.has("comments") ? constraint.comment : undefined,
      table,
      expression: rebindExpression(constraint.expression, from, table),
      isLocal: true,
      inherited: 0,
    });
  }
}
