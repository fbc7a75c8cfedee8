/** How a node hangs on its parent, and what it reads. */
import type { NodeRole, RelationName } from "./plan.ts";
import { type PlanObject, textIn } from "./planObject.ts";

export function nodeRole(object: PlanObject): NodeRole {
  const name = textIn(object, "Subplan Name") ?? "";
  switch (textIn(object, "Parent Relationship")) {
    case "InitPlan":
      return name.startsWith("CTE ") ? { kind: "cte", name: name.slice(4) } : { kind: "initPlan", name };
    case "SubPlan":
      return { kind: "subPlan", name };
    case "Outer":
      return { kind: "outer" };
    case "Inner":
      return { kind: "inner" };
    case "Member":
      return { kind: "member" };
    case "Subquery":
      return { kind: "subquery" };
    case undefined:
      return { kind: "root" };
    default:
      return { kind: "input" };
  }
}

export function relationIn(object: PlanObject): RelationName | undefined {
  const name = textIn(object, "Relation Name");
  return name === undefined ? undefined : { schema: textIn(object, "Schema"), name, alias: textIn(object, "Alias") };
}
