/**
 * Questions that are asked of a schema by a key, and a record of which were asked. Who keeps an answer of its own
 * together with that record knows later whether it still holds: when every question has the same answer in the next
 * version of the schema. So an edit of one table costs what depends on that table, not what the whole schema costs.
 */
import { memoised } from "./memoised.ts";
import type { Schema, Table } from "./schema.ts";

/** A question by key; the answer is compared by identity, lists and small records by what they hold. */
export interface Question {
  /** Ready to be asked of one schema. */
  of(schema: Schema): (key: string) => unknown;
  /** The keys whose answers differ, where that is told faster for all of them than for one after the other. */
  changedKeys?(before: Schema, after: Schema): ReadonlySet<string>;
}

/**
 * What takes going through all tables, made once and kept from one version of a schema to the next while no table comes,
 * goes or changes its `facet`: what `build` looks at of a table, as text. What it makes may hold names and positions,
 * but no elements: those of the next version are others.
 */
export function derived<D>(build: (schema: Schema) => D, facet: (table: Table) => string): (schema: Schema) => D {
  const made = new WeakMap<Schema, { readonly value: D }>();
  const facetOf = memoised(facet);
  return (schema) => {
    const whole = schema instanceof WatchedSchema ? schema.whole : schema;
    let known = made.get(whole);
    if (known === undefined) {
      const before = predecessors.get(whole);
      const last = before === undefined ? undefined : made.get(before);
      known = before !== undefined && last !== undefined && haveSameFacets(before, whole, facetOf) ? last : { value: build(whole) };
      made.set(whole, known);
    }
    return known.value;
  };
}

/** The version before, of the newest versions only: a chain of all would never be let go. */
const predecessors = new WeakMap<Schema, Schema>();

/** Says that `next` is what became of `previous`. */
export function succeed(previous: Schema, next: Schema): void {
  predecessors.delete(previous);
  predecessors.set(next, previous);
}

function haveSameFacets(a: Schema, b: Schema, facetOf: (table: Table) => string): boolean {
  if (a.tables.size !== b.tables.size) return false;
  const others = b.tables.values();
  for (const table of a.tables.values()) {
    const other = others.next().value;
    if (table !== other && (other?.key !== table.key || facetOf(table) !== facetOf(other))) return false;
  }
  return true;
}

/** A question that was asked. */
export interface Asked {
  readonly question: Question;
  readonly key: string;
}

/**
 * A question that is prepared once per schema, such as by an index from a table to the keys that point at it. `build`
 * gets the whole schema, and what it looks at is not recorded: the answer stands for it.
 */
export function lookup<V>(build: (schema: Schema) => (key: string) => V): (schema: Schema, key: string) => V {
  const built = new WeakMap<Schema, (key: string) => V>();
  const of = (schema: Schema): ((key: string) => V) => {
    let ask = built.get(schema);
    if (ask === undefined) {
      ask = remembering(build(schema));
      built.set(schema, ask);
    }
    return ask;
  };
  const question: Question = { of };
  return (schema, key) => {
    if (!(schema instanceof WatchedSchema)) return of(schema)(key);
    schema.note(question, key);
    return of(schema.whole)(key);
  };
}

/** An answer is compared with that of the next version of the schema: by then it is at hand. */
function remembering<V>(ask: (key: string) => V): (key: string) => V {
  const answers = new Map<string, { readonly value: V }>();
  return (key) => {
    let known = answers.get(key);
    if (known === undefined) {
      known = { value: ask(key) };
      answers.set(key, known);
    }
    return known.value;
  };
}

/** What differs between two versions of a schema, as far as somebody asked. */
export class Changes {
  readonly #before: Schema;
  readonly #after: Schema;
  readonly #asking = new Map<Question, Asking>();

  constructor(before: Schema, after: Schema) {
    this.#before = before;
    this.#after = after;
  }

  /** Whether every question has the same answer in both versions. */
  spare(asked: readonly Asked[]): boolean {
    for (const { question, key } of asked) if (!this.#isSame(question, key)) return false;
    return true;
  }

  #isSame(question: Question, key: string): boolean {
    let asking = this.#asking.get(question);
    if (asking === undefined) {
      const changed = question.changedKeys?.(this.#before, this.#after);
      asking = { changed, before: question.of(this.#before), after: question.of(this.#after), compared: new Map() };
      this.#asking.set(question, asking);
    }
    if (asking.changed !== undefined) return !asking.changed.has(key);
    const known = asking.compared.get(key);
    if (known !== undefined) return known;
    const a = asking.before(key);
    const b = asking.after(key);
    // Mostly one object, which is told faster than remembered.
    if (a === b) return true;
    const same = isSame(a, b, 2);
    asking.compared.set(key, same);
    return same;
  }
}

/** A question, ready to be asked of both versions, with the comparisons that took looking into answers. */
interface Asking {
  readonly changed: ReadonlySet<string> | undefined;
  readonly before: (key: string) => unknown;
  readonly after: (key: string) => unknown;
  readonly compared: Map<string, boolean>;
}

function isSame(a: unknown, b: unknown, depth: number): boolean {
  if (a === b) return true;
  if (depth === 0 || typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Map || b instanceof Map) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  for (const key of keys) if (!isSame(Reflect.get(a, key), Reflect.get(b, key), depth - 1)) return false;
  return true;
}

/** A schema that notes what is looked up in it, until `takeAsked`. Going through a map is noted as reading all of it. */
export class WatchedSchema implements Schema {
  readonly whole: Schema;
  readonly namespaces: Schema["namespaces"];
  readonly tables: Schema["tables"];
  readonly views: Schema["views"];
  readonly enums: Schema["enums"];
  readonly domains: Schema["domains"];
  readonly compositeTypes: Schema["compositeTypes"];
  readonly sequences: Schema["sequences"];
  readonly routines: Schema["routines"];
  readonly extensions: Schema["extensions"];
  #asked: Asked[] = [];

  constructor(whole: Schema) {
    this.whole = whole;
    this.namespaces = new WatchedMap(this, maps.namespaces);
    this.tables = new WatchedMap(this, maps.tables);
    this.views = new WatchedMap(this, maps.views);
    this.enums = new WatchedMap(this, maps.enums);
    this.domains = new WatchedMap(this, maps.domains);
    this.compositeTypes = new WatchedMap(this, maps.compositeTypes);
    this.sequences = new WatchedMap(this, maps.sequences);
    this.routines = new WatchedMap(this, maps.routines);
    this.extensions = new WatchedMap(this, maps.extensions);
  }

  get sources(): Schema["sources"] {
    this.note(sources, "");
    return this.whole.sources;
  }

  get grants(): Schema["grants"] {
    this.note(grants, "");
    return this.whole.grants;
  }

  get disagreements(): Schema["disagreements"] {
    this.note(disagreements, "");
    return this.whole.disagreements;
  }

  note(question: Question, key: string): void {
    // A rule asks the same things again and again, mostly the last one.
    for (let i = this.#asked.length - 1; i >= 0 && i >= this.#asked.length - 8; i--) {
      const asked = this.#asked[i];
      if (asked?.question === question && asked.key === key) return;
    }
    this.#asked.push({ question, key });
  }

  /** What was asked since the last time. */
  takeAsked(): readonly Asked[] {
    if (this.#asked.length === 0) return nothing;
    const asked = this.#asked;
    this.#asked = [];
    return asked;
  }
}

const nothing: readonly Asked[] = [];

const sources: Question = { of: (schema) => () => schema.sources };
const grants: Question = { of: (schema) => () => schema.grants };
const disagreements: Question = { of: (schema) => () => schema.disagreements };

/** One of a schema's maps: what is under a key, and all of it. */
interface MapQuestions<V> {
  of(schema: Schema): ReadonlyMap<string, V>;
  readonly entry: Question;
  readonly whole: Question;
}

function asMap<V>(of: (schema: Schema) => ReadonlyMap<string, V>): MapQuestions<V> {
  return {
    of,
    entry: {
      of: (schema) => {
        const map = of(schema);
        return (key) => map.get(key);
      },
      changedKeys: (before, after) => changedKeys(of(before), of(after)),
    },
    whole: { of: (schema) => () => of(schema) },
  };
}

function changedKeys<V>(before: ReadonlyMap<string, V>, after: ReadonlyMap<string, V>): ReadonlySet<string> {
  const changed = new Set<string>();
  if (before === after) return changed;
  for (const [key, value] of after) if (before.get(key) !== value) changed.add(key);
  for (const key of before.keys()) if (!after.has(key)) changed.add(key);
  return changed;
}

const maps = {
  namespaces: asMap((schema) => schema.namespaces),
  tables: asMap((schema) => schema.tables),
  views: asMap((schema) => schema.views),
  enums: asMap((schema) => schema.enums),
  domains: asMap((schema) => schema.domains),
  compositeTypes: asMap((schema) => schema.compositeTypes),
  sequences: asMap((schema) => schema.sequences),
  routines: asMap((schema) => schema.routines),
  extensions: asMap((schema) => schema.extensions),
};

class WatchedMap<V> implements ReadonlyMap<string, V> {
  readonly #map: ReadonlyMap<string, V>;
  readonly #schema: WatchedSchema;
  readonly #questions: MapQuestions<V>;

  constructor(schema: WatchedSchema, questions: MapQuestions<V>) {
    this.#map = questions.of(schema.whole);
    this.#schema = schema;
    this.#questions = questions;
  }

  get(key: string): V | undefined {
    this.#schema.note(this.#questions.entry, key);
    return this.#map.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  get size(): number {
    return this.#all().size;
  }

  forEach(visit: (value: V, key: string, map: ReadonlyMap<string, V>) => void): void {
    this.#all().forEach(visit);
  }

  entries(): MapIterator<[string, V]> {
    return this.#all().entries();
  }

  keys(): MapIterator<string> {
    return this.#all().keys();
  }

  values(): MapIterator<V> {
    return this.#all().values();
  }

  [Symbol.iterator](): MapIterator<[string, V]> {
    return this.entries();
  }

  #all(): ReadonlyMap<string, V> {
    this.#schema.note(this.#questions.whole, "");
    return this.#map;
  }
}
