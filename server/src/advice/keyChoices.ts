/** Which keys stand first in an index, and which class of operators a condition needs. */
import type { Column, IndexKey, Schema, Table } from "../model/schema.ts";
import type { Key, Test } from "./tableUse.ts";

/** Of keys that are all compared by equality any order finds the same; this one serves most other queries as well. */
export function keyRank(key: Key, table: Table, tenant: string | undefined): number {
  if (!("column" in key)) return 2;
  const { column } = key;
  if (column === tenant) return 0;
  if (table.foreignKeys.some((foreign) => foreign.columns[0] === column)) return 1;
  const type = table.columns.get(column)?.type;
  if (type?.name === "bool") return 5;
  if (type?.kind === "enum" || /^(?:status|state|type|kind|stage|priority|role|level|category)$/i.test(column)) return 4;
  return /_at$|_on$/.test(column) ? 5 : 3;
}

export function partsKey({ key, operator }: Extract<Test, { kind: "parts" }>, table: Table): IndexKey | undefined {
  if ("expression" in key) return /^to_tsvector\(/.test(key.expression.canonical) && operator === "@@" ? keyOf(key) : undefined;
  const type = table.columns.get(key.column)?.type;
  if (type === undefined) return undefined;
  if (type.isArray) return ["@>", "&&", "<@"].includes(operator) ? keyOf(key) : undefined;
  if (type.name === "tsvector") return operator === "@@" ? keyOf(key) : undefined;
  if (type.name !== "jsonb" || operator === "<@" || operator === "&&") return undefined;
  // Smaller and faster, and without the operators for keys.
  return keyOf(key, ["@>", "@?", "@@"].includes(operator) ? "jsonb_path_ops" : undefined);
}

/** Prefixes are found in the order of bytes, which is the usual order only in the locale C; anything else by trigrams. */
export function patternKeys({ key, pattern, ignoresCase }: Extract<Test, { kind: "pattern" }>, table: Table, schema: Schema): readonly { readonly method: "btree" | "gin"; readonly key: IndexKey }[] {
  const type = "column" in key ? table.columns.get(key.column)?.type : undefined;
  if (type !== undefined && (type.isArray || !["text", "varchar", "bpchar", "citext"].includes(type.name))) return [];
  const found: { method: "btree" | "gin"; key: IndexKey }[] = [];
  if (pattern === "prefix" && !ignoresCase && type?.name !== "citext") found.push({ method: "btree", key: keyOf(key, type?.name === "varchar" ? "varchar_pattern_ops" : type?.name === "bpchar" ? "bpchar_pattern_ops" : "text_pattern_ops") });
  if (schema.extensions.has("pg_trgm") && type?.name !== "bpchar") found.push({ method: "gin", key: keyOf(key, "gin_trgm_ops") });
  return found;
}

/** Whether a condition wants an index of the extension pg_trgm. */
export function wantsTrigrams({ kind, ...test }: Test): boolean {
  return kind === "pattern" && "pattern" in test && (test.pattern === "anywhere" || test.ignoresCase);
}

function keyOf(key: Key, operatorClass?: string): IndexKey {
  const { column, expression } = "column" in key ? { column: key.column, expression: undefined } : { column: undefined, expression: key.expression };
  return { column, expression, operatorClass, collation: undefined, direction: "asc", nulls: "last" };
}

/** A value that would make an index about as large as its table. */
export function isBulky(column: Column | undefined): boolean {
  if (column === undefined || column.type.isArray) return true;
  const { name, modifiers } = column.type;
  if (["json", "jsonb", "xml", "bytea", "tsvector"].includes(name)) return true;
  return name === "text" ? /(?:body|content|description|comment|notes?|message|html|markdown|bio|address)/i.test(column.name) : name === "varchar" && (modifiers[0] ?? 1_000) > 255;
}
