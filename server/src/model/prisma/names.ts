/** The names Prisma gives to what the schema does not name. Limits count bytes, as PostgreSQL's do. */
import { maxNameBytes, truncateName } from "../names.ts";

export function primaryKeyName(table: string): string {
  return withSuffix(table, "_pkey");
}

export function indexName(table: string, columns: readonly string[], isUnique: boolean): string {
  return withSuffix([table, ...columns].join("_"), isUnique ? "_key" : "_idx");
}

export function foreignKeyName(table: string, columns: readonly string[]): string {
  return withSuffix([table, ...columns].join("_"), "_fkey");
}

/** Names around the join table of an implicit many-to-many relation, which nothing in a schema can change. */
export function joinTableNames(relation: string): {
  readonly table: string;
  readonly primaryKey: string;
  /** Prisma 5 has a unique index in its place. */
  readonly uniqueIndex: string;
  readonly indexOnB: string;
  readonly foreignKeyA: string;
  readonly foreignKeyB: string;
} {
  const table = truncateName(`_${relation}`);
  return {
    table,
    primaryKey: withSuffix(table, "_AB_pkey"),
    uniqueIndex: withSuffix(table, "_AB_unique"),
    indexOnB: withSuffix(table, "_B_index"),
    foreignKeyA: withSuffix(table, "_A_fkey"),
    foreignKeyB: withSuffix(table, "_B_fkey"),
  };
}

/** The name of a relation that states none, from the names of the models it joins. */
export function relationName(model: string, other: string): string {
  return model < other ? `${model}To${other}` : `${other}To${model}`;
}

function withSuffix(name: string, suffix: string): string {
  return truncateName(name, maxNameBytes - suffix.length) + suffix;
}
