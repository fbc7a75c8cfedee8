/** Defaults: the SQL that `prisma migrate` writes for `@default(…)`, and the defaults that only Prisma Client makes. */
import { argumentNamed } from "../../prisma/attributes.ts";
import type { CallValue, Value } from "../../prisma/syntax.ts";
import { canonicalExpression, expressionColumnsOf } from "../../sql/canonical.ts";
import { quoteLiteral } from "../../text/quoteLiteral.ts";
import type { EnumFacts, FieldFacts } from "./facts.ts";
import { formatType } from "../pgTypes.ts";
import type { Expression, PgType } from "../schema.ts";

export type FieldDefault =
  | { readonly kind: "none" }
  | { readonly kind: "serial" }
  | { readonly kind: "database"; readonly expression: Expression }
  | { readonly kind: "client"; readonly text: string };

const none: FieldDefault = { kind: "none" };

/** What the column gets from `@default(…)`; `@updatedAt` is another matter. */
export function fieldDefault(field: FieldFacts, type: PgType, enumOf: EnumFacts | undefined): FieldDefault {
  const value = field.default;
  if (value === undefined) return none;
  if (value.kind === "call") return callDefault(value);
  const sql = literal(value, field.type.name.text, type, enumOf);
  return sql === undefined ? none : { kind: "database", expression: expressionOf(sql) };
}

function callDefault(call: CallValue): FieldDefault {
  switch (call.name.text) {
    case "autoincrement":
      return { kind: "serial" };
    case "now":
      return { kind: "database", expression: expressionOf("CURRENT_TIMESTAMP") };
    case "dbgenerated": {
      const text = argumentNamed(call, "value", true);
      return text?.kind === "string" && text.value.trim() !== "" ? { kind: "database", expression: expressionOf(text.value) } : none;
    }
    case "uuid":
      return { kind: "client", text: `uuid(${firstNumber(call) ?? 4})` };
    case "cuid":
    case "nanoid":
    case "ulid":
      return { kind: "client", text: `${call.name.text}(${firstNumber(call) ?? ""})` };
    default:
      return none;
  }
}

function firstNumber(call: CallValue): string | undefined {
  const value = call.arguments[0]?.value;
  return value?.kind === "number" ? value.text : undefined;
}

/** The constant as SQL; undefined when it is none of the field's type, which the validator reports. */
function literal(value: Value, scalar: string, type: PgType, enumOf: EnumFacts | undefined): string | undefined {
  if (value.kind === "array") {
    const items = value.items.map((item) => literal(item, scalar, type, enumOf));
    return items.includes(undefined) ? undefined : `ARRAY[${items.join(", ")}]::${formatType(type)}`;
  }
  if (enumOf !== undefined) {
    const mapped = value.kind === "path" ? enumOf.values.get(value.text) : undefined;
    return mapped === undefined ? undefined : quoteLiteral(mapped);
  }
  if (value.kind === "path") return value.text === "true" || value.text === "false" ? value.text : undefined;
  if (value.kind === "number") return plainNumber(value.text);
  if (value.kind !== "string") return undefined;
  if (scalar === "Bytes") return `'\\x${Buffer.from(value.value, "base64").toString("hex")}'`;
  if (scalar === "DateTime") return dateTime(value.value, type);
  if (scalar === "Decimal" || scalar === "Float") return plainNumber(value.value);
  return quoteLiteral(value.value);
}

/** `1e5` as `100000`; no sign before zero. Undefined when it is no number, or one that would fill pages. */
function plainNumber(text: string): string | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = match;
  const digits = whole + fraction;
  const point = whole.length + Number(exponent);
  const before = point > 0 ? digits.slice(0, point).padEnd(point, "0") : "0";
  const after = point < 0 ? digits.padStart(digits.length - point, "0") : digits.slice(point);
  const plain = `${before.replace(/^0+(?=\d)/, "")}${after === "" ? "" : `.${after}`}`;
  return /[1-9]/.test(plain) ? sign + plain : plain;
}

const timestampText = /^(\d{4,6}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|([+-]\d\d):?(\d\d))?$/i;

/** A point in time as PostgreSQL keeps it in a column of the type: a type without zone drops the offset as written. */
function dateTime(text: string, type: PgType): string | undefined {
  const match = timestampText.exec(text);
  if (match === null) return undefined;
  const [, date = "", time = "", hours = "+00", minutes = "00"] = match;
  switch (type.name) {
    case "date":
      return quoteLiteral(date);
    case "time":
      return quoteLiteral(time);
    case "timetz":
      return quoteLiteral(`${time}${hours}${minutes === "00" ? "" : `:${minutes}`}`);
    case "timestamptz":
      return quoteLiteral(`${date} ${time}${hours}${minutes === "00" ? "" : `:${minutes}`}`);
    default:
      return quoteLiteral(`${date} ${time}`);
  }
}

/** Expressions by their text. A schema repeats a few of them thousands of times, and every keystroke asks again. */
const expressions = new Map<string, Expression>();
const maxExpressions = 50_000;

/** The expression of an SQL text. */
export function expressionOf(text: string): Expression {
  const known = expressions.get(text);
  if (known !== undefined) return known;
  const expression = { text, canonical: canonicalExpression(text), columns: expressionColumnsOf(text) };
  if (expressions.size >= maxExpressions) expressions.clear();
  expressions.set(text, expression);
  return expression;
}
