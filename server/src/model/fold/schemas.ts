/** Schemas, extensions, owners, and the settings of the session. */
import type { AlterOwnerStmt, CreateExtensionStmt, CreateSchemaStmt, Node, VariableSetStmt } from "@pgsql/types";
import type { Context } from "./context.ts";
import type { ExtensionEntry, TypeEntry } from "./entries.ts";
import { knownExtensions } from "./extensions.ts";
import { grantDefaults } from "./grantDefaults.ts";
import { entry, newType } from "./newEntries.ts";
import { optionsOf, pathOf, textOfConstant, textOfValue } from "./read/nodes.ts";
import { addType } from "./registry.ts";
import { roleName } from "./roles.ts";
import { routineNamed } from "./routineLookup.ts";
import { findType } from "./types.ts";

/** `fold` takes the statements inside: what they do not qualify goes into the new schema. */
export function createSchema(statement: CreateSchemaStmt, ctx: Context, fold: (tree: Node) => void): void {
  const name = statement.schemaname ?? statement.authrole?.rolename ?? "";
  const place = ctx.source.wholeNamed(name);
  const known = ctx.catalog.namespaces.get(name);
  if (known !== undefined) {
    if (known.isExternal) {
      known.isExternal = false;
      known.origins = ctx.origins(place);
    } else if (!statement.if_not_exists) ctx.problem("sql-duplicate-object", `Schema "${name}" exists already.`, place.nameSpan);
    return;
  }
  const namespace = ctx.catalog.addNamespace(name, ctx.origins(place));
  if (statement.authrole !== undefined) namespace.ownerRole = roleName(statement.authrole);
  grantDefaults(namespace.acl, "schemas", namespace, ctx);
  const { searchPath } = ctx;
  ctx.searchPath = [name, ...searchPath];
  for (const node of statement.schemaElts ?? []) fold(node);
  ctx.searchPath = searchPath;
}

export function createExtension(statement: CreateExtensionStmt, ctx: Context): void {
  const name = statement.extname ?? "";
  const place = ctx.source.wholeNamed(name);
  if (ctx.catalog.extensions.has(name)) {
    if (!statement.if_not_exists) ctx.problem("sql-duplicate-object", `Extension "${name}" exists already.`, place.nameSpan);
    return;
  }
  const options = optionsOf(statement.options);
  const schema = textOfValue(options.get("schema")?.arg);
  const isCascading = textOfValue(options.get("cascade")?.arg) === "true";
  addExtension(name, schema, isCascading, ctx);
}

function addExtension(name: string, schema: string | undefined, isCascading: boolean, ctx: Context): void {
  const place = ctx.source.wholeNamed(name);
  const known = knownExtensions.get(name);
  if (isCascading)
    for (const required of known?.requires ?? []) if (!ctx.catalog.extensions.has(required)) addExtension(required, schema, true, ctx);
  const namespace =
    known?.schema === "pg_catalog" ? ctx.catalog.namespaces.get("public") : ctx.creationNamespace(schema ?? known?.schema, place.nameSpan);
  // Every database has plpgsql; creating it again changes nothing.
  if (namespace === undefined || name === "plpgsql") return;
  const extension: ExtensionEntry = { kind: "extension", ...entry(name, ctx.origins(place)), namespace, types: [] };
  for (const type of known?.types ?? []) {
    if (namespace.types.has(type)) continue;
    const added: TypeEntry = newType(namespace, type, domains.has(type) ? "domain" : "base", extension.origins, { extension });
    addType(added);
    extension.types.push(added);
  }
  ctx.catalog.extensions.set(name, extension);
}

/** Types of extensions that are domains. */
const domains = new Set(["earth", "lo"]);

/** ALTER … OWNER TO, for what grants are listed of. */
export function alterOwner(statement: AlterOwnerStmt, ctx: Context): void {
  if (statement.newowner === undefined) return;
  const owned = ownedObject(statement, ctx);
  if (owned !== undefined) owned.ownerRole = roleName(statement.newowner);
}

function ownedObject(statement: AlterOwnerStmt, ctx: Context): { ownerRole: string } | undefined {
  const { object, objectType: kind } = statement;
  if (object === undefined) return undefined;
  if (kind === "OBJECT_SCHEMA") return ctx.catalog.namespaces.get(pathOf(object).at(-1) ?? "");
  if (kind === "OBJECT_TYPE" || kind === "OBJECT_DOMAIN") return findType(pathOf(object), ctx);
  return "ObjectWithArgs" in object ? routineNamed(object.ObjectWithArgs, ctx) : undefined;
}

/** SET and RESET: only the search path matters. */
export function setVariable(statement: VariableSetStmt, ctx: Context): void {
  if (statement.kind === "VAR_RESET_ALL") ctx.resetSearchPath();
  if (statement.name !== "search_path") return;
  if (statement.kind === "VAR_SET_VALUE")
    ctx.setSearchPath(
      (statement.args ?? []).flatMap((node) => textOfConstant(node) ?? []),
      statement.is_local ?? false,
    );
  else if (statement.kind === "VAR_RESET" || statement.kind === "VAR_SET_DEFAULT") ctx.resetSearchPath();
}

/** `SELECT set_config('search_path', '', false)`, as dumps begin. */
export function setConfig(args: readonly Node[], ctx: Context): void {
  const [name, value, isLocal] = args.map(textOfConstant);
  if (name?.toLowerCase() !== "search_path" || value === undefined) return;
  const names = value.split(",").flatMap((part) => {
    const trimmed = part.trim().replace(/^"(.*)"$/, "$1");
    return trimmed === "" ? [] : [trimmed];
  });
  ctx.setSearchPath(names, isLocal === "true" || isLocal === "t");
}
