/**
 * PostgreSQL types as values: names as PostgreSQL keeps them (`int4`, `bpchar`), read from and written to SQL.
 * Source of the aliases: https://www.postgresql.org/docs/current/datatype.html#DATATYPE-TABLE
 */
import type { PgType } from "./schema.ts";

/** SQL spelling to internal name. Keys are lower case with single spaces. */
const aliases: ReadonlyMap<string, string> = new Map([
  ["bigint", "int8"],
  ["bigserial", "int8"],
  ["serial8", "int8"],
  ["bit varying", "varbit"],
  ["boolean", "bool"],
  ["character varying", "varchar"],
  ["character", "bpchar"],
  ["char", "bpchar"],
  ["dec", "numeric"],
  ["decimal", "numeric"],
  ["double precision", "float8"],
  ["float", "float8"],
  ["int", "int4"],
  ["integer", "int4"],
  ["real", "float4"],
  ["serial", "int4"],
  ["serial4", "int4"],
  ["smallint", "int2"],
  ["smallserial", "int2"],
  ["serial2", "int2"],
  ["time without time zone", "time"],
  ["time with time zone", "timetz"],
  ["timestamp without time zone", "timestamp"],
  ["timestamp with time zone", "timestamptz"],
]);

/** Internal name to the spelling of `format_type`. */
const spellings: ReadonlyMap<string, string> = new Map([
  ["int8", "bigint"],
  ["varbit", "bit varying"],
  ["bool", "boolean"],
  ["varchar", "character varying"],
  ["bpchar", "character"],
  ["float8", "double precision"],
  ["int4", "integer"],
  ["float4", "real"],
  ["int2", "smallint"],
  ["time", "time without time zone"],
  ["timetz", "time with time zone"],
  ["timestamp", "timestamp without time zone"],
  ["timestamptz", "timestamp with time zone"],
  ["char", '"char"'],
]);

/** Built-in scalar type names, internal spelling. */
const builtIn: ReadonlySet<string> = new Set(
  (
    "bit bool box bpchar bytea char cid cidr circle date daterange datemultirange float4 float8 inet int2 int2vector int4 " +
    "int4range int4multirange int8 int8range int8multirange interval json jsonb jsonpath line lseg macaddr macaddr8 money name " +
    "numeric numrange nummultirange oid oidvector path pg_lsn pg_snapshot point polygon refcursor regclass regcollation regconfig " +
    "regdictionary regnamespace regoper regoperator regproc regprocedure regrole regtype text tid time timestamp timestamptz " +
    "timetz tsquery tsrange tsmultirange tstzrange tstzmultirange tsvector txid_snapshot uuid varbit varchar void trigger record " +
    "anyelement anyarray event_trigger xid xid8 xml cstring unknown aclitem any anynonarray anyenum anyrange anymultirange anycompatible " +
    "anycompatiblearray anycompatiblenonarray anycompatiblerange anycompatiblemultirange internal language_handler fdw_handler " +
    "index_am_handler table_am_handler tsm_handler pg_ddl_command gtsvector pg_node_tree"
  ).split(" "),
);

/** The internal name of a built-in type, from any spelling PostgreSQL accepts; undefined when it is not built in. */
export function builtInTypeName(spelling: string): string | undefined {
  const name = aliases.get(spelling) ?? spelling;
  return builtIn.has(name) ? name : undefined;
}

/** A built-in type by its internal name. */
export function baseType(name: string, modifiers: readonly number[] = [], isArray = false): PgType {
  return { schema: "pg_catalog", name, modifiers, isArray, kind: "base" };
}

/** Whether both name the same type, modifiers included. */
export function isSameType(a: PgType, b: PgType): boolean {
  return isSameTypeName(a, b) && a.modifiers.length === b.modifiers.length && a.modifiers.every((modifier, i) => modifier === b.modifiers[i]);
}

/** Whether both name the same type; modifiers such as length and precision may differ. */
export function isSameTypeName(a: PgType, b: PgType): boolean {
  return a.name === b.name && a.isArray === b.isArray && (a.schema === b.schema || a.schema === undefined || b.schema === undefined);
}

/** The type as `format_type` prints it: `character varying(20)`, `timestamp(3) with time zone`, `"Stage"[]`. */
export function formatType(type: PgType): string {
  const isBuiltIn = type.schema === "pg_catalog" || (type.schema === undefined && builtIn.has(type.name));
  const name = isBuiltIn ? (spellings.get(type.name) ?? type.name) : formatName(type);
  const modifiers = type.modifiers.length > 0 ? `(${type.modifiers.join(",")})` : "";
  const zone = / with(out)? time zone$/.exec(name)?.[0] ?? "";
  return name.slice(0, name.length - zone.length) + modifiers + zone + (type.isArray ? "[]" : "");
}

/** The key of a routine: `schema.name(type, type)`, of its input arguments, without modifiers. */
export function routineKey(schema: string, name: string, argumentTypes: readonly PgType[]): string {
  return `${schema}.${name}(${argumentTypes.map((type) => formatType({ ...type, modifiers: [] })).join(", ")})`;
}

function formatName(type: PgType): string {
  const name = quoteIfNeeded(type.name);
  return type.schema === undefined || type.schema === "public" ? name : `${quoteIfNeeded(type.schema)}.${name}`;
}

function quoteIfNeeded(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
