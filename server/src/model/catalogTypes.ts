/** Types in catalog rows: from an object identifier and a modifier as `pg_attribute` keeps it to a `PgType`. */
import type { TypeRow } from "./catalogRows.ts";
import type { PgType } from "./schema.ts";

/** The type with that identifier; `modifier` is -1 where there is none. */
export type TypeOf = (oid: number, modifier?: number) => PgType;

export function catalogTypes(rows: readonly TypeRow[]): TypeOf {
  const types = new Map(rows.map((row) => [row.oid, row]));
  return (oid, modifier = -1) => {
    const row = types.get(oid);
    const element = row === undefined || row.element === null ? undefined : types.get(row.element);
    const named = element ?? row;
    if (named === undefined) return { schema: undefined, name: String(oid), modifiers: [], isArray: false, kind: "unknown" };
    return {
      schema: named.schema,
      name: named.name,
      modifiers: named.schema === "pg_catalog" ? builtInModifiers(named.name, modifier) : modifier === -1 ? [] : [modifier],
      isArray: element !== undefined,
      kind: kinds.get(named.kind) ?? "base",
    };
  };
}

const kinds: ReadonlyMap<string, PgType["kind"]> = new Map([
  ["c", "composite"],
  ["d", "domain"],
  ["e", "enum"],
]);

/** Every variable-length value begins with its length in four bytes, which the modifiers of some types count in. */
const header = 4;

/** What stands between the parentheses. The codings are those of the types' `typmodout` functions. */
function builtInModifiers(name: string, modifier: number): readonly number[] {
  if (modifier === -1) return [];
  switch (name) {
    case "varchar":
    case "bpchar":
      return [modifier - header];
    case "numeric": {
      const packed = modifier - header;
      // The scale is a signed number of 11 bits since PostgreSQL 15; before, it was positive and below 1001.
      return [(packed >> 16) & 0xffff, ((packed & 0x7ff) ^ 1024) - 1024];
    }
    case "interval": {
      const precision = modifier & 0xffff;
      return precision === 0xffff ? [] : [precision];
    }
    default:
      return [modifier];
  }
}
