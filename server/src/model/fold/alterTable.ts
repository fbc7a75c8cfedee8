/** ALTER TABLE, for tables of all kinds; ALTER INDEX, VIEW and TYPE where they are the same statement. */
import type { AlterTableStmt } from "@pgsql/types";
import type { Span } from "../../text/span.ts";
import { alterColumn } from "./alterColumn.ts";
import { dropColumn, dropConstraint } from "./alterDrop.ts";
import { alterInheritance, attachPartition, detachFrom } from "./alterParents.ts";
import { alterAttribute } from "./compositeTypes.ts";
import { addTableConstraint } from "./constraints.ts";
import { changed, type Context, displayName } from "./context.ts";
import type { ConstraintEntry, IndexEntry, Relation, TableEntry, TriggerEntry, ViewEntry } from "./entries.ts";
import { attachIndex } from "./indexes.ts";
import { withDescendants } from "./inheritance.ts";
import { type AlterCommand, constraintPass } from "./read/alterSpec.ts";
import type { ColumnSpec } from "./read/columnSpec.ts";
import type { ConstraintSpec } from "./read/constraintSpec.ts";
import { itemsOf, optionsOf, textOfValue } from "./read/nodes.ts";
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
  for (const { command } of commands)
    if (command.subtype === "AT_ChangeOwner" && command.newowner !== undefined) changeOwner(relation, roleName(command.newowner));
  if (commands.every(({ command }) => command.subtype === "AT_ChangeOwner")) return;
  if (relation?.kind === "view") {
    for (const command of commands) alterView(relation, command);
    return;
  }
  if (relation?.kind === "index") {
    attachIndexes(relation, statement, ctx);
    return;
  }
  if (
    relation?.kind === "sequence" ||
    (relation === undefined && statement.objtype !== "OBJECT_TABLE" && statement.objtype !== "OBJECT_FOREIGN_TABLE")
  )
    return;
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
  if (!isExistingOk)
    ctx.problem(
      "sql-duplicate-column",
      `Column "${column.name}" of ${displayName(table.namespace, table.name)} exists already.`,
      column.place.nameSpan,
    );
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
      dropColumn(table, entry, isOnly, ctx);
      return;
    case "AT_AddConstraint":
      if (constraint !== undefined) addTableConstraint(table, constraint, isOnly, ctx);
      return;
    case "AT_DropConstraint":
      dropConstraint(table, entry, isOnly, ctx);
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
      detachFrom(table, entry, ctx);
      return;
    case "AT_AddInherit":
    case "AT_DropInherit":
      alterInheritance(table, entry, ctx);
      return;
    default:
      if (!switchTriggers(table, command.subtype ?? "", command.name, place.nameSpan, ctx)) alterColumn(table, entry, isOnly, ctx);
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
    if (table.isComplete)
      ctx.problem(
        "sql-undefined-object",
        `Constraint "${conname}" of ${displayName(table.namespace, table.name)} does not exist.`,
        place.nameSpan,
      );
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
  return [...withDescendants(constraint.table)].flatMap((table) =>
    [...table.constraints.values()].flatMap((other) => (other.kind === "foreign" && other.parent === constraint ? [other] : [])),
  );
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
