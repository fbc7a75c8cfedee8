/**
 * What one schema states differently from another, element by element. Used to hold `fromSql` and `fromPrisma` against a
 * real catalog; facts that only one kind of source can know (origins, Prisma names, client defaults) are not compared.
 */
import type { Schema } from "../../server/src/model/schema.ts";
import { type ComparedElement, elementsOf, type ObjectKind } from "./comparedElements.ts";

export interface Difference {
  readonly kind: ObjectKind;
  /** `schema.table`, `schema.table.column`, `schema.table.constraint`. */
  readonly subject: string;
  /** Property name; `presence` when only one side has the element. */
  readonly fact: string;
  readonly actual: string;
  readonly truth: string;
}

export interface CompareOptions {
  /** Kinds that one side cannot know at all. */
  readonly without?: readonly ObjectKind[];
  /** Facts that one side cannot know, as `kind.fact`, for example `column.comment`. */
  readonly withoutFacts?: readonly string[];
}

/** Empty when both state the same. In the order of kinds, then of subjects. */
export function compareSchemas(actual: Schema, truth: Schema, options: CompareOptions = {}): readonly Difference[] {
  const mine = elementsOf(actual);
  const theirs = elementsOf(truth);
  const withoutFacts = new Set(options.withoutFacts);
  const differences: Difference[] = [];
  for (const id of new Set([...mine.keys(), ...theirs.keys()])) {
    const a = mine.get(id);
    const b = theirs.get(id);
    const { kind, subject } = a ?? b ?? unreachable();
    if (options.without?.includes(kind)) continue;
    if (a === undefined || b === undefined) {
      const there = (element: ComparedElement | undefined): string => (element === undefined ? "absent" : "present");
      differences.push({ kind, subject, fact: "presence", actual: there(a), truth: there(b) });
      continue;
    }
    for (const [fact, value] of Object.entries(b.facts)) {
      const stated = a.facts[fact] ?? "";
      if (stated !== value && !withoutFacts.has(`${kind}.${fact}`)) differences.push({ kind, subject, fact, actual: stated, truth: value });
    }
  }
  return differences.sort((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || compareText(a.subject, b.subject));
}

/** Counted by kind, for a table over many comparisons. */
export function countByKind(differences: readonly Difference[]): ReadonlyMap<ObjectKind, number> {
  const counts = new Map<ObjectKind, number>();
  for (const { kind } of differences) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** How many elements of each kind the schema has: a comparison of nothing with nothing proves nothing. */
export function elementCounts(schema: Schema): ReadonlyMap<ObjectKind, number> {
  const counts = new Map<ObjectKind, number>();
  for (const { kind } of elementsOf(schema).values()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** One difference over several lines, for people. */
export function formatDifference(difference: Difference): string {
  const { kind, subject, fact, actual, truth } = difference;
  if (fact === "presence") return `${kind} ${subject}: ${actual === "absent" ? "missing" : "not in the truth"}`;
  return `${kind} ${subject}: ${fact}\n      is     ${actual}\n      truth  ${truth}`;
}

const kinds: readonly ObjectKind[] = [
  "schema",
  "table",
  "column",
  "primary key",
  "unique",
  "foreign key",
  "check",
  "exclusion",
  "index",
  "trigger",
  "policy",
  "view",
  "enum",
  "domain",
  "composite type",
  "sequence",
  "routine",
  "extension",
  "grant",
];

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function unreachable(): never {
  throw new Error("An element is on neither side.");
}
