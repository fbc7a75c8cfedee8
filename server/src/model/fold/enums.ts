/** Enum types: CREATE TYPE … AS ENUM, ADD VALUE, RENAME VALUE. */
import type { AlterEnumStmt, CreateEnumStmt } from "@pgsql/types";
import { changed, type Context, displayName } from "./context.ts";
import { grantDefaults } from "./grantDefaults.ts";
import { newType } from "./newEntries.ts";
import { rangeVarOf, stringsOf } from "./read/nodes.ts";
import { addType } from "./registry.ts";
import { isRelationNameTaken } from "./relationNames.ts";
import { findType } from "./types.ts";

export function createEnum(statement: CreateEnumStmt, ctx: Context): void {
  const name = rangeVarOf(stringsOf(statement.typeName));
  const place = ctx.source.wholeNamed(name.relname);
  const namespace = ctx.creationNamespace(name.schemaname, place.nameSpan);
  if (isRelationNameTaken(namespace, name, false, place.nameSpan, ctx)) return;
  const type = newType(namespace, name.relname ?? "", "enum", ctx.origins(place));
  type.values = stringsOf(statement.vals).map((value) => ({ kind: "enumValue", name: value }));
  addType(type);
  grantDefaults(type.acl, "types", namespace, ctx);
}

export function alterEnum(statement: AlterEnumStmt, ctx: Context): void {
  const path = stringsOf(statement.typeName);
  const place = ctx.source.wholeNamed(path.at(-1));
  const type = findType(path, ctx);
  if (type?.form !== "enum") {
    ctx.problem("sql-undefined-type", `Enum "${path.join(".")}" does not exist.`, place.nameSpan, "warning");
    return;
  }
  const { oldVal, newVal = "", newValNeighbor, newValIsAfter, skipIfNewValExists } = statement;
  const indexOf = (name: string): number => type.values.findIndex((value) => value.name === name);
  const isKnown = indexOf(newVal) >= 0;
  const noSuchValue = (name: string): void =>
    ctx.problem("sql-undefined-object", `'${name}' is no value of ${displayName(type.namespace, type.name)}.`, place.nameSpan);
  if (isKnown) {
    if (!skipIfNewValExists)
      ctx.problem("sql-duplicate-object", `${displayName(type.namespace, type.name)} has the value '${newVal}' already.`, place.nameSpan);
    return;
  }
  if (oldVal !== undefined) {
    const value = type.values[indexOf(oldVal)];
    if (value === undefined) return noSuchValue(oldVal);
    value.name = newVal;
  } else {
    const neighbor = newValNeighbor === undefined ? type.values.length - 1 : indexOf(newValNeighbor);
    if (neighbor < 0 && newValNeighbor !== undefined) return noSuchValue(newValNeighbor);
    const at = newValNeighbor === undefined || newValIsAfter ? neighbor + 1 : neighbor;
    type.values.splice(at, 0, { kind: "enumValue", name: newVal });
  }
  type.origins = changed(type.origins, ctx.origin(place));
}
