/**
 * Names in SQL that stand for nothing: tables, columns, qualifiers and types that the schema does not have, each at its
 * place, with the name that was probably meant. Where anything is in doubt, nothing is said: what was not read, what
 * extensions and tools bring along, what the file makes itself.
 */
import { knownExtensions } from "../model/fold/extensions.ts";
import { type Asked, Changes, lookup, WatchedSchema } from "../model/lookup.ts";
import { doubtAboutName } from "../model/queries.ts";
import type { Anchor, Schema } from "../model/schema.ts";
import type { NameReference, Scope } from "../sql/reference.ts";
import { referencesOf } from "../sql/references.ts";
import type { SqlFile, Statement } from "../sql/syntax.ts";
import type { Problem } from "../text/problem.ts";
import { shift, type Span } from "../text/span.ts";
import { meantBy } from "./meantNames.ts";
import type { NameHistory } from "./nameHistory.ts";
import { NameResolver, type Resolution } from "./resolve.ts";

export interface UndefinedNameOptions {
  /** Of the migrations: their names are those of their time. */
  readonly history?: NameHistory | undefined;
  /** What came of the file before an edit, of it or of the schema: statements that nothing about has changed are not looked at again. */
  readonly previous?: NameCheck | undefined;
  /** Whether the schema comes from this file among others: what it defines is then what the schema has, but for temporary tables. */
  readonly isHistory?: boolean;
  /** What folding has said about the file already: said again at the exact place, with what was probably meant. */
  readonly folded?: readonly Problem[];
}

/** What there is to say about a file, and what the next look may take over. */
export interface NameCheck {
  readonly problems: readonly Problem[];
  readonly schema: Schema;
  readonly isHistory: boolean;
  /** Whether no statement of the history renames, drops or hides anything: then a name means the same all along. */
  readonly isPlain: boolean;
  /** What each statement contributes to the surroundings of the others, by its anchor. */
  readonly contributions: ReadonlyMap<Anchor, Kept<Contribution>>;
  /** The surroundings, as text. */
  readonly around: string;
  /** What is missing in each statement, counted from its beginning. */
  readonly missing: ReadonlyMap<Anchor, Kept<readonly Problem[]>>;
}

/** An answer, and the questions to the schema that it rests on. */
interface Kept<T> {
  readonly value: T;
  readonly asked: readonly Asked[];
}

/** Pauses now and then. */
export function* undefinedNames(file: SqlFile, schema: Schema, options: UndefinedNameOptions = {}): Generator<undefined, NameCheck> {
  const { history, isHistory = false, folded = [] } = options;
  const watched = new WatchedSchema(schema);
  const resolver = new NameResolver(watched, { history });
  const isPlain = history === undefined || history.isPlain;
  const previous = isPlain && options.previous?.isPlain === true && options.previous.isHistory === isHistory ? options.previous : undefined;
  const changes = previous === undefined ? undefined : new Changes(previous.schema, schema);
  const keep = <T>(kept: Kept<T> | undefined, compute: () => T): Kept<T> =>
    kept !== undefined && changes?.spare(kept.asked) === true ? kept : { value: compute(), asked: watched.takeAsked() };
  const contributions = new Map<Anchor, Kept<Contribution>>();
  const missing = new Map<Anchor, Kept<readonly Problem[]>>();
  if (schema.tables.size === 0) return { problems: folded, schema, isHistory, isPlain, contributions, around: "", missing };

  for (const [at, statement] of file.statements.entries()) {
    if (at % 50 === 49) yield;
    contributions.set(
      statement.anchor,
      keep(previous?.contributions.get(statement.anchor), () => contributionOf(statement, resolver, isHistory)),
    );
  }
  const surroundings = surroundingsOf(contributions.values(), isHistory);
  const around = [surroundings.isAboutThis, ...surroundings.own].join("\n");
  const known = previous?.around === around ? previous.missing : undefined;
  const problems: Problem[] = [...folded];
  for (const [at, statement] of file.statements.entries()) {
    if (at % 20 === 19) yield;
    const isFolded = folded.some(({ span }) => statement.span.start <= span.start && span.start <= statement.span.end);
    if (isFolded) {
      problems.push(...missingIn(statement, resolver, surroundings, problems));
      watched.takeAsked();
      continue;
    }
    const kept = keep(known?.get(statement.anchor), () => missingIn(statement, resolver, surroundings, []).map((problem) => moveBy(problem, -statement.span.start)));
    missing.set(statement.anchor, kept);
    for (const problem of kept.value) problems.push(moveBy(problem, statement.span.start));
  }
  return { problems, schema, isHistory, isPlain, contributions, around, missing };
}

function moveBy(problem: Problem, by: number): Problem {
  return { ...problem, span: shift(problem.span, by) };
}

/** What is missing in a statement. What folding said about it, in `said`, is moved to the exact name instead of said twice. */
function missingIn(statement: Statement, resolver: NameResolver, surroundings: Surroundings, said: Problem[]): readonly Problem[] {
  const found: Problem[] = [];
  const mayMiss = mayBeMissing(statement);
  for (const reference of referencesOf(statement)) {
    const at = said.findIndex((problem) => isAbout(problem, reference, statement));
    const before = said[at];
    if (before !== undefined) {
      said[at] = moved(before, reference, statement, resolver);
      continue;
    }
    const problem = mayMiss ? problemOf(reference, statement, resolver, surroundings) : undefined;
    // A column of USING is looked for on both sides.
    if (problem !== undefined && found.at(-1)?.span.start !== problem.span.start) found.push(problem);
  }
  return found;
}

interface Surroundings {
  /** Names that the file defines. */
  readonly own: ReadonlySet<string>;
  /** Whether the file mentions anything that the schema has. */
  readonly isAboutThis: boolean;
}

interface Contribution {
  readonly own: readonly string[];
  readonly isAboutThis: boolean;
}

function surroundingsOf(contributions: Iterable<Kept<Contribution>>, isHistory: boolean): Surroundings {
  const own = new Set<string>();
  let isAboutThis = isHistory;
  for (const { value } of contributions) {
    for (const name of value.own) own.add(name);
    isAboutThis ||= value.isAboutThis;
  }
  return { own, isAboutThis };
}

function contributionOf(statement: Statement, resolver: NameResolver, isHistory: boolean): Contribution {
  const own: string[] = [];
  let isAboutThis = isHistory;
  for (const reference of referencesOf(statement)) {
    const { role, isLocal, kind, path, renamedTo } = reference;
    const isFound = (): boolean => resolver.resolve(reference, statement.anchor).kind === "found";
    if (role === "defines" && !isLocal && !(isHistory && isFound())) own.push(path.at(-1) ?? "");
    if (renamedTo !== undefined && !isHistory) own.push(renamedTo);
    isAboutThis ||= kind === "relation" && isFound();
  }
  return { own, isAboutThis };
}

/** What undoes, and what says itself that something may not be there. */
function mayBeMissing({ section, text }: Statement): boolean {
  return section === "up" && !/\bif\s+exists\b/i.test(text);
}

function problemOf(
  reference: NameReference,
  statement: Statement,
  resolver: NameResolver,
  surroundings: Surroundings,
): Problem | undefined {
  const { role, kind } = reference;
  if (role !== "uses" || (kind !== "column" && kind !== "relation" && kind !== "type")) return undefined;
  const resolution = resolver.resolve(reference, statement.anchor);
  if (resolution.kind !== "missing" || isInDoubt(reference, resolver.schema, surroundings)) return undefined;
  const { name, span } = placeOf(reference, resolution);
  const meant = meantBy(reference, resolution.what, resolver, statement.anchor);
  const mayBeOthers = resolution.what === "relation" && (!surroundings.isAboutThis || hasUnknownExtension(resolver.schema));
  if (mayBeOthers && meant === undefined) return undefined;
  return {
    span: shift(span, statement.span.start),
    message: withMeant(sentences[resolution.what](name, reference), meant),
    severity: "error",
    code: codes[resolution.what],
    ...(meant === undefined ? {} : { instead: meant.text }),
  };
}

type Missing = Extract<Resolution, { kind: "missing" }>;

const codes: Readonly<Record<Missing["what"], string>> = {
  relation: "sql-undefined-table",
  column: "sql-undefined-column",
  qualifier: "sql-undefined-table",
  type: "sql-undefined-type",
};

const sentences: Readonly<Record<Missing["what"], (name: string, reference: NameReference) => string>> = {
  relation: (name) => `Table or view "${name}" does not exist.`,
  column: (name, { scope, path }) => {
    const table = path.length > 1 ? path.at(-2) : onlyRelation(scope);
    return table === undefined ? `Column "${name}" does not exist.` : `Column "${name}" of "${table}" does not exist.`;
  },
  qualifier: (name) => `Nothing in FROM is called "${name}" here.`,
  type: (name) => `Type "${name}" does not exist.`,
};

function onlyRelation(scope: Scope | undefined): string | undefined {
  const [source, ...others] = scope?.sources ?? [];
  return others.length > 0 || scope?.parent !== undefined ? undefined : source?.relation?.at(-1);
}

/** Of a qualified column whose qualifier leads nowhere, the qualifier. */
function placeOf({ path, parts, nameSpan }: NameReference, { what }: Missing): { readonly name: string; readonly span: Span } {
  const at = what === "qualifier" ? path.length - 2 : path.length - 1;
  return { name: path[at] ?? "", span: parts[at] ?? nameSpan };
}

function isInDoubt(reference: NameReference, schema: Schema, { own }: Surroundings): boolean {
  const { kind, path } = reference;
  if (path.some((name) => own.has(name))) return true;
  const name = path.at(-1) ?? "";
  if (kind === "relation" && (relationsOfOthers.has(name) || doubtAboutName(schema, name) !== undefined)) return true;
  if (kind === "type") return doubtAboutName(schema, name) !== undefined;
  for (let scope = reference.scope; scope !== undefined; scope = scope.parent) {
    for (const { relation } of scope.sources) {
      const table = relation?.at(-1);
      if (table !== undefined && (own.has(table) || doubtAboutName(schema, table) !== undefined)) return true;
    }
  }
  return false;
}

/** Tables that migration tools keep their books in, and those of PostGIS. */
const relationsOfOthers: ReadonlySet<string> = new Set([
  ...[
    "_prisma_migrations",
    "schema_migrations",
    "ar_internal_metadata",
    "flyway_schema_history",
    "databasechangelog",
    "databasechangeloglock",
  ],
  ...[
    "knex_migrations",
    "knex_migrations_lock",
    "goose_db_version",
    "gorp_migrations",
    "pgmigrations",
    "schema_version",
    "alembic_version",
  ],
  ...["django_migrations", "_sqlx_migrations", "__drizzle_migrations", "migrations", "typeorm_metadata", "sequelizemeta", "SequelizeMeta"],
  ...["spatial_ref_sys", "geometry_columns", "geography_columns", "raster_columns", "raster_overviews"],
]);

/** Whether an extension may bring tables of which nobody here knows. */
const hasUnknownExtension = (schema: Schema): boolean => unknownExtension(schema, "") !== undefined;

const unknownExtension = lookup((schema) => {
  const name = [...schema.extensions.keys()].find((one) => !knownExtensions.has(one));
  return (): string | undefined => name;
});

/** Whether folding said this about this name: in the same statement, with the name as the first that the message quotes. */
function isAbout({ code, message, span }: Problem, { kind, path, nameSpan }: NameReference, statement: Statement): boolean {
  if (!code.startsWith("sql-undefined-") || span.start < statement.span.start || span.start > statement.span.end) return false;
  const name = path.at(-1) ?? "";
  const place = shift(nameSpan, statement.span.start);
  if (span.start <= place.start && place.end <= span.end && code === "sql-undefined-object")
    return message.includes(`"${name}"`) || message.startsWith("What ");
  const kinds = kindsByCode.get(code);
  if (kinds !== undefined && !kinds.includes(kind)) return false;
  return message.includes(`"${name}"`) && /"((?:[^"]|"")*)"/.exec(message)?.[1] === name;
}

const kindsByCode: ReadonlyMap<string, readonly string[]> = new Map([
  ["sql-undefined-table", ["relation"]],
  ["sql-undefined-column", ["column"]],
  ["sql-undefined-type", ["type"]],
  ["sql-undefined-schema", ["schema"]],
]);

function moved(problem: Problem, reference: NameReference, statement: Statement, resolver: NameResolver): Problem {
  const meant = problem.instead === undefined ? meantBy(reference, undefined, resolver, statement.anchor) : undefined;
  return {
    ...problem,
    span: shift(reference.nameSpan, statement.span.start),
    message: withMeant(problem.message, meant),
    ...(meant === undefined ? {} : { instead: meant.text }),
  };
}

function withMeant(message: string, meant: { readonly name: string } | undefined): string {
  return meant === undefined ? message : `${message} Did you mean "${meant.name}"?`;
}
