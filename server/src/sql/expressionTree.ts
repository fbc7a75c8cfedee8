/** The parse tree of a single expression in SQL text. */
import type { Node } from "@pgsql/types";
import { askParser } from "./outcomes.ts";

/** Undefined when the text is no expression. Not remembered: whoever asks often keeps what follows from it. */
export function expressionTree(text: string): Node | undefined {
  // The line break ends a comment at the end; the parentheses keep what follows an expression from being an alias.
  const outcome = askParser(`SELECT (${text}\n)`);
  if (outcome.kind !== "tree" || !("SelectStmt" in outcome.tree)) return undefined;
  const [target] = outcome.tree.SelectStmt.targetList ?? [];
  return target !== undefined && "ResTarget" in target ? target.ResTarget.val : undefined;
}
