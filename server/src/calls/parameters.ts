/** What stands for the values of a call while it is compiled, and the way back from there to the call. */
import type { Span } from "../text/span.ts";
import type { Json } from "./json.ts";

/** Where the value of a parameter comes from. */
export type ParameterSource =
  /** It stands in the call; in PostgreSQL's text form, one for each element of a list. */
  | { readonly kind: "literal"; readonly values: readonly (string | null)[]; readonly span: Span }
  /** Only the running program knows it; `sample` is what the statement was compiled with where it needs a number. */
  | {
      readonly kind: "runtime";
      readonly text: string;
      readonly span: Span;
      readonly sample?: string;
      readonly isList?: boolean;
      /** The type in SQL that the client casts it to; it sends values of enums as they stand, and casts them. */
      readonly castTo?: string;
    };

/** In the terms of the query compiler. */
export type PlaceholderType = { readonly type: ScalarType } | { readonly type: "List"; readonly inner: { readonly type: ScalarType } };

export type ScalarType = "Any" | "String" | "Int" | "BigInt" | "Float" | "Boolean" | "DateTime" | "Json" | "Bytes" | "Enum";

/** Numbers that nobody writes, for LIMIT and OFFSET, whose values shape the plan. */
const firstStandIn = 1_912_340_000;

export class Parameters {
  readonly #byName = new Map<string, ParameterSource>();
  readonly #nameByKey = new Map<string, string>();
  readonly #standIns = new Map<string, ParameterSource>();

  /** Equal values share a placeholder, as they do in Prisma Client: an upsert is one statement when its values are equal. */
  placeholder(source: ParameterSource, type: PlaceholderType): Json {
    const key = JSON.stringify([type, source.kind, source.kind === "literal" ? source.values : source.text]);
    const name = this.#nameByKey.get(key) ?? `%${this.#byName.size + 1}`;
    if (!this.#byName.has(name)) this.#byName.set(name, source);
    this.#nameByKey.set(key, name);
    return { $type: "Param", value: { name, ...type } };
  }

  /** A number that stands for one that the program gives; `sample` is what is told instead of it. */
  standIn(text: string, span: Span, sample: string): number {
    const value = firstStandIn + this.#standIns.size;
    this.#standIns.set(String(value), { kind: "runtime", text, span, sample });
    return value;
  }

  named(name: string): ParameterSource | undefined {
    return this.#byName.get(name);
  }

  /** What a value of the compiled statement stands for, if it is a stand-in. */
  standsFor(value: string): ParameterSource | undefined {
    return this.#standIns.get(value.replace(/^-/, ""));
  }
}
