/** Which type a name means, at the point of the history where it is used. */
import type { PgType } from "../schema.ts";
import type { Context } from "./context.ts";
import type { NamespaceEntry, TableEntry, TypeEntry, TypeUse, ViewEntry } from "./entries.ts";
import { newType } from "./newEntries.ts";
import type { TypeSpec } from "./read/typeSpec.ts";

/** The type of a column, an argument or a cast. An unknown one stays unknown; that is noted as a problem where `isChecked`. */
export function resolveType(spec: TypeSpec, ctx: Context, isChecked = true): TypeUse {
  if (spec.builtIn !== undefined) return spec.builtIn;
  if (spec.isColumnType) return typeOfColumn(spec, ctx);
  const entry = findType(spec.path, ctx);
  if (entry !== undefined) return useOf(entry, spec.modifiers, spec.isArray);
  const name = spec.path.at(-1) ?? "";
  const element = name.startsWith("_") ? findType([...spec.path.slice(0, -1), name.slice(1)], ctx) : undefined;
  if (element !== undefined) return useOf(element, spec.modifiers, true);
  if (isChecked && !isExternal(spec.path, ctx)) {
    const start = ctx.source.tokenAt(spec.location);
    ctx.problem(
      "sql-undefined-type",
      `Type "${name}" does not exist: nothing before creates it.`,
      ctx.source.span(start, ctx.source.tokens.nameEnd(start)),
      "warning",
    );
  }
  return { entry: undefined, type: { schema: undefined, name, modifiers: spec.modifiers, isArray: spec.isArray, kind: "unknown" } };
}

const builtInUses = new WeakMap<PgType, TypeUse>();

/** The same object for the same type, so that most columns need none of their own. */
export function builtInUse(type: PgType): TypeUse {
  let use = builtInUses.get(type);
  if (use === undefined) {
    use = { entry: undefined, type };
    builtInUses.set(type, use);
  }
  return use;
}

export function useOf(entry: TypeEntry, modifiers: readonly number[] = [], isArray = false): TypeUse {
  return { entry, type: { schema: entry.namespace.name, name: entry.name, modifiers, isArray, kind: kindOf(entry) } };
}

/** The type as it is called now. */
export function typeOf(use: TypeUse): PgType {
  const { entry, type } = use;
  if (entry === undefined) return type;
  if (entry.isDropped) return { ...type, schema: undefined, kind: "unknown" };
  return entry.name === type.name && entry.namespace.name === type.schema
    ? type
    : { ...type, schema: entry.namespace.name, name: entry.name };
}

/** The type, or a table's row type, that a possibly qualified name leads to. */
export function findType(path: readonly string[], ctx: Context): TypeEntry | undefined {
  const name = path.at(-1) ?? "";
  const schema = path.at(-2);
  if (schema !== undefined) {
    const namespace = ctx.catalog.namespaces.get(schema);
    return namespace === undefined ? undefined : typeIn(namespace, name);
  }
  for (const namespace of ctx.lookupPath()) {
    const type = typeIn(namespace, name);
    if (type !== undefined) return type;
  }
  return undefined;
}

/** The type of that name in a schema. */
export function typeIn(namespace: NamespaceEntry, name: string): TypeEntry | undefined {
  const type = namespace.types.get(name);
  if (type !== undefined) return type;
  const relation = namespace.relations.get(name);
  return relation?.kind === "table" || relation?.kind === "view" ? rowTypeOf(relation) : undefined;
}

/** The composite type of a table's or view's rows; it shares the relation's name and schema. */
export function rowTypeOf(relation: TableEntry | ViewEntry): TypeEntry {
  if (relation.rowType === undefined) relation.rowType = newType(relation.namespace, relation.name, "row", relation.origins, { relation });
  else {
    relation.rowType.name = relation.name;
    relation.rowType.namespace = relation.namespace;
  }
  return relation.rowType;
}

/** What a domain stands for, through domains over domains. */
export function withoutDomains(use: TypeUse): TypeUse {
  let current = use;
  while (current.entry?.form === "domain" && !current.type.isArray && current.entry.base !== undefined) current = current.entry.base;
  return current;
}

function kindOf(entry: TypeEntry): PgType["kind"] {
  if (entry.form === "enum" || entry.form === "domain" || entry.form === "composite") return entry.form;
  return entry.form === "row" ? "composite" : "base";
}

function typeOfColumn(spec: TypeSpec, ctx: Context): TypeUse {
  const [column = "", relname = "", schemaname] = [...spec.path].reverse();
  const relation = ctx.relation(schemaname === undefined ? { relname } : { relname, schemaname });
  const found = relation?.kind === "table" || relation?.kind === "view" ? relation.columns.get(column)?.type : undefined;
  return (
    found ?? {
      entry: undefined,
      type: { schema: undefined, name: spec.path.join("."), modifiers: [], isArray: spec.isArray, kind: "unknown" },
    }
  );
}

function isExternal(path: readonly string[], ctx: Context): boolean {
  const schema = path.at(-2);
  return ctx.catalog.mayComeWithExtension(schema) || (schema !== undefined && (ctx.catalog.namespaces.get(schema)?.isExternal ?? true));
}
