/**
 * Values of columns in a call: which of them Prisma Client 7 sends as placeholders, and of which type. A value that does not
 * have its field's type goes as it stands, and the query compiler says what it makes of it.
 */
import type { Span } from "../text/span.ts";
import type { CallArgument, ObjectArgument, RuntimeArgument, TaggedArgument } from "./call.ts";
import { entriesOf } from "./call.ts";
import type { CallField, CallModels } from "./callModels.ts";
import type { Json } from "./json.ts";
import { isObject } from "./json.ts";
import type { Parameters, ScalarType } from "./parameters.ts";

/** Of a list that only the running program knows. */
export const sampleLength = 3;

export class ScalarValues {
  /** Conditions' values that only the running program knows: undefined would leave the condition out, null would turn it. */
  readonly given: RuntimeArgument[] = [];
  readonly #models: CallModels;
  readonly #parameters: Parameters;
  readonly #assume: (span: Span, text: string) => void;

  constructor(models: CallModels, parameters: Parameters, assume: (span: Span, text: string) => void) {
    this.#models = models;
    this.#parameters = parameters;
    this.#assume = assume;
  }

  /** What a condition demands of a column: a value, or `{ gte: …, in: … }`. */
  filter(value: CallArgument, field: CallField): Json | undefined {
    if (value.kind === "runtime") this.given.push(value);
    if (value.kind !== "object") return this.#valueOrList(value, field, field.isList);
    return this.#entries(value, (name, inner) => this.#operator(name, inner, field));
  }

  /** What a column is given: a value, or `{ increment: … }`. */
  data(value: CallArgument, field: CallField): Json | undefined {
    if (field.type === "Json") return field.isList ? this.#valueOrList(value, field, true) : this.scalar(value, field);
    if (value.kind !== "object") return this.#valueOrList(value, field, field.isList);
    return this.#entries(value, (name, inner) => this.#valueOrList(inner, field, field.isList && (name === "set" || inner.kind === "list")));
  }

  scalar(value: CallArgument, field: CallField): Json {
    switch (value.kind) {
      case "absent":
        return null;
      case "runtime":
        return this.#runtime(value, field);
      case "tagged": {
        const type = tagTypes[value.type];
        if (type === undefined || field.type !== value.type) return this.tagged(value);
        return this.#parameters.placeholder({ kind: "literal", values: [value.value], span: value.span }, type);
      }
      case "literal":
        return this.#literal(value.value, value.span, field);
      default:
        return this.#json(value, field);
    }
  }

  tagged({ type, value }: TaggedArgument): Json {
    if (type !== "FieldRef") return { $type: type, value };
    const [property = "", name = ""] = value.split(".");
    return { $type: "FieldRef", value: { _ref: name, _container: this.#models.byProperty.get(property)?.name ?? property } };
  }

  #entries(value: ObjectArgument, read: (name: string, inner: CallArgument) => Json | undefined): Json {
    for (const unread of value.unread) this.#assume(unread.span, `\`${unread.text}\` adds nothing.`);
    return Object.fromEntries(
      entriesOf(value).flatMap(({ name, value: inner }): [string, Json][] => {
        const json = inner.kind === "absent" ? undefined : read(name, inner);
        return json === undefined ? [] : [[name, json]];
      }),
    );
  }

  #operator(name: string, value: CallArgument, field: CallField): Json | undefined {
    switch (name) {
      // These are a part of the statement's shape.
      case "mode":
      case "path":
        return this.#shape(value);
      case "isEmpty":
        if (value.kind !== "runtime") return this.#shape(value);
        this.#assume(value.span, `\`${value.text}\` is true.`);
        return true;
      case "in":
      case "notIn":
      case "hasEvery":
      case "hasSome":
        return this.#valueOrList(value, { ...field, isList: false }, true);
      case "has":
        return this.scalar(value, { ...field, isList: false });
      case "_count":
        return this.filter(value, plainField(field, "Int"));
      case "_avg":
        return this.filter(value, plainField(field, field.type === "Decimal" ? "Decimal" : "Float"));
      default:
        if (field.type === "Json" && name.startsWith("string_")) return this.scalar(value, plainField(field, "String"));
        return field.type === "Json" ? this.scalar(value, field) : this.filter(value, field);
    }
  }

  #shape(value: CallArgument): Json | undefined {
    if (value.kind === "literal") return value.value;
    if (value.kind === "list") return value.items.flatMap((item) => this.#shape(item) ?? []);
    if (value.kind === "runtime") this.#assume(value.span, `\`${value.text}\` is left out.`);
    return undefined;
  }

  #valueOrList(value: CallArgument, field: CallField, isList: boolean): Json {
    if (!isList || (value.kind !== "list" && value.kind !== "runtime")) {
      return value.kind === "list" ? value.items.map((item) => this.scalar(item, field)) : this.scalar(value, field);
    }
    if (field.kind === "enum") return this.#enumList(value, field);
    const inner = placeholderType(field);
    if (value.kind === "runtime") {
      this.#assume(value.span, `\`${value.text}\` has ${sampleLength} elements.`);
      return this.#parameters.placeholder({ kind: "runtime", text: value.text, span: value.span, isList: true }, { type: "List", inner });
    }
    if (value.items.some((item) => item.kind === "runtime")) {
      return this.#parameters.placeholder({ kind: "runtime", text: value.items.map((item) => (item.kind === "runtime" ? item.text : "…")).join(", "), span: value.span, isList: true }, { type: "List", inner });
    }
    const items = value.items.map((item) => this.scalar(item, field));
    const types = items.map(placeheldType);
    const values = value.items.flatMap((item) => (item.kind === "literal" || item.kind === "tagged" ? [String(item.value)] : []));
    if (items.length === 0 || types.includes(undefined)) return value.items.map((item) => (item.kind === "literal" ? item.value : item.kind === "tagged" ? this.tagged(item) : null));
    return this.#parameters.placeholder({ kind: "literal", values, span: value.span }, { type: "List", inner: { type: widest(types) } });
  }

  /** The client sends the elements as they are, so a list of the program's is given some. */
  #enumList(value: CallArgument, field: CallField): Json {
    if (value.kind === "runtime") {
      const sample = this.#models.enums.get(field.type)?.values.slice(0, 2) ?? [];
      this.#assume(value.span, `\`${value.text}\` is ${sample.join(", ")}.`);
      return sample;
    }
    return value.kind === "list" ? value.items.map((item) => (item.kind === "literal" ? item.value : this.scalar(item, field))) : this.scalar(value, field);
  }

  #runtime({ text, span }: RuntimeArgument, field: CallField): Json {
    const castTo = field.kind === "enum" ? this.#models.enums.get(field.type)?.sqlName : undefined;
    return this.#parameters.placeholder({ kind: "runtime", text, span, ...(castTo === undefined ? {} : { castTo }) }, placeholderType(field));
  }

  #literal(value: string | number | boolean | null, span: Span, field: CallField): Json {
    if (value === null) return null;
    const type = literalType(value);
    if (field.kind === "enum" || !takes[field.type]?.includes(type)) return value;
    return this.#parameters.placeholder({ kind: "literal", values: [String(value)], span }, { type });
  }

  /** An object or a list in a field of JSON is one value. */
  #json(value: CallArgument, field: CallField): Json {
    const known = plainValue(value);
    if (field.type !== "Json") return known ?? null;
    const source = known === undefined ? ({ kind: "runtime", text: "{…}", span: value.span } as const) : ({ kind: "literal", values: [JSON.stringify(known)], span: value.span } as const);
    return this.#parameters.placeholder(source, { type: "Json" });
  }
}

/** The types of values that the client makes a placeholder of, for a field's type. */
const takes: Readonly<Record<string, readonly string[] | undefined>> = {
  String: ["String"],
  Int: ["Int"],
  BigInt: ["Int", "BigInt"],
  Float: ["Int", "Float"],
  Boolean: ["Boolean"],
};

const tagTypes: Readonly<Record<TaggedArgument["type"], { readonly type: ScalarType } | undefined>> = {
  DateTime: { type: "DateTime" },
  BigInt: { type: "BigInt" },
  Decimal: { type: "Float" },
  Enum: undefined,
  FieldRef: undefined,
};

function literalType(value: string | number | boolean): "String" | "Boolean" | "Int" | "BigInt" | "Float" {
  if (typeof value === "string") return "String";
  if (typeof value === "boolean") return "Boolean";
  if (!Number.isInteger(value)) return "Float";
  return Math.abs(value) <= 2 ** 31 - 1 ? "Int" : "BigInt";
}

/** For a value that only the running program knows. */
function placeholderType(field: CallField): { readonly type: ScalarType } {
  if (field.kind === "enum") return { type: "Enum" };
  switch (field.type) {
    case "String":
    case "Int":
    case "BigInt":
    case "Boolean":
    case "DateTime":
    case "Json":
    case "Bytes":
      return { type: field.type };
    case "Float":
    case "Decimal":
      return { type: "Float" };
    default:
      return { type: "Any" };
  }
}

function widest(types: readonly (string | undefined)[]): ScalarType {
  for (const type of ["Float", "BigInt", "Int", "String", "Boolean", "DateTime"] as const) if (types.includes(type)) return type;
  return "Any";
}

/** Of a placeholder; undefined for any other value. */
function placeheldType(json: Json): string | undefined {
  const value = isObject(json) && json["$type"] === "Param" ? json["value"] : undefined;
  return isObject(value) ? String(value["type"]) : undefined;
}

function plainField(field: CallField, type: string): CallField {
  return { ...field, kind: "scalar", type, isList: false };
}

/** Undefined when a part of it is known only to the running program. */
function plainValue(value: CallArgument): Json | undefined {
  switch (value.kind) {
    case "literal":
      return value.value;
    case "list": {
      const items = value.items.map(plainValue);
      const known = items.filter((item) => item !== undefined);
      return known.length < items.length ? undefined : known;
    }
    case "object": {
      const named: Record<string, Json> = {};
      if (value.unread.length > 0) return undefined;
      for (const { name, value: inner } of entriesOf(value)) {
        const known = plainValue(inner);
        if (known === undefined && inner.kind !== "absent") return undefined;
        if (known !== undefined) named[name] = known;
      }
      return named;
    }
    default:
      return undefined;
  }
}
