/** Whether two statements mean the same to PostgreSQL: their parse trees differ in positions only. */
import type { Node } from "@pgsql/types";

export function haveSameMeaning(a: Node, b: Node): boolean {
  // Trees of long operator chains are as deep as they are long: no recursion.
  const waiting: [unknown, unknown][] = [[a, b]];
  for (let pair = waiting.pop(); pair !== undefined; pair = waiting.pop()) {
    const [one, other] = pair;
    if (one === other) continue;
    if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
    const names = Object.keys(one).filter((name) => !isPosition(name));
    const otherNames = Object.keys(other).filter((name) => !isPosition(name));
    if (names.length !== otherNames.length || Array.isArray(one) !== Array.isArray(other)) return false;
    for (const name of names) {
      if (!(name in other)) return false;
      waiting.push([Reflect.get(one, name), Reflect.get(other, name)]);
    }
  }
  return true;
}

/** Positions stand under names of their own; the parser leaves out the ones that are 0. */
function isPosition(name: string): boolean {
  return name === "location" || name === "stmt_len" || /_(?:location|start|end)$/.test(name);
}
