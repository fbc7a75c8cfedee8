/** Partitions: what a new or attached one takes over from its parent, and what a detached one loses. */
import { shareIndex } from "./constraints.ts";
import type { TableEntry, TriggerEntry } from "./entries.ts";
import { shareForeignKey, shareWithTargetPartitions } from "./foreignKeys.ts";
import { partitionsOf } from "./inheritance.ts";
import { removeConstraint } from "./registry.ts";

/** Gives a partition its parent's indexes, keys, foreign keys and row triggers. */
export function takePartition(parent: TableEntry, partition: TableEntry): void {
  for (const index of [...parent.indexes]) shareIndex(index, partition);
  for (const constraint of [...parent.constraints.values()]) {
    if (constraint.kind === "foreign" && !constraint.isInternal) shareForeignKey(constraint, partition);
  }
  for (const key of [...parent.referencedBy]) if (key.target === parent) shareWithTargetPartitions(key, parent, partition);
  for (const trigger of parent.triggers.values()) shareTrigger(trigger, partition);
}

/** Row triggers of a partitioned table stand on each of its partitions too. */
export function shareTrigger(trigger: TriggerEntry, partition: TableEntry): void {
  if (trigger.facts.forEach !== "row" || partition.triggers.has(trigger.name)) return;
  const share: TriggerEntry = {
    ...trigger,
    origins: [{ kind: "implied", by: `${trigger.table.namespace.name}.${trigger.table.name}.${trigger.name}` }],
    comment: undefined,
    table: partition,
    updateOf: trigger.updateOf.map((column) => partition.columns.get(column.name) ?? column),
    parent: trigger,
  };
  partition.triggers.set(share.name, share);
  share.routine?.triggers.push(share);
  for (const below of partitionsOf(partition)) shareTrigger(share, below);
}

/** The partition becomes a table of its own. Its indexes, keys and checks stay, shared triggers go. */
export function detachPartition(parent: TableEntry, partition: TableEntry): void {
  partition.partitionOf = undefined;
  parent.children.delete(partition);
  for (const index of partition.indexes) index.parent = undefined;
  for (const constraint of partition.constraints.values()) {
    if (constraint.kind === "foreign") constraint.parent = undefined;
    if (constraint.kind === "check") {
      constraint.isLocal = true;
      constraint.inherited = 0;
    }
  }
  for (const column of partition.columns.values()) {
    column.isLocal = true;
    column.inherited = 0;
  }
  for (const trigger of [...partition.triggers.values()]) {
    if (trigger.parent === undefined) continue;
    trigger.isDropped = true;
    partition.triggers.delete(trigger.name);
  }
  for (const key of [...partition.referencedBy]) if (key.isInternal) removeConstraint(key);
}
