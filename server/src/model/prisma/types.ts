/**
 * The PostgreSQL type of a Prisma field: by its native type attribute, else Prisma's default for the scalar type.
 * https://www.prisma.io/docs/orm/core-concepts/supported-databases/postgresql#type-mapping-between-postgresql-and-prisma-schema
 */
import type { FieldType } from "../../prisma/syntax.ts";
import { knownExtensions } from "../fold/extensions.ts";
import type { EnumFacts, NativeType } from "./facts.ts";
import { baseType, builtInTypeName } from "../pgTypes.ts";
import type { PgType } from "../schema.ts";

/** What scalar types are without a native type attribute. */
const scalarTypes: ReadonlyMap<string, PgType> = new Map([
  ["String", baseType("text")],
  ["Boolean", baseType("bool")],
  ["Int", baseType("int4")],
  ["BigInt", baseType("int8")],
  ["Float", baseType("float8")],
  ["Decimal", baseType("numeric", [65, 30])],
  ["DateTime", baseType("timestamp", [3])],
  ["Json", baseType("jsonb")],
  ["Bytes", baseType("bytea")],
]);

/** Native type attributes that are not named as PostgreSQL's type is. */
const nativeTypes: ReadonlyMap<string, string> = new Map([
  ["SmallInt", "int2"],
  ["Integer", "int4"],
  ["BigInt", "int8"],
  ["Decimal", "numeric"],
  ["Real", "float4"],
  ["DoublePrecision", "float8"],
  ["Char", "bpchar"],
  ["Boolean", "bool"],
]);

/** Types that hold one character or bit when no length is given. */
const singleByDefault: ReadonlySet<string> = new Set(["bpchar", "bit"]);

/** The type of a field of a scalar or composite type; Prisma keeps composite types as JSON. */
export function scalarColumnType(type: FieldType, native: NativeType | undefined): PgType {
  if (type.name.text === "Unsupported") {
    const written = readTypeText(type.unsupported ?? "");
    return type.isList ? { ...written, isArray: true } : written;
  }
  if (native !== undefined) return nativeColumnType(native, type.isList);
  const scalar = scalarTypes.get(type.name.text) ?? baseType("jsonb");
  return type.isList ? arrayOf(scalar) : scalar;
}

export function enumColumnType(facts: EnumFacts, schema: string, isArray: boolean): PgType {
  return { schema, name: facts.name, modifiers: [], isArray, kind: "enum" };
}

/** The type of a field whose type nothing defines: the name may be half typed. */
export function unknownType(name: string, isArray: boolean): PgType {
  return { schema: undefined, name, modifiers: [], isArray, kind: "unknown" };
}

function nativeColumnType(native: NativeType, isArray: boolean): PgType {
  const name = nativeTypes.get(native.name) ?? native.name.toLowerCase();
  // The extension's type, wherever the extension is installed.
  if (name === "citext") return { schema: undefined, name, modifiers: [], isArray, kind: "base" };
  if (builtInTypeName(name) === undefined) return unknownType(native.name, isArray);
  return baseType(name, modifiersOf(name, native.arguments), isArray);
}

/** As the catalog keeps them: `numeric(10)` has scale 0, `char` length 1. */
function modifiersOf(name: string, written: readonly number[]): readonly number[] {
  if (written.length === 0) return singleByDefault.has(name) ? [1] : written;
  if (name === "numeric" && written.length === 1) return [...written, 0];
  return written;
}

const arrays = new WeakMap<PgType, PgType>();

/** The same object for the same type: most columns need none of their own. */
function arrayOf(type: PgType): PgType {
  let array = arrays.get(type);
  if (array === undefined) {
    array = { ...type, isArray: true };
    arrays.set(type, array);
  }
  return array;
}

const quoted = String.raw`"((?:[^"]|"")*)"`;
const bare = String.raw`([\p{L}_][\p{L}\p{N}_$]*)`;
const typeText = new RegExp(String.raw`^\s*(?:(?:${quoted}|${bare})\s*\.\s*)?(?:${quoted}|${bare})([^([]*)(?:\(([^)]*)\))?([^[]*)((?:\[\d*\])*)\s*$`, "u");

/** A type as a text in SQL says it: `vector(3)`, `timestamp(3) with time zone`, `"Legacy"."Kind"[]`. */
export function readTypeText(text: string): PgType {
  const match = typeText.exec(text);
  if (match === null) return unknownType(text.trim(), false);
  const [, quotedSchema, bareSchema, quotedName, bareName, words = "", numbers, moreWords = "", brackets = ""] = match;
  const schema = quotedSchema?.replaceAll('""', '"') ?? bareSchema?.toLowerCase();
  const isArray = brackets !== "";
  const modifiers = numbers === undefined ? [] : numbersIn(numbers);
  if (quotedName !== undefined) return named(schema, quotedName.replaceAll('""', '"'), modifiers, isArray);
  const spelling = `${bareName ?? ""}${words}${moreWords}`.toLowerCase().replaceAll(/\s+/g, " ").trim();
  const builtIn = schema === undefined || schema === "pg_catalog" ? builtInTypeName(spelling) : undefined;
  if (builtIn === undefined) return named(schema, spelling, modifiers, isArray);
  return baseType(builtIn, modifiersOf(builtIn, modifiers), isArray);
}

function named(schema: string | undefined, name: string, modifiers: readonly number[], isArray: boolean): PgType {
  // The one built-in type whose quoted name is not the name its bare spelling leads to.
  if (schema === undefined && name === "char") return baseType("char", modifiers, isArray);
  return { schema, name, modifiers, isArray, kind: extensionTypes.has(name) ? "base" : "unknown" };
}

/** Types that well-known extensions define, wherever they are installed. */
const extensionTypes: ReadonlySet<string> = new Set([...knownExtensions.values()].flatMap((extension) => extension.types));

/** `geometry(Point, 4326)` has modifiers that are no numbers; those are not kept. */
function numbersIn(text: string): readonly number[] {
  const numbers = text.split(",").map((part) => Number(part.trim()));
  return numbers.every(Number.isInteger) ? numbers : [];
}
