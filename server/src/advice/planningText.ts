/**
 * A query as the planner is asked about it when nobody gave values: parameters stay parameters, but for those of which a plan
 * can say nothing without a value, as what a search looks for and how many rows are wanted. These become examples.
 */
import type { Node, ParamRef } from "@pgsql/types";
import { ByteOffsets } from "../sql/byteOffsets.ts";
import { namesOf } from "../sql/canonical/type.ts";
import { eachNode } from "../sql/canonical/walk.ts";
import type { PlannedQuery } from "./trial.ts";

export interface PlanningText extends PlannedQuery {
  /** What was put in the place of parameters, for people. */
  readonly assumed: readonly string[];
}

export function planningText(text: string, tree: Node, values: readonly (string | null)[] | undefined): PlanningText {
  if (values !== undefined) return { text, values, assumed: [] };
  const examples = examplesIn(tree);
  if (examples.size === 0) return { text, values: undefined, assumed: [] };
  const params: ParamRef[] = [];
  eachNode(tree, (node) => {
    if ("ParamRef" in node) params.push(node.ParamRef);
    return true;
  });
  const bytes = new ByteOffsets(text);
  const numbers = [...new Set(params.flatMap(({ number }) => (number === undefined || examples.has(number) ? [] : [number])))].sort((a, b) => a - b);
  const newNumber = new Map(numbers.map((number, i) => [number, i + 1]));
  const assumed = [...examples].map(([number, { what, value }]) => `${what} $${number} taken as ${value}`);
  let written = "";
  let done = 0;
  for (const { number, location } of params.toSorted((a, b) => (a.location ?? 0) - (b.location ?? 0))) {
    const start = bytes.toUtf16(location ?? 0);
    const [found] = /^\$\d+/.exec(text.slice(start)) ?? [];
    // Not where the tree says: as it stands, then.
    if (found === undefined || number === undefined || start < done) return { text, values: undefined, assumed: [] };
    written += `${text.slice(done, start)}${examples.get(number)?.value ?? `$${newNumber.get(number) ?? number}`}`;
    done = start + found.length;
  }
  return { text: written + text.slice(done), values: undefined, assumed };
}

interface Example {
  readonly what: string;
  /** As SQL. */
  readonly value: string;
}

const patternOperators: ReadonlySet<string> = new Set(["~~", "~~*", "~", "~*", "^@", "%", "<%"]);

function examplesIn(tree: Node): ReadonlyMap<number, Example> {
  const examples = new Map<number, Example>();
  const note = (node: Node | undefined, what: string, value: string): void => {
    const inner = node !== undefined && "TypeCast" in node ? node.TypeCast.arg : node;
    if (inner !== undefined && "ParamRef" in inner && inner.ParamRef.number !== undefined) examples.set(inner.ParamRef.number, { what, value });
  };
  eachNode(tree, (node) => {
    if ("SelectStmt" in node) {
      note(node.SelectStmt.limitCount, "LIMIT", "20");
      note(node.SelectStmt.limitOffset, "OFFSET", "0");
    } else if ("A_Expr" in node && patternOperators.has(namesOf(node.A_Expr.name).at(-1) ?? "")) {
      const { rexpr, name } = node.A_Expr;
      const operator = namesOf(name).at(-1) ?? "";
      note(rexpr, "pattern", operator.startsWith("~~") ? "'%maria%'" : "'maria'");
      // `'%' || $1 || '%'`: part of a pattern.
      eachNode(rexpr !== undefined && "A_Expr" in rexpr ? rexpr : undefined, (part) => {
        if ("ParamRef" in part) note(part, "pattern", "'maria'");
        return !("SelectStmt" in part);
      });
    }
    return true;
  });
  return examples;
}
