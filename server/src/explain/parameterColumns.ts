/** Which columns the parameters of a query are compared with, as its generic plan says; values are suggested from those. */
import { comparisonsIn } from "../plan/conditions.ts";
import type { Plan } from "../plan/plan.ts";

export interface ParameterColumn {
  /** n of its $n. */
  readonly parameter: number;
  /** Undefined where the plan does not tell. */
  readonly schema: string | undefined;
  readonly table: string;
  readonly column: string;
  /** `=`, `<`, `~~`, … */
  readonly operator: string;
}

/** The first column for each parameter; equality first. */
export function parameterColumns(plan: Plan): ReadonlyMap<number, ParameterColumn> {
  const found: ParameterColumn[] = [];
  for (const { relation, conditions } of plan.nodes) {
    if (relation === undefined) continue;
    for (const { text } of conditions) {
      if (!text.includes("$")) continue;
      for (const { column, operator, text: part } of comparisonsIn(text)) {
        if (column === undefined || operator === undefined) continue;
        for (const [, digits] of part.matchAll(/\$(\d{1,5})(?!\d)/g)) found.push({ parameter: Number(digits), schema: relation.schema, table: relation.name, column, operator });
      }
    }
  }
  const columns = new Map<number, ParameterColumn>();
  for (const each of found.toSorted((a, b) => Number(b.operator === "=") - Number(a.operator === "="))) if (!columns.has(each.parameter)) columns.set(each.parameter, each);
  return columns;
}
