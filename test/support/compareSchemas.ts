/**
 * What one schema states differently from another, element by element. Used to hold `fromSql` and `fromPrisma` against a
 * real catalog; equality is the model's own.
 */
import { diff, type ElementChange } from "../../server/src/model/diff.ts";
import { type ElementKind, elementsOf } from "../../server/src/model/elements.ts";
import type { Schema } from "../../server/src/model/schema.ts";

export interface Difference {
  readonly kind: ElementKind;
  /** `schema.table`, `schema.table.column`, `schema.table.constraint`. */
  readonly subject: string;
  /** Property name; `presence` when only one side has the element. */
  readonly fact: string;
  readonly actual: string;
  readonly truth: string;
}

export interface CompareOptions {
  /** Kinds that one side cannot know at all. */
  readonly without?: readonly ElementKind[];
  /** Facts that one side cannot know, as `kind.fact`, for example `column.comment`. */
  readonly withoutFacts?: readonly string[];
}

/** Empty when both state the same. In the order of kinds, then of subjects. */
export function compareSchemas(actual: Schema, truth: Schema, { without = [], withoutFacts = [] }: CompareOptions = {}): readonly Difference[] {
  return diff(actual, truth)
    .filter(({ kind }) => !without.includes(kind))
    .flatMap(differencesIn)
    .filter(({ kind, fact }) => !withoutFacts.includes(`${kind}.${fact}`));
}

/** Counted by kind, for a table over many comparisons. */
export function countByKind(differences: readonly Difference[]): ReadonlyMap<ElementKind, number> {
  const counts = new Map<ElementKind, number>();
  for (const { kind } of differences) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** How many elements of each kind the schema has: a comparison of nothing with nothing proves nothing. */
export function elementCounts(schema: Schema): ReadonlyMap<ElementKind, number> {
  const counts = new Map<ElementKind, number>();
  for (const { kind } of elementsOf(schema).values()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** One difference over several lines, for people. */
export function formatDifference(difference: Difference): string {
  const { kind, subject, fact, actual, truth } = difference;
  if (fact === "presence") return `${kind} ${subject}: ${actual === "absent" ? "missing" : "not in the truth"}`;
  return `${kind} ${subject}: ${fact}\n      is     ${actual}\n      truth  ${truth}`;
}

function differencesIn(change: ElementChange): readonly Difference[] {
  const { kind, subject, what } = change;
  if (what === "added") return [{ kind, subject, fact: "presence", actual: "absent", truth: "present" }];
  if (what === "removed") return [{ kind, subject, fact: "presence", actual: "present", truth: "absent" }];
  return change.facets.map(({ facet, before, after }) => ({ kind, subject, fact: facet, actual: before, truth: after }));
}
