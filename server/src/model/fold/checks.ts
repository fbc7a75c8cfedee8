/** CHECK constraints and how they are inherited. */
import type { Origins } from "../schema.ts";
import { changed, type Context } from "./context.ts";
import type { CheckEntry, TableEntry } from "./entries.ts";
import { bindExpression, rebindExpression } from "./expressions.ts";
import { chooseConstraintName } from "./generatedNames.ts";
import { noSuchColumn } from "./indexes.ts";
import { entry } from "./newEntries.ts";
import type { CheckSpec } from "./read/constraintSpec.ts";
import { addConstraint } from "./registry.ts";

export function addCheck(table: TableEntry, spec: CheckSpec, isOnly: boolean, ctx: Context): void {
  const expression = bindExpression(spec.expression, table, ctx);
  const missing = spec.expression.expression.columns.find((name) => table.isComplete && !table.columns.has(name));
  if (missing !== undefined && !spec.expression.hasSubquery) {
    noSuchColumn(missing, table, spec.place.nameSpan, ctx);
    return;
  }
  const known = spec.name === undefined ? undefined : table.constraints.get(spec.name);
  if (known?.kind === "check") {
    known.isLocal = true;
    known.origins = changed(known.origins, ctx.origin(spec.place));
    return;
  }
  const check: CheckEntry = {
    kind: "check",
    ...entry(spec.name ?? checkName(table, spec), ctx.origins(spec.place)),
    table,
    expression,
    isValidated: spec.isValidated,
    noInherit: spec.noInherit,
    isLocal: true,
    inherited: 0,
  };
  addConstraint(table, check);
  if (!isOnly) inheritCheck(check, table, ctx.origins(spec.place));
}

/** A check of one column is named after it. */
function checkName(table: TableEntry, spec: CheckSpec): string {
  const { columns } = spec.expression.expression;
  return chooseConstraintName(table.name, columns.length === 1 ? columns[0] : undefined, "check", table.namespace);
}

/** Everything below the table inherits the check under the same name. */
function inheritCheck(check: CheckEntry, table: TableEntry, origins: Origins): void {
  if (check.noInherit) return;
  for (const child of table.children) {
    if (takeOverCheck(check, table, child, origins)) inheritCheck(check, child, origins);
  }
}

/** Gives `child` the parent's check. False when it had it from another parent already. */
export function takeOverCheck(check: CheckEntry, parent: TableEntry, child: TableEntry, origins: Origins): boolean {
  const known = child.constraints.get(check.name);
  if (known !== undefined) {
    if (known.kind === "check") known.inherited++;
    return false;
  }
  addConstraint(child, {
    ...check,
    origins: [{ kind: "implied", by: `${parent.namespace.name}.${parent.name}.${check.name}` }, ...origins],
    comment: undefined,
    table: child,
    expression: rebindExpression(check.expression, parent, child),
    isLocal: false,
    inherited: 1,
  });
  return true;
}
