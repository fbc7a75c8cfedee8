/**
 * What is different between two schemas, element by element and fact by fact. The difference view draws it, migrations
 * are written from it, and a schema equals another one when it is empty.
 *
 * Invariant: `diff(a, a)` is empty, and `diff(b, a)` is `diff(a, b)` with before and after exchanged;
 * test/unit/model/diff.test.ts holds both. An element that was renamed is one removed and one added: whether its data
 * are to be kept is a question to people, asked by who writes the migration.
 */
import { type ElementKind, elementKinds, elementsOf, type Facts, type SchemaElement } from "./elements.ts";
import type { Schema } from "./schema.ts";

export type ElementChange = AddedElement | RemovedElement | ChangedElement;

interface Changed {
  readonly kind: ElementKind;
  /** For people: `schema.table.column`. */
  readonly subject: string;
  /** Key of the table, view or domain that holds the element; undefined for what stands on its own. */
  readonly on: string | undefined;
}

/** Also each part of a table, view or domain that was added with all it has. */
export interface AddedElement extends Changed {
  readonly what: "added";
  readonly before?: undefined;
  readonly after: SchemaElement;
}

export interface RemovedElement extends Changed {
  readonly what: "removed";
  readonly before: SchemaElement;
  readonly after?: undefined;
}

export interface ChangedElement extends Changed {
  readonly what: "changed";
  readonly before: SchemaElement;
  readonly after: SchemaElement;
  /** Never empty. */
  readonly facets: readonly FacetChange[];
}

/** One fact with its value on both sides; empty where there is none. */
export interface FacetChange {
  /** A property's name, such as `type`, `notNull`, `onDelete`. `columns` of a table is the order of those that both have. */
  readonly facet: string;
  readonly before: string;
  readonly after: string;
}

/** Empty when both state the same. In the order of `elementKinds`, then of subjects. */
export function diff(before: Schema, after: Schema): readonly ElementChange[] {
  const shared = sharedValues(before, after);
  const old = elementsOf(before, shared);
  const now = elementsOf(after, shared);
  const changes: ElementChange[] = [];
  for (const [id, element] of old) {
    const other = now.get(id);
    if (other === undefined) changes.push({ what: "removed", ...placeOf(element), before: element });
    else {
      const facets = facetsBetween(element, other);
      if (facets.length > 0) changes.push({ what: "changed", ...placeOf(other), before: element, after: other, facets });
    }
  }
  for (const [id, element] of now) if (!old.has(id)) changes.push({ what: "added", ...placeOf(element), after: element });
  return changes.sort(byKindThenSubject);
}

/** Differences that are some to people: the order of columns cannot be changed. */
export function differences(before: Schema, after: Schema): readonly ElementChange[] {
  return diff(before, after).flatMap((change): readonly ElementChange[] => {
    if (change.what !== "changed" || change.kind !== "table") return [change];
    const facets = change.facets.filter(({ facet }) => facet !== "columns");
    return facets.length === 0 ? [] : [{ ...change, facets }];
  });
}

/** The changes of each table and view, by its key: of itself and of what it holds. */
export function changesByRelation(changes: readonly ElementChange[]): ReadonlyMap<string, readonly ElementChange[]> {
  const byRelation = new Map<string, ElementChange[]>();
  for (const change of changes) {
    const { kind, on, subject } = change;
    const key = on ?? (kind === "table" || kind === "view" ? subject : undefined);
    if (key === undefined) continue;
    const known = byRelation.get(key);
    if (known === undefined) byRelation.set(key, [change]);
    else known.push(change);
  }
  return byRelation;
}

/** The same difference seen from the other side. */
export function reversed(changes: readonly ElementChange[]): readonly ElementChange[] {
  return changes.map((change): ElementChange => {
    switch (change.what) {
      case "added":
        return { what: "removed", ...placeOf(change), before: change.after };
      case "removed":
        return { what: "added", ...placeOf(change), after: change.before };
      case "changed": {
        const facets = change.facets.map(({ facet, before, after }) => ({ facet, before: after, after: before }));
        return { what: "changed", ...placeOf(change), before: change.after, after: change.before, facets };
      }
    }
  });
}

/** One line for people: `column public.users.email: type character varying(20) (base) -> text (base)`. */
export function changeText(change: ElementChange): string {
  const { what, kind, subject } = change;
  if (what !== "changed") return `${what} ${kind} ${subject}`;
  const facets = change.facets.map(({ facet, before, after }) => `${facet} ${valueText(before)} -> ${valueText(after)}`);
  return `changed ${kind} ${subject}: ${facets.join("; ")}`;
}

function valueText(value: string): string {
  return value === "" ? "(none)" : value;
}

/** What is one object in both, as versions of a schema share what did not change. */
function sharedValues(before: Schema, after: Schema): ReadonlySet<unknown> {
  const shared = new Set<unknown>();
  for (const [values, others] of [
    [before.namespaces, after.namespaces],
    [before.extensions, after.extensions],
    [before.enums, after.enums],
    [before.domains, after.domains],
    [before.compositeTypes, after.compositeTypes],
    [before.sequences, after.sequences],
    [before.tables, after.tables],
    [before.views, after.views],
    [before.routines, after.routines],
  ] as const) {
    for (const [key, value] of values) if (others.get(key) === value) shared.add(value);
  }
  return shared;
}

function facetsBetween(before: SchemaElement, after: SchemaElement): readonly FacetChange[] {
  if (before.kind === "table" && after.kind === "table") {
    const order = orderChange(before.value.columns, after.value.columns);
    const facets = differing(before.facts, after.facts).filter(({ facet }) => facet !== "columns");
    return order === undefined ? facets : [...facets, order];
  }
  return [...differing(before.facts, after.facts), ...(speakAlike(before, after) ? differing(before.wording ?? {}, after.wording ?? {}) : [])];
}

/** In the order of the facts, which is the same for all elements of a kind. */
function differing(before: Facts, after: Facts): readonly FacetChange[] {
  const facets: FacetChange[] = [];
  for (const [facet, value] of Object.entries(after)) {
    const old = before[facet] ?? "";
    if (old !== value) facets.push({ facet, before: old, after: value });
  }
  return facets;
}

/** A column that comes or goes is a change of its own, not one of the order. */
function orderChange(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): FacetChange | undefined {
  const old = [...before.keys()].filter((name) => after.has(name));
  const now = [...after.keys()].filter((name) => before.has(name));
  return old.every((name, i) => name === now[i]) ? undefined : { facet: "columns", before: old.join(", "), after: now.join(", ") };
}

function speakAlike(before: SchemaElement, after: SchemaElement): boolean {
  return before.value.origins.some(({ kind }) => after.value.origins.some((other) => other.kind === kind));
}

function placeOf({ kind, subject, on }: Changed): Changed {
  return { kind, subject, on };
}

const placeOfKind: ReadonlyMap<ElementKind, number> = new Map(elementKinds.map((kind, at) => [kind, at]));

function byKindThenSubject(a: ElementChange, b: ElementChange): number {
  if (a.kind !== b.kind) return (placeOfKind.get(a.kind) ?? 0) - (placeOfKind.get(b.kind) ?? 0);
  return a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0;
}
