/**
 * What a schema as a whole says about who is kept from which rows: the evidence on which a table that lacks protection
 * is judged. Prepared once per schema, asked by key.
 */
import { append } from "../../model/lists.ts";
import { lookup } from "../../model/lookup.ts";
import type { Grant, Schema, Table } from "../../model/schema.ts";
import { columnsHeldBy, sessionCalls } from "./policyConditions.ts";

/** What a role may do with a table or view; what the owner may do is in no list. */
export interface Right {
  readonly grantee: string;
  /** Joined by ", ". */
  readonly privileges: string;
  readonly origins: Grant["origins"];
}

/** The rights on a table or view, by its key. */
export const rightsOn = lookup((schema) => {
  const byObject = new Map<string, Right[]>();
  for (const { objectKind, object, grantee, privileges, origins } of schema.grants) {
    if (objectKind === "table") append(byObject, object, { grantee, privileges: privileges.join(", "), origins });
  }
  return (key): readonly Right[] => byObject.get(key) ?? [];
});

/** The roles that Supabase gives to whoever calls its API: everybody, and everybody who has signed in. */
export const apiRoles: ReadonlySet<string> = new Set(["anon", "authenticated"]);

/**
 * A column of the table, by its key, that several other tables hold to a value of the session by policies that are in
 * force, and how many do. A table's own id says nothing about whom its rows belong to, nor does a column that may be null.
 */
export const columnHeldElsewhere = lookup((schema) => {
  const held = [...heldColumns(schema)].filter(([, tables]) => tables >= 2);
  return (key): { readonly column: string; readonly tables: number } | undefined => {
    const table = held.length === 0 ? undefined : schema.tables.get(key);
    if (table === undefined) return undefined;
    const [id, ...others] = table.primaryKey?.columns ?? [];
    const found = held.find(([name]) => table.columns.get(name)?.notNull === true && !(name === id && others.length === 0));
    return found === undefined ? undefined : { column: found[0], tables: found[1] };
  };
});

/** How many tables hold a column of this name. */
function heldColumns(schema: Schema): ReadonlyMap<string, number> {
  const count = new Map<string, number>();
  for (const table of schema.tables.values()) {
    if (!table.rowSecurity.enabled || table.policies.length === 0) continue;
    for (const column of new Set(table.policies.flatMap((policy) => columnsHeldBy(table, policy))))
      count.set(column, (count.get(column) ?? 0) + 1);
  }
  return count;
}

/** Whether Supabase's API stands in front of the database: policies or rights name its roles or its functions. */
export const hasSupabaseApi = lookup((schema) => {
  const isUsed = usesSupabaseRoles(schema);
  return () => isUsed;
});

function usesSupabaseRoles(schema: Schema): boolean {
  if (schema.grants.some(({ grantee }) => apiRoles.has(grantee))) return true;
  for (const table of schema.tables.values()) {
    for (const { roles, using, withCheck } of table.policies) {
      if (roles.some((role) => apiRoles.has(role))) return true;
      if ([using, withCheck].some((condition) => condition !== undefined && /\bauth\.(?:uid|jwt|role|email)\(/.test(condition.canonical)))
        return true;
    }
  }
  return false;
}

/** Whether Supabase's API reaches the table: it serves the schema public, and what its roles have rights on. */
export function isServedBySupabase(schema: Schema, table: Pick<Table, "schema" | "key">): boolean {
  if (!hasSupabaseApi(schema, "")) return false;
  return table.schema === "public" || rightsOn(schema, table.key).some(({ grantee }) => apiRoles.has(grantee));
}

/** Whether most tables with row-level security force it on their owners too. */
export function forcesRowSecurity(schema: Schema): boolean {
  return tablesThatForce(schema, "") > 0;
}

/** How many tables force row-level security on their owners; 0 where most of those that have it do not. */
export const tablesThatForce = lookup((schema) => {
  let enabled = 0;
  let forced = 0;
  for (const { rowSecurity, partitionOf } of schema.tables.values()) {
    if (!rowSecurity.enabled || partitionOf !== undefined) continue;
    enabled += 1;
    if (rowSecurity.forced) forced += 1;
  }
  const count = forced >= 2 && forced * 2 > enabled ? forced : 0;
  return (): number => count;
});

/** Whether any policy in force asks who is there: then users have rows of their own. */
export const distinguishesUsers = lookup((schema) => {
  const asks = [...schema.tables.values()].some(
    ({ rowSecurity, policies }) =>
      rowSecurity.enabled &&
      policies.some(({ using, withCheck }) => [using, withCheck].some((one) => one !== undefined && sessionCalls(one).length > 0)),
  );
  return (): boolean => asks;
});
