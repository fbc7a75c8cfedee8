/** One statement of a plan as SQL with numbered parameters, as Prisma Client renders it, and where each value comes from. */
import type { StatementParameter, StatementParameterSource } from "./callStatement.ts";
import { isObject, listIn, textIn } from "./json.ts";
import type { Parameters, ParameterSource } from "./parameters.ts";
import { sampleLength } from "./scalarValues.ts";

export interface RenderedSql {
  readonly sql: string;
  readonly parameters: readonly StatementParameter[];
}

type Source = StatementParameterSource & { readonly castTo?: string | undefined };

/** What a name in the plan stands for. */
type Bound = { readonly statement: number | undefined; readonly column: string | undefined; readonly isSingle: boolean } | undefined;

export function renderSql(query: { readonly [name: string]: unknown }, parameters: Parameters, boundTo: (name: string) => Bound): RenderedSql | undefined {
  const values = listIn(query["args"]);
  const types = listIn(query["argTypes"]);
  if (query["type"] !== "templateSql") return undefined;
  const out: StatementParameter[] = [];
  let sql = "";
  let next = 0;
  const add = ({ castTo, ...source }: Source, type: unknown): string => {
    out.push({ type: postgresType(type), source });
    return castTo === undefined ? `$${out.length}` : `CAST($${out.length}::text AS ${castTo})`;
  };
  const sources = (value: unknown): readonly Source[] => sourcesOf(value, parameters, boundTo);
  for (const fragment of listIn(query["fragments"])) {
    if (!isObject(fragment)) continue;
    const kind = fragment["type"];
    if (kind === "stringChunk") {
      sql += textIn(fragment["chunk"]) ?? "";
      continue;
    }
    const [value, type] = [values[next], types[next]];
    next++;
    const part = (name: string): string => textIn(fragment[name]) ?? "";
    if (kind === "parameter") sql += add(sources(value)[0] ?? { kind: "literal", value: null, span: undefined }, type);
    else if (kind === "parameterTuple") {
      const items = (Array.isArray(value) ? value.flatMap((item) => sources(item)) : sources(value)).map((source) => `${part("itemPrefix")}${add(source, type)}${part("itemSuffix")}`);
      sql += `(${items.length === 0 ? "NULL" : items.join(part("itemSeparator"))})`;
    } else {
      const elements = isObject(type) ? listIn(type["elements"]) : [];
      const tuples = listIn(value).map((tuple) => {
        const items = (Array.isArray(tuple) ? tuple : [tuple]).map((item, i) => add(sources(item)[0] ?? { kind: "literal", value: null, span: undefined }, elements[i] ?? type));
        return `${part("itemPrefix")}${items.join(part("itemSeparator"))}${part("itemSuffix")}`;
      });
      sql += tuples.join(part("groupSeparator"));
    }
  }
  return { sql, parameters: out };
}

/** One for each value; a list that is not known yet has a few. */
function sourcesOf(value: unknown, parameters: Parameters, boundTo: (name: string) => Bound): readonly Source[] {
  if (isObject(value) && isObject(value["prisma__value"])) {
    const { name } = value["prisma__value"];
    if (value["prisma__type"] === "generatorCall") return [{ kind: "generated", by: textIn(name) ?? "" }];
    return named(textIn(name) ?? "", parameters, boundTo);
  }
  const text = value === null || value === undefined ? null : typeof value === "object" ? JSON.stringify(value) : String(value);
  const standsFor = text === null ? undefined : parameters.standsFor(text);
  return [standsFor?.kind === "runtime" ? runtime(standsFor) : { kind: "literal", value: text, span: undefined }];
}

function named(name: string, parameters: Parameters, boundTo: (name: string) => Bound): readonly Source[] {
  const source = parameters.named(name);
  if (source?.kind === "literal") return source.values.map((value) => ({ kind: "literal", value, span: source.span }));
  if (source !== undefined) return source.isList ? Array.from({ length: sampleLength }, () => runtime(source)) : [runtime(source)];
  if (name.startsWith("@generated$")) return [{ kind: "generated", by: generatedBy(name) }];
  const bound = boundTo(name);
  const column = bound?.column ?? name.replace(/^.*\$/, "");
  return Array.from({ length: bound?.isSingle === false ? sampleLength : 1 }, () => ({ kind: "earlier", statement: bound?.statement, column }));
}

/** `created_at` of `@generated$row0$created_at`. */
function generatedBy(name: string): string {
  return name.replace(/^@generated\$(?:row\d+\$)?/, "");
}

function runtime({ text, span, sample, castTo }: Extract<ParameterSource, { kind: "runtime" }>): Source {
  return { kind: "runtime", text, span, sample, castTo };
}

const scalarTypes: Readonly<Record<string, string | undefined>> = {
  string: "text",
  int: "integer",
  bigint: "bigint",
  float: "double precision",
  decimal: "numeric",
  boolean: "boolean",
  enum: "text",
  uuid: "uuid",
  json: "jsonb",
  datetime: "timestamp(3)",
  bytes: "bytea",
};

function postgresType(type: unknown): string | undefined {
  if (!isObject(type)) return undefined;
  const native = textIn(type["dbType"])?.toLowerCase();
  const scalar = native ?? scalarTypes[textIn(type["scalarType"]) ?? ""];
  return scalar === undefined ? undefined : type["arity"] === "list" ? `${scalar}[]` : scalar;
}
