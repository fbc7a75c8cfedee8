/** Privileges that new objects have from the start, by ALTER DEFAULT PRIVILEGES. */
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

export function defaultAclKey(role: string, schema: string | undefined, objects: DefaultAcl["objects"]): string {
  return JSON.stringify([role, schema, objects]);
}
