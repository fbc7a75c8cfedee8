/** Privileges as the model lists them: one entry an object, grantee and grant option. */
import { keyOf } from "../names.ts";
import { routineKey } from "../pgTypes.ts";
import type { Grant } from "../schema.ts";
import type { Catalog } from "./catalog.ts";
import { temporarySchema } from "./context.ts";
import type { Acl, NamespaceEntry } from "./entries.ts";
import { RareMap } from "./rare.ts";
import { typeOf } from "./types.ts";

/** Without what owners and, by default, everybody may do anyway. */
export function grantsOf(catalog: Catalog): Grant[] {
  const grants: Grant[] = [];
  for (const namespace of catalog.namespaces.values()) {
    if (namespace.name === temporarySchema) continue;
    addGrants(grants, "schema", namespace.name, aclOf(namespace), namespace.ownerRole);
    addRelationGrants(grants, namespace);
    for (const type of namespace.types.values())
      addGrants(grants, "type", keyOf(namespace.name, type.name), type.acl, type.ownerRole, "USAGE");
    for (const routine of [...namespace.routines.values()].flat()) {
      const key = routineKey(namespace.name, routine.name, routine.argumentTypes.map(typeOf));
      addGrants(grants, "routine", key, routine.acl, routine.ownerRole, "EXECUTE");
    }
  }
  for (const [name, acl] of catalog.databases) addGrants(grants, "database", name, acl, undefined, "CONNECT", "TEMPORARY");
  for (const { role, schema, objects, acl } of catalog.defaultAcls.values()) {
    const everybodys = objects === "functions" ? ["EXECUTE"] : objects === "types" ? ["USAGE"] : [];
    addGrants(grants, "default", keyOf(schema ?? "*", objects), acl, role, ...everybodys);
  }
  return grants;
}

/** Without USAGE for everybody on the schema that every new database has, as long as that is all. */
function aclOf({ acl, isInitial }: NamespaceEntry): Acl {
  const isUntouched = isInitial && [...(acl.get("public")?.privileges.keys() ?? [])].join() === "USAGE";
  if (!isUntouched) return acl;
  const others: Acl = new RareMap();
  for (const [grantee, held] of acl) if (grantee !== "public") others.set(grantee, held);
  return others;
}

function addRelationGrants(grants: Grant[], namespace: NamespaceEntry): void {
  for (const relation of namespace.relations.values()) {
    if (relation.kind === "index") continue;
    if (relation.acl.size === 0 && (relation.kind === "sequence" || !relation.hasColumnGrants)) continue;
    const key = keyOf(namespace.name, relation.name);
    addGrants(grants, relation.kind === "sequence" ? "sequence" : "table", key, relation.acl, relation.ownerRole);
    if (relation.kind === "sequence" || !relation.hasColumnGrants) continue;
    for (const column of relation.columns.values()) {
      if (column.acl !== undefined) addGrants(grants, "column", `${key}.${column.name}`, column.acl, relation.ownerRole);
    }
  }
}

function addGrants(
  grants: Grant[],
  objectKind: Grant["objectKind"],
  object: string,
  acl: Acl,
  owner: string | undefined,
  ...everybodys: readonly string[]
): void {
  if (acl.size === 0) return;
  for (const [grantee, { privileges, origins }] of acl) {
    if (grantee === owner) continue;
    for (const withGrantOption of [false, true]) {
      const held = [...privileges].flatMap(([privilege, isGrantable]) => (isGrantable === withGrantOption ? [privilege] : []));
      const listed = grantee === "public" ? held.filter((privilege) => !everybodys.includes(privilege)) : held;
      if (listed.length > 0) grants.push({ objectKind, object, grantee, privileges: listed.sort(), withGrantOption, origins });
    }
  }
}
