/** The catalog as a schema: immutable elements, names instead of references. */
import { keyOf } from "../names.ts";
import { routineKey } from "../pgTypes.ts";
import type {
  CheckConstraint,
  Column,
  CompositeType,
  Domain,
  Element,
  EnumType,
  ExclusionConstraint,
  Expression,
  Extension,
  ForeignKey,

  Index,
  IndexKey,
  KeyConstraint,
  Namespace,
  Policy,
  Routine,
  Schema,
  Sequence,
  Source,
  Table,
  Trigger,
  View,
} from "../schema.ts";
import { type Catalog, type CheckEntry, type ColumnEntry, type Entry, type ExclusionEntry, type ExpressionEntry, type ForeignKeyEntry, type IndexEntry, type IndexKeyEntry, type KeyEntry, type NamespaceEntry, type PolicyEntry, type RoutineEntry, type SequenceEntry, type TableEntry, type TypeEntry, type ViewEntry } from "./catalog.ts";
import { temporarySchema } from "./context.ts";
import { expressionOf } from "./expressions.ts";
import { grantsOf } from "./toGrants.ts";
import { typeOf } from "./types.ts";

export function toSchema(catalog: Catalog, source: Source): Schema {
  const schema = {
    sources: [source],
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

function element(entry: Entry): Element {
  const { name, origins, comment } = entry;
  return { name, origins, comment };
}

function toTable(table: TableEntry, key: string): Table {
  const columns = new Map<string, Column>();
  for (const column of table.columns.values()) columns.set(column.name, toColumn(column));
  const { primaryKey, uniqueConstraints, foreignKeys, checks, exclusions } = constraintsOf(table);
  return {
    name: table.name,
    origins: table.origins,
    comment: table.comment,
    schema: table.namespace.name,
    key,
    prismaName: undefined,
    kind: table.form,
    persistence: table.persistence,
    complete: table.isComplete,
    columns,
    primaryKey,
    uniqueConstraints,
    foreignKeys,
    checks,
    exclusions,
    indexes: indexesOf(table.indexes),
    triggers: triggersOf(table.triggers),
    policies: table.policies.size === 0 ? nothing : Array.from(table.policies.values(), toPolicy),
    rowSecurity: { enabled: table.isRowSecurityEnabled, forced: table.isRowSecurityForced },
    partitionBy: table.partitionKey === undefined ? undefined : { strategy: table.partitionKey.strategy, keys: table.partitionKey.keys.map(toIndexKey) },
    partitionOf: table.partitionOf === undefined ? undefined : { parent: relationKey(table.partitionOf.parent), bound: table.partitionOf.bound },
    inherits: table.inherits.map(relationKey),
  };
}

function relationKey(relation: TableEntry | ViewEntry): string {
  return keyOf(relation.namespace.name, relation.name);
}

function toColumn(column: ColumnEntry): Column {
  const { generated } = column;
  return {
    name: column.name,
    origins: column.origins,
    comment: column.comment,
    prismaName: undefined,
    type: typeOf(column.type),
    notNull: column.isNotNull,
    default: optional(column.default),
    clientDefault: undefined,
    identity: column.identity,
    generated: generated === undefined ? undefined : { expression: expressionOf(generated.expression), stored: generated.isStored },
    collation: column.collation,
  };
}

function optional(expression: ExpressionEntry | undefined): Expression | undefined {
  return expression === undefined ? undefined : expressionOf(expression);
}

function constraintsOf(table: TableEntry): Pick<Table, "primaryKey" | "uniqueConstraints" | "foreignKeys" | "checks" | "exclusions"> {
  let primaryKey: KeyConstraint | undefined;
  const uniqueConstraints: KeyConstraint[] = [];
  const foreignKeys: ForeignKey[] = [];
  const checks: CheckConstraint[] = [];
  const exclusions: ExclusionConstraint[] = [];
  for (const constraint of table.constraints.values()) {
    if (constraint.kind === "primary") primaryKey = toKey(constraint);
    else if (constraint.kind === "unique") uniqueConstraints.push(toKey(constraint));
    else if (constraint.kind === "check") checks.push(toCheck(constraint));
    else if (constraint.kind === "exclusion") exclusions.push(toExclusion(constraint));
    else if (constraint.kind === "foreign" && !constraint.isInternal) foreignKeys.push(toForeignKey(constraint));
  }
  return { primaryKey, uniqueConstraints, foreignKeys, checks, exclusions };
}

function toKey(key: KeyEntry): KeyConstraint {
  const { index } = key;
  return {
    name: key.name,
    origins: key.origins,
    comment: key.comment,
    prismaName: undefined,
    columns: index.keys.map((part) => part.column?.name ?? ""),
    include: index.include.map((column) => column.name),
    nullsNotDistinct: index.nullsNotDistinct,
    deferrable: key.deferrable,
    initiallyDeferred: key.initiallyDeferred,
  };
}

function toForeignKey(key: ForeignKeyEntry): ForeignKey {
  const { target } = key;
  return {
    name: key.name,
    origins: key.origins,
    comment: key.comment,
    prismaName: undefined,
    columns: key.columns.map((column) => column.name),
    references: { schema: target.namespace.name, table: target.name, key: relationKey(target), columns: key.targetColumns.map((column) => column.name) },
    onDelete: key.onDelete,
    onUpdate: key.onUpdate,
    onDeleteStated: key.onDeleteStated,
    onDeleteSetColumns: key.onDeleteSetColumns?.map((column) => column.name),
    match: key.match,
    deferrable: key.deferrable,
    initiallyDeferred: key.initiallyDeferred,
    validated: key.isValidated,
  };
}

function toCheck(check: CheckEntry): CheckConstraint {
  return { ...element(check), expression: expressionOf(check.expression), validated: check.isValidated, noInherit: check.noInherit };
}

function toExclusion(exclusion: ExclusionEntry): ExclusionConstraint {
  const { index } = exclusion;
  return {
    ...element(exclusion),
    method: index.method,
    elements: index.keys.map((key, i) => ({ key: toIndexKey(key), operator: exclusion.operators[i] ?? "" })),
    predicate: optional(index.predicate),
  };
}

const nothing: readonly never[] = [];

function indexesOf(entries: ReadonlySet<IndexEntry>): Index[] {
  const indexes: Index[] = [];
  for (const entry of entries) indexes.push(toIndex(entry));
  return indexes;
}

function toIndex(index: IndexEntry): Index {
  return {
    name: index.name,
    origins: index.origins,
    comment: index.comment,
    prismaName: undefined,
    method: index.method,
    keys: index.keys.map(toIndexKey),
    include: index.include.map((column) => column.name),
    unique: index.isUnique,
    primary: index.isPrimary,
    nullsNotDistinct: index.nullsNotDistinct,
    predicate: optional(index.predicate),
    constraint: index.constraint?.name,
    valid: index.isValid,
  };
}

function toIndexKey(key: IndexKeyEntry): IndexKey {
  return {
    column: key.column?.name,
    expression: optional(key.expression),
    operatorClass: key.operatorClass,
    collation: key.collation,
    direction: key.isDescending ? "desc" : "asc",
    nulls: key.nulls,
  };
}

/** Those that partitions have of their parent are part of the parent's. */
function triggersOf(triggers: TableEntry["triggers"]): readonly Trigger[] {
  if (triggers.size === 0) return nothing;
  const own: Trigger[] = [];
  for (const trigger of triggers.values()) {
    if (trigger.parent !== undefined) continue;
    const { routine } = trigger;
    own.push({
      ...element(trigger),
      ...trigger.facts,
      updateOf: trigger.updateOf.map((column) => column.name),
      when: optional(trigger.when),
      routine: routine === undefined ? trigger.routineKey : keyOf(routine.namespace.name, routine.name),
      enabled: trigger.enabled,
    });
  }
  return own;
}

function toPolicy(policy: PolicyEntry): Policy {
  return {
    ...element(policy),
    permissive: policy.permissive,
    command: policy.command,
    roles: policy.roles,
    using: optional(policy.using),
    withCheck: optional(policy.withCheck),
  };
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
    baseType: type.base === undefined ? { schema: undefined, name: "unknown", modifiers: [], isArray: false, kind: "unknown" } : typeOf(type.base),
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
    returns: routine.returns === undefined ? undefined : typeOf(routine.returns),
    language: routine.language,
    volatility: routine.volatility,
    securityDefiner: routine.securityDefiner,
    settings: new Map(routine.settings),
  };
}

