/** Pieces of canonical text: names, and AND and OR of any nesting in one flat form. */

import type { Node } from "@pgsql/types";

/** Several terms joined by AND or OR; junctions of the same kind inside are part of it. */
export interface Junction {
  readonly word: "AND" | "OR";
  readonly terms: readonly Term[];
}

export type Term = string | Junction;

export function shownTerm(term: Term): string {
  if (typeof term === "string") return term;
  const terms = flattened(term.word, term);
  return terms.length === 1 ? (terms[0] ?? "") : `(${terms.join(` ${term.word} `)})`;
}

function flattened(word: Junction["word"], term: Term): string[] {
  if (typeof term === "string") return [term];
  return term.word === word || term.terms.length === 1 ? term.terms.flatMap((one) => flattened(word, one)) : [shownTerm(term)];
}

/** An identifier, quoted when SQL needs it. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** How the parts below write the nodes inside them. */
export interface Writer {
  /** A whole expression: what is at its top is what somebody wrote. */
  term(node: Node): Term;
  expression(node: Node | undefined): string;
  /** An operand or argument: PostgreSQL may have added a cast to make the operator or function fit. */
  operand(node: Node | undefined): string;
  /** An operand of a comparison, where fewer casts are PostgreSQL's own. */
  comparand(node: Node | undefined): string;
}
