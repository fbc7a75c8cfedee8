/** PostgreSQL types as Prisma writes them: a scalar, and a native type where the scalar's own is another. */
import type { PgType } from "../../model/schema.ts";

export interface PrismaType {
  readonly scalar: string;
  /** `Timestamptz(3)`, without `@db.`; undefined where it is the scalar's default. */
  readonly native: string | undefined;
}

/** Undefined for a type that Prisma has no scalar for. https://www.prisma.io/docs/orm/overview/databases/postgresql#type-mapping-between-postgresql-and-prisma-schema */
export function prismaType(type: PgType): PrismaType | undefined {
  if (type.schema !== undefined && type.schema !== "pg_catalog" && type.name !== "citext") return undefined;
  const known = types.get(type.name);
  if (known === undefined) return undefined;
  const [scalar, native] = known;
  if (native === undefined || isDefault(type)) return { scalar, native: undefined };
  return { scalar, native: type.modifiers.length > 0 ? `${native}(${type.modifiers.join(", ")})` : native };
}

/** The types that `String`, `Int`, `DateTime` and so on have without a native type. */
function isDefault({ name, modifiers }: PgType): boolean {
  if (name === "timestamp") return modifiers.length === 1 && modifiers[0] === 3;
  if (name === "numeric") return modifiers[0] === 65 && modifiers[1] === 30;
  return false;
}

const types: ReadonlyMap<string, readonly [scalar: string, native?: string]> = new Map([
  ["bool", ["Boolean"]],
  ["int2", ["Int", "SmallInt"]],
  ["int4", ["Int"]],
  ["oid", ["Int", "Oid"]],
  ["int8", ["BigInt"]],
  ["float4", ["Float", "Real"]],
  ["float8", ["Float"]],
  ["numeric", ["Decimal", "Decimal"]],
  ["money", ["Decimal", "Money"]],
  ["text", ["String"]],
  ["varchar", ["String", "VarChar"]],
  ["bpchar", ["String", "Char"]],
  ["citext", ["String", "Citext"]],
  ["uuid", ["String", "Uuid"]],
  ["xml", ["String", "Xml"]],
  ["inet", ["String", "Inet"]],
  ["bit", ["String", "Bit"]],
  ["varbit", ["String", "VarBit"]],
  ["timestamp", ["DateTime", "Timestamp"]],
  ["timestamptz", ["DateTime", "Timestamptz"]],
  ["date", ["DateTime", "Date"]],
  ["time", ["DateTime", "Time"]],
  ["timetz", ["DateTime", "Timetz"]],
  ["json", ["Json", "Json"]],
  ["jsonb", ["Json"]],
  ["bytea", ["Bytes"]],
]);
