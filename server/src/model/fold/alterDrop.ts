/** ALTER TABLE … DROP COLUMN and DROP CONSTRAINT, with what is inherited below the table. */
import type { DropBehavior } from "@pgsql/types";
import type { Span } from "../../text/span.ts";
import { notNullColumn } from "./constraints.ts";
import { type Context, displayName } from "./context.ts";
import { columnTarget, constraintTarget } from "./dependencies.ts";
import { dropTargets } from "./drop.ts";
import type { ConstraintEntry, TableEntry } from "./entries.ts";
import { noSuchColumn } from "./indexes.ts";
import { columnsNamed } from "./inheritance.ts";
import type { AlterCommand } from "./read/alterSpec.ts";

export function dropColumn(table: TableEntry, { command, place }: AlterCommand, isOnly: boolean, ctx: Context): void {
  const { name = "", missing_ok: isMissingOk = false } = command;
  const span = place.nameSpan;
  const column = table.columns.get(name) ?? table.supposed.get(name);
  if (column === undefined) {
    if (table.isComplete && !isMissingOk) noSuchColumn(name, table, span, ctx);
    return;
  }
  if (column.inherited > 0) {
    ctx.problem(
      "sql-invalid-definition",
      `Column "${name}" of ${displayName(table.namespace, table.name)} is inherited: drop it from the parent.`,
      span,
    );
    return;
  }
  if (dropTargets([columnTarget(table, column, ctx.catalog)], command.behavior, span, ctx))
    dropInherited(table, name, command.behavior, isOnly, span, ctx);
}

/** Below the table the column goes too, unless it is stated there or comes from another parent as well. */
function dropInherited(
  table: TableEntry,
  name: string,
  behavior: DropBehavior | undefined,
  isOnly: boolean,
  span: Span,
  ctx: Context,
): void {
  for (const child of table.children) {
    const column = child.columns.get(name);
    if (column === undefined || column.inherited === 0) continue;
    column.inherited--;
    if (isOnly) column.isLocal = true;
    if (column.inherited > 0 || column.isLocal) continue;
    if (dropTargets([columnTarget(child, column, ctx.catalog)], behavior, span, ctx))
      dropInherited(child, name, behavior, false, span, ctx);
  }
}

export function dropConstraint(table: TableEntry, { command, place }: AlterCommand, isOnly: boolean, ctx: Context): void {
  const { name = "", missing_ok: isMissingOk = false } = command;
  const span = place.nameSpan;
  const constraint = table.constraints.get(name);
  const required = constraint === undefined ? notNullColumn(table, name) : undefined;
  if (required !== undefined) {
    for (const each of columnsNamed(table, required.name, isOnly)) each.column.isNotNull = false;
    return;
  }
  if (constraint === undefined) {
    if (table.isComplete && !isMissingOk)
      ctx.problem("sql-undefined-object", `Constraint "${name}" of ${displayName(table.namespace, table.name)} does not exist.`, span);
    return;
  }
  if (isInherited(constraint)) {
    ctx.problem(
      "sql-invalid-definition",
      `Constraint "${name}" of ${displayName(table.namespace, table.name)} is inherited: drop it from the parent.`,
      span,
    );
    return;
  }
  if (!dropTargets([constraintTarget(constraint)], command.behavior, span, ctx) || constraint.kind !== "check") return;
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
