/** How values of a type lie in a row, as pg_type has it; test/truth/names.test.ts holds it to PostgreSQL. */
import { keyOf } from "../../model/names.ts";
import type { PgType, Schema } from "../../model/schema.ts";

export interface Layout {
  /** In bytes. */
  readonly length: number;
  /** A value begins at a multiple of it. */
  readonly align: number;
}

/** Undefined for types whose values vary in length, and for those that are not known. */
export function layoutOf(schema: Schema, type: PgType): Layout | undefined {
  if (type.isArray) return undefined;
  if (type.kind === "enum") return { length: 4, align: 4 };
  if (type.kind === "base") return fixedLayouts.get(type.name);
  const domain = type.kind === "domain" ? schema.domains.get(keyOf(type.schema ?? "public", type.name)) : undefined;
  return domain === undefined || domain.baseType.kind === "domain" ? undefined : layoutOf(schema, domain.baseType);
}

/** The built-in types of a fixed length that columns have. */
export const fixedLayouts: ReadonlyMap<string, Layout> = new Map(
  Object.entries({
    bool: [1, 1],
    char: [1, 1],
    int2: [2, 2],
    int4: [4, 4],
    int8: [8, 8],
    float4: [4, 4],
    float8: [8, 8],
    date: [4, 4],
    time: [8, 8],
    timetz: [12, 8],
    timestamp: [8, 8],
    timestamptz: [8, 8],
    interval: [16, 8],
    uuid: [16, 1],
    money: [8, 8],
    oid: [4, 4],
    macaddr: [6, 4],
    macaddr8: [8, 4],
    point: [16, 8],
    box: [32, 8],
    circle: [24, 8],
    line: [24, 8],
    lseg: [32, 8],
    pg_lsn: [8, 8],
    name: [64, 1],
  } as const).map(([name, [length, align]]) => [name, { length, align }]),
);
