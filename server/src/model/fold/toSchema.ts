/** The catalog as a schema, whose sources are for others to name: immutable elements, names instead of references. */
import { keyOf } from "../names.ts";
import { routineKey } from "../pgTypes.ts";
import type { CompositeType, Domain, EnumType, Extension, Namespace, Routine, Schema, Sequence, Table, View } from "../schema.ts";
import type { Catalog } from "./catalog.ts";
import { temporarySchema } from "./context.ts";
import type { NamespaceEntry, RoutineEntry, SequenceEntry, TypeEntry, ViewEntry } from "./entries.ts";
import { grantsOf } from "./toGrants.ts";
import { element, indexesOf, optional, relationKey, toCheck, toTable, triggersOf } from "./toTable.ts";
import { typeOf } from "./types.ts";

export function toSchema(catalog: Catalog): Schema {
  const schema = {
    sources: [],
    namespaces: new Map<string, Namespace>(),
    tables: new Map<string, Table>(),
    views: new Map<string, View>(),
    enums: new Map<string, EnumType>(),
    domains: new Map<string, Domain>(),
    compositeTypes: new Map<string, CompositeType>(),
    sequences: new Map<string, Sequence>(),
    routines: new Map<string, Routine>(),
    extensions: new Map<string, Extension>(),
    grants: grantsOf(catalog),
    disagreements: [],
  };
  for (const namespace of catalog.namespaces.values()) {
    if (namespace.name === temporarySchema) continue;
    schema.namespaces.set(namespace.name, element(namespace));
    addRelations(namespace, schema);
    addTypes(namespace, schema);
    for (const overloads of namespace.routines.values()) {
      for (const entry of overloads) {
        const routine = toRoutine(entry);
        schema.routines.set(routine.key, routine);
      }
    }
  }
  for (const extension of catalog.extensions.values()) {
    schema.extensions.set(extension.name, { ...element(extension), schema: extension.namespace.name });
  }
  return schema;
}

type Mutable = {
  readonly tables: Map<string, Table>;
  readonly views: Map<string, View>;
  readonly sequences: Map<string, Sequence>;
  readonly enums: Map<string, EnumType>;
  readonly domains: Map<string, Domain>;
  readonly compositeTypes: Map<string, CompositeType>;
};

function addRelations(namespace: NamespaceEntry, schema: Mutable): void {
  for (const relation of namespace.relations.values()) {
    const key = keyOf(namespace.name, relation.name);
    if (relation.kind === "table") schema.tables.set(key, toTable(relation, key));
    else if (relation.kind === "view") schema.views.set(key, toView(relation, key));
    else if (relation.kind === "sequence") schema.sequences.set(key, toSequence(relation, key));
  }
}

function addTypes(namespace: NamespaceEntry, schema: Mutable): void {
  for (const type of namespace.types.values()) {
    if (type.extension !== undefined) continue;
    const key = keyOf(namespace.name, type.name);
    const named = { ...element(type), schema: namespace.name, key };
    if (type.form === "enum") schema.enums.set(key, { ...named, prismaName: undefined, values: type.values.map((value) => value.name) });
    else if (type.form === "domain") schema.domains.set(key, toDomain(type, named));
    else if (type.form === "composite") {
      schema.compositeTypes.set(key, { ...named, attributes: type.attributes.map(({ name, type: use }) => ({ name, type: typeOf(use) })) });
    }
  }
}

function toView(view: ViewEntry, key: string): View {
  return {
    ...element(view),
    schema: view.namespace.name,
    key,
    prismaName: undefined,
    materialized: view.isMaterialized,
    columns: [...view.columns.keys()],
    query: view.query,
    reads: [...view.reads.relations].map(relationKey),
    options: new Map(view.options),
    indexes: indexesOf(view.indexes),
    triggers: triggersOf(view.triggers),
  };
}

function toDomain(type: TypeEntry, named: Pick<Domain, "name" | "schema" | "key" | "origins" | "comment">): Domain {
  return {
    ...named,
    baseType:
      type.base === undefined ? { schema: undefined, name: "unknown", modifiers: [], isArray: false, kind: "unknown" } : typeOf(type.base),
    notNull: type.isNotNull,
    default: optional(type.default),
    checks: type.checks.map(toCheck),
  };
}

function toSequence(sequence: SequenceEntry, key: string): Sequence {
  const { owner } = sequence;
  return {
    ...element(sequence),
    schema: sequence.namespace.name,
    key,
    dataType: sequence.dataType,
    increment: sequence.increment,
    ownedBy: owner === undefined ? undefined : `${relationKey(owner.table)}.${owner.column.name}`,
  };
}

function toRoutine(routine: RoutineEntry): Routine {
  const argumentTypes = routine.argumentTypes.map(typeOf);
  return {
    ...element(routine),
    schema: routine.namespace.name,
    key: routineKey(routine.namespace.name, routine.name, argumentTypes),
    kind: routine.form,
    argumentTypes,
    argumentNames: routine.argumentNames,
    returns: routine.returns === undefined ? undefined : typeOf(routine.returns),
    language: routine.language,
    volatility: routine.volatility,
    securityDefiner: routine.securityDefiner,
    settings: new Map(routine.settings),
    body: hasBody(routine) ? routine.body : undefined,
    isPublic: routine.acl.get("public")?.privileges.has("EXECUTE") === true,
  };
}

function hasBody({ body, language, form }: RoutineEntry): boolean {
  return body !== "" && form !== "aggregate" && language !== "c" && language !== "internal";
}
