/** How names are written, and how most names of a schema are: what a convention is, when nobody wrote it down. */
import { lookup } from "../../model/lookup.ts";
import { memoised } from "../../model/memoised.ts";
import { isImplied } from "../../model/queries.ts";
import type { Table } from "../../model/schema.ts";
import { wordsOf } from "../names.ts";
import { isPlural, singular } from "../words.ts";

export const styles = ["snake_case", "camelCase", "PascalCase"] as const;

export type Style = (typeof styles)[number];

export type GrammaticalNumber = "singular" | "plural";

/** Words with a capital, a digit or none: `id`, `name` and `x2` are snake case and camel case at once. */
const shapes: Readonly<Record<Style, RegExp>> = {
  snake_case: /^_*[a-z][a-z0-9]*(?:_+[a-z0-9]+)*_*$/,
  camelCase: /^_*[a-z][a-z0-9]*(?:[A-Z][A-Za-z0-9]*)*$/,
  PascalCase: /^_*[A-Z][A-Za-z0-9]*$/,
};

export function isInStyle(name: string, style: Style): boolean {
  return shapes[style].test(name);
}

/** The only style that a name is in; undefined when it is in several, or in none. */
export function styleOf(name: string): Style | undefined {
  if (shapes.PascalCase.test(name)) return "PascalCase";
  const isSnake = shapes.snake_case.test(name);
  if (isSnake === shapes.camelCase.test(name)) return undefined;
  return isSnake ? "snake_case" : "camelCase";
}

/** The name's words in a style. */
export function inStyle(name: string, style: Style): string {
  const words = wordsOf(name);
  if (style === "snake_case") return words.join("_");
  return words.map((word, i) => (i === 0 && style === "camelCase" ? word : word.charAt(0).toUpperCase() + word.slice(1))).join("");
}

/** What many have one of and a name's number says nothing about. */
const uncounted = new Set(
  (
    "data metadata history staff information info equipment content media news series audit status access feedback config configuration software " +
    "stock inventory money sms species stats analytics settings preferences logs credentials details auth sso"
  ).split(" "),
);

/** Undefined where the last word says nothing about it. */
export function numberOf(name: string): GrammaticalNumber | undefined {
  const last = wordsOf(name).at(-1);
  if (last === undefined || last.length < 3 || uncounted.has(last) || /[^a-z]/.test(last) || (last.endsWith("s") && singular(last) === last)) return undefined;
  return isPlural(last) ? "plural" : "singular";
}

/** What names are of. Those of the database are counted for each of its schemas. */
export type NameKind = "table" | "column" | "model" | "field";

/** How most names are written, and how many of those that say it: `{ most: "snake_case", count: 97, of: 98 }`. */
export interface Usual<T> {
  readonly most: T;
  readonly count: number;
  readonly of: number;
}

/** As at least nine of ten write it, of no fewer than ten. */
export const usualStyle = lookup((schema) => {
  const counts = new Map<string, Map<Style, number>>();
  for (const table of schema.tables.values()) {
    if (isImplied(table) || table.partitionOf !== undefined) continue;
    for (const [kind, count, style] of styleCounts(table)) add(counts, kindKey(kind, table), style, count);
  }
  const usual = new Map([...counts].map(([key, each]) => [key, mostOf(each)]));
  return (key): Usual<Style> | undefined => usual.get(key);
});

/** The same of tables and models being called in the singular or the plural. */
export const usualNumber = lookup((schema) => {
  const counts = new Map<string, Map<GrammaticalNumber, number>>();
  for (const table of schema.tables.values()) {
    if (isImplied(table) || table.partitionOf !== undefined) continue;
    for (const [kind, number] of numbers(table)) add(counts, kindKey(kind, table), number, 1);
  }
  const usual = new Map([...counts].map(([key, each]) => [key, mostOf(each)]));
  return (key): Usual<GrammaticalNumber> | undefined => usual.get(key);
});

/** The key of `usualStyle` and `usualNumber`. */
export function kindKey(kind: NameKind, { schema }: { readonly schema: string }): string {
  return kind === "table" || kind === "column" ? `${kind} ${schema}` : kind;
}

const styleCounts = memoised((table: Table): readonly (readonly [NameKind, number, Style])[] => {
  const counts: [NameKind, number, Style][] = [];
  const count = (kind: NameKind, name: string | undefined): void => {
    const style = name === undefined ? undefined : styleOf(name);
    if (style === undefined) return;
    const known = counts.find(([k, , s]) => k === kind && s === style);
    if (known === undefined) counts.push([kind, 1, style]);
    else known[1] += 1;
  };
  count("table", table.name);
  count("model", table.prismaName);
  for (const { name, prismaName } of table.columns.values()) {
    count("column", name);
    count("field", prismaName);
  }
  return counts;
});

const numbers = memoised((table: Table): readonly (readonly [NameKind, GrammaticalNumber])[] => {
  const ofTable = numberOf(table.name);
  const ofModel = table.prismaName === undefined ? undefined : numberOf(table.prismaName);
  return [
    ...(ofTable === undefined ? [] : [["table", ofTable] as const]),
    ...(ofModel === undefined ? [] : [["model", ofModel] as const]),
  ];
});

function add<T>(counts: Map<string, Map<T, number>>, key: string, what: T, count: number): void {
  const known = counts.get(key) ?? new Map<T, number>();
  counts.set(key, known.set(what, (known.get(what) ?? 0) + count));
}

const fewest = 10;

function mostOf<T>(counts: ReadonlyMap<T, number>): Usual<T> | undefined {
  let of = 0;
  let most: Usual<T> | undefined;
  for (const count of counts.values()) of += count;
  for (const [what, count] of counts) if (count > (most?.count ?? 0)) most = { most: what, count, of };
  return most !== undefined && of >= fewest && most.count * 10 >= of * 9 ? most : undefined;
}
