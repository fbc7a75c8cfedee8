/** GRANT, REVOKE and ALTER DEFAULT PRIVILEGES, and who owns what: owners need no grants. */
import type { AccessPriv, AlterDefaultPrivilegesStmt, GrantStmt, Node } from "@pgsql/types";
import type { Origins } from "../schema.ts";
import type { Context } from "./context.ts";
import type { Acl, DefaultAcl, NamespaceEntry, Relation } from "./entries.ts";
import { defaultAclKey } from "./grantDefaults.ts";
import { defaultOwner } from "./newEntries.ts";
import { RareMap } from "./rare.ts";
import { optionsOf, pathOf, stringOf, stringsOf } from "./read/nodes.ts";
import { roleName, rolesOf } from "./roles.ts";
import { routineNamed } from "./routineLookup.ts";
import { findType } from "./types.ts";

/** What ALL PRIVILEGES means. MAINTAIN came with PostgreSQL 17 and is left out. */
const allPrivileges = {
  table: ["DELETE", "INSERT", "REFERENCES", "SELECT", "TRIGGER", "TRUNCATE", "UPDATE"],
  column: ["INSERT", "REFERENCES", "SELECT", "UPDATE"],
  sequence: ["SELECT", "UPDATE", "USAGE"],
  routine: ["EXECUTE"],
  schema: ["CREATE", "USAGE"],
  type: ["USAGE"],
  database: ["CONNECT", "CREATE", "TEMPORARY"],
} as const;

type Granted = keyof typeof allPrivileges;

/** One list of privileges that a statement changes. */
interface Holder {
  readonly kind: Granted;
  readonly acl: Acl;
  readonly columns?: (name: string) => Acl | undefined;
}

export function grant(statement: GrantStmt, ctx: Context): void {
  const change = changeOf(statement, ctx.origins(ctx.source.whole(0)));
  for (const holder of holdersOf(statement, ctx)) apply(change, holder);
}

function holdersOf(statement: GrantStmt, ctx: Context): Holder[] {
  const objects = statement.objects ?? [];
  if (statement.targtype === "ACL_TARGET_ALL_IN_SCHEMA") {
    return objects.flatMap((node) => {
      const namespace = ctx.catalog.namespaces.get(stringOf(node) ?? "");
      return namespace === undefined ? [] : holdersIn(namespace, statement.objtype ?? "");
    });
  }
  return objects.flatMap((node) => holderOf(statement.objtype ?? "", node, ctx) ?? []);
}

function holdersIn(namespace: NamespaceEntry, kind: string): Holder[] {
  if (kind === "OBJECT_FUNCTION" || kind === "OBJECT_PROCEDURE" || kind === "OBJECT_ROUTINE") {
    const wanted =
      kind === "OBJECT_FUNCTION"
        ? ["function", "aggregate"]
        : kind === "OBJECT_PROCEDURE"
          ? ["procedure"]
          : ["function", "aggregate", "procedure"];
    return [...namespace.routines.values()]
      .flat()
      .flatMap((routine) => (wanted.includes(routine.form) ? [{ kind: "routine" as const, acl: routine.acl }] : []));
  }
  return [...namespace.relations.values()].flatMap((relation) => {
    const isWanted = kind === "OBJECT_SEQUENCE" ? relation.kind === "sequence" : relation.kind === "table" || relation.kind === "view";
    return isWanted ? (relationHolder(relation) ?? []) : [];
  });
}

function holderOf(kind: string, node: Node, ctx: Context): Holder | undefined {
  switch (kind) {
    case "OBJECT_TABLE":
    case "OBJECT_SEQUENCE": {
      const relation = "RangeVar" in node ? ctx.relation(node.RangeVar) : undefined;
      return relation === undefined ? undefined : relationHolder(relation);
    }
    case "OBJECT_FUNCTION":
    case "OBJECT_PROCEDURE":
    case "OBJECT_ROUTINE": {
      const routine = "ObjectWithArgs" in node ? routineNamed(node.ObjectWithArgs, ctx) : undefined;
      return routine === undefined ? undefined : { kind: "routine", acl: routine.acl };
    }
    case "OBJECT_SCHEMA": {
      const namespace = ctx.catalog.namespaces.get(stringOf(node) ?? "");
      return namespace === undefined ? undefined : { kind: "schema", acl: namespace.acl };
    }
    case "OBJECT_TYPE":
    case "OBJECT_DOMAIN": {
      const type = findType(pathOf(node), ctx);
      return type === undefined ? undefined : { kind: "type", acl: type.acl };
    }
    case "OBJECT_DATABASE": {
      const name = stringOf(node) ?? "";
      const acl: Acl = ctx.catalog.databases.get(name) ?? new RareMap();
      ctx.catalog.databases.set(name, acl);
      return { kind: "database", acl };
    }
    default:
      return undefined;
  }
}

function relationHolder(relation: Relation): Holder | undefined {
  if (relation.kind === "index") return undefined;
  if (relation.kind === "sequence") return { kind: "sequence", acl: relation.acl };
  const columns = (name: string): Acl | undefined => {
    const column = relation.columns.get(name);
    if (column === undefined) return undefined;
    relation.hasColumnGrants = true;
    column.acl ??= new RareMap();
    return column.acl;
  };
  return { kind: "table", acl: relation.acl, columns };
}

/** What a GRANT or REVOKE does to each object it names. */
interface Change {
  readonly isGrant: boolean;
  readonly hasGrantOption: boolean;
  readonly grantees: readonly string[];
  /** No name means all privileges, no columns the object itself. */
  readonly privileges: readonly { readonly name: string | undefined; readonly columns: readonly string[] }[];
  readonly origins: Origins;
}

function changeOf(statement: GrantStmt, origins: Origins): Change {
  const privileges = (statement.privileges ?? []).flatMap((node) =>
    "AccessPriv" in node ? [{ name: privilegeName(node.AccessPriv), columns: stringsOf(node.AccessPriv.cols) }] : [],
  );
  return {
    isGrant: statement.is_grant ?? false,
    hasGrantOption: statement.grant_option ?? false,
    grantees: rolesOf(statement.grantees),
    privileges: privileges.length === 0 ? [{ name: undefined, columns: [] }] : privileges,
    origins,
  };
}

function privilegeName({ priv_name: name }: AccessPriv): string | undefined {
  return name?.toUpperCase().replace(/^TEMP$/, "TEMPORARY");
}

function apply(change: Change, holder: Holder): void {
  for (const { name, columns } of change.privileges) {
    if (columns.length === 0) applyTo(holder.acl, name === undefined ? allPrivileges[holder.kind] : [name], change);
    for (const column of columns) {
      const acl = holder.columns?.(column);
      if (acl !== undefined) applyTo(acl, name === undefined ? allPrivileges.column : [name], change);
    }
  }
}

function applyTo(acl: Acl, privileges: readonly string[], change: Change): void {
  const { isGrant, hasGrantOption, grantees, origins } = change;
  for (const grantee of grantees) {
    const held = acl.get(grantee) ?? { privileges: new Map<string, boolean>(), origins };
    for (const privilege of privileges) {
      if (isGrant) held.privileges.set(privilege, hasGrantOption || (held.privileges.get(privilege) ?? false));
      else if (!hasGrantOption) held.privileges.delete(privilege);
      else if (held.privileges.has(privilege)) held.privileges.set(privilege, false);
    }
    if (held.privileges.size > 0) acl.set(grantee, held);
    else acl.delete(grantee);
  }
}

const defaultObjects: Readonly<Record<string, { readonly objects: DefaultAcl["objects"]; readonly kind: Granted }>> = {
  OBJECT_TABLE: { objects: "tables", kind: "table" },
  OBJECT_SEQUENCE: { objects: "sequences", kind: "sequence" },
  OBJECT_FUNCTION: { objects: "functions", kind: "routine" },
  OBJECT_TYPE: { objects: "types", kind: "type" },
  OBJECT_SCHEMA: { objects: "schemas", kind: "schema" },
};

export function alterDefaultPrivileges(statement: AlterDefaultPrivilegesStmt, ctx: Context): void {
  const { action } = statement;
  const target = defaultObjects[action?.objtype ?? ""];
  if (action === undefined || target === undefined) return;
  const options = optionsOf(statement.options);
  const schemas = stringsOf(itemsOfOption(options.get("schemas")?.arg));
  const roles = itemsOfOption(options.get("roles")?.arg).flatMap((node) => ("RoleSpec" in node ? [roleName(node.RoleSpec)] : []));
  const change = changeOf(action, ctx.origins(ctx.source.whole(0)));
  for (const schema of schemas.length === 0 ? [undefined] : schemas) {
    for (const role of roles.length === 0 ? [defaultOwner] : roles) {
      const key = defaultAclKey(role, schema, target.objects);
      const known = ctx.catalog.defaultAcls.get(key) ?? { role, schema, objects: target.objects, acl: initialAcl(schema, target, change) };
      ctx.catalog.defaultAcls.set(key, known);
      apply(change, { kind: target.kind, acl: known.acl });
    }
  }
}

/** The defaults of the whole database begin with what everybody may do anyway; those of a schema add to them. */
function initialAcl(schema: string | undefined, { objects }: { readonly objects: DefaultAcl["objects"] }, { origins }: Change): Acl {
  const acl: Acl = new RareMap();
  if (schema === undefined && objects === "functions") acl.set("public", { privileges: new Map([["EXECUTE", false]]), origins });
  return acl;
}

function itemsOfOption(node: Node | undefined): readonly Node[] {
  return node !== undefined && "List" in node ? (node.List.items ?? []) : [];
}
