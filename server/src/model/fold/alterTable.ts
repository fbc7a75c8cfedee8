/** ALTER TABLE, for tables of all kinds; ALTER INDEX, VIEW and TYPE where they are the same statement. */
import type { AlterTableStmt } from "@pgsql/types";
import type { Span } from "../../text/span.ts";
import { alterColumn } from "./alterColumn.ts";
import type { ConstraintEntry, IndexEntry, Relation, TableEntry, TriggerEntry, ViewEntry } from "./catalog.ts";
import { alterAttribute } from "./compositeTypes.ts";
import { addTableConstraint, notNullColumn, takeOverCheck } from "./constraints.ts";
import { changed, type Context, displayName } from "./context.ts";
import { columnTarget, constraintTarget } from "./dependencies.ts";
import { dropTargets } from "./drop.ts";
import { attachIndex, noSuchColumn } from "./indexes.ts";
import { columnsNamed, withDescendants } from "./inheritance.ts";
import { detachPartition, takePartition } from "./partitions.ts";
import { type AlterCommand, constraintPass } from "./read/alterSpec.ts";
import type { ColumnSpec } from "./read/columnSpec.ts";
import type { ConstraintSpec } from "./read/constraintSpec.ts";
import { itemsOf, optionsOf, textOfValue } from "./read/nodes.ts";
import { boundText } from "./read/tableSpec.ts";
import { roleName } from "./roles.ts";
import { sequencesOwnedBy } from "./sequences.ts";
import { addColumnTo } from "./tables.ts";

export function alterTable(statement: AlterTableStmt, ctx: Context): void {
  const name = statement.relation ?? {};
  const commands = ctx.specs.alter(statement);
  if (statement.objtype === "OBJECT_TYPE") {
    for (const command of commands) alterAttribute(name, command, ctx);
    return;
  }
  const relation = ctx.relation(name);
  for (const { command } of commands) if (command.subtype === "AT_ChangeOwner" && command.newowner !== undefined) changeOwner(relation, roleName(command.newowner));
  if (commands.every(({ command }) => command.subtype === "AT_ChangeOwner")) return;
  if (relation?.kind === "view") {
    for (const command of commands) alterView(relation, command);
    return;
  }
  if (relation?.kind === "index") {
    attachIndexes(relation, statement, ctx);
    return;
  }
  if (relation?.kind === "sequence" || (relation === undefined && statement.objtype !== "OBJECT_TABLE" && statement.objtype !== "OBJECT_FOREIGN_TABLE")) return;
  const table = ctx.tableToChange(name, statement.missing_ok);
  if (table === undefined) return;
  const isOnly = !(name.inh ?? false);
  let pending: ConstraintSpec[] = [];
  for (const entry of commands) {
    if (entry.pass >= constraintPass) {
      addConstraintsOfColumns(table, pending, isOnly, ctx);
      pending = [];
    }
    if (entry.column === undefined) alter(table, entry, isOnly, ctx);
    else if (addColumn(table, entry.column, entry.command.missing_ok ?? false, isOnly, ctx)) pending.push(...entry.column.constraints);
  }
  addConstraintsOfColumns(table, pending, isOnly, ctx);
}

/** The sequences of a table's columns change owner with it. */
function changeOwner(relation: Relation | undefined, role: string): void {
  if (relation === undefined || relation.kind === "index") return;
  relation.ownerRole = role;
  if (relation.kind !== "table") return;
  for (const column of relation.columns.values()) for (const sequence of sequencesOwnedBy(relation, column)) sequence.ownerRole = role;
}

/** False when the table has a column of that name. */
function addColumn(table: TableEntry, column: ColumnSpec, isExistingOk: boolean, isOnly: boolean, ctx: Context): boolean {
  if (!table.columns.has(column.name)) {
    addColumnTo(table, column, isOnly, ctx);
    return true;
  }
  if (!isExistingOk) ctx.problem("sql-duplicate-column", `Column "${column.name}" of ${displayName(table.namespace, table.name)} exists already.`, column.place.nameSpan);
  return false;
}

/** Keys before checks before foreign keys. */
function addConstraintsOfColumns(table: TableEntry, constraints: readonly ConstraintSpec[], isOnly: boolean, ctx: Context): void {
  for (const spec of [...constraints].sort((a, b) => rank(a) - rank(b))) addTableConstraint(table, spec, isOnly, ctx);
}

function rank(spec: ConstraintSpec): number {
  return spec.kind === "foreign" ? 2 : spec.kind === "check" ? 1 : 0;
}

function alter(table: TableEntry, entry: AlterCommand, isOnly: boolean, ctx: Context): void {
  const { command, constraint, place } = entry;
  const name = command.name ?? "";
  switch (command.subtype) {
    case "AT_DropColumn":
      dropColumn(table, name, command.behavior, command.missing_ok ?? false, isOnly, place.nameSpan, ctx);
      return;
    case "AT_AddConstraint":
      if (constraint !== undefined) addTableConstraint(table, constraint, isOnly, ctx);
      return;
    case "AT_DropConstraint":
      dropConstraint(table, name, command.behavior, command.missing_ok ?? false, isOnly, place.nameSpan, ctx);
      return;
    case "AT_ValidateConstraint":
      for (const each of isOnly ? [table] : withDescendants(table)) validate(each.constraints.get(name));
      return;
    case "AT_AlterConstraint":
      alterConstraint(table, entry, ctx);
      return;
    case "AT_SetLogged":
      table.persistence = "permanent";
      return;
    case "AT_SetUnLogged":
      table.persistence = "unlogged";
      return;
    case "AT_EnableRowSecurity":
    case "AT_DisableRowSecurity":
      table.isRowSecurityEnabled = command.subtype === "AT_EnableRowSecurity";
      table.origins = changed(table.origins, ctx.origin(place));
      return;
    case "AT_ForceRowSecurity":
    case "AT_NoForceRowSecurity":
      table.isRowSecurityForced = command.subtype === "AT_ForceRowSecurity";
      table.origins = changed(table.origins, ctx.origin(place));
      return;
    case "AT_AttachPartition":
      attachPartition(table, entry, ctx);
      return;
    case "AT_DetachPartition":
    case "AT_DetachPartitionFinalize":
      detach(table, entry, ctx);
      return;
    case "AT_AddInherit":
    case "AT_DropInherit":
      alterInheritance(table, entry, ctx);
      return;
    default:
      if (!switchTriggers(table, command.subtype ?? "", command.name, place.nameSpan, ctx)) alterColumn(table, entry, isOnly, ctx);
  }
}

function dropColumn(table: TableEntry, name: string, behavior: AlterCommand["command"]["behavior"], isMissingOk: boolean, isOnly: boolean, span: Span, ctx: Context): void {
  const column = table.columns.get(name);
  if (column === undefined) {
    table.supposed.delete(name);
    if (table.isComplete && !isMissingOk) noSuchColumn(name, table, span, ctx);
    return;
  }
  if (column.inherited > 0) {
    ctx.problem("sql-invalid-definition", `Column "${name}" of ${displayName(table.namespace, table.name)} is inherited: drop it from the parent.`, span);
    return;
  }
  if (dropTargets([columnTarget(table, column, ctx.catalog)], behavior, span, ctx)) dropInherited(table, name, behavior, isOnly, span, ctx);
}

/** Below the table the column goes too, unless it is stated there or comes from another parent as well. */
function dropInherited(table: TableEntry, name: string, behavior: AlterCommand["command"]["behavior"], isOnly: boolean, span: Span, ctx: Context): void {
  for (const child of table.children) {
    const column = child.columns.get(name);
    if (column === undefined || column.inherited === 0) continue;
    column.inherited--;
    if (isOnly) column.isLocal = true;
    if (column.inherited > 0 || column.isLocal) continue;
    if (dropTargets([columnTarget(child, column, ctx.catalog)], behavior, span, ctx)) dropInherited(child, name, behavior, false, span, ctx);
  }
}

function dropConstraint(table: TableEntry, name: string, behavior: AlterCommand["command"]["behavior"], isMissingOk: boolean, isOnly: boolean, span: Span, ctx: Context): void {
  const constraint = table.constraints.get(name);
  const required = constraint === undefined ? notNullColumn(table, name) : undefined;
  if (required !== undefined) {
    for (const each of columnsNamed(table, required.name, isOnly)) each.column.isNotNull = false;
    return;
  }
  if (constraint === undefined) {
    if (table.isComplete && !isMissingOk) ctx.problem("sql-undefined-object", `Constraint "${name}" of ${displayName(table.namespace, table.name)} does not exist.`, span);
    return;
  }
  if (isInherited(constraint)) {
    ctx.problem("sql-invalid-definition", `Constraint "${name}" of ${displayName(table.namespace, table.name)} is inherited: drop it from the parent.`, span);
    return;
  }
  if (!dropTargets([constraintTarget(constraint)], behavior, span, ctx) || constraint.kind !== "check") return;
  dropInheritedCheck(table, name, isOnly);
}

function isInherited(constraint: ConstraintEntry): boolean {
  if (constraint.kind === "check") return constraint.inherited > 0;
  return constraint.kind === "foreign" ? constraint.parent !== undefined : constraint.index.parent !== undefined;
}

function dropInheritedCheck(table: TableEntry, name: string, isOnly: boolean): void {
  for (const child of table.children) {
    const check = child.constraints.get(name);
    if (check?.kind !== "check" || check.inherited === 0) continue;
    check.inherited--;
    if (isOnly) check.isLocal = true;
    if (check.inherited > 0 || check.isLocal) continue;
    constraintTarget(check).remove();
    dropInheritedCheck(child, name, false);
  }
}

function validate(constraint: ConstraintEntry | undefined): void {
  if (constraint?.kind === "check" || constraint?.kind === "foreign") constraint.isValidated = true;
}

function alterConstraint(table: TableEntry, { command, place }: AlterCommand, ctx: Context): void {
  if (command.def === undefined || !("ATAlterConstraint" in command.def)) return;
  const { conname = "", alterDeferrability, deferrable, initdeferred } = command.def.ATAlterConstraint;
  const constraint = table.constraints.get(conname);
  if (constraint === undefined || constraint.kind === "check") {
    if (table.isComplete) ctx.problem("sql-undefined-object", `Constraint "${conname}" of ${displayName(table.namespace, table.name)} does not exist.`, place.nameSpan);
    return;
  }
  if (!alterDeferrability) return;
  for (const each of [constraint, ...sharesOf(constraint)]) {
    each.deferrable = deferrable ?? false;
    each.initiallyDeferred = initdeferred ?? false;
  }
  constraint.origins = changed(constraint.origins, ctx.origin(place));
}

function sharesOf(constraint: ConstraintEntry): Exclude<ConstraintEntry, { kind: "check" }>[] {
  if (constraint.kind !== "foreign") return [];
  return [...withDescendants(constraint.table)].flatMap((table) => [...table.constraints.values()].flatMap((other) => (other.kind === "foreign" && other.parent === constraint ? [other] : [])));
}

function attachPartition(parent: TableEntry, { command }: AlterCommand, ctx: Context): void {
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
  const check = [...parent.constraints.values()].find((each) => each.kind === "check" && !each.noInherit && !child.constraints.has(each.name));
  const reason =
    lacks !== undefined ? `lacks the column "${lacks}" of` : extra !== undefined ? `has the column "${extra}", unlike` : check !== undefined ? `lacks the constraint "${check.name}" of` : undefined;
  if (reason === undefined) return true;
  ctx.problem("sql-invalid-definition", `${displayName(child.namespace, child.name)} ${reason} ${displayName(parent.namespace, parent.name)}.`, ctx.source.span(0, ctx.source.tokens.count));
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

function detach(parent: TableEntry, { command, place }: AlterCommand, ctx: Context): void {
  if (command.def === undefined || !("PartitionCmd" in command.def)) return;
  const child = ctx.relation(command.def.PartitionCmd.name ?? {});
  if (child?.kind === "table" && child.partitionOf?.parent === parent) detachPartition(parent, child);
  else if (command.subtype === "AT_DetachPartition") ctx.problem("sql-invalid-definition", `This is no partition of ${displayName(parent.namespace, parent.name)}.`, place.span, "warning");
}

function alterInheritance(table: TableEntry, { command }: AlterCommand, ctx: Context): void {
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
  const inheritedParts = [...table.columns.values(), ...[...table.constraints.values()].flatMap((constraint) => (constraint.kind === "check" ? [constraint] : []))];
  for (const part of inheritedParts) {
    if (!parent.columns.has(part.name) && !parent.constraints.has(part.name)) continue;
    part.inherited = Math.max(0, part.inherited - 1);
    if (part.inherited === 0) part.isLocal = true;
  }
}

const triggerStates: Readonly<Record<string, TriggerEntry["enabled"]>> = {
  AT_EnableTrig: "origin",
  AT_EnableTrigAll: "origin",
  AT_EnableTrigUser: "origin",
  AT_EnableAlwaysTrig: "always",
  AT_EnableReplicaTrig: "replica",
  AT_DisableTrig: "disabled",
  AT_DisableTrigAll: "disabled",
  AT_DisableTrigUser: "disabled",
};

function switchTriggers(table: TableEntry, subtype: string, name: string | undefined, span: Span, ctx: Context): boolean {
  const state = triggerStates[subtype];
  if (state === undefined) return false;
  if (name !== undefined && !table.triggers.has(name) && table.isComplete) {
    ctx.problem("sql-undefined-object", `Trigger "${name}" of ${displayName(table.namespace, table.name)} does not exist.`, span);
  }
  for (const trigger of table.triggers.values()) if (name === undefined || trigger.name === name) trigger.enabled = state;
  return true;
}

function alterView(view: ViewEntry, { command }: AlterCommand): void {
  const options = optionsOf(itemsOf(command.def));
  for (const [name, option] of options) {
    if (command.subtype === "AT_SetRelOptions") view.options.set(name, textOfValue(option.arg) ?? "true");
    else if (command.subtype === "AT_ResetRelOptions") view.options.delete(name);
  }
}

function attachIndexes(parent: IndexEntry, statement: AlterTableStmt, ctx: Context): void {
  for (const node of statement.cmds ?? []) {
    if (!("AlterTableCmd" in node) || node.AlterTableCmd.def === undefined || !("PartitionCmd" in node.AlterTableCmd.def)) continue;
    const child = ctx.relation(node.AlterTableCmd.def.PartitionCmd.name ?? {});
    if (child?.kind === "index") attachIndex(parent, child);
  }
}
