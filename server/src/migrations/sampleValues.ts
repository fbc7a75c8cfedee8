/** Values of PostgreSQL's types, as SQL literals: plain ones first, then such as checks like to demand. */
import type { PgType, Schema } from "../model/schema.ts";
import { quoteLiteral } from "../text/quoteLiteral.ts";

/** Empty for a type that nothing is known of. `count`: another value for another number. */
export function sampleValues(type: PgType, name: string, count: number, schema: Schema): readonly string[] {
  if (type.isArray) {
    const [first] = sampleValues({ ...type, isArray: false }, name, count, schema);
    return first === undefined ? ["'{}'"] : [`ARRAY[${first}]::${castName(type)}[]`, "'{}'"];
  }
  if (type.kind === "enum") {
    const values = schema.enums.get(`${type.schema ?? "public"}.${type.name}`)?.values ?? [];
    return values.map((value) => quoteLiteral(value));
  }
  return ofBase(type, name, count);
}

/** For the elements of an array, whose literals alone would be text. */
function castName(type: PgType): string {
  return type.schema === undefined || type.schema === "pg_catalog" ? type.name : `"${type.schema}"."${type.name}"`;
}

function ofBase({ name: type, modifiers }: PgType, name: string, n: number): readonly string[] {
  const text = (value: string): string => `'${value.slice(0, modifiers[0] ?? value.length)}'`;
  switch (type) {
    case "text":
    case "varchar":
    case "bpchar":
    case "citext":
    case "name": {
      const short = (modifiers[0] ?? 100) < 12 ? String(n) : `${name.slice(0, 20)} ${n}`;
      return [text(short), `'a${n}@example.com'`, `'https://example.com/${n}'`, `'a-${n}'`, "'EUR'", "'DE'", "'en'", "'en-GB'", "'#a1b2c3'", `'+49301234${n}'`, `'${String(n).padStart(64, "a").replaceAll(/[^0-9a-f]/g, "a")}'`, `'a_${n}'`, "'a.b'", "'a:b'", "'a/b'", "'+1'", "'1.0.0'", `'example${n}.com'`, "'Europe/Berlin'"].map((value) => (modifiers[0] !== undefined && value.length - 2 > modifiers[0] ? text(String(n)) : value));
    }
    case "int2":
    case "int4":
    case "int8":
    case "oid":
      return [String((n % 30_000) + 1), "1", "0", "2", "10", "50", "100", "-1"];
    case "numeric": {
      const [precision = 10, scale = 0] = modifiers;
      return precision - scale >= 2 ? [String((n % 90) + 1), "1", "0", "0.5", "100", "-1"] : ["0.5", "0", "1"];
    }
    case "float4":
    case "float8":
      return [`${n}.5`, "0.5", "1", "0"];
    case "bool":
      return ["false", "true"];
    case "uuid":
      return [`'00000000-0000-4000-8000-${n.toString(16).padStart(12, "0")}'`];
    case "date":
      return [`DATE '2024-01-01' + ${n % 3000}`, "DATE '2024-01-01'", "DATE '2034-01-01'", "DATE '2024-02-01'"];
    case "timestamp":
    case "timestamptz":
      return [`'2024-01-01T00:00:00Z'::${type} + ${n} * interval '1 hour'`, `'2034-01-01T00:00:00Z'::${type}`, `'2014-01-01T00:00:00Z'::${type}`];
    case "time":
    case "timetz":
      return ["'12:34:56'", "'08:00'", "'18:00'"];
    case "interval":
      return [`'${n} minutes'`, "'1 day'"];
    case "json":
    case "jsonb":
      return ["'{}'", `'{"n": ${n}}'`, "'[]'", `'"text"'`];
    case "bytea":
      return [`decode(lpad(to_hex(${n}), 8, '0'), 'hex')`, `decode(repeat('ab', 32), 'hex')`];
    case "inet":
      return [`'10.0.0.0'::inet + ${n}`];
    case "cidr":
      return ["'10.0.0.0/8'"];
    case "macaddr":
      return ["'08:00:2b:01:02:03'"];
    case "money":
      return [`'${n}'`];
    case "xml":
      return [`'<n>${n}</n>'`];
    case "bit":
    case "varbit":
      return [`B'${"1".repeat(modifiers[0] ?? 1)}'`];
    case "tsvector":
      return [`to_tsvector('simple', 'word${n}')`];
    case "tsquery":
      return ["'word'"];
    case "point":
      return [`'(${n},1)'`];
    case "int4range":
    case "int8range":
    case "numrange":
      return [`'[${n * 10},${n * 10 + 5})'`];
    case "daterange":
      return [`daterange(DATE '2024-01-01' + ${n * 10}, DATE '2024-01-01' + ${n * 10 + 5})`];
    case "tsrange":
    case "tstzrange":
      return [`${type}(now()::timestamp${type === "tstzrange" ? "tz" : ""} + ${n} * interval '1 day', NULL)`];
    case "hstore":
      return [`'n=>${n}'`];
    case "ltree":
      return [`'a.b${n}'`];
    default:
      return [];
  }
}
