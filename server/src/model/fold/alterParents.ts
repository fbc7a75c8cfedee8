/** ALTER TABLE … ATTACH and DETACH PARTITION, INHERIT and NO INHERIT. */
import { takeOverCheck } from "./checks.ts";
import { type Context, displayName } from "./context.ts";
import type { TableEntry } from "./entries.ts";
import { detachPartition, takePartition } from "./partitions.ts";
import type { AlterCommand } from "./read/alterSpec.ts";
import { boundText } from "./read/tableSpec.ts";

export function attachPartition(parent: TableEntry, { command }: AlterCommand, ctx: Context): void {
  if (command.def === undefined || !("PartitionCmd" in command.def)) return;
  const { name = {} } = command.def.PartitionCmd;
  const child = ctx.tableToChange(name);
  if (child === undefined || child === parent || !fitsParent(child, parent, true, ctx)) return;
  child.partitionOf = { parent, bound: boundText(ctx.source.tokenAt(name.location), ctx.source) };
  adopt(parent, child, true);
  takePartition(parent, child);
}

/** Whether the child has what its new parent hands down; a partition may have no other columns. What is unknown of either is taken to fit. */
function fitsParent(child: TableEntry, parent: TableEntry, isPartition: boolean, ctx: Context): boolean {
  if (!child.isComplete || !parent.isComplete) return true;
  const lacks = [...parent.columns.keys()].find((name) => !child.columns.has(name));
  const extra = isPartition ? [...child.columns.keys()].find((name) => !parent.columns.has(name)) : undefined;
  const check = [...parent.constraints.values()].find(
    (each) => each.kind === "check" && !each.noInherit && !child.constraints.has(each.name),
  );
  const reason =
    lacks !== undefined
      ? `lacks the column "${lacks}" of`
      : extra !== undefined
        ? `has the column "${extra}", unlike`
        : check !== undefined
          ? `lacks the constraint "${check.name}" of`
          : undefined;
  if (reason === undefined) return true;
  ctx.problem(
    "sql-invalid-definition",
    `${displayName(child.namespace, child.name)} ${reason} ${displayName(parent.namespace, parent.name)}.`,
    ctx.source.span(0, ctx.source.tokens.count),
  );
  return false;
}

/** The child's columns and checks count as inherited; a partition has no others. */
function adopt(parent: TableEntry, child: TableEntry, isPartition: boolean): void {
  parent.children.add(child);
  for (const name of parent.columns.keys()) {
    const column = child.columns.get(name);
    if (column === undefined) continue;
    column.inherited++;
    if (isPartition) column.isLocal = false;
  }
  for (const check of parent.constraints.values()) {
    if (check.kind !== "check" || check.noInherit) continue;
    const own = child.constraints.get(check.name);
    if (own?.kind === "check") {
      own.inherited++;
      if (isPartition) own.isLocal = false;
    } else takeOverCheck(check, parent, child, child.origins);
  }
}

export function detachFrom(parent: TableEntry, { command, place }: AlterCommand, ctx: Context): void {
  if (command.def === undefined || !("PartitionCmd" in command.def)) return;
  const child = ctx.relation(command.def.PartitionCmd.name ?? {});
  if (child?.kind === "table" && child.partitionOf?.parent === parent) detachPartition(parent, child);
  else if (command.subtype === "AT_DetachPartition")
    ctx.problem("sql-invalid-definition", `This is no partition of ${displayName(parent.namespace, parent.name)}.`, place.span, "warning");
}

/** ALTER TABLE … INHERIT, NO INHERIT. */
export function alterInheritance(table: TableEntry, { command }: AlterCommand, ctx: Context): void {
  if (command.def === undefined || !("RangeVar" in command.def)) return;
  const name = command.def.RangeVar;
  const parent = ctx.tableToReference(name);
  if (parent === undefined) return;
  if (command.subtype === "AT_AddInherit") {
    if (!fitsParent(table, parent, false, ctx)) return;
    table.inherits = [...table.inherits, parent];
    adopt(parent, table, false);
    return;
  }
  table.inherits = table.inherits.filter((other) => other !== parent);
  parent.children.delete(table);
  const inheritedParts = [
    ...table.columns.values(),
    ...[...table.constraints.values()].flatMap((constraint) => (constraint.kind === "check" ? [constraint] : [])),
  ];
  for (const part of inheritedParts) {
    if (!parent.columns.has(part.name) && !parent.constraints.has(part.name)) continue;
    part.inherited = Math.max(0, part.inherited - 1);
    if (part.inherited === 0) part.isLocal = true;
  }
}
