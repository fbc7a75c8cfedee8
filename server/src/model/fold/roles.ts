/** Names of roles in statements. */
import type { Node, RoleSpec } from "@pgsql/types";
import { defaultOwner } from "./newEntries.ts";

/** The names of roles, as grants and policies list them. */
export function rolesOf(nodes: readonly Node[] | undefined): string[] {
  const roles = (nodes ?? []).flatMap((node) => ("RoleSpec" in node ? [roleName(node.RoleSpec)] : []));
  return roles.length === 0 ? ["public"] : roles;
}

/** CURRENT_USER and its like are the role that runs the history. */
export function roleName(role: RoleSpec): string {
  if (role.roletype === "ROLESPEC_PUBLIC") return "public";
  return role.rolename ?? defaultOwner;
}
