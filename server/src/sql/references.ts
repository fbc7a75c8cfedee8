/**
 * Every name that a statement mentions, with its place and the scope it is looked up in. Depends on the statement alone:
 * what the names stand for in a schema is for others to say. Never throws; a statement that does not parse has none.
 */
import type { Node } from "@pgsql/types";
import { shift } from "../text/span.ts";
import type { NameReference } from "./reference.ts";
import { addReferences } from "./references/definitionReferences.ts";
import { NameFinder } from "./references/nameFinder.ts";
import { QueryReferences } from "./references/queryReferences.ts";
import { staticStatements } from "./staticBlocks.ts";
import type { Statement } from "./syntax.ts";

/** By tree: the same for a statement of the same text, wherever it stands. */
const known = new WeakMap<Node, readonly NameReference[]>();

const none: readonly NameReference[] = [];

/**
 * In the order of the text; spans count UTF-16 code units from the statement's first character. Of a DO block, what its
 * own statements mention.
 */
export function referencesOf(statement: Statement): readonly NameReference[] {
  const { tree } = statement;
  if (tree === undefined) return none;
  let references = known.get(tree);
  if (references === undefined) {
    const { start } = statement.span;
    references =
      "DoStmt" in tree ? referencesInBlock(tree, statement) : referencesIn(tree, statement.text, (byte) => statement.offset(byte) - start);
    known.set(tree, references);
  }
  return references;
}

function referencesInBlock(block: Node, statement: Statement): readonly NameReference[] {
  return staticStatements(block, statement.text).statements.flatMap(({ tree, text, byteOffset, isVerbatim }) => {
    if (!isVerbatim) return [];
    const base = statement.offset(byteOffset);
    const within = base - statement.span.start;
    return referencesIn(tree, text, (byte) => statement.offset(byteOffset + byte) - base).map((reference) => ({
      ...reference,
      parts: reference.parts.map((part) => shift(part, within)),
      span: shift(reference.span, within),
      nameSpan: shift(reference.nameSpan, within),
    }));
  });
}

function referencesIn(tree: Node, text: string, position: (byte: number) => number): readonly NameReference[] {
  const into = new QueryReferences(new NameFinder(text, position));
  try {
    addReferences(tree, into);
  } catch (error) {
    // Queries that nest more deeply than the stack: what was found until then holds.
    if (!(error instanceof RangeError)) throw error;
  }
  return into.found.sort((a, b) => a.span.start - b.span.start);
}
