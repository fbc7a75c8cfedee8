/**
 * A history folded again after an edit to one of its statements, by folding only the statements that the edit concerns:
 * once as they were, once as they are. What differs between the two is what the edit did, and goes into the schema there
 * was, provided that the schema had it as the first of the two says. Whoever asks for more gets nothing, and folds the
 * whole history.
 *
 * Invariant: the result equals that of folding all of it; test/badInput/refold.test.ts holds that.
 */
import type { SqlFile, Statement } from "../../sql/syntax.ts";
import { isEqual } from "../isEqual.ts";
import type { Element, Schema, Table } from "../schema.ts";
import { type Concern, concernOf } from "./concern.ts";
import type { Outcome, Outcomes } from "./history.ts";

/** A history and what it came to. */
export interface Folded {
  readonly files: readonly SqlFile[];
  /** Its `sources` are of no interest here. */
  readonly schema: Schema;
  readonly outcomes: Outcomes;
}

/** Folds those statements of a history that are wanted, or all. */
export type FoldSome = (files: readonly SqlFile[], wanted?: ReadonlySet<Statement>) => Omit<Folded, "files">;

/** Undefined where the edit is too large, or concerns too much, or more than can be told. */
export function refold(previous: Folded, files: readonly SqlFile[], foldSome: FoldSome): Omit<Folded, "files"> | undefined {
  const edit = editBetween(previous.files, files);
  if (edit === undefined || isNewElement(edit) || useMadeUpSequences(previous.files) || useMadeUpSequences(files)) return undefined;
  const seeds = new Set<string>();
  for (const statement of [...edit.removed, ...edit.added]) {
    const concern = concernOf(statement);
    if (concern.reach === "all" || isRemoval(statement)) return undefined;
    for (const name of concern.defines) seeds.add(name);
  }
  const concerned = concernedBy(seeds, previous.files, files, edit);
  if (concerned === undefined) return undefined;
  const before = foldSome(previous.files, concerned.before);
  const after = foldSome(files, concerned.after);
  if (!isFaithful(previous, before, seeds, edit)) return undefined;
  const schema = patchedSchema(previous.schema, before.schema, after.schema, edit);
  const outcomes = patchedOutcomes(previous.outcomes, before.outcomes, after.outcomes, edit);
  if (schema === undefined || outcomes === undefined) return undefined;
  if (mayNamesMeet(previous.schema, before.schema, after.schema, files, concerned.after)) return undefined;
  return { schema, outcomes };
}

/** Where a new element stands among the others only the whole history tells. */
function isNewElement({ removed, added }: Edit): boolean {
  return removed.length === 0 && added.some(({ tree }) => tree !== undefined && Object.keys(tree).some((kind) => making.test(kind)));
}

const making = /^(?:Create|Composite|View)/;

/** What depends on an object need not name it: a default may use a sequence whose name was made up. */
function isRemoval({ tree }: Statement): boolean {
  return tree !== undefined && ("DropStmt" in tree || "RenameStmt" in tree);
}

/** Whether folding some of the history before the edit came to what all of it did, as far as the edit is about it. */
function isFaithful(all: Folded, some: Omit<Folded, "files">, names: ReadonlySet<string>, { removed }: Edit): boolean {
  if (!removed.every(({ anchor }) => isEqual(all.outcomes.get(anchor), some.outcomes.get(anchor)))) return false;
  return namedFacets.every((facet) => {
    for (const [key, element] of all.schema[facet])
      if (names.has(element.name) && !isEqual(element, some.schema[facet].get(key))) return false;
    return true;
  });
}

/** Whether sequences are mentioned that PostgreSQL named: nothing says whose they are, and what uses one keeps its table from going. */
function useMadeUpSequences(files: readonly SqlFile[]): boolean {
  const mentioned = new Set<string>();
  const defined = new Set<string>();
  for (const file of files) {
    for (const statement of file.statements) {
      const { sequences, defines } = concernOf(statement);
      for (const name of sequences) (defines.has(name) ? defined : mentioned).add(name);
    }
  }
  for (const name of mentioned) if (!defined.has(name)) return true;
  return false;
}

interface Edit {
  readonly removed: readonly Statement[];
  readonly added: readonly Statement[];
}

/** More statements than this at a time are no edit but another text. */
const maxEdited = 4;

/** The statements that differ, all in one file; undefined where there are many, or another file came or went. */
function editBetween(before: readonly SqlFile[], after: readonly SqlFile[]): Edit | undefined {
  if (before.length !== after.length) return undefined;
  let edit: Edit = { removed: [], added: [] };
  for (const [i, file] of after.entries()) {
    const known = before[i];
    if (known === file) continue;
    if (known?.uri !== file.uri || file.pending.length + known.pending.length > 0 || edit.removed.length + edit.added.length > 0)
      return undefined;
    edit = editOf(known.statements, file.statements);
    if (edit.removed.length > maxEdited || edit.added.length > maxEdited || isMove(edit)) return undefined;
  }
  return edit;
}

function editOf(before: readonly Statement[], after: readonly Statement[]): Edit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && isSame(before[start], after[start])) start++;
  let end = 0;
  while (end < shorter - start && isSame(before.at(-1 - end), after.at(-1 - end))) end++;
  return { removed: before.slice(start, before.length - end), added: after.slice(start, after.length - end) };
}

function isSame(a: Statement | undefined, b: Statement | undefined): boolean {
  return a?.anchor === b?.anchor && a?.tree === b?.tree && a?.section === b?.section;
}

function isMove({ removed, added }: Edit): boolean {
  return added.some(({ anchor }) => removed.some((statement) => statement.anchor === anchor));
}

interface Concerned {
  readonly before: ReadonlySet<Statement>;
  readonly after: ReadonlySet<Statement>;
}

/** A history of which more is concerned is folded as a whole. */
const maxConcerned = 500;

/**
 * The statements that change what is named in `seeds`, or whose own outcome depends on it, and those that define what
 * these mention.
 */
function concernedBy(seeds: Set<string>, filesBefore: readonly SqlFile[], files: readonly SqlFile[], edit: Edit): Concerned | undefined {
  const removed = new Set(edit.removed);
  const candidates = new Set(files.flatMap((file) => file.statements));
  const context: Context = { tables: new Set(), materials: new Set(), isOfMaterials: false };
  const chosen = new Set<Statement>();
  for (const statement of [...edit.removed, ...edit.added]) {
    chosen.add(statement);
    candidates.delete(statement);
    const { mentions, isMaterial } = concernOf(statement);
    context.isOfMaterials ||= isMaterial;
    addAll(context.tables, mentions);
    addAll(context.materials, mentions);
  }
  for (let size = -1; size < chosen.size; ) {
    size = chosen.size;
    for (const statement of candidates) {
      const concern = concernOf(statement);
      if (!isConcerned(concern, seeds, context)) continue;
      candidates.delete(statement);
      chosen.add(statement);
    }
    if (chosen.size > maxConcerned) return undefined;
  }
  const after = new Set([...chosen].filter((statement) => !removed.has(statement)));
  // Those that only moved are other objects than before.
  const anchors = new Set([...chosen].map((statement) => statement.anchor));
  const before = new Set(filesBefore.flatMap((file) => file.statements.filter((statement) => anchors.has(statement.anchor))));
  return { before, after };
}

/** Names whose definitions are needed; tables only where columns are read, what columns are made of everywhere. */
interface Context {
  readonly tables: Set<string>;
  readonly materials: Set<string>;
  /** A type or a function changes, and with it every table that mentions it. */
  isOfMaterials: boolean;
}

/** Whether the statement is one of them; then what it defines and mentions counts as well. */
function isConcerned({ reach, mentions, defines, isDerived, isMaterial }: Concern, seeds: Set<string>, context: Context): boolean {
  if (reach === "all") return true;
  const isSeed = meet(seeds, mentions);
  if (!isSeed && !meet(defines, isMaterial ? context.materials : context.tables)) return false;
  addAll(context.materials, mentions);
  context.isOfMaterials ||= isSeed && isMaterial;
  const isChanged = isSeed && (isDerived || context.isOfMaterials || meet(seeds, defines));
  if (isChanged) addAll(seeds, defines);
  addAll(context.tables, isChanged || isDerived ? mentions : defines);
  return true;
}

function meet(few: ReadonlySet<string>, many: ReadonlySet<string>): boolean {
  for (const name of few) if (many.has(name)) return true;
  return false;
}

function addAll(names: Set<string>, more: ReadonlySet<string>): void {
  for (const name of more) names.add(name);
}

type Facet = Exclude<keyof Schema, "sources" | "grants" | "disagreements">;

const facets: readonly Facet[] = [
  "namespaces",
  "tables",
  "views",
  "enums",
  "domains",
  "compositeTypes",
  "sequences",
  "routines",
  "extensions",
];

function patchedSchema(known: Schema, before: Schema, after: Schema, edit: Edit): Schema | undefined {
  if (!isEqual(before.grants, after.grants) && !isEqual(before.grants, known.grants)) return undefined;
  let schema = isEqual(before.grants, after.grants) ? known : { ...known, grants: after.grants };
  for (const facet of facets) {
    const patched = patchedMap<Element>(known[facet], before[facet], after[facet], edit);
    if (patched === undefined) return undefined;
    if (patched !== known[facet]) schema = { ...schema, [facet]: patched };
  }
  // A table that no statement made stands where it was mentioned first.
  for (const { origins } of [...before.tables.values(), ...after.tables.values()]) if (origins[0].kind !== "sql") return undefined;
  for (const [key, table] of after.tables) if (table === schema.tables.get(key) && !rests(table, known, after)) return undefined;
  return schema;
}

/** Elements that the edit changed, taken over. */
function patchedMap<V extends Element>(
  known: ReadonlyMap<string, V>,
  before: ReadonlyMap<string, V>,
  after: ReadonlyMap<string, V>,
  edit: Edit,
): ReadonlyMap<string, V> | undefined {
  let patched: Map<string, V> | undefined;
  for (const [key, value] of after) {
    const was = before.get(key);
    if (isEqual(was, value)) continue;
    // Where a new element stands among the others only the whole history tells.
    if (was === undefined || !isMadeInPlace(was, value, edit) || !isEqual(was, known.get(key))) return undefined;
    patched ??= new Map(known);
    patched.set(key, value);
  }
  for (const [key, was] of before) {
    if (after.has(key)) continue;
    if (!isEqual(was, known.get(key))) return undefined;
    patched ??= new Map(known);
    patched.delete(key);
  }
  return patched ?? known;
}

/** Whether the same statement made both, or the edited one did: then the element stands where it stood. */
function isMadeInPlace(was: Element, is: Element, { removed, added }: Edit): boolean {
  const [a] = was.origins;
  const [b] = is.origins;
  // What no statement made stands where it was mentioned first.
  if (a.kind !== "sql" || b.kind !== "sql") return false;
  if (a.anchor === b.anchor) return !removed.some(({ anchor }) => anchor === a.anchor);
  return removed.length === 1 && added.length === 1 && removed[0]?.anchor === a.anchor && added[0]?.anchor === b.anchor;
}

/** Whether the tables that a changed table's keys rest on were folded as they are. */
function rests(table: Table, known: Schema, folded: Schema): boolean {
  return table.foreignKeys.every(({ references: { key } }) => {
    const is = known.tables.get(key);
    const target = folded.tables.get(key);
    // The table itself is among those that the edit changes.
    return key === table.key || is === target || (is !== undefined && target !== undefined && isEqual(shapeOf(is), shapeOf(target)));
  });
}

/** What a foreign key asks of its target. */
function shapeOf({ columns, indexes, complete }: Table): unknown {
  const unique = indexes.filter((index) => index.unique).map(({ keys, primary, valid }) => [keys.map((key) => key.column), primary, valid]);
  return [complete, [...columns.keys()], unique];
}

function patchedOutcomes(known: Outcomes, before: Outcomes, after: Outcomes, edit: Edit): Outcomes | undefined {
  let patched: Map<object, Outcome> | undefined;
  const edited = new Set<object>([...edit.removed, ...edit.added].map((statement) => statement.anchor));
  for (const anchor of new Set([...before.keys(), ...after.keys(), ...edited])) {
    const was = before.get(anchor);
    const is = after.get(anchor);
    if (isEqual(was, is)) continue;
    if (!isEqual(was, known.get(anchor))) return undefined;
    patched ??= new Map(known);
    if (is === undefined) patched.delete(anchor);
    else patched.set(anchor, is);
  }
  return patched ?? known;
}

/**
 * Whether names that came or went may be those of something that was not folded: PostgreSQL refuses a name that is taken,
 * and where it makes one up, takes another.
 */
function mayNamesMeet(known: Schema, before: Schema, after: Schema, files: readonly SqlFile[], concerned: ReadonlySet<Statement>): boolean {
  const names = namesOfOneOnly(before, after);
  if (names.size === 0) return false;
  const bare = new Set(Array.from(names, withoutNumber));
  for (const name of named(known, (key, facet) => !after[facet].has(key))) if (bare.has(withoutNumber(name))) return true;
  return files.some((file) => file.statements.some((statement) => !concerned.has(statement) && meet(names, concernOf(statement).mentions)));
}

function namesOfOneOnly(a: Schema, b: Schema): Set<string> {
  const names = new Set(named(a));
  for (const name of new Set(named(b))) if (!names.delete(name)) names.add(name);
  return names;
}

const namedFacets = ["tables", "views", "sequences", "enums", "domains", "compositeTypes"] as const;

/** Every name of what shares PostgreSQL's space of names for relations and types, or for constraints. */
function* named(schema: Schema, isWanted: (key: string, facet: (typeof namedFacets)[number]) => boolean = () => true): Generator<string> {
  for (const facet of namedFacets) for (const [key, { name }] of schema[facet]) if (isWanted(key, facet)) yield name;
  for (const [key, table] of schema.tables) if (isWanted(key, "tables")) yield* partNames(table);
}

function* partNames(table: Table): Generator<string> {
  for (const index of table.indexes) yield index.name;
  for (const constraint of [...table.uniqueConstraints, ...table.foreignKeys, ...table.checks, ...table.exclusions]) yield constraint.name;
  if (table.primaryKey !== undefined) yield table.primaryKey.name;
}

/** Names that PostgreSQL makes up are cut and numbered where they are taken. */
function withoutNumber(name: string): string {
  return name.replace(/\d+$/, "").slice(0, 50);
}
