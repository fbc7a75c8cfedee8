/** Which columns queries change, by table. */
import type { Node, ResTarget } from "@pgsql/types";
import type { Schema } from "../model/schema.ts";
import { eachNode } from "../sql/canonical/walk.ts";
import { relationNamed } from "./levels.ts";

/** By `schema.table`. */
export function updatedColumns(trees: readonly Node[], schema: Schema): ReadonlyMap<string, ReadonlySet<string>> {
  const updated = new Map<string, Set<string>>();
  for (const tree of trees) {
    eachNode(tree, (node) => {
      const [relation, targets] = "UpdateStmt" in node ? [node.UpdateStmt.relation, node.UpdateStmt.targetList] : "InsertStmt" in node ? [node.InsertStmt.relation, node.InsertStmt.onConflictClause?.targetList] : [];
      const table = relation === undefined ? undefined : relationNamed(schema, relation.schemaname, relation.relname ?? "");
      if (table === undefined) return true;
      const columns = updated.get(table.key) ?? new Set();
      for (const target of targets ?? []) if ("ResTarget" in target) addName(columns, target.ResTarget);
      updated.set(table.key, columns);
      return true;
    });
  }
  return updated;
}

function addName(columns: Set<string>, { name }: ResTarget): void {
  if (name !== undefined) columns.add(name);
}
