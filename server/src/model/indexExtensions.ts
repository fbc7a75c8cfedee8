/** Which extension an index cannot do without: for its method, or for the operator class of a key. */
import { knownExtensions } from "./fold/extensions.ts";
import type { Index, IndexKey, PgType, Table } from "./schema.ts";

/** The names of the extensions, each once; mostly none. */
export function extensionsNeededBy(table: Table, index: Index): readonly string[] {
  if (index.method === "btree") return classesNeed(index, (key) => classExtensions.get(key.operatorClass ?? ""));
  const ofMethod = methodExtensions.get(index.method);
  if (ofMethod !== undefined) return [ofMethod];
  return classesNeed(index, (key) => {
    const type = key.column === undefined ? undefined : table.columns.get(key.column)?.type;
    return keyNeeds(index.method, key, type);
  });
}

function classesNeed(index: Index, needs: (key: IndexKey) => string | undefined): readonly string[] {
  const found = index.keys.flatMap((key) => needs(key) ?? []);
  return found.length < 2 ? found : [...new Set(found)];
}

function keyNeeds(method: string, { operatorClass }: IndexKey, type: PgType | undefined): string | undefined {
  if (operatorClass !== undefined) {
    const known = classExtensions.get(operatorClass);
    if (known !== undefined) return known;
    const plain = operatorClass.replace(/_ops$/, "");
    if (method === "gin" && scalars.has(plain)) return "btree_gin";
    if (method === "gist" && plain.startsWith("gist_") && scalars.has(plain.slice(5))) return "btree_gist";
    return undefined;
  }
  // Without a class these types have none for GIN and GiST but the extension's.
  if (type === undefined || type.isArray || !(type.kind === "enum" || (type.kind === "base" && scalars.has(type.name)))) return undefined;
  return method === "gin" ? "btree_gin" : method === "gist" ? "btree_gist" : undefined;
}

const methodExtensions: ReadonlyMap<string, string> = new Map([
  ["bloom", "bloom"],
  ["hnsw", "vector"],
  ["ivfflat", "vector"],
  ["rum", "rum"],
]);

/** Operator classes by name, as far as one extension alone has them. */
const classExtensions: ReadonlyMap<string, string> = new Map([
  ...[...knownExtensions].flatMap(([name, { operatorClasses }]) => operatorClasses.map((operatorClass) => [operatorClass, name] as const)),
  ...classesOf("citext", "citext_ops"),
  ...classesOf("hstore", "gin_hstore_ops gist_hstore_ops"),
  ...classesOf("intarray", "gin__int_ops gist__int_ops gist__intbig_ops"),
  ...classesOf("ltree", "gist_ltree_ops gist__ltree_ops"),
]);

function classesOf(extension: string, classes: string): readonly (readonly [string, string])[] {
  return classes.split(" ").map((operatorClass) => [operatorClass, extension] as const);
}

/**
 * What btree_gin and btree_gist have operator classes for, and PostgreSQL itself has none.
 * https://www.postgresql.org/docs/current/btree-gin.html https://www.postgresql.org/docs/current/btree-gist.html
 */
const scalars: ReadonlySet<string> = new Set(
  (
    "bit bool bpchar bytea char cidr date enum float4 float8 inet int2 int4 int8 interval macaddr macaddr8 money numeric oid text time " +
    "timestamp timestamptz timetz uuid varbit varchar"
  ).split(" "),
);
