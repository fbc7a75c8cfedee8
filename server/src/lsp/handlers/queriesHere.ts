/** `databaseArchitect/queriesHere`: whether there is a query at a place, for menus that offer to explain it. */
import * as v from "valibot";
import type { QueriesHere } from "../../../../protocol/src/queries.ts";
import { isProgram, queryAt } from "../../sql/queries/query.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import { isChecked } from "../../workspace/typeChecks.ts";
import { ownUri } from "../../workspace/workspace.ts";

/** Of Prisma's client, by their names. */
const clientCall = /\.\s*(?:find(?:Many|First|Unique)(?:OrThrow)?|create(?:Many(?:AndReturn)?)?|update(?:Many(?:AndReturn)?)?|upsert|delete(?:Many)?|aggregate|groupBy|count)\s*\(/g;

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
  // Whether there is a call of Prisma's client right here is looked into when somebody wants it explained.
  const calls = isProgram(uri) ? (file.text.match(clientCall)?.length ?? 0) : 0;
  const isHere = queries.length > 0 && queryAt({ uri, text: file.text, language }, { start, end }) !== undefined;
  return { isHere, count: queries.length + calls };
}
