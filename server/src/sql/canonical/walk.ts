/** Walking parse trees whose shape does not matter. */
import type { Node } from "@pgsql/types";

/** Whether a value inside a tree is a node: an object with its type as the only key. */
export function isNode(value: unknown): value is Node {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  return keys.length === 1 && /^[A-Z]/.test(keys[0] ?? "");
}

/**
 * Calls `visit` for every node at and below `root`, in order of appearance; when it answers false, not for those below.
 * Needs no stack: trees of long operator chains are as deep as they are long.
 */
export function eachNode(root: unknown, visit: (node: Node) => boolean): void {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== "object" || value === null) continue;
    if (isNode(value) && !visit(value)) continue;
    // One by one: a list of rows may be longer than a call can have arguments.
    const parts: unknown[] = Object.values(value);
    for (let i = parts.length - 1; i >= 0; i--) waiting.push(parts[i]);
  }
}

/** Whether the expression reads a column of the query around it. */
export function hasColumn(node: Node): boolean {
  let found = false;
  eachNode(node, (one) => {
    if ("ColumnRef" in one) found = true;
    return !found && !("SelectStmt" in one);
  });
  return found;
}
