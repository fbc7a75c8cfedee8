/**
 * What the names of a statement stand for in a schema. Follows PostgreSQL's rules as far as the text alone allows, and
 * says honestly where it cannot tell: `missing` is said only when the name can be nothing else.
 */
import { knownExtensions } from "../model/fold/extensions.ts";
import { append } from "../model/lists.ts";
import { lookup } from "../model/lookup.ts";
import { keyOf } from "../model/names.ts";
import { builtInTypeName } from "../model/pgTypes.ts";
import type { Anchor, Index, Routine, Schema, Table, View } from "../model/schema.ts";
import type { ColumnSource, NameReference, OutputColumn, Scope } from "../sql/reference.ts";
import type { NameHistory } from "./nameHistory.ts";
import { constraintNamed, type SchemaObject } from "./schemaObject.ts";

export type Resolution =
  | {
      readonly kind: "found";
      readonly object: SchemaObject;
      /** Of a column: what in FROM it comes from. */
      readonly source?: ColumnSource | undefined;
    }
  /** Something the statement makes itself, or PostgreSQL has: a common table expression, an alias, a system column, a built-in type. */
  | { readonly kind: "local" }
  /** The schema has nothing of that name in the place it must be in. */
  | { readonly kind: "missing"; readonly what: "relation" | "column" | "qualifier" | "type" }
  /** A later migration drops it. */
  | { readonly kind: "gone" }
  /** The text does not tell. */
  | { readonly kind: "unknown" };

export interface ResolverOptions {
  /** Schemas in which unqualified names are looked for, in order; a name that none of them has is taken from any other. */
  readonly searchPath?: readonly string[];
  /** Of the migrations: their names are those of their time. */
  readonly history?: NameHistory | undefined;
  /** Names that the file around the statements makes itself, such as those of temporary tables: they are never missing. */
  readonly made?: ReadonlySet<string> | undefined;
}

/** A column that something in FROM has. */
export interface AvailableColumn {
  readonly name: string;
  /** Undefined where it is computed. */
  readonly object: SchemaObject | undefined;
}

const unknown: Resolution = { kind: "unknown" };
const local: Resolution = { kind: "local" };
const gone: Resolution = { kind: "gone" };

/** https://www.postgresql.org/docs/current/ddl-system-columns.html */
const systemColumns: ReadonlySet<string> = new Set(["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"]);

/** Deeper than people nest; a column that comes from itself never ends. */
const deepest = 40;

export class NameResolver {
  readonly schema: Schema;
  readonly #searchPath: readonly string[];
  readonly #history: NameHistory | undefined;
  readonly #made: ReadonlySet<string> | undefined;

  constructor(schema: Schema, { searchPath = ["public"], history, made }: ResolverOptions = {}) {
    this.schema = schema;
    this.#made = made;
    this.#searchPath = searchPath;
    this.#history = history;
  }

  /** `statement` is the anchor of the statement that mentions it: what is in the history speaks of names of its time. */
  resolve(reference: NameReference, statement?: Anchor): Resolution {
    const resolution = this.#resolve(reference, statement);
    const isInDoubt = resolution.kind === "missing" && statement !== undefined && this.#history?.mayHaveLost(statement) === true;
    return isInDoubt ? unknown : resolution;
  }

  /** The columns that can be read from something in FROM, in their order; undefined when they cannot be told. */
  columnsOf(source: ColumnSource, statement?: Anchor, depth = 0): readonly AvailableColumn[] | undefined {
    if (depth > deepest) return undefined;
    const columns = this.#ownColumnsOf(source, statement, depth);
    return source.columnNames.length === 0
      ? columns
      : columns?.map((column, i) => ({ ...column, name: source.columnNames[i] ?? column.name }));
  }

  /** A table, view or sequence. */
  relation(path: readonly string[], statement?: Anchor): Resolution {
    const today = this.#today(path, undefined, statement);
    // What was dropped and made again counts as the same.
    const object = this.#find(today === "gone" ? path : today.path, relationsNamed, (key) => relationAt(this.schema, key));
    if (object !== undefined) return { kind: "found", object };
    if (today === "gone") return gone;
    return this.#isOutside(today.path) ? unknown : { kind: "missing", what: "relation" };
  }

  type(path: readonly string[], statement?: Anchor): Resolution {
    const today = this.#today(path, undefined, statement);
    const object = this.#find(today === "gone" ? path : today.path, typesNamed, (key) => typeAt(this.schema, key));
    if (object !== undefined) return { kind: "found", object };
    if (today === "gone") return gone;
    const name = today.path.at(-1) ?? "";
    if (today.path.length < 2 && builtInTypeName(name.replace(/^_/, "")) !== undefined) return local;
    return this.#isOutside(today.path) || mayBeOfExtension(this.schema, name) ? unknown : { kind: "missing", what: "type" };
  }

  /** A column by its name, with what it is qualified with. */
  column(path: readonly string[], scope: Scope | undefined, statement?: Anchor, depth = 0): Resolution {
    if (scope === undefined || depth > deepest) return unknown;
    const name = path.at(-1) ?? "";
    if (path.length > 1) {
      const source = sourceNamed(path.slice(0, -1), scope);
      if (source === undefined) return hasUnknownSource(scope) ? unknown : { kind: "missing", what: "qualifier" };
      return this.#columnIn(source, name, statement, depth);
    }
    let isSure = true;
    for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
      for (const source of current.sources) {
        const found = this.#columnIn(source, name, statement, depth);
        if (found.kind === "unknown") isSure = false;
        else if (found.kind !== "missing") return found;
      }
    }
    if (!isSure) return unknown;
    return sourceNamed([name], scope) === undefined ? { kind: "missing", what: "column" } : this.#row([name], scope, statement);
  }

  #resolve(reference: NameReference, statement: Anchor | undefined): Resolution {
    if (reference.isLocal) return local;
    switch (reference.kind) {
      case "relation":
        return this.relation(reference.path, statement);
      case "column":
        return this.column(reference.path, reference.scope, statement);
      case "row":
        return this.#row(reference.path, reference.scope, statement);
      case "type":
        return this.type(reference.path, statement);
      case "routine":
        return this.#routine(reference.path);
      case "index":
        return this.#index(reference.path);
      case "schema":
        return this.#namespace(reference.path[0] ?? "");
      case "extension": {
        const extension = this.schema.extensions.get(reference.path[0] ?? "");
        return extension === undefined ? unknown : { kind: "found", object: { kind: "extension", extension } };
      }
      case "constraint":
      case "trigger":
      case "policy":
        return this.#ofRelation(reference.kind, reference, statement);
    }
  }

  #row(path: readonly string[], scope: Scope | undefined, statement: Anchor | undefined): Resolution {
    const source = scope === undefined ? undefined : sourceNamed(path, scope);
    if (source === undefined) return unknown;
    return source.relation === undefined ? local : this.relation(source.relation, statement);
  }

  #columnIn(source: ColumnSource, name: string, statement: Anchor | undefined, depth: number): Resolution {
    if (source.relation !== undefined && source.columnNames.length === 0) {
      const found = this.#columnOfRelation(source.relation, name, statement);
      return found.kind === "found" ? { ...found, source } : found;
    }
    if (source.relation === undefined && source.columnNames.length === 0)
      return this.#columnOfOutput(source.columns, name, statement, depth);
    const columns = this.columnsOf(source, statement, depth + 1);
    if (columns === undefined) return source.columnNames.includes(name) ? local : unknown;
    const column = columns.find((one) => one.name === name);
    if (column === undefined) return systemColumns.has(name) ? local : { kind: "missing", what: "column" };
    return column.object === undefined ? local : { kind: "found", object: column.object, source };
  }

  #columnOfRelation(path: readonly string[], name: string, statement: Anchor | undefined): Resolution {
    const later = this.#today(path, name, statement);
    const today = later === "gone" ? { path, column: name } : later;
    const relation = this.relation(today.path);
    if (relation.kind === "missing" && later === "gone") return gone;
    if (relation.kind !== "found") return relation.kind === "local" ? local : unknown;
    const { object } = relation;
    const column = today.column ?? name;
    if (systemColumns.has(column)) return local;
    if (object.kind === "table") {
      const found = object.table.columns.get(column);
      if (found !== undefined) return { kind: "found", object: { kind: "column", table: object.table, column: found } };
      if (later === "gone") return gone;
      return object.table.complete ? { kind: "missing", what: "column" } : unknown;
    }
    if (object.kind !== "view" || object.view.columns.length === 0) return unknown;
    if (!object.view.columns.includes(column)) return { kind: "missing", what: "column" };
    return { kind: "found", object: { kind: "viewColumn", view: object.view, name: column } };
  }

  #columnOfOutput(columns: readonly OutputColumn[] | undefined, name: string, statement: Anchor | undefined, depth: number): Resolution {
    if (columns === undefined) return unknown;
    let isSure = true;
    for (const column of columns) {
      if (column.kind === "column") {
        if (column.name !== name) continue;
        if (column.of === undefined) return local;
        const origin = this.column(column.of.path, column.of.scope, statement, depth + 1);
        return origin.kind === "found" ? origin : local;
      }
      for (const source of column.sources) {
        const found = depth > deepest ? unknown : this.#columnIn(source, name, statement, depth + 1);
        if (found.kind === "unknown") isSure = false;
        else if (found.kind !== "missing") return found;
      }
    }
    return isSure ? { kind: "missing", what: "column" } : unknown;
  }

  #ownColumnsOf(source: ColumnSource, statement: Anchor | undefined, depth: number): readonly AvailableColumn[] | undefined {
    if (source.relation !== undefined) {
      const relation = this.relation(source.relation, statement);
      if (relation.kind !== "found") return undefined;
      const { object } = relation;
      if (object.kind === "table")
        return [...object.table.columns.values()].map((column) => ({
          name: column.name,
          object: { kind: "column", table: object.table, column },
        }));
      if (object.kind !== "view" || object.view.columns.length === 0) return undefined;
      return object.view.columns.map((name) => ({ name, object: { kind: "viewColumn", view: object.view, name } }));
    }
    const columns: AvailableColumn[] = [];
    for (const column of source.columns ?? []) {
      if (column.kind === "column") {
        const { name, of } = column;
        const origin = of === undefined ? local : this.column(of.path, of.scope, statement, depth + 1);
        columns.push({ name, object: origin.kind === "found" ? origin.object : undefined });
        continue;
      }
      for (const inner of column.sources) {
        const found = this.columnsOf(inner, statement, depth + 1);
        if (found === undefined) return undefined;
        columns.push(...found);
      }
    }
    return source.columns === undefined ? undefined : columns;
  }

  #routine(path: readonly string[]): Resolution {
    const name = path.at(-1) ?? "";
    const schema = path.at(-2);
    const [first, ...others] = routinesNamed(this.schema, name).filter((routine) => schema === undefined || routine.schema === schema);
    return first === undefined ? unknown : { kind: "found", object: { kind: "routine", routines: [first, ...others] } };
  }

  #index(path: readonly string[]): Resolution {
    const schema = path.at(-2);
    const found = indexesNamed(this.schema, path.at(-1) ?? "").find(({ on }) => schema === undefined || on.schema === schema);
    return found === undefined ? unknown : { kind: "found", object: { kind: "index", ...found } };
  }

  #namespace(name: string): Resolution {
    const namespace = this.schema.namespaces.get(name);
    return namespace === undefined ? unknown : { kind: "found", object: { kind: "namespace", namespace } };
  }

  #ofRelation(kind: "constraint" | "trigger" | "policy", { path, scope }: NameReference, statement: Anchor | undefined): Resolution {
    const name = path.at(-1) ?? "";
    const relation = scope?.sources[0]?.relation;
    const on = relation === undefined ? unknown : this.relation(relation, statement);
    if (on.kind !== "found") return on.kind === "gone" ? gone : unknown;
    const { object } = on;
    if (kind === "trigger" && (object.kind === "table" || object.kind === "view")) {
      const owner = object.kind === "table" ? object.table : object.view;
      const trigger = owner.triggers.find((one) => one.name === name);
      return trigger === undefined ? unknown : { kind: "found", object: { kind, on: owner, trigger } };
    }
    if (object.kind !== "table") return unknown;
    const { table } = object;
    if (kind === "policy") {
      const policy = table.policies.find((one) => one.name === name);
      return policy === undefined ? unknown : { kind: "found", object: { kind, table, policy } };
    }
    const constraint = constraintNamed(table, name);
    return constraint === undefined ? unknown : { kind: "found", object: { kind: "constraint", table, constraint } };
  }

  #today(path: readonly string[], column: string | undefined, statement: Anchor | undefined): ReturnType<NameHistory["today"]> {
    return this.#history === undefined ? { path, column } : this.#history.today(path, column, statement);
  }

  #find(
    path: readonly string[],
    named: (schema: Schema, name: string) => readonly SchemaObject[],
    at: (key: string) => SchemaObject | undefined,
  ): SchemaObject | undefined {
    const name = path.at(-1) ?? "";
    const schema = path.at(-2);
    if (schema !== undefined) return at(keyOf(schema, name));
    for (const searched of this.#searchPath) {
      const found = at(keyOf(searched, name));
      if (found !== undefined) return found;
    }
    return named(this.schema, name)[0];
  }

  /** Whether a name may be of something that the schema does not list: PostgreSQL's own catalogs, schemas that others make. */
  #isOutside(path: readonly string[]): boolean {
    const schema = path.at(-2);
    const name = path.at(-1) ?? "";
    if (this.#made?.has(name) === true || this.#history?.isPassing(name) === true) return true;
    if (schema === undefined) return name.startsWith("pg_");
    return !this.schema.namespaces.has(schema);
  }
}

/** What in FROM a qualifier means: `orders`, `o`, or `app.orders`. */
export function sourceNamed(qualifier: readonly string[], scope: Scope): ColumnSource | undefined {
  const name = qualifier.at(-1);
  const schema = qualifier.at(-2);
  for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
    for (const source of current.sources) {
      if (source.name !== name) continue;
      if (schema === undefined) return source;
      const own = source.relation?.at(-2);
      if (!source.isAlias && source.relation !== undefined && (own === undefined || own === schema)) return source;
    }
  }
  return undefined;
}

/** Something without a name of its own, such as the arguments of a routine, may be what a qualifier means. */
function hasUnknownSource(scope: Scope): boolean {
  for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
    if (current.sources.some((source) => source.relation === undefined && source.columns === undefined)) return true;
  }
  return false;
}

function relationAt(schema: Schema, key: string): SchemaObject | undefined {
  const table = schema.tables.get(key);
  if (table !== undefined) return { kind: "table", table };
  const view = schema.views.get(key);
  if (view !== undefined) return { kind: "view", view };
  const sequence = schema.sequences.get(key);
  if (sequence !== undefined) return { kind: "sequence", sequence };
  // PostgreSQL keeps composite types among the relations.
  const type = schema.compositeTypes.get(key);
  return type === undefined ? undefined : { kind: "compositeType", type };
}

/** Whether an extension of the schema brings the type, or is one of which nobody knows what it brings. */
function mayBeOfExtension(schema: Schema, type: string): boolean {
  for (const name of schema.extensions.keys()) {
    const extension = knownExtensions.get(name);
    if (extension === undefined || extension.types.includes(type)) return true;
  }
  return false;
}

/** Every relation has a type of its rows. */
function typeAt(schema: Schema, key: string): SchemaObject | undefined {
  const enumType = schema.enums.get(key);
  if (enumType !== undefined) return { kind: "enum", type: enumType };
  const domain = schema.domains.get(key);
  return domain === undefined ? relationAt(schema, key) : { kind: "domain", type: domain };
}

const relationsNamed = lookup((schema) => {
  const byName = new Map<string, SchemaObject[]>();
  for (const table of schema.tables.values()) append(byName, table.name, { kind: "table", table });
  for (const view of schema.views.values()) append(byName, view.name, { kind: "view", view });
  for (const sequence of schema.sequences.values()) append(byName, sequence.name, { kind: "sequence", sequence });
  for (const type of schema.compositeTypes.values()) append(byName, type.name, { kind: "compositeType", type });
  return (name): readonly SchemaObject[] => byName.get(name) ?? [];
});

const typesNamed = lookup((schema) => {
  const byName = new Map<string, SchemaObject[]>();
  for (const type of schema.enums.values()) append(byName, type.name, { kind: "enum", type });
  for (const type of schema.domains.values()) append(byName, type.name, { kind: "domain", type });
  return (name): readonly SchemaObject[] => byName.get(name) ?? relationsNamed(schema, name);
});

const routinesNamed = lookup((schema) => {
  const byName = new Map<string, Routine[]>();
  for (const routine of schema.routines.values()) append(byName, routine.name, routine);
  return (name): readonly Routine[] => byName.get(name) ?? [];
});

const indexesNamed = lookup((schema) => {
  const byName = new Map<string, { readonly on: Table | View; readonly index: Index }[]>();
  for (const owners of [schema.tables.values(), schema.views.values()])
    for (const on of owners) for (const index of on.indexes) append(byName, index.name, { on, index });
  return (name): readonly { readonly on: Table | View; readonly index: Index }[] => byName.get(name) ?? [];
});
