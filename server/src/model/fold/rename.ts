/** ALTER … RENAME and ALTER … SET SCHEMA, for everything that has a name. */
import type { AlterObjectSchemaStmt, RenameStmt } from "@pgsql/types";
import type { Origins } from "../schema.ts";
import { changed, type Context, displayName } from "./context.ts";
import type { ColumnEntry, NamespaceEntry, Relation, TableEntry, TypeEntry, ViewEntry } from "./entries.ts";
import { noSuchColumn } from "./indexes.ts";
import { withDescendants } from "./inheritance.ts";
import { renameKey } from "./newEntries.ts";
import type { RareMap } from "./rare.ts";
import { pathOf, stringsOf } from "./read/nodes.ts";
import type { Place } from "./read/place.ts";
import {
  countConstraintName,
  moveRelation,
  moveRoutine,
  moveType,
  renameConstraint,
  renameRelation,
  renameRoutine,
  renameType,
} from "./registry.ts";
import { routineNamed } from "./routineLookup.ts";
import { sequencesOwnedBy } from "./sequences.ts";
import { findType } from "./types.ts";

export function rename(statement: RenameStmt, ctx: Context): void {
  const place = ctx.source.wholeNamed(statement.newname, Math.max(0, (ctx.source.tokens.find(0, ctx.source.tokens.count, "TO") ?? 0) + 1));
  const renamed = renameOne(statement, place, ctx);
  if (renamed !== undefined) renamed.origins = changed(renamed.origins, ctx.origin(place));
}

/** What was renamed; undefined when nothing was. */
function renameOne(statement: RenameStmt, place: Place, ctx: Context): { origins: Origins } | undefined {
  const { renameType: kind, newname = "", subname = "" } = statement;
  switch (kind) {
    case "OBJECT_TABLE":
    case "OBJECT_FOREIGN_TABLE":
    case "OBJECT_VIEW":
    case "OBJECT_MATVIEW":
    case "OBJECT_INDEX":
    case "OBJECT_SEQUENCE":
      return renameRelationTo(statement, newname, place, ctx);
    case "OBJECT_COLUMN":
      return renameColumn(statement, subname, newname, place, ctx);
    case "OBJECT_ATTRIBUTE":
      return renameAttribute(statement, subname, newname, ctx);
    case "OBJECT_TABCONSTRAINT":
      return renameTableConstraint(statement, subname, newname, place, ctx);
    case "OBJECT_DOMCONSTRAINT": {
      const type = findType(pathOf(statement.object), ctx);
      const check = type?.checks.find((candidate) => candidate.name === subname);
      if (type === undefined || check === undefined) return missing(`Constraint "${subname}"`, place, ctx);
      countConstraintName(type.namespace, subname, -1);
      countConstraintName(type.namespace, newname, 1);
      check.name = newname;
      return check;
    }
    case "OBJECT_TYPE":
    case "OBJECT_DOMAIN": {
      const path = pathOf(statement.object);
      const type = findType(path, ctx);
      if (type === undefined || type.form === "row") return missing(`Type "${path.join(".")}"`, place, ctx);
      if (isTaken(type.namespace, newname, place, ctx)) return undefined;
      renameType(type, newname);
      return type;
    }
    case "OBJECT_SCHEMA":
      return renameSchema(subname, newname, place, ctx);
    case "OBJECT_FUNCTION":
    case "OBJECT_PROCEDURE":
    case "OBJECT_ROUTINE":
    case "OBJECT_AGGREGATE": {
      if (statement.object === undefined || !("ObjectWithArgs" in statement.object)) return undefined;
      const routine = routineNamed(statement.object.ObjectWithArgs, ctx);
      if (routine === undefined) return missing(`Function ${stringsOf(statement.object.ObjectWithArgs.objname).join(".")}`, place, ctx);
      renameRoutine(routine, newname);
      return routine;
    }
    case "OBJECT_POLICY":
    case "OBJECT_TRIGGER":
      return renamePart(statement, kind, place, ctx);
    default:
      return undefined;
  }
}

function missing(what: string, place: Place, ctx: Context): undefined {
  ctx.problem("sql-undefined-object", `${what} does not exist.`, place.span, "warning");
  return undefined;
}

function isTaken(namespace: NamespaceEntry, name: string, place: Place, ctx: Context): boolean {
  if (!namespace.relations.has(name) && !namespace.types.has(name)) return false;
  ctx.problem("sql-duplicate-table", `Relation ${displayName(namespace, name)} exists already.`, place.nameSpan);
  return true;
}

/** A constraint follows its index; indexes and sequences of a table keep their names. */
function renameRelationTo(statement: RenameStmt, name: string, place: Place, ctx: Context): Relation | undefined {
  const relation = relationToRename(statement, ctx);
  if (relation === undefined || isTaken(relation.namespace, name, place, ctx)) return undefined;
  const { namespace, name: before } = relation;
  renameRelation(relation, name);
  ctx.noteDropped(namespace, before);
  if (relation.kind === "index" && relation.constraint !== undefined) {
    renameConstraint(relation.constraint.table, relation.constraint, name);
  }
  return relation;
}

/** A table that nothing created becomes an incomplete one under its new name. */
function relationToRename(statement: RenameStmt, ctx: Context): Relation | undefined {
  const name = statement.relation ?? {};
  const relation = ctx.relation(name);
  if (relation !== undefined || statement.missing_ok) return relation;
  const span = ctx.source.nameSpan(name.location);
  if (statement.renameType === "OBJECT_TABLE") return ctx.tableToChange(name);
  ctx.problem("sql-undefined-table", `Relation "${name.relname}" does not exist.`, span, "warning");
  return undefined;
}

function renameColumn(statement: RenameStmt, from: string, to: string, place: Place, ctx: Context): ColumnEntry | undefined {
  const name = statement.relation ?? {};
  const relation = ctx.relation(name);
  if (relation?.kind === "view") return renameColumnOf(relation, from, to);
  const table = ctx.tableToChange(name, statement.missing_ok);
  if (table === undefined) return undefined;
  if (table.columns.has(to)) {
    ctx.problem("sql-duplicate-column", `Column "${to}" of ${displayName(table.namespace, table.name)} exists already.`, place.nameSpan);
    return undefined;
  }
  const column = renameColumnOf(table, from, to);
  if (column === undefined) {
    if (table.isComplete) noSuchColumn(from, table, place.span, ctx);
    return undefined;
  }
  if (column.inherited > 0 && !name.inh) return column;
  for (const below of withDescendants(table))
    if (below !== table && (below.columns.get(from)?.inherited ?? 0) > 0) renameColumnOf(below, from, to);
  return column;
}

function renameColumnOf(relation: TableEntry | ViewEntry, from: string, to: string): ColumnEntry | undefined {
  const supposed = relation.kind === "table" ? relation.supposed.get(from) : undefined;
  if (supposed !== undefined && relation.kind === "table") {
    relation.supposed.delete(from);
    relation.supposed.set(to, supposed);
    supposed.name = to;
  }
  const column = relation.columns.get(from);
  if (column === undefined) return undefined;
  renameKey(relation.columns, from, to);
  column.name = to;
  return column;
}

function renameAttribute(statement: RenameStmt, from: string, to: string, ctx: Context): TypeEntry | undefined {
  const { schemaname, relname = "" } = statement.relation ?? {};
  const type = findType(schemaname === undefined ? [relname] : [schemaname, relname], ctx);
  const attribute = type?.attributes.find((candidate) => candidate.name === from);
  if (attribute !== undefined) attribute.name = to;
  return type;
}

/** The index of a key follows; so do the checks that partitions and children inherit. */
function renameTableConstraint(
  statement: RenameStmt,
  from: string,
  to: string,
  place: Place,
  ctx: Context,
): { origins: Origins } | undefined {
  const name = statement.relation ?? {};
  const table = ctx.tableToChange(name, statement.missing_ok);
  const constraint = table?.constraints.get(from);
  if (table === undefined || constraint === undefined) {
    if (table?.isComplete)
      ctx.problem(
        "sql-undefined-object",
        `Constraint "${from}" of ${displayName(table.namespace, table.name)} does not exist.`,
        place.span,
      );
    return undefined;
  }
  if (table.constraints.has(to)) {
    ctx.problem(
      "sql-duplicate-object",
      `Constraint "${to}" of ${displayName(table.namespace, table.name)} exists already.`,
      place.nameSpan,
    );
    return undefined;
  }
  if (constraint.kind === "primary" || constraint.kind === "unique" || constraint.kind === "exclusion") {
    if (isTaken(table.namespace, to, place, ctx)) return undefined;
    renameRelation(constraint.index, to);
  }
  renameConstraint(table, constraint, to);
  if (constraint.kind !== "check") return constraint;
  for (const below of withDescendants(table)) {
    const inherited = below === table ? undefined : below.constraints.get(from);
    if (inherited?.kind === "check" && inherited.inherited > 0) renameConstraint(below, inherited, to);
  }
  return constraint;
}

function renameSchema(from: string, to: string, place: Place, ctx: Context): NamespaceEntry | undefined {
  const { namespaces } = ctx.catalog;
  const namespace = namespaces.get(from);
  if (namespace === undefined) return missing(`Schema "${from}"`, place, ctx);
  if (namespaces.has(to)) {
    ctx.problem("sql-duplicate-object", `Schema "${to}" exists already.`, place.nameSpan);
    return undefined;
  }
  ctx.catalog.renameNamespace(namespace, to);
  return namespace;
}

function renamePart(
  statement: RenameStmt,
  kind: "OBJECT_POLICY" | "OBJECT_TRIGGER",
  place: Place,
  ctx: Context,
): { origins: Origins } | undefined {
  const relation = ctx.relation(statement.relation ?? {});
  if (relation?.kind !== "table" && relation?.kind !== "view") return missing(`Relation "${statement.relation?.relname}"`, place, ctx);
  if (kind === "OBJECT_TRIGGER") return renameIn(relation.triggers, statement, place, ctx);
  return relation.kind === "table" ? renameIn(relation.policies, statement, place, ctx) : undefined;
}

function renameIn<T extends { name: string; origins: Origins }>(
  parts: RareMap<string, T>,
  statement: RenameStmt,
  place: Place,
  ctx: Context,
): T | undefined {
  const { subname: from = "", newname: to = "", missing_ok: isMissingOk = false } = statement;
  const part = parts.get(from);
  if (part === undefined) return isMissingOk ? undefined : missing(`"${from}" of "${statement.relation?.relname}"`, place, ctx);
  if (parts.has(to)) {
    ctx.problem("sql-duplicate-object", `"${to}" of "${statement.relation?.relname}" exists already.`, place.nameSpan);
    return undefined;
  }
  renameKey(parts, from, to);
  part.name = to;
  return part;
}

export function setSchema(statement: AlterObjectSchemaStmt, ctx: Context): void {
  const place = ctx.source.wholeNamed(statement.newschema, Math.max(0, ctx.source.tokens.count - 1));
  const to = ctx.namespace(statement.newschema ?? "", place.nameSpan);
  const moved = moveOne(statement, to, place, ctx);
  if (moved !== undefined) moved.origins = changed(moved.origins, ctx.origin(place));
}

function moveOne(statement: AlterObjectSchemaStmt, to: NamespaceEntry, place: Place, ctx: Context): { origins: Origins } | undefined {
  const { object, objectType: kind } = statement;
  if (statement.relation !== undefined) {
    const name = statement.relation;
    const relation = kind === "OBJECT_TABLE" ? (ctx.relation(name) ?? ctx.tableToChange(name, statement.missing_ok)) : ctx.relation(name);
    if (relation === undefined || relation.namespace === to || isTaken(to, relation.name, place, ctx)) return undefined;
    const sequences =
      relation.kind === "table" ? [...relation.columns.values()].flatMap((column) => sequencesOwnedBy(relation, column)) : [];
    const { namespace, name: before } = relation;
    moveRelation(relation, to, sequences);
    ctx.noteDropped(namespace, before);
    return relation;
  }
  if (kind === "OBJECT_TYPE" || kind === "OBJECT_DOMAIN") {
    const type = findType(pathOf(object), ctx);
    if (type === undefined || type.form === "row") return missing(`Type "${pathOf(object).join(".")}"`, place, ctx);
    moveType(type, to);
    return type;
  }
  if (kind === "OBJECT_EXTENSION") {
    const extension = ctx.catalog.extensions.get(pathOf(object).at(-1) ?? "");
    if (extension === undefined) return undefined;
    extension.namespace = to;
    for (const type of extension.types) moveType(type, to);
    return extension;
  }
  if (object === undefined || !("ObjectWithArgs" in object)) return undefined;
  const routine = routineNamed(object.ObjectWithArgs, ctx);
  if (routine === undefined) return missing(`Function ${stringsOf(object.ObjectWithArgs.objname).join(".")}`, place, ctx);
  moveRoutine(routine, to);
  return routine;
}
