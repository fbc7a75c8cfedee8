/**
 * Entering, renaming, moving and removing catalog entries, so that every map and back-reference agrees afterwards.
 * Whether PostgreSQL would allow it is asked elsewhere.
 */
import type {
  ConstraintEntry,
  IndexEntry,
  NamespaceEntry,
  PolicyEntry,
  QueryReads,
  Reader,
  Relation,
  RoutineEntry,
  TableEntry,
  TypeEntry,
  ViewEntry,
} from "./entries.ts";
import { renameKey } from "./newEntries.ts";

export function addConstraint(table: TableEntry, constraint: ConstraintEntry): void {
  table.constraints.set(constraint.name, constraint);
  countConstraintName(table.namespace, constraint.name, 1);
  if (constraint.kind === "foreign") constraint.target.referencedBy.add(constraint);
}

/** Takes the constraint from its table; the index of a key or an exclusion goes with it. */
export function removeConstraint(constraint: ConstraintEntry): void {
  const { table } = constraint;
  constraint.isDropped = true;
  if (table === undefined) return;
  table.constraints.delete(constraint.name);
  countConstraintName(table.namespace, constraint.name, -1);
  if (constraint.kind === "foreign") constraint.target.referencedBy.delete(constraint);
  else if (constraint.kind !== "check") removeIndex(constraint.index);
}

export function renameConstraint(table: TableEntry, constraint: ConstraintEntry, name: string): void {
  renameKey(table.constraints, constraint.name, name);
  countConstraintName(table.namespace, constraint.name, -1);
  countConstraintName(table.namespace, name, 1);
  constraint.name = name;
}

export function countConstraintName(namespace: NamespaceEntry, name: string, by: 1 | -1): void {
  const count = (namespace.constraintNames.get(name) ?? 0) + by;
  if (count > 0) namespace.constraintNames.set(name, count);
  else namespace.constraintNames.delete(name);
}

export function addIndex(index: IndexEntry): void {
  index.namespace.relations.set(index.name, index);
  index.table.indexes.add(index);
}

export function removeIndex(index: IndexEntry): void {
  index.isDropped = true;
  index.namespace.relations.delete(index.name);
  index.table.indexes.delete(index);
  for (const child of childIndexes(index)) child.parent = undefined;
}

/** The indexes of partitions that are attached to this one. */
export function childIndexes(index: IndexEntry): IndexEntry[] {
  if (index.table.kind !== "table") return [];
  return [...index.table.children].flatMap((child) => [...child.indexes].filter((candidate) => candidate.parent === index));
}

export function renameRelation(relation: Relation, name: string): void {
  relation.namespace.relations.delete(relation.name);
  relation.name = name;
  relation.namespace.relations.set(name, relation);
}

/** Moves a relation to another schema, a table with its indexes, constraints and owned sequences. */
export function moveRelation(relation: Relation, to: NamespaceEntry, ownedSequences: Iterable<Relation>): void {
  const from = relation.namespace;
  moveOne(relation, to);
  if (relation.kind === "table" || relation.kind === "view") for (const index of relation.indexes) moveOne(index, to);
  if (relation.kind !== "table") return;
  for (const name of relation.constraints.keys()) {
    countConstraintName(from, name, -1);
    countConstraintName(to, name, 1);
  }
  for (const sequence of ownedSequences) moveOne(sequence, to);
}

function moveOne(relation: Relation, to: NamespaceEntry): void {
  relation.namespace.relations.delete(relation.name);
  relation.namespace = to;
  to.relations.set(relation.name, relation);
}

/** Takes the relation out of the catalog, a table with everything that is part of it. */
export function removeRelation(relation: Relation): void {
  relation.isDropped = true;
  relation.namespace.relations.delete(relation.name);
  if (relation.kind === "index") return removeIndex(relation);
  if (relation.kind === "sequence") return;
  for (const index of relation.indexes) removeIndex(index);
  for (const trigger of relation.triggers.values()) trigger.isDropped = true;
  if (relation.kind === "view") return forgetReader(relation, relation.reads);
  for (const constraint of relation.constraints.values()) removeConstraint(constraint);
  for (const policy of relation.policies.values()) removePolicy(policy);
  for (const column of relation.columns.values()) column.isDropped = true;
  relation.partitionOf?.parent.children.delete(relation);
  for (const parent of relation.inherits) parent.children.delete(relation);
}

export function removePolicy(policy: PolicyEntry): void {
  policy.isDropped = true;
  policy.table.policies.delete(policy.name);
  for (const relation of readRelations(policy)) relation.readers.delete(policy);
}

/** The tables and views that a policy's subqueries read. */
export function readRelations(policy: PolicyEntry): Set<TableEntry | ViewEntry> {
  const relations = new Set<TableEntry | ViewEntry>();
  for (const expression of [policy.using, policy.withCheck]) {
    for (const { target } of expression?.uses ?? []) {
      if ((target.kind === "table" || target.kind === "view") && target !== policy.table) relations.add(target);
    }
  }
  return relations;
}

export function noteReader(reader: Reader, reads: Pick<QueryReads, "relations">): void {
  for (const relation of reads.relations) relation.readers.add(reader);
}

export function forgetReader(reader: Reader, reads: Pick<QueryReads, "relations">): void {
  for (const relation of reads.relations) relation.readers.delete(reader);
}

export function addType(type: TypeEntry): void {
  type.namespace.types.set(type.name, type);
}

export function removeType(type: TypeEntry): void {
  type.isDropped = true;
  type.namespace.types.delete(type.name);
  for (const check of type.checks) countConstraintName(type.namespace, check.name, -1);
}

export function renameType(type: TypeEntry, name: string): void {
  type.namespace.types.delete(type.name);
  type.name = name;
  addType(type);
}

export function moveType(type: TypeEntry, to: NamespaceEntry): void {
  type.namespace.types.delete(type.name);
  for (const check of type.checks) {
    countConstraintName(type.namespace, check.name, -1);
    countConstraintName(to, check.name, 1);
  }
  type.namespace = to;
  addType(type);
}

export function addRoutine(routine: RoutineEntry): void {
  const overloads = routine.namespace.routines.get(routine.name);
  if (overloads === undefined) routine.namespace.routines.set(routine.name, [routine]);
  else overloads.push(routine);
}

export function removeRoutine(routine: RoutineEntry): void {
  routine.isDropped = true;
  unlistRoutine(routine);
}

export function renameRoutine(routine: RoutineEntry, name: string): void {
  unlistRoutine(routine);
  routine.name = name;
  addRoutine(routine);
}

export function moveRoutine(routine: RoutineEntry, to: NamespaceEntry): void {
  unlistRoutine(routine);
  routine.namespace = to;
  addRoutine(routine);
}

function unlistRoutine(routine: RoutineEntry): void {
  const { routines } = routine.namespace;
  const rest = (routines.get(routine.name) ?? []).filter((other) => other !== routine);
  if (rest.length > 0) routines.set(routine.name, rest);
  else routines.delete(routine.name);
}
