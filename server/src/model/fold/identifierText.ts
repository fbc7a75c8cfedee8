/** Names as SQL text inside expressions that are written anew. */
import { sqlIdentifier, truncateName } from "../names.ts";

/** Quoted where it must be. Never throws: not every string in a history could be a name. */
export function identifierText(name: string): string {
  const isName = name !== "" && !name.includes("\0") && truncateName(name) === name;
  return isName ? sqlIdentifier(name) : `"${name.replaceAll('"', '""')}"`;
}
