/**
 * The normal form of an expression: equal for the text a person wrote and the text PostgreSQL's catalog prints for it.
 * Promises never to throw. `docs/decisions/0002-canonical-expressions.md` says what it drops and why.
 *
 * Invariant: the normal form of what PostgreSQL prints for an expression is the normal form of that expression
 * (`test/truth/canonical.test.ts`).
 */
import type { Node } from "@pgsql/types";
import { expressionText } from "./canonical/expression.ts";
import { eachNode, isNode } from "./canonical/walk.ts";
import { namesOf } from "./canonical/type.ts";
import { expressionTree } from "./expressionTree.ts";

export { canonicalType } from "./canonical/type.ts";

/** The normal form of an expression in SQL text; the text itself, with single spaces, when it does not parse. */
export function canonicalExpression(text: string): string {
  return parsed(text).canonical;
}

/** The normal form of an expression's parse tree. */
export function canonicalNode(node: Node): string {
  try {
    return expressionText(node);
  } catch (error) {
    if (error instanceof RangeError) return deepText(node);
    throw error;
  }
}

/** For what nests more deeply than the stack: equal only to the same expression. */
function deepText(node: Node): string {
  const parts: string[] = [];
  eachNode(node, (one) => {
    parts.push(JSON.stringify(one, (_key, value: unknown) => (isNode(value) && value !== one ? undefined : value)));
    return true;
  });
  return parts.join(" ");
}

/**
 * Names of the columns an expression reads, without qualifiers, each once, in order of appearance. Columns inside
 * subqueries belong to other tables and are left out.
 */
export function expressionColumns(node: Node): string[] {
  const columns = new Set<string>();
  eachNode(node, (one) => {
    if ("ColumnRef" in one) {
      const name = namesOf(one.ColumnRef.fields).at(-1);
      if (name !== undefined && !(one.ColumnRef.fields ?? []).some((field) => "A_Star" in field)) columns.add(name);
    }
    return !("SelectStmt" in one);
  });
  return [...columns];
}

/** Column names of an expression in SQL text; empty when it does not parse. */
export function expressionColumnsOf(text: string): string[] {
  return [...parsed(text).columns];
}

interface ParsedExpression {
  readonly canonical: string;
  readonly columns: readonly string[];
}

/** Catalogs and folds ask for the same texts again and again. */
const known = new Map<string, ParsedExpression>();
const mostKnown = 10_000;
/** Longer texts are not parsed on the calling thread. */
const longest = 20_000;

function parsed(text: string): ParsedExpression {
  let result = known.get(text);
  if (result === undefined) {
    const node = text.length > longest ? undefined : expressionTree(text);
    result =
      node === undefined
        ? { canonical: text.replaceAll(/\s+/g, " ").trim(), columns: [] }
        : { canonical: canonicalNode(node), columns: expressionColumns(node) };
    if (known.size >= mostKnown) known.clear();
    known.set(text, result);
  }
  return result;
}
