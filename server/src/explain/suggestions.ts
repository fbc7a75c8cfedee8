/** Values to plan a query for: a common one and a rare one of the column that a parameter is compared with, else a guess by its type. */
import type { PlanSuggestion } from "../../../protocol/src/plan.ts";
import type { ColumnStatistics } from "../database/columnStatistics.ts";
import type { ParameterColumn } from "./parameterColumns.ts";

/** In PostgreSQL's text form; the first is what to take unless somebody chooses. */
export function suggestionsFor(column: ParameterColumn | undefined, statistics: ColumnStatistics | undefined, type: string | undefined): readonly PlanSuggestion[] {
  const known = column === undefined || statistics === undefined ? [] : knownValues(column.operator, statistics);
  const isList = type?.endsWith("[]") === true;
  const values = known.map(({ value, ...rest }) => ({ ...rest, value: isList ? listOf(value) : value }));
  if (values.length > 0) return values;
  const guess = guessFor(type, column);
  return guess === undefined ? [] : [{ value: guess, kind: "guess" }];
}

function knownValues(operator: string, { common, bounds }: ColumnStatistics): readonly PlanSuggestion[] {
  const [first] = common;
  const middle = bounds[Math.floor(bounds.length / 2)];
  if (/^[<>]=?$/.test(operator)) return rangeValues(operator, bounds.length > 1 ? bounds : common.map(({ value }) => value).sort());
  if (/^!?~~\*?$/.test(operator)) return first === undefined && middle === undefined ? [] : [{ value: `${(first?.value ?? middle ?? "").slice(0, 3)}%`, kind: "guess" }];
  if (first === undefined) return middle === undefined ? [] : [{ value: middle, kind: "guess" }];
  const rare = rarest(common, middle);
  return [{ value: first.value, kind: "common", share: first.share }, ...(rare === undefined ? [] : [rare])];
}

/** What is in the histogram is rarer than all that is common. */
function rarest(common: ColumnStatistics["common"], middle: string | undefined): PlanSuggestion | undefined {
  if (middle !== undefined) return { value: middle, kind: "rare" };
  const last = common.at(-1);
  return last === undefined || common.length < 2 ? undefined : { value: last.value, kind: "rare", share: last.share };
}

/** Where a range holds most, and where it holds least. */
function rangeValues(operator: string, bounds: readonly string[]): readonly PlanSuggestion[] {
  const low = bounds[Math.floor(bounds.length * 0.1)];
  const high = bounds[Math.floor(bounds.length * 0.99)];
  if (low === undefined || high === undefined) return [];
  const [many, few] = operator.startsWith(">") ? [low, high] : [high, low];
  return many === few ? [{ value: many, kind: "guess" }] : [{ value: many, kind: "common", share: 0.9 }, { value: few, kind: "rare", share: operator.startsWith(">") ? 0.01 : 0.1 }];
}

/** A list of one, as PostgreSQL writes arrays. */
function listOf(value: string): string {
  return `{"${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"}`;
}

const guesses: readonly (readonly [RegExp, string])[] = [
  [/^(?:smallint|integer|bigint|numeric|real|double precision|oid)/, "1"],
  [/^boolean/, "true"],
  [/^uuid/, "00000000-0000-4000-8000-000000000000"],
  [/^date/, "2025-01-01"],
  [/^timestamp/, "2025-01-01 00:00:00"],
  [/^time\b/, "12:00:00"],
  [/^interval/, "30 days"],
  [/^(?:text|character|citext|name|"char")/, "a"],
  [/^jsonb?/, "{}"],
];

function guessFor(type: string | undefined, column: ParameterColumn | undefined): string | undefined {
  if (type === undefined) return undefined;
  if (type.endsWith("[]")) return "{}";
  // What limits rows is compared with no column.
  if (column === undefined && type === "bigint") return "20";
  return guesses.find(([pattern]) => pattern.test(type))?.[1];
}
