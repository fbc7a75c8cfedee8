/** What PostgreSQL says of a node beside its figures, in its own words and order. */
import type { Property } from "./plan.ts";
import type { PlanObject } from "./planObject.ts";

/** Said elsewhere: in the label, the figures or the tree. */
const shown = new Set(
  "Plans,Node Type,Parent Relationship,Subplan Name,Parallel Aware,Async Capable,Startup Cost,Total Cost,Plan Rows,Plan Width,Actual Startup Time,Actual Total Time,Actual Rows,Actual Loops,Relation Name,Schema,Alias,Index Name,CTE Name,Function Name,Join Type,Strategy,Partial Mode,Operation,Scan Direction,Workers,Command,Custom Plan Provider".split(
    ",",
  ),
);

export function nodeProperties(object: PlanObject): readonly Property[] {
  return Object.entries(object).flatMap(([name, value]): Property[] => {
    if (shown.has(name) || value === 0 || value === false || value === null) return [];
    if (Array.isArray(value)) return value.every((each) => typeof each === "string") ? [{ name, value: value.join(", ") }] : [];
    return typeof value === "object" ? [] : [{ name, value: String(value) }];
  });
}
