/**
 * What every statement handler works with: the catalog so far, the session's search path, the statement's text, and
 * where problems and unread parts are noted. Nothing here throws; a name that leads nowhere gives undefined.
 */
import type { Node, RangeVar } from "@pgsql/types";
import type { Problem } from "../../text/problem.ts";
import { shift, type Span } from "../../text/span.ts";
import type { StatementChange } from "../changes.ts";
import type { Origin, Origins, TextOrigin, Unread } from "../schema.ts";
import { Catalog } from "./catalog.ts";
import type { NamespaceEntry, Relation, TableEntry } from "./entries.ts";
import { newTable } from "./newEntries.ts";
import type { Parts, Place, Where } from "./read/place.ts";
import { StatementText } from "./read/statementText.ts";
import { StatementSpecs } from "./statementSpecs.ts";

/** A problem's code says what PostgreSQL would call it; https://www.postgresql.org/docs/current/errcodes-appendix.html */
export type ProblemCode =
  | "sql-undefined-table"
  | "sql-undefined-column"
  | "sql-undefined-object"
  | "sql-undefined-schema"
  | "sql-undefined-type"
  | "sql-duplicate-table"
  | "sql-duplicate-column"
  | "sql-duplicate-object"
  | "sql-dependent-objects"
  | "sql-wrong-object-type"
  | "sql-invalid-definition";

/** The statement being folded. */
export interface CurrentStatement {
  readonly where: Where;
  /** File offset (UTF-16) of the first character of `source`. */
  readonly base: number;
  readonly tree: Node;
  readonly source: StatementText;
  readonly specs: StatementSpecs;
  /** Where all of it stands, when its text stands nowhere as such: a DO block computes it. */
  readonly standsAt?: Span;
}

const noText = new StatementText("", () => 0);
const nowhere: CurrentStatement = { where: { uri: "", anchor: {}, within: 0 }, base: 0, tree: { String: {} }, source: noText, specs: new StatementSpecs(noText) };

export const temporarySchema = "pg_temp";

export class Context {
  readonly catalog = new Catalog();
  unread: Unread[] = [];
  problems: Problem[] = [];
  /** What the current file has done so far to what other files made. */
  changes: StatementChange[] = [];
  /** The files whose changes somebody asks about; all of them when it is undefined. */
  changesIn: ReadonlySet<string> | undefined;
  /** Schemas that unqualified names are looked up in, pg_catalog aside. */
  searchPath: readonly string[];
  current: CurrentStatement = nowhere;
  /** Whether a statement is only tried, as under a condition: then whatever PostgreSQL would refuse must change nothing. */
  isTrial = false;
  readonly #defaultSchema: string;
  #initialSearchPath: readonly string[];
  #path: { readonly names: readonly string[]; readonly version: number; readonly found: readonly NamespaceEntry[] } = {
    names: [],
    version: -1,
    found: [],
  };
  #searchPathAfterCommit: readonly string[] | undefined;
  readonly #dropped = new Set<string>();
  readonly #external: ReadonlySet<string>;

  constructor(defaultSchema: string, searchPath: readonly string[], externalSchemas: readonly string[]) {
    this.#defaultSchema = defaultSchema;
    this.#initialSearchPath = searchPath;
    this.searchPath = searchPath;
    this.#external = new Set(externalSchemas);
    this.catalog.addNamespace(defaultSchema, [{ kind: "implied", by: "every new database" }], { isInitial: true });
    for (const name of externalSchemas) this.catalog.addNamespace(name, [{ kind: "implied", by: "another history" }], { isExternal: true });
  }

  /** A new session, as every file has one: SET is forgotten, temporary tables are gone. */
  startSession(): void {
    this.resetSearchPath();
    if (this.catalog.namespaces.has(temporarySchema)) this.catalog.removeNamespace(temporarySchema);
  }

  /** SET LOCAL holds until the end of the transaction. */
  setSearchPath(names: readonly string[], isLocal: boolean): void {
    if (isLocal) this.#searchPathAfterCommit ??= this.searchPath;
    this.searchPath = names.filter((name) => name !== "");
  }

  resetSearchPath(): void {
    this.searchPath = this.#initialSearchPath;
    this.#searchPathAfterCommit = undefined;
  }

  /** Sessions from now on start with the search path of this one. */
  keepSearchPath(): void {
    this.#initialSearchPath = this.searchPath;
  }

  endTransaction(): void {
    this.searchPath = this.#searchPathAfterCommit ?? this.searchPath;
    this.#searchPathAfterCommit = undefined;
  }

  get source(): StatementText {
    return this.current.source;
  }

  get specs(): StatementSpecs {
    return this.current.specs;
  }

  /** The origin of what the current statement states at `place`. */
  origin(place: Place): TextOrigin {
    const { where, standsAt } = this.current;
    return standsAt === undefined ? place.originIn(where) : wholeStatement(where, standsAt);
  }

  #fileSpan(span: Span): Span {
    return this.current.standsAt ?? shift(span, this.current.base);
  }

  origins(place: Place): Origins {
    const { where, standsAt } = this.current;
    return standsAt === undefined ? place.originsIn(where) : [wholeStatement(where, standsAt)];
  }

  /** `severity` is a warning where something outside the history may have made what is missing. */
  problem(code: ProblemCode, message: string, span: Span, severity: Problem["severity"] = "error"): void {
    this.problems.push({ code, message, severity, span: this.#fileSpan(span) });
  }

  /** `names` where no others can be concerned. */
  notRead(what: string, reason: string, span: Span, names?: ReadonlySet<string>): void {
    const unread = { uri: this.current.where.uri, span: this.#fileSpan(span), what, reason };
    this.unread.push(names === undefined ? unread : { ...unread, names });
  }

  /** Tries `action`; its problems are returned instead of noted. */
  attempt(action: () => void): readonly Problem[] {
    const { problems, isTrial } = this;
    this.problems = [];
    this.isTrial = true;
    action();
    const found = this.problems;
    this.problems = problems;
    this.isTrial = isTrial;
    return found;
  }

  /** Schemas an unqualified name may stand in, in order. Temporary tables come first. */
  lookupPath(): readonly NamespaceEntry[] {
    const { namespaces, namespaceVersion } = this.catalog;
    if (this.#path.names !== this.searchPath || this.#path.version !== namespaceVersion) {
      const found = [temporarySchema, ...this.searchPath].flatMap((name) => namespaces.get(name) ?? []);
      this.#path = { names: this.searchPath, version: namespaceVersion, found };
    }
    return this.#path.found;
  }

  /** The relation a name leads to. */
  relation(name: RangeVar): Relation | undefined {
    const { schemaname, relname = "" } = name;
    if (schemaname !== undefined) return this.catalog.namespaces.get(schemaname)?.relations.get(relname);
    for (const namespace of this.lookupPath()) {
      const relation = namespace.relations.get(relname);
      if (relation !== undefined) return relation;
    }
    return undefined;
  }

  /** The schema in which a statement creates an object of this name; one that nothing made is made, with a problem. */
  creationNamespace(schema: string | undefined, span: Span, isTemporary = false): NamespaceEntry {
    if (isTemporary || schema === temporarySchema)
      return this.catalog.addNamespace(temporarySchema, [{ kind: "implied", by: "temporary tables" }]);
    if (schema !== undefined) return this.namespace(schema, span);
    for (const name of this.searchPath) {
      const namespace = this.catalog.namespaces.get(name);
      if (namespace !== undefined) return namespace;
    }
    const [first] = this.searchPath.filter((name) => name !== "$user");
    if (first !== undefined) return this.namespace(first, span);
    this.problem("sql-undefined-schema", "The search path is empty: no schema is selected.", span);
    return this.namespace(this.#defaultSchema, span);
  }

  /** The schema; one that nothing made is made, with a problem. */
  namespace(name: string, span: Span): NamespaceEntry {
    const known = this.catalog.namespaces.get(name);
    if (known !== undefined) return known;
    this.problem("sql-undefined-schema", `Schema "${name}" is used here, and nothing before creates it.`, span, "warning");
    return this.catalog.addNamespace(name, [{ kind: "implied", by: "its use" }], { isExternal: true });
  }

  /** The table a statement changes. One that nothing created becomes an incomplete table; one that was dropped is a problem. */
  tableToChange(name: RangeVar, isMissingOk = false): TableEntry | undefined {
    const relation = this.relation(name);
    if (relation?.kind === "table") return relation;
    const span = this.source.nameSpan(name.location);
    if (relation !== undefined) {
      this.problem("sql-wrong-object-type", `"${relation.name}" is not a table.`, span);
      return undefined;
    }
    if (isMissingOk) return undefined;
    const namespace = this.creationNamespace(name.schemaname, span);
    if (this.wasDropped(namespace, name.relname ?? "")) {
      this.problem("sql-undefined-table", `Table ${displayName(namespace, name.relname)} was dropped or renamed before.`, span);
      return undefined;
    }
    this.#missing(namespace, name, span);
    const table = this.phantom(namespace, name.relname ?? "");
    table.isPhantom = false;
    namespace.phantoms.delete(table.name);
    namespace.relations.set(table.name, table);
    return table;
  }

  /** The table a foreign key points to: what nothing created is a phantom. */
  tableToReference(name: RangeVar): TableEntry | undefined {
    const relation = this.relation(name);
    if (relation?.kind === "table") return relation;
    const span = this.source.nameSpan(name.location);
    if (relation !== undefined) {
      this.problem("sql-wrong-object-type", `"${relation.name}" is not a table.`, span);
      return undefined;
    }
    const namespace = this.creationNamespace(name.schemaname, span);
    this.#missing(namespace, name, span);
    return this.phantom(namespace, name.relname ?? "");
  }

  #missing(namespace: NamespaceEntry, name: RangeVar, span: Span): void {
    if (namespace.isExternal || this.#external.has(namespace.name) || this.catalog.mayComeWithExtension(namespace.name)) return;
    this.problem(
      "sql-undefined-table",
      `Table ${displayName(namespace, name.relname)} does not exist: nothing before creates it.`,
      span,
      "warning",
    );
  }

  /** The table that is only known because something refers to it. */
  phantom(namespace: NamespaceEntry, name: string): TableEntry {
    const known = namespace.phantoms.get(name);
    if (known !== undefined) return known;
    const table = newTable(namespace, name, [{ kind: "implied", by: "references to it" }]);
    table.isComplete = false;
    table.isPhantom = true;
    namespace.phantoms.set(name, table);
    return table;
  }

  /** A table that was only changed so far is about to be created: until then it counts as merely referred to. */
  releaseChangedOnly(namespace: NamespaceEntry, name: string): void {
    const table = namespace.relations.get(name);
    if (table?.kind !== "table" || table.isComplete || table.origins[0].kind !== "implied") return;
    for (const column of table.columns.values()) table.supposed.set(column.name, column);
    table.columns.clear();
    table.isPhantom = true;
    namespace.relations.delete(name);
    namespace.phantoms.set(name, table);
  }

  /** The phantom of that name, which is about to become a table. */
  takePhantom(namespace: NamespaceEntry, name: string): TableEntry | undefined {
    const phantom = namespace.phantoms.get(name);
    if (phantom !== undefined) namespace.phantoms.delete(name);
    return phantom;
  }

  noteDropped(namespace: NamespaceEntry, name: string): void {
    this.#dropped.add(`${namespace.name}.${name}`);
  }

  wasDropped(namespace: NamespaceEntry, name: string): boolean {
    return this.#dropped.has(`${namespace.name}.${name}`);
  }
}

/** A name in a message: without the schema where that is the usual one. */
export function displayName(namespace: NamespaceEntry, name: string | undefined): string {
  return namespace.name === "public" ? `"${name}"` : `"${namespace.name}"."${name}"`;
}

/**
 * The element's origins after a statement that changed it. Parts that the new one states are its own from now on; a change
 * of which nothing is left that way is forgotten. Only the name's `schema` stays with each statement.
 */
export function changed(origins: Origins, by: TextOrigin): Origins {
  const [first, ...later] = origins;
  const { schema: _, ...parts } = by.parts ?? {};
  if (Object.keys(parts).length === 0) return [first, ...later, by];
  const kept = later.flatMap((origin) => {
    const rest = withoutParts(origin, parts);
    return rest === origin || hasParts(rest) ? [rest] : [];
  });
  return [withoutParts(first, parts), ...kept, by];
}

function hasParts(origin: Origin): boolean {
  return "parts" in origin && origin.parts !== undefined && Object.keys(origin.parts).some((name) => name !== "schema");
}

function withoutParts(origin: Origin, parts: Parts): Origin {
  if (origin.kind !== "prisma" && origin.kind !== "sql") return origin;
  if (origin.parts === undefined || !Object.keys(parts).some((name) => origin.parts?.[name] !== undefined)) return origin;
  const { parts: before, ...rest } = origin;
  const kept = Object.fromEntries(Object.entries(before).filter(([name]) => parts[name] === undefined));
  return Object.keys(kept).length === 0 ? rest : { ...rest, parts: kept };
}

/** The origin of what a statement computes: all of the statement. */
function wholeStatement({ uri, anchor }: Where, { start, end }: Span): TextOrigin {
  const span = { start: 0, end: end - start };
  return { kind: "sql", uri, anchor, span, nameSpan: span };
}
