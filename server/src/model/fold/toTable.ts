/** A table of the catalog as the model has it, with everything that hangs on it. */
import { keyOf } from "../names.ts";
import type {
  CheckConstraint,
  Column,
  Element,
  ExclusionConstraint,
  Expression,
  ForeignKey,
  Index,
  IndexKey,
  KeyConstraint,
  Policy,
  Table,
  Trigger,
} from "../schema.ts";
import type {
  CheckEntry,
  ColumnEntry,
  Entry,
  ExclusionEntry,
  ExpressionEntry,
  ForeignKeyEntry,
  IndexEntry,
  IndexKeyEntry,
  KeyEntry,
  PolicyEntry,
  TableEntry,
  ViewEntry,
} from "./entries.ts";
import { expressionOf } from "./expressions.ts";
import { typeOf } from "./types.ts";

export function toTable(table: TableEntry, key: string): Table {
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
    doc: undefined,
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
    partitionBy:
      table.partitionKey === undefined
        ? undefined
        : { strategy: table.partitionKey.strategy, keys: table.partitionKey.keys.map(toIndexKey) },
    partitionOf:
      table.partitionOf === undefined ? undefined : { parent: relationKey(table.partitionOf.parent), bound: table.partitionOf.bound },
    inherits: table.inherits.map(relationKey),
  };
}

export function relationKey(relation: TableEntry | ViewEntry): string {
  return keyOf(relation.namespace.name, relation.name);
}

function toColumn(column: ColumnEntry): Column {
  const { generated } = column;
  return {
    name: column.name,
    origins: column.origins,
    comment: column.comment,
    prismaName: undefined,
    doc: undefined,
    type: typeOf(column.type),
    notNull: column.isNotNull,
    default: optional(column.default),
    clientDefault: undefined,
    identity: column.identity,
    generated: generated === undefined ? undefined : { expression: expressionOf(generated.expression), stored: generated.isStored },
    collation: column.collation,
  };
}

export function optional(expression: ExpressionEntry | undefined): Expression | undefined {
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
    references: {
      schema: target.namespace.name,
      table: target.name,
      key: relationKey(target),
      columns: key.targetColumns.map((column) => column.name),
    },
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

export function toCheck(check: CheckEntry): CheckConstraint {
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

export function indexesOf(entries: ReadonlySet<IndexEntry>): Index[] {
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
export function triggersOf(triggers: TableEntry["triggers"]): readonly Trigger[] {
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

/** What every element has. */
export function element(entry: Entry): Element {
  const { name, origins, comment } = entry;
  return { name, origins, comment };
}
