/** Composite types: CREATE TYPE … AS (…) and changes to their attributes. */
import type { CompositeTypeStmt, RangeVar } from "@pgsql/types";
import type { Span } from "../../text/span.ts";
import { changed, type Context, displayName } from "./context.ts";
import type { TypeEntry, TypeUse } from "./entries.ts";
import { newType } from "./newEntries.ts";
import type { AlterCommand } from "./read/alterSpec.ts";
import { typeSpec } from "./read/typeSpec.ts";
import { addType } from "./registry.ts";
import { isRelationNameTaken } from "./relationNames.ts";
import { findType, resolveType } from "./types.ts";

export function createCompositeType(statement: CompositeTypeStmt, ctx: Context): void {
  const name = statement.typevar ?? {};
  const place = ctx.source.whole(name.location);
  const namespace = ctx.creationNamespace(name.schemaname, place.nameSpan);
  if (isRelationNameTaken(namespace, name, false, place.nameSpan, ctx)) return;
  const type = newType(namespace, name.relname ?? "", "composite", ctx.origins(place));
  for (const node of statement.coldeflist ?? []) {
    if (!("ColumnDef" in node) || node.ColumnDef.typeName === undefined) continue;
    addAttribute(type, node.ColumnDef.colname ?? "", resolveType(typeSpec(node.ColumnDef.typeName), ctx));
  }
  addType(type);
}

function addAttribute(composite: TypeEntry, name: string, type: TypeUse): void {
  type.entry?.usedBy.add(composite);
  composite.attributes.push({ name, type });
}

/** One command of ALTER TYPE … ADD, DROP or ALTER ATTRIBUTE. */
export function alterAttribute(name: RangeVar, { command, column, type: newType, place }: AlterCommand, ctx: Context): void {
  const type = findType([...(name.schemaname === undefined ? [] : [name.schemaname]), name.relname ?? ""], ctx);
  if (type?.form !== "composite") {
    if (command.subtype !== "AT_ChangeOwner")
      ctx.problem("sql-undefined-type", `Composite type "${name.relname}" does not exist.`, ctx.source.nameSpan(name.location), "warning");
    return;
  }
  type.origins = changed(type.origins, ctx.origin(place));
  if (command.subtype === "AT_AddColumn" && column?.type !== undefined) {
    addAttribute(type, column.name, resolveType(column.type, ctx));
  } else if (command.subtype === "AT_DropColumn") {
    if (!hasAttribute(type, command.name) && !command.missing_ok) noSuchAttribute(type, command.name, place.nameSpan, ctx);
    type.attributes = type.attributes.filter((attribute) => attribute.name !== command.name);
  } else if (command.subtype === "AT_AlterColumnType" && newType !== undefined) {
    if (!hasAttribute(type, command.name)) noSuchAttribute(type, command.name, place.nameSpan, ctx);
    const use = resolveType(newType.spec, ctx);
    use.entry?.usedBy.add(type);
    for (const attribute of type.attributes) if (attribute.name === command.name) attribute.type = use;
  }
}

function hasAttribute(type: TypeEntry, name: string | undefined): boolean {
  return type.attributes.some((attribute) => attribute.name === name);
}

function noSuchAttribute(type: TypeEntry, name: string | undefined, span: Span, ctx: Context): void {
  ctx.problem("sql-undefined-column", `Attribute "${name}" of type ${displayName(type.namespace, type.name)} does not exist.`, span);
}
