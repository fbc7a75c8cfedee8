/**
 * What depends on what, as pg_depend would say: asked when something is dropped, found by looking at what is there.
 * https://www.postgresql.org/docs/current/ddl-depend.html
 */
import type { Catalog } from "./catalog.ts";
import type {
  CheckEntry,
  ColumnEntry,
  ConstraintEntry,
  ExpressionEntry,
  ExtensionEntry,
  IndexEntry,
  NamespaceEntry,
  PolicyEntry,
  Reader,
  RoutineEntry,
  SequenceEntry,
  TableEntry,
  TriggerEntry,
  TypeEntry,
  TypeUse,
  ViewEntry,
} from "./entries.ts";
import { knownExtensions } from "./extensions.ts";
import {
  childIndexes,
  countConstraintName,
  removeConstraint,
  removeIndex,
  removePolicy,
  removeRelation,
  removeRoutine,
  removeType,
} from "./registry.ts";
import { sequencesOwnedBy } from "./sequences.ts";

/** Something that can be dropped. */
export interface Target {
  /** The entry; two targets with the same one are the same. */
  readonly key: object;
  /** For messages: `view "active_users"`. */
  readonly what: string;
  dependents(): Iterable<Dependent>;
  /** Takes it out of the catalog; does nothing when it is gone already. */
  remove(): void;
}

/** `isAutomatic`: it is part of the other object and goes with it; otherwise dropping that one needs CASCADE. */
export interface Dependent {
  readonly target: Target;
  readonly isAutomatic: boolean;
}

const automatic = (target: Target): Dependent => ({ target, isAutomatic: true });
const normal = (target: Target): Dependent => ({ target, isAutomatic: false });

export function tableTarget(table: TableEntry, catalog: Catalog): Target {
  return {
    key: table,
    what: `table "${table.name}"`,
    *dependents() {
      for (const child of table.children) yield { target: tableTarget(child, catalog), isAutomatic: child.partitionOf !== undefined };
      for (const constraint of table.constraints.values()) if (constraint.kind === "foreign") yield automatic(constraintTarget(constraint));
      for (const key of table.referencedBy) yield key.isInternal ? automatic(constraintTarget(key)) : normal(constraintTarget(key));
      for (const column of table.columns.values()) yield* columnParts(table, column, catalog);
      for (const reader of table.readers) yield normal(readerTarget(reader, catalog));
      if (table.rowType !== undefined) yield automatic(typeTarget(table.rowType, catalog));
    },
    remove() {
      if (!table.isDropped) removeRelation(table);
    },
  };
}

export function viewTarget(view: ViewEntry, catalog: Catalog): Target {
  return {
    key: view,
    what: `view "${view.name}"`,
    *dependents() {
      for (const reader of view.readers) yield normal(readerTarget(reader, catalog));
      if (view.rowType !== undefined) yield automatic(typeTarget(view.rowType, catalog));
    },
    remove() {
      if (!view.isDropped) removeRelation(view);
    },
  };
}

function readerTarget(reader: Reader, catalog: Catalog): Target {
  if (reader.kind === "view") return viewTarget(reader, catalog);
  return reader.kind === "policy" ? policyTarget(reader) : routineTarget(reader, catalog);
}

/** Indexes and constraints over a column go with it, however many other columns they have. */
export function columnTarget(table: TableEntry, column: ColumnEntry, catalog: Catalog): Target {
  return {
    key: column,
    what: `column "${column.name}" of "${table.name}"`,
    *dependents() {
      for (const constraint of table.constraints.values())
        if (constraintUses(constraint, column)) yield automatic(constraintTarget(constraint));
      for (const index of table.indexes) if (indexUses(index, column)) yield automatic(indexTarget(index));
      yield* columnParts(table, column, catalog);
      for (const key of table.referencedBy) if (key.targetColumns.includes(column)) yield normal(constraintTarget(key));
      for (const other of table.columns.values())
        if (expressionUses(other.generated?.expression, column)) yield normal(columnTarget(table, other, catalog));
      for (const trigger of table.triggers.values())
        if (trigger.updateOf.includes(column) || expressionUses(trigger.when, column)) yield normal(triggerTarget(trigger));
      for (const policy of table.policies.values())
        if (expressionUses(policy.using, column) || expressionUses(policy.withCheck, column)) yield normal(policyTarget(policy));
      for (const reader of table.readers) if (readsColumn(reader, column)) yield normal(readerTarget(reader, catalog));
    },
    remove() {
      if (column.isDropped) return;
      column.isDropped = true;
      if (table.columns.get(column.name) === column) table.columns.delete(column.name);
      if (table.supposed.get(column.name) === column) table.supposed.delete(column.name);
    },
  };
}

/** The column's sequences, and its default where that uses them. */
function* columnParts(table: TableEntry, column: ColumnEntry, catalog: Catalog): Generator<Dependent> {
  if (column.default !== undefined && column.default.uses.length > 0) yield automatic(defaultTarget(table, column, column.default));
  for (const sequence of sequencesOwnedBy(table, column)) yield automatic(sequenceTarget(sequence, catalog));
}

function readsColumn(reader: Reader, column: ColumnEntry): boolean {
  if (reader.kind === "view") return reader.reads.columns.has(column);
  return reader.kind === "policy" && (expressionUses(reader.using, column) || expressionUses(reader.withCheck, column));
}

function constraintUses(constraint: ConstraintEntry, column: ColumnEntry): boolean {
  if (constraint.kind === "foreign") return constraint.columns.includes(column);
  return constraint.kind === "check" ? expressionUses(constraint.expression, column) : indexUses(constraint.index, column);
}

function indexUses(index: IndexEntry, column: ColumnEntry): boolean {
  return (
    index.keys.some((key) => key.column === column || expressionUses(key.expression, column)) ||
    index.include.includes(column) ||
    expressionUses(index.predicate, column)
  );
}

function expressionUses(expression: ExpressionEntry | undefined, entry: object): boolean {
  return expression?.uses.some((use) => use.target === entry) ?? false;
}

export function constraintTarget(constraint: ConstraintEntry): Target {
  return {
    key: constraint,
    what: `constraint "${constraint.name}"${constraint.table === undefined ? "" : ` of "${constraint.table.name}"`}`,
    *dependents() {
      if (constraint.kind === "foreign") {
        for (const share of sharesOf(constraint)) yield automatic(constraintTarget(share));
      } else if (constraint.kind !== "check") yield automatic(indexTarget(constraint.index));
    },
    remove() {
      if (!constraint.isDropped) removeConstraint(constraint);
    },
  };
}

/** What partitions on either side have of a foreign key. */
function sharesOf(key: Extract<ConstraintEntry, { kind: "foreign" }>): ConstraintEntry[] {
  const tables = [key.table, ...key.table.children];
  return tables.flatMap((table) => [...table.constraints.values()].filter((other) => other.kind === "foreign" && other.parent === key));
}

export function indexTarget(index: IndexEntry): Target {
  return {
    key: index,
    what: `index "${index.name}"`,
    *dependents() {
      if (index.constraint !== undefined) yield automatic(constraintTarget(index.constraint));
      for (const child of childIndexes(index)) yield automatic(indexTarget(child));
      if (index.table.kind === "view") return;
      for (const key of index.table.referencedBy) if (key.targetIndex === index) yield normal(constraintTarget(key));
    },
    remove() {
      if (!index.isDropped) removeIndex(index);
    },
  };
}

export function sequenceTarget(sequence: SequenceEntry, catalog: Catalog): Target {
  return {
    key: sequence,
    what: `sequence "${sequence.name}"`,
    dependents: () => expressionDependents(sequence, catalog),
    remove() {
      if (!sequence.isDropped) removeRelation(sequence);
    },
  };
}

export function routineTarget(routine: RoutineEntry, catalog: Catalog): Target {
  return {
    key: routine,
    what: `function "${routine.name}"`,
    *dependents() {
      yield* expressionDependents(routine, catalog);
      for (const view of catalog.views) if (!view.isDropped && view.reads.routines.has(routine)) yield normal(viewTarget(view, catalog));
      for (const trigger of routine.triggers) if (!trigger.isDropped) yield normal(triggerTarget(trigger));
    },
    remove() {
      if (!routine.isDropped) removeRoutine(routine);
    },
  };
}

export function typeTarget(type: TypeEntry, catalog: Catalog): Target {
  return {
    key: type,
    what: `type "${type.name}"`,
    *dependents() {
      const isUsed = (use: TypeUse | undefined): boolean => use?.entry === type;
      for (const user of type.usedBy) {
        if (user.isDropped) continue;
        if (user.kind === "table") {
          for (const column of user.columns.values()) if (isUsed(column.type)) yield normal(columnTarget(user, column, catalog));
        } else {
          if (isUsed(user.base)) yield normal(typeTarget(user, catalog));
          if (user.attributes.some((attribute) => isUsed(attribute.type))) yield normal(attributesTarget(user, type));
        }
      }
      for (const view of catalog.views) {
        if (!view.isDropped && (view.reads.types.has(type) || [...view.columns.values()].some((column) => isUsed(column.type))))
          yield normal(viewTarget(view, catalog));
      }
      for (const namespace of catalog.namespaces.values()) {
        for (const overloads of namespace.routines.values()) {
          for (const routine of overloads)
            if (isUsed(routine.returns) || routine.argumentTypes.some(isUsed)) yield normal(routineTarget(routine, catalog));
        }
      }
      yield* expressionDependents(type, catalog);
    },
    remove() {
      if (!type.isDropped) removeType(type);
    },
  };
}

/** The attributes of a composite type that have another type. */
function attributesTarget(composite: TypeEntry, type: TypeEntry): Target {
  return {
    key: composite.attributes,
    what: `attributes of type "${composite.name}"`,
    dependents: () => [],
    remove() {
      composite.attributes = composite.attributes.filter((attribute) => attribute.type.entry !== type);
    },
  };
}

export function triggerTarget(trigger: TriggerEntry): Target {
  return {
    key: trigger,
    what: `trigger "${trigger.name}" of "${trigger.table.name}"`,
    *dependents() {
      if (trigger.table.kind === "view") return;
      for (const child of trigger.table.children) {
        const share = child.triggers.get(trigger.name);
        if (share?.parent === trigger) yield automatic(triggerTarget(share));
      }
    },
    remove() {
      trigger.isDropped = true;
      if (trigger.table.triggers.get(trigger.name) === trigger) trigger.table.triggers.delete(trigger.name);
    },
  };
}

export function policyTarget(policy: PolicyEntry): Target {
  return {
    key: policy,
    what: `policy "${policy.name}" of "${policy.table.name}"`,
    dependents: () => [],
    remove() {
      if (!policy.isDropped) removePolicy(policy);
    },
  };
}

export function namespaceTarget(namespace: NamespaceEntry, catalog: Catalog): Target {
  return {
    key: namespace,
    what: `schema "${namespace.name}"`,
    *dependents() {
      for (const relation of namespace.relations.values()) {
        if (relation.kind === "table") yield normal(tableTarget(relation, catalog));
        else if (relation.kind === "view") yield normal(viewTarget(relation, catalog));
        else if (relation.kind === "sequence") yield normal(sequenceTarget(relation, catalog));
      }
      for (const type of namespace.types.values()) yield normal(typeTarget(type, catalog));
      for (const overloads of namespace.routines.values()) for (const routine of overloads) yield normal(routineTarget(routine, catalog));
      for (const extension of catalog.extensions.values())
        if (extension.namespace === namespace) yield normal(extensionTarget(extension, catalog));
    },
    remove() {
      namespace.isDropped = true;
      catalog.removeNamespace(namespace.name);
    },
  };
}

export function extensionTarget(extension: ExtensionEntry, catalog: Catalog): Target {
  const known = knownExtensions.get(extension.name);
  const routines = new Set(known?.routines);
  const classes = new Set(known?.operatorClasses);
  return {
    key: extension,
    what: `extension "${extension.name}"`,
    *dependents() {
      for (const type of extension.types) yield automatic(typeTarget(type, catalog));
      const calls = (expression: ExpressionEntry): boolean =>
        expression.spec.names.some((name) => name.kind === "routine" && routines.has(name.path.at(-1) ?? ""));
      for (const table of catalog.tables()) {
        if (routines.size > 0) yield* tableExpressionDependents(table, catalog, calls);
        for (const index of table.indexes)
          if (index.keys.some((key) => classes.has(key.operatorClass ?? ""))) yield normal(indexTarget(index));
        for (const trigger of table.triggers.values()) {
          if (trigger.routine === undefined && routines.has(trigger.routineKey.split(".").at(-1) ?? ""))
            yield normal(triggerTarget(trigger));
        }
      }
    },
    remove() {
      extension.isDropped = true;
      catalog.extensions.delete(extension.name);
    },
  };
}

/** The default alone: the column stays. */
function defaultTarget(table: TableEntry, column: ColumnEntry, expression: ExpressionEntry): Target {
  return {
    key: expression,
    what: `default of column "${column.name}" of "${table.name}"`,
    dependents: () => [],
    remove() {
      if (column.default === expression) column.default = undefined;
    },
  };
}

function domainCheckTarget(domain: TypeEntry, check: CheckEntry): Target {
  return {
    key: check,
    what: `constraint "${check.name}" of domain "${domain.name}"`,
    dependents: () => [],
    remove() {
      const at = domain.checks.indexOf(check);
      if (at < 0) return;
      domain.checks.splice(at, 1);
      countConstraintName(domain.namespace, check.name, -1);
    },
  };
}

/** What has expressions that use a routine, a type or a sequence. */
function* expressionDependents(used: RoutineEntry | TypeEntry | SequenceEntry, catalog: Catalog): Generator<Dependent> {
  const isUser = (expression: ExpressionEntry): boolean => expressionUses(expression, used);
  for (const user of used.usedBy) {
    if (user.isDropped) continue;
    if (user.kind === "table") yield* tableExpressionDependents(user, catalog, isUser);
    else for (const check of user.checks) if (isUser(check.expression)) yield normal(domainCheckTarget(user, check));
  }
}

function* tableExpressionDependents(
  table: TableEntry,
  catalog: Catalog,
  isUser: (expression: ExpressionEntry) => boolean,
): Generator<Dependent> {
  const uses = (expression: ExpressionEntry | undefined): boolean => expression !== undefined && isUser(expression);
  for (const column of table.columns.values()) {
    if (column.default !== undefined && uses(column.default)) yield normal(defaultTarget(table, column, column.default));
    if (uses(column.generated?.expression)) yield normal(columnTarget(table, column, catalog));
  }
  for (const index of table.indexes)
    if (uses(index.predicate) || index.keys.some((key) => uses(key.expression))) yield normal(indexTarget(index));
  for (const constraint of table.constraints.values())
    if (constraint.kind === "check" && uses(constraint.expression)) yield normal(constraintTarget(constraint));
  for (const trigger of table.triggers.values()) if (uses(trigger.when)) yield normal(triggerTarget(trigger));
  for (const policy of table.policies.values()) if (uses(policy.using) || uses(policy.withCheck)) yield normal(policyTarget(policy));
}
