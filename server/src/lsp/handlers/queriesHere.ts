/** `databaseArchitect/queriesHere`: whether there is a query at a place, for menus that offer to explain it. */
import * as v from "valibot";
import type { QueriesHere } from "../../../../protocol/src/queries.ts";
import { queryAt } from "../../sql/queries/query.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import { isChecked } from "../../workspace/typeChecks.ts";
import { ownUri } from "../../workspace/workspace.ts";

const shape = v.object({ textDocument: v.object({ uri: v.string() }), start: v.number(), end: v.number() });

export const noQueries: QueriesHere = { isHere: false, count: 0 };

export function* queriesHereHandler(snapshot: Snapshot, params: unknown): Steps<QueriesHere> {
  const parsed = v.safeParse(shape, params);
  if (!parsed.success) return noQueries;
  const uri = ownUri(parsed.output.textDocument.uri);
  const file = snapshot.file(uri);
  if (file === undefined) return noQueries;
  const { start, end } = parsed.output;
  const queries = (yield* snapshot.queries(uri)).filter((query) => query.gap !== undefined || isChecked(query));
  const language = (yield* snapshot.tree(uri))?.kind === "sql" ? "sql" : undefined;
  const isHere = queries.length > 0 && queryAt({ uri, text: file.text, language }, { start, end }) !== undefined;
  return { isHere, count: queries.length };
}
