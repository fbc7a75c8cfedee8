/** The queries of a document, cut out again only where it changed. */
import { numberedParameters, type NumberedQuery } from "../sql/placeholders.ts";
import { queriesIn, type Query, sqlQuery } from "../sql/queries/query.ts";
import type { Memory, Tree } from "./memory.ts";
import type { Steps } from "./steps.ts";
import type { TextFile } from "./textFile.ts";

/** Longer documents hold data, or are made by tools: nobody looks for queries in them unasked. */
const longest = 300_000;

/** By a statement's anchor: the same for a statement of the same text, wherever it moves. */
const numbered = new WeakMap<object, NumberedQuery>();

/** `tree`: of the document, where it is SQL. */
export function queriesOf(file: TextFile, tree: Tree | undefined, memory: Memory): Steps<readonly Query[]> {
  return memory.queries(file.uri).get([file.text, tree?.file], function* () {
    const { uri, text } = file;
    if (text.length > longest || tree?.kind === "prisma") return [];
    yield;
    if (tree === undefined) return queriesIn({ uri, text });
    const queries: Query[] = [];
    for (const { kind, anchor, span, text: own } of tree.file.statements) {
      if (kind !== "sql") continue;
      let known = numbered.get(anchor);
      if (known === undefined) {
        known = numberedParameters(own);
        numbered.set(anchor, known);
      }
      queries.push(sqlQuery({ uri, text }, span, known));
      if (queries.length % 100 === 0) yield;
    }
    return queries;
  });
}
