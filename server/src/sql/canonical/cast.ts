/**
 * Which casts PostgreSQL may have added by itself, to make an operator or a function fit: those are dropped. Without the
 * types of columns it is a matter of the target and of the place.
 * https://www.postgresql.org/docs/current/typeconv.html
 */
import type { Node, TypeCast } from "@pgsql/types";
import { canonicalType, namesOf } from "./type.ts";

/** Where a cast stands: an argument of a comparison, or of any other operator or function. */
export type Place = "argument" | "comparison";

/** Targets of the implicit casts in pg_cast that lead from one common type to another. */
const texts: ReadonlySet<string> = new Set(["text", "varchar", "bpchar", "name"]);
const widening: ReadonlySet<string> = new Set(["numeric", "float8", "interval", "inet", "oid", "regclass", "varbit"]);
/** Types that are compared with their relatives as they are: `smallint < bigint`, `date < timestamptz`. */
const comparedAsIs: ReadonlySet<string> = new Set(["int4", "int8", "float4", "timestamp", "timestamptz"]);

/** Whether PostgreSQL may have added `cast`, whose argument is no literal. */
export function isImplicit({ arg, typeName }: TypeCast, place: Place): boolean {
  if (arg === undefined || typeName === undefined || (typeName.typmods ?? []).length > 0) return false;
  const target = canonicalType(typeName).replace("[]", "");
  if (texts.has(target)) return true;
  // Nothing leads from text to another type but a cast that somebody wrote.
  return (widening.has(target) || (place === "argument" && comparedAsIs.has(target))) && !isText(arg);
}

const textOperators: ReadonlySet<string> = new Set(["->>", "#>>", "||"]);
const textFunctions: ReadonlySet<string> = new Set(
  (
    "lower upper initcap btrim ltrim rtrim lpad rpad left right replace translate reverse repeat split_part regexp_replace substr concat " +
    "concat_ws format md5 to_char chr current_setting jsonb_extract_path_text json_extract_path_text array_to_string string_agg quote_ident " +
    "quote_literal encode to_hex"
  ).split(" "),
);

function isText(node: Node): boolean {
  if ("A_Expr" in node) return textOperators.has(namesOf(node.A_Expr.name).at(-1) ?? "");
  if ("FuncCall" in node) return textFunctions.has(namesOf(node.FuncCall.funcname).at(-1) ?? "");
  return "TypeCast" in node && node.TypeCast.typeName !== undefined && texts.has(canonicalType(node.TypeCast.typeName));
}
