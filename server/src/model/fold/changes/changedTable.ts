/** The catalog's entries as changes name them: values, which outlive the fold. */
import type { ChangedTable } from "../../changes.ts";
import type { Origins } from "../../schema.ts";
import type { Span } from "../../../text/span.ts";
import type { Context } from "../context.ts";
import type { CheckEntry, ColumnEntry, TableEntry, ViewEntry } from "../entries.ts";
import { Place } from "../read/place.ts";

export function changedTable(table: TableEntry | ViewEntry, ctx: Context): ChangedTable {
  const { namespace, name } = table;
  const form = table.kind === "view" ? "view" : table.form;
  return { key: `${namespace.name}.${name}`, schema: namespace.name, name, isNew: isNew(table, ctx), form };
}

/** Made earlier in this file, or temporary: no other session waits for it. */
export function isNew(relation: TableEntry | ViewEntry, ctx: Context): boolean {
  if (relation.kind === "table" && relation.persistence === "temporary") return true;
  const [first] = relation.origins;
  return first.kind === "sql" && first.uri === ctx.current.where.uri;
}

/** The statement as the origin of a change to what `name` names. */
export function statementAt(name: Span, ctx: Context, command?: Span): Origins {
  const { source, specs } = ctx;
  const key = `${name.start} ${command?.start}`;
  let place = specs.places.get(key);
  if (place === undefined) {
    place = new Place(source.span(0, source.tokens.count), name, command === undefined ? undefined : { command });
    specs.places.set(key, place);
  }
  return ctx.origins(place);
}

/** Whether a valid check of the table says that the column is never null. */
export function isProvenNotNull(table: TableEntry, column: ColumnEntry): boolean {
  for (const constraint of table.constraints.values())
    if (constraint.kind === "check" && constraint.isValidated && forbidsNull(constraint, column)) return true;
  return false;
}

/** `c IS NOT NULL`, alone or among conditions that must all hold. */
function forbidsNull({ expression }: CheckEntry, column: ColumnEntry): boolean {
  const { node } = expression.spec;
  const conditions = "BoolExpr" in node && node.BoolExpr.boolop === "AND_EXPR" ? (node.BoolExpr.args ?? []) : [node];
  return conditions.some((condition) => {
    if (!("NullTest" in condition) || condition.NullTest.nulltesttype !== "IS_NOT_NULL") return false;
    const { arg } = condition.NullTest;
    if (arg === undefined || !("ColumnRef" in arg)) return false;
    const { location } = arg.ColumnRef;
    return expression.uses.some((use) => use.target === column && (use.location ?? 0) === (location ?? 0));
  });
}
