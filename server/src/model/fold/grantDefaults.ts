/** Privileges that new objects have from the start, by ALTER DEFAULT PRIVILEGES. */
import type { Origins } from "../schema.ts";
import type { Context } from "./context.ts";
import type { Acl, DefaultAcl, NamespaceEntry } from "./entries.ts";
import { defaultOwner } from "./newEntries.ts";

/** Adds what the database's and the schema's default privileges give a new object of the role that runs the history. */
export function grantDefaults(acl: Acl, objects: DefaultAcl["objects"], namespace: NamespaceEntry, ctx: Context): void {
  if (ctx.catalog.defaultAcls.size === 0) return;
  for (const schema of [undefined, namespace.name]) {
    const defaults = ctx.catalog.defaultAcls.get(defaultAclKey(defaultOwner, schema, objects));
    for (const [grantee, { privileges, origins }] of defaults?.acl ?? []) {
      const own = acl.get(grantee) ?? { privileges: new Map<string, boolean>(), origins };
      for (const [privilege, isGrantable] of privileges)
        own.privileges.set(privilege, isGrantable || (own.privileges.get(privilege) ?? false));
      acl.set(grantee, own);
    }
  }
}

/**
 * What everybody may do with a new object without being told: unless the defaults of the database say otherwise, which
 * stand in its place. https://www.postgresql.org/docs/current/ddl-priv.html
 */
export function grantToPublic(acl: Acl, privilege: string, objects: DefaultAcl["objects"], origins: Origins, ctx: Context): void {
  if (ctx.catalog.defaultAcls.has(defaultAclKey(defaultOwner, undefined, objects))) return;
  acl.set("public", { privileges: new Map([[privilege, false]]), origins });
}

export function defaultAclKey(role: string, schema: string | undefined, objects: DefaultAcl["objects"]): string {
  return JSON.stringify([role, schema, objects]);
}
