/** Whether a name is free for a new relation or type: tables, views, indexes, sequences and types share one space. */
import type { RangeVar } from "@pgsql/types";
import type { Span } from "../../text/span.ts";
import { type Context, displayName } from "./context.ts";
import type { NamespaceEntry } from "./entries.ts";

/** A problem unless the statement says IF NOT EXISTS, which a type of that name does not satisfy. */
export function isRelationNameTaken(namespace: NamespaceEntry, name: RangeVar, isAllowed: boolean, span: Span, ctx: Context): boolean {
  const relname = name.relname ?? "";
  const isRelation = namespace.relations.has(relname);
  if (!isRelation && !namespace.types.has(relname)) return false;
  if (!isRelation || !isAllowed)
    ctx.problem("sql-duplicate-table", `${isRelation ? "Relation" : "Type"} ${displayName(namespace, relname)} exists already.`, span);
  return true;
}
