/** A schema without what is nobody's migration: schemas and extensions that a platform brings, and histories themselves. */
import type { Schema } from "../model/schema.ts";
import { platformExtensions, platformRoles } from "../scratch/platforms.ts";

interface Named {
  readonly schema: string;
  readonly name: string;
}

/** `foreign`: names of schemas, among them `auth` where Supabase brings them, with its extensions and what its roles may do; `table`: one more that is left out, such as `public._prisma_migrations`. */
export function ownPart(schema: Schema, foreign: readonly string[], table?: string): Schema {
  const others = new Set(foreign);
  const isForeign = (name: string): boolean => others.has(name);
  const isOnPlatform = isForeign("auth");
  const kept = <T extends Named>(all: ReadonlyMap<string, T>): ReadonlyMap<string, T> => new Map([...all].filter(([, each]) => !isForeign(each.schema) && `${each.schema}.${each.name}` !== table));
  return {
    ...schema,
    namespaces: new Map([...schema.namespaces].filter(([name]) => !isForeign(name) && name !== "public")),
    tables: kept(schema.tables),
    views: kept(schema.views),
    enums: kept(schema.enums),
    domains: kept(schema.domains),
    compositeTypes: kept(schema.compositeTypes),
    sequences: kept(schema.sequences),
    routines: new Map([...schema.routines].filter(([, { schema: of }]) => !isForeign(of))),
    extensions: isOnPlatform ? new Map([...schema.extensions].filter(([name]) => !platformExtensions.has(name))) : schema.extensions,
    grants: schema.grants.filter(({ object, grantee }) => !isForeign(object.split(".", 1)[0] ?? "") && object !== table && !(isOnPlatform && platformRoles.has(grantee))),
  };
}
