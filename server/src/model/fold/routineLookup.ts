/** Finding routines: by name alone, as expressions and triggers name them, or with their argument types. */
import type { ObjectWithArgs } from "@pgsql/types";
import { isSameTypeName } from "../pgTypes.ts";
import type { PgType } from "../schema.ts";
import type { Context } from "./context.ts";
import type { RoutineEntry } from "./entries.ts";
import { stringsOf } from "./read/nodes.ts";
import { typeSpec } from "./read/typeSpec.ts";
import { resolveType, typeOf } from "./types.ts";

/** A routine of that name that the history defines; which of several overloads is left open. */
export function findRoutine(path: readonly string[], ctx: Context): RoutineEntry | undefined {
  return findRoutines(path, ctx)[0];
}

/** All overloads in the first schema that has any. */
export function findRoutines(path: readonly string[], ctx: Context): readonly RoutineEntry[] {
  const name = path.at(-1) ?? "";
  const schema = path.at(-2);
  if (schema !== undefined) return ctx.catalog.namespaces.get(schema)?.routines.get(name) ?? [];
  for (const namespace of ctx.lookupPath()) {
    const routines = namespace.routines.get(name);
    if (routines !== undefined) return routines;
  }
  return [];
}

/** The routine that DROP, ALTER, COMMENT or GRANT names: by its input types where they are given. */
export function routineNamed(object: ObjectWithArgs, ctx: Context): RoutineEntry | undefined {
  const overloads = findRoutines(stringsOf(object.objname), ctx);
  if (object.args_unspecified || overloads.length === 0) return overloads.length === 1 ? overloads[0] : undefined;
  const types = (object.objargs ?? []).flatMap((node) =>
    "TypeName" in node ? [typeOf(resolveType(typeSpec(node.TypeName), ctx, false))] : [],
  );
  return overloads.find((routine) => hasArguments(routine, types));
}

/** Whether the routine's signature consists of these types; modifiers are no part of it. */
export function hasArguments(routine: RoutineEntry, types: readonly PgType[]): boolean {
  const own = routine.argumentTypes;
  return own.length === types.length && own.every((use, i) => isSameArgument(typeOf(use), types[i]));
}

function isSameArgument(a: PgType, b: PgType | undefined): boolean {
  return b !== undefined && isSameTypeName(a, b);
}
